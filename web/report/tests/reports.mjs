// Reports for the tests, made once a process in a folder that goes with it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillTemplate, makeReport } from "../fixtures/generate.mjs";

const folder = mkdtempSync(join(tmpdir(), "pomona-report-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const template = readFileSync(process.env.POMONA_REPORT_TEMPLATE ?? new URL("../dist/template.html", import.meta.url), "utf8");
let made = 0;

/** { file, report, blocks, positions, labels, pathOf, bytes } */
export function report(settings = {}) {
  const data = makeReport(settings);
  const text = fillTemplate(template, data);
  const file = join(folder, `${made++}.html`);
  writeFileSync(file, text);
  return { ...data, file, bytes: Buffer.byteLength(text) };
}

/** Where the page must draw a point: axes of one scale, the whole range within 92 % of the stage. */
export function placeOf({ report: { map }, blocks }, point, [x, y], { width, height }) {
  const value = (c) => map.components[c].min + (blocks[`component-${c}`][point] / 65535) * (map.components[c].max - map.components[c].min);
  const span = (c) => map.components[c].max - map.components[c].min;
  const middle = (c) => (map.components[c].min + map.components[c].max) / 2;
  const scale = 0.92 * Math.min(width / span(x), height / span(y));
  return [width / 2 + scale * (value(x) - middle(x)), height / 2 - scale * (value(y) - middle(y))];
}
