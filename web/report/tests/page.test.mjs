// What a real run does not show: a page without classifier and rejects, the policy at work, formulas in a CSV. Made-up data.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";
import { report } from "./reports.mjs";

let browser, hostile;
before(async () => {
  browser = await launch();
  hostile = report({ points: 400, classes: 12, hostile: true });
});
after(() => browser?.close());

test("a run without classifier and without rejects has neither", async () => {
  const page = await open(browser, report({ points: 300, rejects: 0, bare: true }).file);
  await page.waitForSelector("[data-drawn]");
  assert.deepEqual(await page.$$eval("section[id]", (sections) => sections.map((section) => section.id)), ["account", "done", "scree", "map", "classes"]);
  assert.equal(await page.locator("#account .good").count(), 1);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("the policy admits the page's own script alone", async () => {
  const page = await open(browser, hostile.file);
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
