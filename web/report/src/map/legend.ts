// The list of classes: a tick shows or hides one, pointing at it makes it stand out.
import { h, name } from "../dom";
import { compareNames, number, type Words } from "../i18n";
import { glyph } from "./glyph";
import type { Plot } from "./plot";

const FILTER_FROM = 12;

export function legend(plot: Plot, words: Words): HTMLElement {
  const { classes } = plot.report;
  const order = [...classes.keys()].filter((label) => classes[label].count > 0).sort((a, b) => compareNames(classes[a].name, classes[b].name));
  const boxes = new Map<number, HTMLInputElement>();
  const rows = new Map<number, HTMLElement>();
  const single = (label: number): void => {
    if (plot.styles.singled === label) return;
    plot.styles.singled = label;
    plot.draw();
  };
  for (const label of order) {
    const change = (): void => {
      plot.styles.shown[label] = box.checked ? 1 : 0;
      plot.draw();
    };
    const box = h("input", { type: "checkbox", checked: true, change });
    boxes.set(label, box);
    const point = { pointerenter: (event: PointerEvent) => event.pointerType === "mouse" && single(label), pointerleave: () => single(-1) };
    const text = h("span", { class: "legend-name" }, name(classes[label].name));
    rows.set(label, h("label", { class: "legend-row", ...point }, box, glyph(label), text, h("span", { class: "count" }, number(classes[label].count))));
  }
  const setAll = (shown: boolean): void => {
    for (const [label, box] of boxes) {
      box.checked = shown;
      plot.styles.shown[label] = shown ? 1 : 0;
    }
    plot.draw();
  };
  const filter = h("input", {
    type: "search", "aria-label": words.map.legendFilter, placeholder: words.map.legendFilter,
    input: () => {
      const wanted = filter.value.toLowerCase();
      for (const [label, row] of rows) row.hidden = !classes[label].name.toLowerCase().includes(wanted);
    },
  });
  return h("fieldset", { class: "legend" },
    h("legend", {}, words.map.legend),
    h("div", { class: "legend-tools" },
      classes.length >= FILTER_FROM && filter,
      h("button", { type: "button", click: () => setAll(true) }, words.map.showAll),
      h("button", { type: "button", click: () => setAll(false) }, words.map.showNone)),
    h("div", { class: "legend-list", tabindex: 0, role: "group", "aria-label": words.map.legend }, ...rows.values()));
}
