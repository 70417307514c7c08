// The map: what is drawn, pointed at and selected is what the data say.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tileNumber } from "../fixtures/sprite.mjs";
import { launch, open } from "./browser.mjs";
import { placeOf, report } from "./reports.mjs";

let browser, made;
before(async () => {
  browser = await launch();
  made = report({ points: 4000 });
});
after(() => browser?.close());

async function openMap(options) {
  const page = await open(browser, made.file, options);
  await page.waitForSelector("[data-drawn]");
  await page.locator(".map-stage").evaluate((stage) => stage.scrollIntoView({ block: "center", behavior: "instant" }));
  const box = await page.locator(".map-surface").boundingBox();
  return { page, box };
}

/** Points that stand alone: no other within `distance` pixels. */
function lonely(box, axes, distance, wanted) {
  const places = Array.from({ length: made.report.map.points }, (_unused, point) => placeOf(made, point, axes, box));
  const alone = [];
  for (let i = 0; i < places.length && alone.length < wanted; i++) {
    const tile = made.blocks["tile-points"].indexOf(i);
    if (tile >= 0 && places.every(([x, y], j) => j === i || Math.hypot(x - places[i][0], y - places[i][1]) > distance)) alone.push({ point: i, tile, place: places[i] });
  }
  return alone;
}

/** The number in the picture that the card shows, read from the pixels that its style picks out of the sheet. */
async function shownTile(page) {
  const rgba = await page.locator(".card .picture").evaluate(async (element) => {
    const style = getComputedStyle(element);
    const image = new Image();
    image.src = style.backgroundImage.slice(5, -2);
    await image.decode();
    const scale = Number.parseFloat(style.backgroundSize) / image.naturalWidth;
    const [x, y] = style.backgroundPosition.split(" ").map((value) => -Number.parseFloat(value) / scale);
    const canvas = new OffscreenCanvas(80, 80);
    const context = canvas.getContext("2d");
    context.drawImage(image, Math.round(x), Math.round(y), 80, 80, 0, 0, 80, 80);
    return [...context.getImageData(0, 0, 80, 80).data];
  });
  return tileNumber(rgba);
}

test("hover shows the right photo at the right point", async () => {
  const { page, box } = await openMap();
  const points = lonely(box, [0, 1], 8, 6);
  assert.ok(points.length >= 3);
  for (const { point, tile, place } of points) {
    await page.mouse.move(box.x + place[0] + 1, box.y + place[1] - 1);
    await page.waitForSelector(`.card[data-point="${point}"]:not([hidden])`);
    assert.equal(await page.textContent(".card-path"), made.pathOf(point));
    assert.equal(await page.textContent(".card-class"), made.report.classes[made.labels[point]].name);
    assert.equal(await shownTile(page), tile);
  }
  await page.context().close();
});

test("a point is drawn where it is pointed at", async () => {
  const { page, box } = await openMap();
  await page.uncheck(".map-tools input");
  const alone = lonely(box, [0, 1], 12, 5);
  const colours = await page.locator(".map-canvas").evaluate((canvas, places) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
    copy.drawImage(canvas, 0, 0);
    return places.map(([x, y]) => [copy.getImageData(x, y, 1, 1).data[3], copy.getImageData(x + 9, y, 1, 1).data[3]]);
  }, alone.map(({ place }) => place));
  for (const [on, beside] of colours) {
    assert.ok(on > 100);
    assert.equal(beside, 0);
  }
  await page.context().close();
});

test("a finger's tap shows the photo", async () => {
  const { page, box } = await openMap({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const [{ point, place }] = lonely(box, [0, 1], 5, 1);
  await page.touchscreen.tap(box.x + place[0], box.y + place[1]);
  await page.waitForSelector(`.card[data-point="${point}"]:not([hidden])`);
  await page.context().close();
});

function contains(polygon, [x, y]) {
  let odd = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [polygon[i], polygon[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

test("the lasso's count is right, also with a class hidden", async () => {
  const { page, box } = await openMap();
  const polygon = [[0.2, 0.2], [0.7, 0.15], [0.55, 0.5], [0.8, 0.8], [0.3, 0.7]].map(([x, y]) => [x * box.width, y * box.height]);
  const draw = async () => {
    await page.mouse.move(box.x + polygon[0][0], box.y + polygon[0][1]);
    await page.mouse.down();
    for (const [x, y] of polygon.slice(1)) await page.mouse.move(box.x + x, box.y + y);
    await page.mouse.up();
    await page.waitForSelector(".selection:not([hidden])");
  };
  const inside = (hidden) => Array.from({ length: 4000 }, (_unused, point) => point)
    .filter((point) => made.labels[point] !== hidden && contains(polygon, placeOf(made, point, [0, 1], box))).length;
  await page.click(".map-tools button:text('Lasso')");
  await draw();
  assert.equal(Number(await page.getAttribute(".selection", "data-count")), inside(-1));
  assert.ok(inside(-1) > 100);
  const first = made.report.classes.findIndex((info) => info.name === "Kiwi");
  await page.click(".legend-row:has-text('Kiwi') input");
  await page.locator(".map-stage").evaluate((stage) => stage.scrollIntoView({ block: "center", behavior: "instant" }));
  await draw();
  assert.equal(Number(await page.getAttribute(".selection", "data-count")), inside(first));
  await page.context().close();
});

test("any two components can be chosen", async () => {
  const { page } = await openMap();
  await page.selectOption(".map-bar .field:nth-child(1) select", "4");
  await page.selectOption(".map-bar .field:nth-child(2) select", "7");
  await page.waitForSelector("[data-drawn]");
  const box = await page.locator(".map-surface").boundingBox();
  const [{ point, place }] = lonely(box, [4, 7], 6, 1);
  await page.mouse.move(box.x + place[0], box.y + place[1]);
  await page.waitForSelector(`.card[data-point="${point}"]:not([hidden])`);
  await page.context().close();
});

test("zoom keeps the place under the pointer", async () => {
  const { page, box } = await openMap();
  const [{ point, place }] = lonely(box, [0, 1], 8, 1);
  await page.focus(".map-surface");
  await page.mouse.move(box.x + place[0], box.y + place[1]);
  await page.mouse.wheel(0, -600);
  await page.waitForTimeout(100);
  await page.mouse.move(box.x + place[0] + 1, box.y + place[1]);
  await page.waitForSelector(`.card[data-point="${point}"]:not([hidden])`);
  await page.context().close();
});

test("search by path, by keyboard alone", async () => {
  const { page } = await openMap();
  const path = made.pathOf(3777);
  await page.focus("#map-search");
  await page.keyboard.type(path.split("/")[1]);
  await page.waitForSelector(".hits button");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.card[data-point="3777"]:not([hidden])');
  assert.equal(await page.textContent(".card-path"), path);
  await page.context().close();
});

test("without WebGL a sampled picture stands there, with a note", async () => {
  const bare = await launch("--disable-3d-apis");
  const page = await open(bare, report({ points: 30_000, thumbnails: 10 }).file);
  await page.waitForSelector("[data-drawn]");
  assert.match(await page.textContent("#map .warning"), /no WebGL.*20,000/);
  assert.equal(await page.getAttribute(".map-stage", "data-drawn"), "20000");
  const inked = await page.locator(".map-canvas").evaluate((canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.filter((_v, i) => i % 4 === 3 && _v > 0).length);
  assert.ok(inked > 1000, `${inked} pixels`);
  assert.deepEqual(page.problems, []);
  await bare.close();
});
