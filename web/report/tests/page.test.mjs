// The page as a whole: every section, both languages, both themes, phone, paper, hostile names, no request.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { HOSTILE_NAMES } from "../fixtures/names.mjs";
import { launch, open } from "./browser.mjs";
import { report } from "./reports.mjs";

const SECTIONS = ["account", "done", "scree", "map", "classes", "classifier"];
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
let browser, plain, hostile;

before(async () => {
  browser = await launch();
  plain = report({ points: 4000, rejects: 60 });
  hostile = report({ points: 1500, classes: 40, hostile: true });
});
after(() => browser?.close());

const drawn = (page) => page.waitForSelector("[data-drawn]", { timeout: 60_000 });

async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(" | ")}`);
}

test("every section stands in the order of the account, without an error or a request", async () => {
  const page = await open(browser, plain.file);
  await drawn(page);
  assert.deepEqual(await page.$$eval("section[id]", (sections) => sections.map((section) => section.id)), SECTIONS);
  assert.equal(await page.title(), "photos/fruits-360/Training · Pomona report");
  const figures = await page.$$eval("#account .figure strong", (all) => all.map((each) => Number(each.textContent.replaceAll(",", ""))));
  assert.deepEqual(figures, [4060, 4000, 60]);
  await page.click("#classes .class-card .photo");
  await page.waitForSelector(".card:not([hidden])");
  assert.deepEqual(page.problems, []);
  assert.deepEqual(page.requests.filter((url) => !/^(file|blob|data):/.test(url)), []);
  assert.equal(page.requests.filter((url) => url.startsWith("file:")).length, 1);
  await page.context().close();
});

test("a run without classifier and without rejects has neither", async () => {
  const page = await open(browser, report({ points: 300, rejects: 0, bare: true }).file);
  await drawn(page);
  assert.deepEqual(await page.$$eval("section[id]", (sections) => sections.map((section) => section.id)), SECTIONS.slice(0, 5));
  assert.equal(await page.locator("#account .good").count(), 1);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

for (const language of ["en-GB", "fr-FR"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing: ${language}, ${colorScheme}`, async () => {
      const page = await open(browser, plain.file, { locale: language, colorScheme });
      await drawn(page);
      assert.equal(await page.evaluate(() => document.documentElement.lang), language.slice(0, 2));
      await page.click("#map .map-tools > button");  // a selection, and a card
      await page.click("#classes .class-card .photo");
      await page.waitForSelector(".card:not([hidden])");
      assert.deepEqual(await violations(page), []);
      await page.context().close();
    });
  }
}

for (const [name, which] of [["plain", () => plain], ["hostile", () => hostile]]) {
  test(`a phone shows no sideways scroll: ${name}`, async () => {
    for (const locale of ["en-GB", "fr-FR"]) {
      const page = await open(browser, which().file, { ...phone, locale });
      await drawn(page);
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.equal(screen, 390);
      assert.ok(content <= 390, `${content} px wide`);
      assert.deepEqual(await violations(page), []);
      await page.context().close();
    }
  });
}

test("hostile names are shown and do nothing", async () => {
  const page = await open(browser, hostile.file);
  page.on("dialog", () => assert.fail("a dialog"));
  await drawn(page);
  await page.fill("#map-search", "</script>");
  await page.waitForSelector(".hits button");
  await page.click(".hits button");
  await page.waitForSelector(".card:not([hidden])");
  const text = await page.textContent(".card-path");
  assert.equal(text, hostile.pathOf(Number(await page.getAttribute(".card", "data-point"))));
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.equal(await page.evaluate(() => document.querySelectorAll("img, iframe, b > b, object").length), 0);
  const paths = await page.$$eval(".reject-path", (all) => all.map((each) => each.textContent));
  assert.ok(paths.includes(`bad/${HOSTILE_NAMES[0]}`));
  assert.ok(paths.includes("bad/\\u202egnp.elppa\\u202c"), "direction marks are made visible");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("the policy admits the page's own script alone", async () => {
  const page = await open(browser, plain.file);
  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    try {
      script.textContent = "window.injected = 1";
      document.body.append(script);
    } catch { /* trusted types refuse the assignment itself */ }
    return [window.injected, await fetch("data:,x").then(() => "fetched", () => "refused")];
  });
  assert.deepEqual(ran, [undefined, "refused"]);
  await page.context().close();
});

test("rejects: filter, and a CSV that a spreadsheet does not run", async () => {
  const page = await open(browser, hostile.file);
  await page.fill("#account input[type=search]", "HYPERLINK");
  assert.equal(await page.locator(".reject").count(), 1);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#account .fields button")]);
  const csv = readFileSync(await download.path(), "utf8");
  const expected = hostile.report.rejects.list[8];
  assert.equal(csv, `"path","stage","reason","detail"\r\n"${expected.path.replaceAll('"', '""')}","${expected.stage}","${expected.reason}","${expected.detail}"\r\n`);
  await page.context().close();
});

test("another k: the slider reads the core's own sums", async () => {
  const page = await open(browser, plain.file);
  await page.focus("#scree-k");
  await page.keyboard.press("Home");
  const share = (100 * plain.report.scree.cumulative[0]).toFixed(2);
  assert.match(await page.textContent("#scree output"), new RegExp(`k = 1 keeps ${share.replace(/0$/, "")}`));
  await page.context().close();
});

test("confusion matrix: a click shows the photos of its cell", async () => {
  const page = await open(browser, plain.file);
  const { order } = plain.report.similarity;
  const cell = plain.report.classifier.confusion.find(({ truth, predicted }) => truth !== predicted);
  const box = await page.locator("#classifier .matrix image").evaluate((image) => {
    image.scrollIntoView({ block: "center", behavior: "instant" });
    const { x, y, width } = image.getBoundingClientRect();
    return { x, y, size: width };
  });
  const at = (label) => (order.indexOf(label) + 0.5) * (box.size / order.length);
  await page.mouse.click(box.x + at(cell.predicted), box.y + at(cell.truth));
  const names = plain.report.classes.map((info) => info.name);
  assert.equal(await page.textContent(".cell-photos h4"), `${names[cell.truth]} answered as ${names[cell.predicted]}: ${cell.count}`);
  assert.deepEqual(await page.$$eval(".cell-photos .picture", (all) => all.map((each) => Number(each.dataset.tile))), cell.photos.map((photo) => photo.tile));
  await page.context().close();
});

test("the language changes in place", async () => {
  const page = await open(browser, plain.file);
  await page.click("button[lang=fr]");
  assert.equal(await page.textContent("#account-title"), "Le compte");
  await drawn(page);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("paper: light, with nothing to press", async () => {
  const page = await open(browser, plain.file, { colorScheme: "dark" });
  await drawn(page);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const [background, buttons] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor, [...document.querySelectorAll("button:not(.photo), select")].filter((each) => each.checkVisibility()).length]);
  assert.equal(background, "rgb(255, 255, 255)");
  assert.equal(buttons, 0);
  await page.context().close();
});

test("15,506 photos without thumbnails stay under 1.5 MB", () => {
  const { bytes, blocks } = report({ points: 15_506, thumbnails: 0 });
  const rest = bytes - Math.ceil(blocks.sprite.length / 3) * 4;
  assert.ok(rest < 1_500_000, `${rest} bytes`);
});
