// The report of a real run, against the photos themselves: POMONA_REPORT_PAGE names the page, POMONA_REPORT_SOURCE the folder
// of the photos that it was made from. Left out where they are not given.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";

const { POMONA_REPORT_PAGE: file, POMONA_REPORT_SOURCE: source } = process.env;
const options = { skip: file && source ? false : "no report is named" };
let browser, page;
before(async () => {
  if (options.skip) return;
  browser = await launch();
  page = await open(browser, file);
  await page.waitForSelector("[data-drawn]", { timeout: 60_000 });
});
after(() => browser?.close());

/** Mean absolute difference between a tile of the sheet and a photo shrunk by the browser, 0 to 255. */
function difference(tile, bytes) {
  return page.evaluate(async ([element, photo]) => {
    const style = getComputedStyle(document.querySelector(element));
    const sheet = new Image();
    sheet.src = style.backgroundImage.slice(5, -2);
    await sheet.decode();
    const scale = Number.parseFloat(style.backgroundSize) / sheet.naturalWidth;
    const [x, y] = style.backgroundPosition.split(" ").map((value) => Math.round(-Number.parseFloat(value) / scale));
    const [w, h] = [Math.round(Number.parseFloat(style.width) / scale), Math.round(Number.parseFloat(style.height) / scale)];
    const bytes = Uint8Array.from(atob(photo), (c) => c.charCodeAt(0));
    const original = await createImageBitmap(new Blob([bytes]), { resizeWidth: w, resizeHeight: h, resizeQuality: "high" });
    const pixels = (draw) => {
      const context = new OffscreenCanvas(w, h).getContext("2d");
      draw(context);
      return context.getImageData(0, 0, w, h).data;
    };
    const shown = pixels((context) => context.drawImage(sheet, x, y, w, h, 0, 0, w, h));
    const wanted = pixels((context) => context.drawImage(original, 0, 0));
    return shown.reduce((sum, value, i) => sum + Math.abs(value - wanted[i]), 0) / (w * h * 3);
  }, [tile, bytes.toString("base64")]);
}

test("the account adds up, and every section stands", options, async () => {
  const [listed, rows, rejects] = await page.$$eval("#account .figure strong", (all) => all.map((each) => Number(each.textContent.replaceAll(",", ""))));
  assert.equal(listed, rows + rejects);
  assert.equal(await page.getAttribute(".map-stage", "data-drawn"), String(rows));
  const ids = await page.$$eval("section[id]", (sections) => sections.map((section) => section.id));
  assert.deepEqual(ids.slice(0, 5), ["account", "done", "scree", "map", "classes"]);
  assert.deepEqual(page.problems, []);
  assert.deepEqual(page.requests.filter((url) => !/^(file|blob|data):/.test(url)), []);
});

test("the photo that is shown is the photo that is named", options, async () => {
  const photos = page.locator("#classes .class-card button.photo");
  const count = await photos.count();
  let before;
  for (let i = 0; i < count; i += Math.ceil(count / 12)) {
    await photos.nth(i).click();
    await page.waitForSelector(".card:not([hidden]) .card-path");
    const path = await page.textContent(".card-path");
    const bytes = readFileSync(join(source, path));
    const right = await difference(".card .picture", bytes);
    assert.ok(right < 8, `${path}: ${right}`);
    if (before && before.path.split("/")[0] !== path.split("/")[0]) {
      const wrong = await difference(".card .picture", before.bytes);
      assert.ok(wrong > right, `${path} looks more like ${before.path}`);
    }
    before = { path, bytes };
  }
  assert.ok(before);
});
