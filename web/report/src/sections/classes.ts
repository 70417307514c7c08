// The classes: how many, what they look like, what is strange in them, and which are close to each other.
import { matrix } from "../charts/matrix";
import type { ClassInfo } from "../data";
import { h, visible } from "../dom";
import { compareNames, fixed, number } from "../i18n";
import { glyph } from "../map/glyph";
import { className, type Context, photoButton, picture } from "../photo";
import { onPaper } from "../theme";

const PAGE = 24;
const MOST_ON_PAPER = 300;
const TILE = 52;

function classCard(context: Context, info: ClassInfo, label: number): HTMLElement {
  const { words, report } = context;
  const strip = (title: string, photos: ClassInfo["typical"]): HTMLElement | false =>
    photos.length > 0 && h("div", {}, h("h4", {}, title), h("div", { class: "strip" }, ...photos.map((photo) => photoButton(context, photo, TILE))));
  return h("li", { class: "class-card" },
    h("header", {}, info.average >= 0 && picture(context, info.average, 64, words.classes.average(number(info.averaged))),
      h("div", {}, h("h3", {}, glyph(label), className(report, label)), h("p", { class: "note" }, words.count(number(info.count)),
        info.average >= 0 && ` · ${words.classes.average(number(info.averaged))}`))),
    strip(words.classes.typical, info.typical), strip(words.classes.strange, info.strange));
}

function classList(context: Context): HTMLElement {
  const { words, report } = context;
  const { classes } = report;
  let shown = PAGE;
  const items = h("ul", { class: "class-list" });
  const more = h("button", { type: "button", click: () => update(shown + 2 * PAGE) });
  const update = (limit: number): void => {
    shown = limit;
    const wanted = filter.value.toLowerCase();
    const order = [...classes.keys()].filter((label) => classes[label].count > 0 && classes[label].name.toLowerCase().includes(wanted))
      .sort((a, b) => (sort.value === "count" ? classes[b].count - classes[a].count : 0) || compareNames(classes[a].name, classes[b].name));
    items.replaceChildren(...order.slice(0, shown).map((label) => classCard(context, classes[label], label)));
    more.hidden = order.length <= shown;
    more.textContent = words.more(number(Math.min(2 * PAGE, order.length - shown)));
  };
  const filter = h("input", { type: "search", input: () => update(PAGE) });
  const sort: HTMLSelectElement = h("select", { change: () => update(PAGE) },
    h("option", { value: "name" }, words.classes.byName), h("option", { value: "count" }, words.classes.byCount));
  update(PAGE);
  context.cleanups.push(onPaper(() => update(Math.max(shown, MOST_ON_PAPER))));  // paper has no button for more
  return h("div", {},
    h("div", { class: "fields" },
      h("label", { class: "field" }, h("span", {}, words.classes.filter), filter), h("label", { class: "field" }, h("span", {}, words.classes.sort), sort)),
    items, more);
}

function similarity(context: Context): HTMLElement | false {
  const { words, report } = context;
  if (!report.similarity) return false;
  const { order, values, closest } = report.similarity;
  const names = report.classes.map((info) => info.name);
  const describe = (a: number, b: number, value: number): string => words.classes.cell(visible(names[a]), visible(names[b]), fixed(value, 2));
  const rows = closest.map(({ a, b, value }) =>
    h("tr", {}, h("th", { scope: "row" }, h("span", { class: "pair" }, glyph(a), className(report, a)), h("span", { class: "pair" }, glyph(b), className(report, b))),
      h("td", { class: "number" }, fixed(value, 2))));
  return h("div", { class: "similarity" },
    h("h3", {}, words.classes.similar), h("p", {}, words.classes.similarLead),
    h("div", { class: "columns wide-left" },
      matrix({
        order, names, label: words.classes.matrix, hint: words.classes.hint, shade: (r, c) => (values[order[r]][order[c]] + 1) / 2,
        describe: (r, c) => describe(order[r], order[c], values[order[r]][order[c]]),
      }),
      h("table", { class: "closest" }, h("caption", {}, words.classes.closest),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.classes.pair), h("th", { scope: "col", class: "number" }, words.classes.value))),
        h("tbody", {}, ...rows))));
}

export function classesSection(context: Context): HTMLElement {
  const { words } = context;
  return h("section", { id: "classes", "aria-labelledby": "classes-title" },
    h("h2", { id: "classes-title" }, words.classes.title), h("p", { class: "lead" }, words.classes.lead), classList(context), similarity(context));
}
