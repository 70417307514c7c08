// Search by path: reads the path table block by block, and lets the page breathe in between.
import { h, name } from "../dom";
import { number, percent } from "../i18n";
import type { Context } from "../photo";

const MOST = 50;
const PAUSE_MS = 250;

export function search(context: Context, choose: (point: number) => void): HTMLElement {
  const { words, blocks, report } = context;
  const status = h("p", { class: "note", role: "status", "aria-live": "polite" });
  const list = h("ul", { class: "hits", "aria-label": words.map.search });
  let ticket = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const add = (path: string, point: number): void => {
    list.append(h("li", {}, h("button", { type: "button", "data-point": point, click: () => choose(point) }, name(path))));
  };
  const run = async (): Promise<void> => {
    const mine = ++ticket;
    const wanted = input.value.trim().toLowerCase();
    list.replaceChildren();
    status.textContent = "";
    if (!wanted) return;
    let found = 0;
    for (let block = 0; block < blocks.pathBlockCount && found < MOST; block++) {
      if (block % 16 === 15) status.textContent = words.map.searching(percent(block / blocks.pathBlockCount, 0));
      const paths = await blocks.paths(block);
      if (mine !== ticket) return;
      for (let i = 0; i < paths.length && found < MOST; i++) {
        if (!paths[i].toLowerCase().includes(wanted)) continue;
        found++;
        add(paths[i], block * report.map.paths.rows_per_block + i);
      }
    }
    status.textContent = found === 0 ? words.map.searchNone : found === MOST ? words.map.searchMore(number(MOST)) : "";
  };
  const input = h("input", {
    type: "search", id: "map-search", autocomplete: "off", spellcheck: "false",
    input: () => {
      clearTimeout(timer);
      timer = setTimeout(run, PAUSE_MS);
    },
  });
  return h("div", { class: "search" }, h("label", { for: "map-search" }, words.map.search), input, status, list);
}
