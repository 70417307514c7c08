// What the lasso holds: how many, of which classes, their pictures, their paths as a file.
import { csvLine, download, h } from "../dom";
import { number } from "../i18n";
import { className, type Context, photoButton } from "../photo";
import { glyph } from "./glyph";

const MOST_PICTURES = 60;
const MOST_CLASSES = 12;

function classCounts(context: Context, points: number[]): [number, number][] {
  const labels = context.blocks.labels();
  const counts = new Map<number, number>();
  for (const point of points) counts.set(labels[point], (counts.get(labels[point]) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

async function save(context: Context, points: number[]): Promise<void> {
  const labels = context.blocks.labels();
  const lines = [csvLine(["path", "label"])];
  for (const point of points) lines.push(csvLine([await context.blocks.path(point), context.report.classes[labels[point]].name]));
  download("selection.csv", "text/csv;charset=utf-8", lines.join(""));
}

/** Fills the panel below the map; no points empties it. */
export async function showSelection(context: Context, panel: HTMLElement, points: number[], clear: () => void): Promise<void> {
  const { words, report, blocks } = context;
  panel.hidden = points.length === 0;
  panel.dataset.count = String(points.length);
  const labels = blocks.labels();
  const pictured = points.filter((point) => blocks.tile(point) >= 0);
  const photos = await Promise.all(pictured.slice(0, MOST_PICTURES).map(async (point) => ({
    path: await blocks.path(point), label: labels[point], point, tile: blocks.tile(point),
  })));
  const classes = classCounts(context, points).slice(0, MOST_CLASSES);
  panel.replaceChildren(
    h("div", { class: "selection-head" },
      h("h3", {}, words.map.selected(number(points.length))),
      h("button", { type: "button", click: () => save(context, points) }, words.download),
      h("button", { type: "button", click: clear }, words.map.clear)),
    h("ul", { class: "chips" }, ...classes.map(([label, count]) =>
      h("li", {}, glyph(label), className(report, label), h("span", { class: "count" }, number(count))))),
    h("p", { class: "note" }, words.map.pictures(number(pictured.length))),
    h("div", { class: "strip" }, ...photos.map((photo) => photoButton(context, photo, 56))));
}
