// Explained variance: kept by the first k, explained by each, and what another k would keep. Every share is the core's.
import { area, line } from "d3-shape";
import { type Chart, chart } from "../charts/plot";
import { h, svg } from "../dom";
import { number, percent } from "../i18n";
import type { Context } from "../photo";

const WIDTH = 560;
const SMALLEST = 1e-6;
const SHARES = [0.8, 0.9, 0.95, 0.99];

/** A vertical rule at k with its name. */
function rule(drawn: Chart, k: number, text: string, high = false): SVGGElement {
  const x = drawn.x(k);
  const left = x > WIDTH - 90;
  const [bottom, top] = [drawn.bottom, drawn.top];
  return svg("g", { class: "rule" },
    svg("line", { x1: x, x2: x, y1: top, y2: bottom }),
    svg("text", { x: left ? x - 6 : x + 6, y: high ? top + 12 : bottom - 8, "text-anchor": left ? "end" : "start" }, text));
}

function cumulatedChart(context: Context): { root: SVGSVGElement; mark: (k: number) => void } {
  const { words, report } = context;
  const { cumulative, chosen } = report.scree;
  const drawn = chart({
    width: WIDTH, height: 260, x: [1, cumulative.length], y: [0, 1], xTitle: words.scree.component, yTitle: words.scree.cumulated,
    label: words.scree.lead(number(chosen), percent(cumulative[chosen - 1])), xFormat: (v) => number(v), yFormat: (v) => percent(v, 0),
  });
  const shape = { x: (_v: number, i: number) => drawn.x(i + 1), y: (v: number) => drawn.y(v) };
  const moving = svg("circle", { class: "dot", r: 5 });
  drawn.marks.append(
    svg("path", { class: "area", d: area<number>(shape.x, drawn.y(0), shape.y)(cumulative) }),
    svg("path", { class: "line", d: line<number>(shape.x, shape.y)(cumulative) }),
    rule(drawn, chosen, words.scree.chosen(number(chosen))), moving);
  const mark = (k: number): void => {
    moving.setAttribute("cx", String(drawn.x(k)));
    moving.setAttribute("cy", String(drawn.y(cumulative[k - 1])));
  };
  return { root: drawn.root, mark };
}

function ratioChart(context: Context): SVGSVGElement {
  const { words, report } = context;
  const { ratio, chosen } = report.scree;
  const least = Math.max(SMALLEST, Math.min(...ratio));  // the last components may hold nothing at all
  const drawn = chart({
    width: WIDTH, height: 260, x: [1, ratio.length], y: [least, ratio[0]], logarithmic: true, xTitle: words.scree.component, yTitle: words.scree.each,
    label: words.scree.each, xFormat: (v) => number(v), yFormat: (v) => percent(v, 4),
  });
  drawn.marks.append(
    svg("path", { class: "line second", d: line<number>((_v, i) => drawn.x(i + 1), (v) => drawn.y(Math.max(least, v)))(ratio) }),
    rule(drawn, chosen, words.scree.chosen(number(chosen)), true));
  return drawn.root;
}

function shareTable(context: Context): HTMLElement {
  const { words, report } = context;
  const { cumulative } = report.scree;
  const rows = SHARES.map((share) => {
    const index = cumulative.findIndex((value) => value >= share);
    return h("tr", {}, h("th", { scope: "row" }, percent(share, 0)), h("td", { class: "number" }, index < 0 ? words.scree.beyond : number(index + 1)));
  });
  return h("div", {}, h("table", { class: "shares" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.scree.table), h("th", { scope: "col", class: "number" }, words.scree.needs))), h("tbody", {}, ...rows)));
}

export function screeSection(context: Context): HTMLElement {
  const { words, report } = context;
  const { cumulative, chosen, rule: chosenBy, target } = report.scree;
  const { root, mark } = cumulatedChart(context);
  const output = h("output", { for: "scree-k" });
  const show = (): void => {
    const k = Number(slider.value);
    output.textContent = words.scree.keeps(number(k), percent(cumulative[k - 1], 2));
    mark(k);
  };
  const slider = h("input", { type: "range", id: "scree-k", min: 1, max: cumulative.length, value: chosen, input: () => show() });
  show();
  const why = chosenBy === "variance" && target !== null ? words.scree.byVariance(percent(target)) : chosenBy === "count" && words.scree.byCount;
  return h("section", { id: "scree", "aria-labelledby": "scree-title" },
    h("h2", { id: "scree-title" }, words.scree.title),
    h("p", { class: "lead" }, words.scree.lead(number(chosen), percent(cumulative[chosen - 1])), " ", why),
    h("div", { class: "columns" }, h("figure", {}, root), h("figure", {}, ratioChart(context))),
    h("div", { class: "columns" },
      h("div", { class: "slider" }, h("label", { for: "scree-k" }, words.scree.another), slider, output), shareTable(context)));
}
