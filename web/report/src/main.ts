// Builds the page from the data that it carries; again when the reader changes the language.
import "./style/base.css";
import "./style/parts.css";
import "./style/map.css";
import "./style/print.css";
import { Blocks } from "./blocks";
import { readReport, type Report } from "./data";
import { h, name, svg, visible } from "./dom";
import { type Language, languages, preferredLanguage, setLocale, type Words } from "./i18n";
import type { Context } from "./photo";
import { accountSection } from "./sections/account";
import { classesSection } from "./sections/classes";
import { classifierSection } from "./sections/classifier";
import { doneSection } from "./sections/done";
import { mapSection } from "./sections/map";
import { screeSection } from "./sections/scree";
import { forgetThemeListeners, setTheme, type Theme, theme } from "./theme";

const cleanups: (() => void)[] = [];
const THEMES: Theme[] = ["auto", "light", "dark"];

function brand(words: Words): HTMLElement {
  const leaf = svg("svg", { viewBox: "0 0 24 24", class: "leaf", "aria-hidden": "true" },
    svg("path", { d: "M12 7.2C9.4 5.4 4 6.2 4 12.4 4 17.600 8 21.600 12 20.400 16 21.600 20 17.600 20 12.400 20 6.200 14.600 5.400 12 7.200Z" }),
    svg("path", { class: "stem", d: "M12 7C12 4 13.600 2.200 16.600 2 16.600 4.800 14.800 6.600 12 7Z" }));
  return h("span", { class: "brand" }, leaf, words.brand);
}

function controls(words: Words, language: Language, redraw: (language: Language) => void): HTMLElement {
  const select: HTMLSelectElement = h("select", { "aria-label": words.theme.label, change: () => setTheme(select.value as Theme) },
    ...THEMES.map((each) => h("option", { value: each, selected: each === theme() }, words.theme[each])));
  const buttons = (Object.keys(languages) as Language[]).map((each) =>
    h("button", { type: "button", lang: each, "aria-pressed": String(each === language), title: languages[each].language, click: () => redraw(each) }, each.toUpperCase()));
  return h("div", { class: "controls" }, h("span", { class: "segmented", role: "group", "aria-label": words.languageLabel }, ...buttons), select);
}

function sections(context: Context): HTMLElement[] {
  const { report } = context;
  const all = [accountSection(context), doneSection(context)];
  if (report.scree.cumulative.length) all.push(screeSection(context));
  if (report.map.points) all.push(mapSection(context));
  if (report.classes.length) all.push(classesSection(context));
  if (report.classifier) all.push(classifierSection(context, report.classifier));
  return all;
}

/** The class of the photos without a label, named in the reader's language. */
function nameUnlabelled(report: Report, words: Words): void {
  for (const info of report.classes) if (info.unlabelled) info.name = words.unlabelled;
}

function page(report: Report, blocks: Blocks, language: Language): void {
  for (const cleanup of cleanups.splice(0)) cleanup();
  forgetThemeListeners();
  const words = setLocale(language);
  document.title = words.title(visible(report.source));
  nameUnlabelled(report, words);
  const context: Context = { report, blocks, words, show: () => {}, cleanups };
  const parts = sections(context);
  const links = parts.map((section) => h("a", { href: `#${section.id}` }, section.querySelector("h2")?.textContent));
  const app = document.getElementById("app") as HTMLElement;
  app.replaceChildren(
    h("a", { class: "skip", href: "#content" }, words.skip),
    h("header", { class: "top" },
      h("div", { class: "top-row" }, brand(words), controls(words, language, (next) => page(report, blocks, next))),
      h("nav", { "aria-label": words.contents }, ...links)),
    h("main", { id: "content", tabindex: -1 }, h("div", { class: "title" }, h("p", {}, words.kind[report.kind]), h("h1", {}, name(report.source))), ...parts),
    h("footer", {}, words.footer(report.pomona)));
  document.documentElement.dataset.ready = "true";
}

function start(): void {
  const language = preferredLanguage();
  try {
    const report = readReport(document);
    page(report, new Blocks(report), language);
  } catch (error) {
    const app = document.getElementById("app") as HTMLElement;
    app.replaceChildren(h("main", {}, h("h1", {}, languages[language].error), h("p", {}, String(error))));
    throw error;
  }
}

start();
