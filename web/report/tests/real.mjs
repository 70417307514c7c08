// The reports that make_reports.py made, what they must show, and what tests on them share.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "./browser.mjs";

export const FOLDER = process.env.POMONA_REPORTS ?? new URL("../../../build/report-tests", import.meta.url).pathname;
export const at = (...names) => join(FOLDER, ...names);
export const json = (name) => JSON.parse(readFileSync(at(name), "utf8"));
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
export const SECTIONS = ["account", "done", "scree", "map", "classes", "classifier"];

/** An open report whose map is drawn, and whose stage stands in the middle of the window. */
export async function openDrawn(browser, file, options) {
  const page = await open(browser, file, options);
  await page.waitForSelector("[data-drawn]", { timeout: 60_000 });
  await page.locator(".map-stage").evaluate((stage) => stage.scrollIntoView({ block: "center", behavior: "instant" }));
  const box = await page.locator(".map-surface").boundingBox();
  return { page, box };
}

export async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(" | ")}`);
}

/** No error, and nothing asked for but the file itself. */
export function assertQuiet(page) {
  assert.deepEqual(page.problems, []);
  assert.deepEqual(page.requests.filter((url) => !/^(file|blob|data):/.test(url)), []);
  assert.equal(page.requests.filter((url) => url.startsWith("file:")).length, 1);
}

const range = (values) => [Math.min(...values), Math.max(...values)];

/** Where each photo must stand in the map, in pixels of the stage: one scale, the whole range within 92 %, y upwards. */
export function places({ components }, [x, y], { width, height }) {
  const [[left, right], [low, high]] = [range(components[x]), range(components[y])];
  const scale = 0.92 * Math.min(width / (right - left), height / (high - low));
  return components[x].map((value, i) => [width / 2 + scale * (value - (left + right) / 2), height / 2 - scale * (components[y][i] - (low + high) / 2)]);
}

/** Photos with no other within `distance` pixels, away from the stage's edge. */
export function alone(all, distance, { width, height }) {
  const inside = ([x, y]) => x > 20 && y > 20 && x < width - 20 && y < height - 20;
  return all.map((place, i) => ({ place, i })).filter(({ place: [x, y], i }) => inside([x, y]) &&
    all.every(([ox, oy], j) => j === i || Math.hypot(ox - x, oy - y) > distance));
}

/** Mean absolute difference, 0 to 255, between the picture that an element shows and a photo shrunk by the browser. */
export function difference(page, element, bytes) {
  return page.evaluate(async ([selector, photo]) => {
    const style = getComputedStyle(document.querySelector(selector));
    const sheet = new Image();
    sheet.src = style.backgroundImage.slice(5, -2);
    await sheet.decode();
    const scale = Number.parseFloat(style.backgroundSize) / sheet.naturalWidth;
    const [x, y] = style.backgroundPosition.split(" ").map((value) => Math.round(-Number.parseFloat(value) / scale));
    const [w, h] = [Math.round(Number.parseFloat(style.width) / scale), Math.round(Number.parseFloat(style.height) / scale)];
    const original = await createImageBitmap(new Blob([Uint8Array.from(atob(photo), (c) => c.charCodeAt(0))]), { resizeWidth: w, resizeHeight: h, resizeQuality: "high" });
    const pixels = (draw) => {
      const context = new OffscreenCanvas(w, h).getContext("2d");
      draw(context);
      return context.getImageData(0, 0, w, h).data;
    };
    const shown = pixels((context) => context.drawImage(sheet, x, y, w, h, 0, 0, w, h));
    const wanted = pixels((context) => context.drawImage(original, 0, 0));
    return shown.reduce((sum, value, i) => sum + Math.abs(value - wanted[i]), 0) / (w * h * 3);
  }, [element, bytes.toString("base64")]);
}

/** Whether a polygon holds a place (1), does not (0), or a rounding could decide (-1). */
export function holds(polygon, [x, y]) {
  let odd = 0;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [[ax, ay], [bx, by]] = [polygon[i], polygon[j]];
    const along = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)));
    if (Math.hypot(ax + along * (bx - ax) - x, ay + along * (by - ay) - y) < 0.1) return -1;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = 1 - odd;
  }
  return odd;
}
