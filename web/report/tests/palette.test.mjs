// The classes' colours, read from the page: apart for every kind of sight, and from the paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";
import { report } from "./reports.mjs";

// Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
const SIGHT = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]];
const WHITE = [0.95047, 1, 1.08883];
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));
const linear = (rgb) => rgb.map((value) => value / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
const luminance = (rgb) => times(XYZ, linear(rgb))[1];

function lab(rgb, sight) {
  const seen = times(SIGHT[sight], linear(rgb)).map((c) => Math.min(1, Math.max(0, c)));
  const [x, y, z] = times(XYZ, seen).map((c, i) => c / WHITE[i]).map((c) => (c > 0.008856 ? Math.cbrt(c) : 7.787 * c + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

for (const colorScheme of ["light", "dark"]) {
  test(`eight colours stay apart: ${colorScheme}`, async () => {
    const page = await open(browser, report({ points: 200, bare: true }).file, { colorScheme });
    const [glyphs, paper] = await page.evaluate(() => [
      [...document.querySelectorAll(".legend .glyph")].map((glyph) => getComputedStyle(glyph).fill),
      getComputedStyle(document.querySelector(".map-stage")).backgroundColor,
    ]);
    const rgb = (text) => text.match(/\d+/g).map(Number);
    const colours = [...new Set(glyphs)].map(rgb);
    assert.equal(colours.length, 8);
    for (const sight of Object.keys(SIGHT)) {
      const seen = colours.map((colour) => lab(colour, sight));
      for (let i = 0; i < 8; i++) for (let j = 0; j < i; j++) {
        const distance = Math.hypot(...seen[i].map((value, c) => value - seen[j][c]));
        assert.ok(distance > 28, `${sight}: ${colours[i]} and ${colours[j]} are ${distance.toFixed(1)} apart`);
      }
    }
    for (const colour of colours) {
      const [high, low] = [luminance(colour), luminance(rgb(paper))].sort((a, b) => b - a);
      assert.ok((high + 0.05) / (low + 0.05) >= 3, `${colour} on ${paper}`);
    }
    await page.context().close();
  });
}
