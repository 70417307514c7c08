// The account: listed = rows + rejects, and the rejects by reason and by name.
import type { Reject } from "../data";
import { csvLine, download, h, name } from "../dom";
import { number, type Words } from "../i18n";
import { type Context, picture } from "../photo";

const PAGE = 25;

function equation(context: Context): HTMLElement {
  const { words, report } = context;
  const { listed, rows, rejects } = report.counts;
  const figure = (value: number, text: string, kind: string): HTMLElement =>
    h("div", { class: `figure ${kind}` }, h("strong", {}, number(value)), h("span", {}, text));
  const sign = (text: string): HTMLElement => h("span", { class: "sign", "aria-hidden": "true" }, text);
  const bar = h("div", { class: "account-bar", "aria-hidden": "true" }, h("span", { class: "rows" }), h("span", { class: "rejects", hidden: rejects === 0 }));
  bar.style.gridTemplateColumns = `${Math.max(1, rows)}fr minmax(${rejects ? 4 : 0}px, ${rejects}fr)`;
  return h("div", {},
    h("div", { class: "figures" },
      figure(listed, words.account.listed, "listed"), sign("="), figure(rows, words.account.rows[report.kind], "rows"), sign("+"), figure(rejects, words.account.rejects, "rejects")),
    bar);
}

function reasonTable(context: Context): HTMLElement {
  const { words, report } = context;
  const { reasons } = report.rejects;
  const most = Math.max(1, ...reasons.map((reason) => reason.count));
  const rows = reasons.map(({ stage, reason, count }) => {
    const bar = h("span", { class: "bar" });
    bar.style.width = `${(100 * count) / most}%`;
    return h("tr", {},
      h("th", { scope: "row" }, reasonName(words, reason), " ", h("code", {}, reason)),
      h("td", {}, words.stages[stage] ?? stage), h("td", { class: "number" }, number(count)), h("td", { class: "bar-cell", "aria-hidden": "true" }, bar));
  });
  return h("table", { class: "reasons" },
    h("caption", {}, words.account.why),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.account.reason), h("th", { scope: "col" }, words.account.stage),
      h("th", { scope: "col", class: "number" }, words.account.photos), h("td", { "aria-hidden": "true" }))),
    h("tbody", {}, ...rows));
}

const reasonName = (words: Words, reason: string): string => words.reasons[reason] ?? reason;

function saveCsv(rejects: Reject[]): void {
  const lines = rejects.map(({ path, stage, reason, detail }) => csvLine([path, stage, reason, detail]));
  download("rejects.csv", "text/csv;charset=utf-8", csvLine(["path", "stage", "reason", "detail"]) + lines.join(""));
}

function rejectItem(context: Context, reject: Reject): HTMLElement {
  return h("li", { class: "reject" },
    reject.tile >= 0 ? picture(context, reject.tile, 48, reject.path) : h("span", { class: "picture none" }),
    h("div", {},
      h("p", { class: "reject-path" }, name(reject.path)),
      h("p", { class: "note" }, h("b", {}, reasonName(context.words, reject.reason)), " · ", name(reject.detail))));
}

function rejectList(context: Context): HTMLElement {
  const { words, report } = context;
  const { list, reasons } = report.rejects;
  let shown = PAGE;
  const items = h("ul", { class: "reject-list", tabindex: 0, "aria-label": words.account.which });
  const status = h("p", { class: "note", role: "status" });
  const more = h("button", { type: "button", click: () => update(shown + 4 * PAGE) });
  const matching = (): Reject[] => {
    const text = filter.value.toLowerCase();
    return list.filter(({ path, detail, reason }) =>
      (!select.value || reason === select.value) && (path.toLowerCase().includes(text) || detail.toLowerCase().includes(text)));
  };
  const update = (limit: number): void => {
    shown = limit;
    const found = matching();
    items.replaceChildren(...found.slice(0, shown).map((reject) => rejectItem(context, reject)));
    status.textContent = words.account.shown(number(found.length), number(list.length));
    more.hidden = found.length <= shown;
    more.textContent = words.more(number(Math.min(4 * PAGE, found.length - shown)));
  };
  const filter = h("input", { type: "search", input: () => update(PAGE) });
  const select: HTMLSelectElement = h("select", { change: () => update(PAGE) },
    h("option", { value: "" }, words.account.all), ...reasons.map(({ reason }) => h("option", { value: reason }, reasonName(words, reason))));
  update(PAGE);
  return h("div", { class: "reject-box" },
    h("h3", {}, words.account.which),
    h("div", { class: "fields" },
      h("label", { class: "field" }, h("span", {}, words.account.filter), filter),
      h("label", { class: "field" }, h("span", {}, words.account.reason), select),
      h("button", { type: "button", click: () => saveCsv(matching()) }, words.download)),
    status, items, more,
    list.length < report.counts.rejects && h("p", { class: "note" }, words.account.bounded(number(list.length), number(report.counts.rejects))));
}

export function accountSection(context: Context): HTMLElement {
  const { words, report } = context;
  const some = report.counts.rejects > 0;
  return h("section", { id: "account", "aria-labelledby": "account-title" },
    h("h2", { id: "account-title" }, words.account.title),
    h("p", { class: "lead" }, words.account.lead[report.kind]),
    equation(context),
    !some && h("p", { class: "good" }, words.account.none),
    some && h("div", { class: "columns" },
      h("div", {}, reasonTable(context),
        h("h3", { class: "spaced" }, words.account.retry), h("p", {}, words.account.retryWhy), h("pre", { class: "command", tabindex: 0 }, h("code", {}, name(report.rejects.retry)))),
      rejectList(context)));
}
