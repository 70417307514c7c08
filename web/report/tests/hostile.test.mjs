// The report of a real run over photos and folders with hostile names.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { assertQuiet, at, openDrawn, PHONE, violations } from "./real.mjs";

const FILE = at("hostile-out", "report.html");
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("hostile labels and file names are shown as they are, and do nothing", async () => {
  const { page } = await openDrawn(browser, FILE);
  page.on("dialog", () => assert.fail("a dialog"));
  const names = await page.$$eval(".class-card h3", (all) => all.map((each) => each.textContent));
  for (const name of ["<img src=x onerror=window.pwned=1>", "تفاح أحمر", "🍎🍏 emoji 👩🏽‍🌾", "{{script}} ${window.pwned=1} &lt;b&gt; %3Cscript%3E", "script><script>window.pwned=1<"]) {
    if (!name.startsWith("script")) assert.ok(names.includes(name), name);
  }
  assert.ok(names.includes("\\u202egnp.elppa\\u202c"), "marks of direction are made visible");
  assert.ok(names.includes("line\\u2028separator\\u2029and\\u000anewline"));
  for (const text of ["</script><script>window.pwned=1</script>", "onerror=window.pwned=1>.jpg", "long".repeat(50)]) {
    await page.fill("#map-search", text);
    await page.waitForFunction((wanted) => document.querySelector(".hits button")?.textContent.includes(wanted), text);
    await page.click(".hits button");
    await page.waitForFunction((wanted) => document.querySelector(".card:not([hidden]) .card-path")?.textContent.includes(wanted), text);
  }
  const rejects = await page.$$eval(".reject-path", (all) => all.map((each) => each.textContent));
  assert.ok(rejects.includes("bad/<!--<script>"));
  assert.ok(rejects.includes("bad/</script><script>window.pwned=1</script>"));
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.equal(await page.evaluate(() => document.querySelectorAll("img, iframe, object, #app script, #app style").length), 0);
  assertQuiet(page);
  await page.context().close();
});

test("they break neither a phone's width nor what a screen reader hears", async () => {
  const { page } = await openDrawn(browser, FILE, PHONE);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});

test("without WebGL a sampled picture of the map stands there, with a note", async () => {
  const bare = await launch("--disable-3d-apis");
  const { page } = await openDrawn(bare, FILE);
  assert.match(await page.textContent("#map .warning"), /no WebGL/);
  const inked = await page.locator(".map-canvas").evaluate((canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.filter((value, i) => i % 4 === 3 && value > 0).length);
  assert.ok(inked > 500, `${inked} pixels`);
  assertQuiet(page);
  await bare.close();
});
