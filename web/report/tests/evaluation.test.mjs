// `pomona evaluate ... -o page.html`: the page says what --json says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { assertQuiet, at, difference, json, openDrawn, SECTIONS, violations } from "./real.mjs";

let browser, page, figures;
before(async () => {
  browser = await launch();
  figures = json("evaluation.json");
  ({ page } = await openDrawn(browser, at("evaluation.html")));
});
after(() => browser?.close());

test("every section stands for an evaluation too", async () => {
  assert.deepEqual(await page.$$eval("section[id]", (sections) => sections.map((section) => section.id)), SECTIONS);
  assert.equal(await page.textContent(".title p"), "Report of an evaluation");
  const account = await page.$$eval("#account .figure strong", (all) => all.map((each) => Number(each.textContent.replaceAll(",", ""))));
  assert.deepEqual(account, [figures.photos, figures.rows, figures.rejects]);
  assert.deepEqual(account, [401, 400, 1]);
  assert.match(await page.textContent("#account .command"), /^pomona evaluate .* -o /);
  assert.doesNotMatch(await page.textContent("#scree .lead"), /by hand|at least/);
  assert.match(await page.textContent("#classifier .lead"), /400 photos of this evaluation/);
});

test("its figures are those of --json", async () => {
  const shown = await page.$$eval("#classifier > .figures strong", (all) => all.map((each) => Number.parseFloat(each.textContent)));
  for (const [i, value] of [100 * figures.accuracy, figures.macro_f1, figures.ece].entries()) assert.ok(Math.abs(shown[i] - value) < 0.006, `${shown[i]} ${value}`);
  const mistakes = await page.$$eval(".mistakes .photo", (all) => all.map((each) => each.title));
  assert.deepEqual(mistakes, figures.mistakes.map((mistake) => mistake.path).slice(0, mistakes.length));
});

test("the photos that it shows are those that it names", async () => {
  for (const nth of [0, 12, 25]) {
    const photo = page.locator(".class-card .photo").nth(nth);
    const path = await photo.getAttribute("title");
    await photo.click();
    await page.waitForFunction((text) => document.querySelector(".card:not([hidden]) .card-path")?.textContent === text, path);
    assert.ok((await difference(page, ".card .picture", readFileSync(at("other", path)))) < 8, path);
  }
});

test("axe finds nothing, and nothing was asked of a network", async () => {
  assert.deepEqual(await violations(page), []);
  assertQuiet(page);
});
