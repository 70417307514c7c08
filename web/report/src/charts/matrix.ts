// A square matrix of classes: cells as one small picture, names as text, one cursor for pointer and keys.
import { h, svg, visible } from "../dom";
import { isDark, onTheme } from "../theme";
import { sequential } from "./colours";

export interface MatrixSettings {
  /** class indices, in the order of rows and columns */
  order: number[];
  names: string[];
  /** 0 to 1 for the colour, at positions (row, column) of the order */
  shade: (row: number, column: number) => number;
  describe: (row: number, column: number) => string;
  choose?: (row: number, column: number) => void;
  label: string;
  hint: string;
}

const LONGEST = 18;
const SIDE = 600;
const MARGIN = 132;
/** names beside rows and columns that would be smaller than this are left out: the line below names the cell */
const SMALLEST_TEXT = 7;

function short(name: string): string {
  const text = visible(name);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function paint(settings: MatrixSettings): string {
  const count = settings.order.length;
  const canvas = h("canvas", { width: count, height: count });
  const context = canvas.getContext("2d");
  const colour = sequential(isDark());
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (!context) break;
      context.fillStyle = colour(settings.shade(row, column));
      context.fillRect(column, row, 1, 1);
    }
  }
  return canvas.toDataURL();
}

function names(settings: MatrixSettings, cell: number): SVGGElement {
  const group = svg("g", { class: "matrix-names", "font-size": Math.min(13, cell * 0.8) });
  if (cell * 0.8 < SMALLEST_TEXT) return group;
  settings.order.forEach((label, i) => {
    const middle = MARGIN + (i + 0.5) * cell;
    const text = short(settings.names[label]);
    group.append(svg("text", { x: MARGIN - 6, y: middle, "text-anchor": "end", "dominant-baseline": "central" }, text),
      svg("text", { transform: `translate(${middle} ${MARGIN - 6}) rotate(-90)`, "dominant-baseline": "central" }, text));
  });
  return group;
}

export function matrix(settings: MatrixSettings): HTMLElement {
  const count = settings.order.length;
  const cell = SIDE / count;
  const size = MARGIN + SIDE + 2;
  let [row, column] = [0, 0];
  const picture = svg("image", { x: MARGIN, y: MARGIN, width: SIDE, height: SIDE, preserveAspectRatio: "none", class: "pixels", href: paint(settings) });
  const cursor = svg("rect", { class: "cursor", width: cell, height: cell, visibility: "hidden" });
  const root = svg("svg", { viewBox: `0 0 ${size} ${size}`, class: "matrix", role: "application", "aria-label": settings.label, tabindex: 0 },
    names(settings, cell), picture, cursor);
  const status = h("p", { class: "matrix-status", role: "status", "aria-live": "polite" }, settings.hint);
  const go = (r: number, c: number): void => {
    [row, column] = [Math.max(0, Math.min(count - 1, r)), Math.max(0, Math.min(count - 1, c))];
    cursor.setAttribute("x", String(MARGIN + column * cell));
    cursor.setAttribute("y", String(MARGIN + row * cell));
    cursor.setAttribute("visibility", "visible");
    status.textContent = settings.describe(row, column);
  };
  const at = (event: MouseEvent): boolean => {
    const box = picture.getBoundingClientRect();
    const c = Math.floor(((event.clientX - box.left) / box.width) * count);
    const r = Math.floor(((event.clientY - box.top) / box.height) * count);
    const hit = c >= 0 && r >= 0 && c < count && r < count;
    if (hit) go(r, c);
    return hit;
  };
  root.addEventListener("pointermove", at);
  root.addEventListener("click", (event) => at(event) && settings.choose?.(row, column));
  root.addEventListener("keydown", (event) => {
    const steps: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (steps[event.key]) go(row + steps[event.key][0], column + steps[event.key][1]);
    else if (event.key === "Enter" || event.key === " ") settings.choose?.(row, column);
    else return;
    event.preventDefault();
  });
  onTheme(() => picture.setAttribute("href", paint(settings)));
  return h("figure", { class: "matrix-figure" }, h("div", { class: "matrix-scroll" }, root), status);
}
