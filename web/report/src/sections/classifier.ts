// With a classifier: how right, where wrong, how sure, and what it turns away.
import { line } from "d3-shape";
import { chart } from "../charts/plot";
import type { Classifier, Histogram } from "../data";
import { h, svg } from "../dom";
import { compareNames, fixed, number, percent } from "../i18n";
import { glyph } from "../map/glyph";
import { className, type Context, photoButton } from "../photo";
import { confusion } from "./confusion";

const WIDTH = 560;

const figure = (value: string, text: string): HTMLElement => h("div", { class: "figure" }, h("strong", {}, value), h("span", {}, text));

function perClass(context: Context, classifier: Classifier): HTMLElement {
  const { words, report } = context;
  const { classes } = report;
  const judged = ({ support, precision }: Classifier["per_class"][number]): boolean => support > 0 || precision !== null;
  const order = [...classes.keys()].filter((label) => judged(classifier.per_class[label])).sort((a, b) =>
    (classifier.per_class[a].f1 ?? -1) - (classifier.per_class[b].f1 ?? -1) || compareNames(classes[a].name, classes[b].name));
  const share = (value: number | null): HTMLElement => {
    const bar = h("span", { class: "cell-bar", "aria-hidden": "true" });
    bar.style.width = `${100 * (value ?? 0)}%`;
    return h("td", { class: "number share" }, bar, h("span", {}, percent(value)));
  };
  const rows = order.map((label) => {
    const row = classifier.per_class[label];
    return h("tr", {}, h("th", { scope: "row" }, h("span", { class: "pair" }, glyph(label), className(report, label))),
      share(row.precision), share(row.recall), share(row.f1), h("td", { class: "number" }, number(row.support)));
  });
  const head = (text: string): HTMLElement => h("th", { scope: "col", class: "number" }, text);
  const { precision, recall, f1, support } = words.classifier;
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": words.classifier.perClass },
    h("table", { class: "per-class" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.classifier.class), head(precision), head(recall), head(f1), head(support))), h("tbody", {}, ...rows)));
}

function reliability(context: Context, classifier: Classifier): SVGSVGElement {
  const { words } = context;
  const bins = classifier.reliability.filter((bin) => bin.count > 0);
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const drawn = chart({
    width: 480, height: 360, x: [0, 1], y: [0, 1], xTitle: words.classifier.stated, yTitle: words.classifier.right,
    label: words.classifier.reliability, xFormat: (v) => percent(v, 0), yFormat: (v) => percent(v, 0), xTicks: 5,
  });
  drawn.marks.append(
    svg("line", { class: "diagonal", x1: drawn.x(0), y1: drawn.y(0), x2: drawn.x(1), y2: drawn.y(1) }),
    svg("path", { class: "line", d: line<(typeof bins)[0]>((bin) => drawn.x(bin.confidence), (bin) => drawn.y(bin.accuracy))(bins) }),
    ...bins.map((bin) => svg("circle", { class: "dot", cx: drawn.x(bin.confidence), cy: drawn.y(bin.accuracy), r: 3 + 6 * Math.sqrt(bin.count / most) },
      svg("title", {}, `${percent(bin.confidence)} → ${percent(bin.accuracy)} (${words.count(number(bin.count))})`))));
  return drawn.root;
}

function novelty(context: Context, data: Histogram): HTMLElement {
  const { words } = context;
  const { edges, known, unknown, threshold } = data;
  const drawn = chart({
    width: WIDTH, height: 300, x: [edges[0], edges[edges.length - 1]], y: [0, Math.max(1, ...known, ...unknown)], xTitle: words.classifier.score,
    yTitle: words.classifier.photos, label: words.classifier.noveltyLead, xFormat: (v) => number(v, 2), yFormat: (v) => number(v),
  });
  const bars = (counts: number[], kind: string): SVGPathElement => svg("path", { class: kind, d: counts.map((count, i) => {
    const [left, right] = [drawn.x(edges[i]) + 0.5, drawn.x(edges[i + 1]) - 0.5];
    return count ? `M${left} ${drawn.y(0)}V${drawn.y(count)}H${right}V${drawn.y(0)}Z` : "";
  }).join("") });
  const at = drawn.x(threshold);
  drawn.marks.append(bars(known, "bars known"), bars(unknown, "bars unknown"),
    svg("g", { class: "rule" }, svg("line", { x1: at, x2: at, y1: 24, y2: drawn.y(0) }),
      svg("text", { x: at > WIDTH / 2 ? at - 6 : at + 6, y: 36, "text-anchor": at > WIDTH / 2 ? "end" : "start" }, words.classifier.threshold(number(threshold, 2)))));
  const strangers = unknown.some((count) => count > 0);
  return h("div", {},
    h("h3", {}, words.classifier.novelty), h("p", {}, words.classifier.noveltyLead),
    h("ul", { class: "chips keys" }, h("li", {}, h("i", { class: "key known" }), words.classifier.known), strangers && h("li", {}, h("i", { class: "key unknown" }), words.classifier.unknown)),
    h("figure", { class: "narrow" }, drawn.root),
    h("div", { class: "figures small" },
      figure(percent(data.false_rejection), words.classifier.falseRejection),
      data.true_rejection !== null && figure(percent(data.true_rejection), words.classifier.trueRejection),
      data.auroc !== null && figure(fixed(data.auroc, 3), words.classifier.auroc)));
}

function mistakes(context: Context, classifier: Classifier): HTMLElement | false {
  const { words } = context;
  const { classes } = context.report;
  if (!classifier.mistakes.length) return false;
  const items = classifier.mistakes.map((photo) =>
    h("li", {}, photoButton(context, photo, 72),
      h("p", {}, h("span", { class: "pair" }, glyph(photo.label), className(context.report, photo.label)), h("span", { class: "arrow", "aria-hidden": "true" }, "→"),
        h("span", { class: "pair" }, glyph(photo.predicted), className(context.report, photo.predicted)), h("span", { class: "count" }, percent(photo.probability)),
        h("span", { class: "visually-hidden" }, words.classifier.mistake(classes[photo.label]?.name ?? "?", classes[photo.predicted]?.name ?? "?", percent(photo.probability))))));
  return h("div", {}, h("h3", {}, words.classifier.mistakes), h("p", {}, words.classifier.mistakesLead), h("ul", { class: "mistakes" }, ...items));
}

export function classifierSection(context: Context, classifier: Classifier): HTMLElement {
  const { words } = context;
  const basis = words.classifier.basis[classifier.basis] ?? words.classifier.basis.evaluation;
  return h("section", { id: "classifier", "aria-labelledby": "classifier-title" },
    h("h2", { id: "classifier-title" }, words.classifier.title), h("p", { class: "lead" }, basis(number(classifier.photos))),
    h("div", { class: "figures" },
      figure(percent(classifier.accuracy, 2), words.classifier.accuracy), figure(fixed(classifier.macro_f1, 3), words.classifier.macroF1), figure(fixed(classifier.ece, 3), words.classifier.ece)),
    confusion(context, classifier),
    h("div", { class: "columns" },
      h("div", {}, h("h3", {}, words.classifier.perClass), perClass(context, classifier)),
      h("div", {}, h("h3", {}, words.classifier.reliability), h("p", {}, words.classifier.reliabilityLead), h("figure", {}, reliability(context, classifier)))),
    mistakes(context, classifier),
    classifier.novelty && novelty(context, classifier.novelty));
}
