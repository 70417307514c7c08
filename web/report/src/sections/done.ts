// What was done: network, settings, versions, and where the time went.
import type { Named } from "../data";
import { h, name } from "../dom";
import { duration, number } from "../i18n";
import type { Context } from "../photo";

const list = (title: string, entries: Named[]): HTMLElement =>
  h("div", { class: "facts" }, h("h3", {}, title),
    h("dl", {}, ...entries.map((entry) => h("div", {}, h("dt", {}, name(entry.name)), h("dd", {}, name(entry.value))))));

function timeTable(context: Context): HTMLElement {
  const { words, report } = context;
  const { stages, limit } = report.done;
  const most = Math.max(...stages.map((stage) => stage.seconds), 1e-9);
  const rows = stages.map((stage) => {
    const bar = h("span", { class: stage.name === limit ? "bar strong" : "bar" });
    bar.style.width = `${(100 * stage.seconds) / most}%`;
    return h("tr", {},
      h("th", { scope: "row" }, words.stages[stage.name] ?? stage.name),
      h("td", { class: "number" }, duration(stage.seconds)), h("td", { class: "bar-cell wide", "aria-hidden": "true" }, bar));
  });
  return h("table", { class: "times" },
    h("caption", {}, words.done.where),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.done.stage), h("th", { scope: "col", class: "number" }, words.done.seconds), h("td", { "aria-hidden": "true" }))),
    h("tbody", {}, ...rows));
}

export function doneSection(context: Context): HTMLElement {
  const { words, report } = context;
  const { done } = report;
  return h("section", { id: "done", "aria-labelledby": "done-title" },
    h("h2", { id: "done-title" }, words.done.title),
    h("p", { class: "lead" }, done.photos_per_second > 0 ? words.done.lead(duration(done.seconds), number(done.photos_per_second)) : words.done.already, " ",
      done.limit && words.done.limit((words.stages[done.limit] ?? done.limit).toLowerCase())),
    h("div", { class: "columns" },
      done.stages.length > 0 && h("div", {}, timeTable(context), h("p", { class: "note" }, words.done.whereNote)),
      h("div", { class: "fact-grid" }, list(words.done.network, done.network), list(words.done.settings, done.settings), list(words.done.versions, done.versions))));
}
