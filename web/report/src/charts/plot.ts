// Axes for small charts in SVG: vectors print sharply and take their colours from the style sheet.
import { ticks } from "d3-array";
import { scaleLinear, scaleLog } from "d3-scale";
import { svg } from "../dom";

export interface ChartSettings {
  width: number;
  height: number;
  x: [number, number];
  y: [number, number];
  xTitle: string;
  yTitle: string;
  label: string;
  xFormat: (value: number) => string;
  yFormat: (value: number) => string;
  xTicks?: number;
  yTicks?: number;
  /** y by powers of ten */
  logarithmic?: boolean;
}

export interface Chart {
  root: SVGSVGElement;
  /** where marks go, above the grid */
  marks: SVGGElement;
  x: (value: number) => number;
  y: (value: number) => number;
  /** of the field between the axes */
  top: number;
  bottom: number;
}

const MARGIN = { left: 52, right: 14, top: 24, bottom: 40 };

function powersOfTen(low: number, high: number): number[] {
  const exponents = ticks(Math.ceil(Math.log10(low)), Math.floor(Math.log10(high)), 5).filter(Number.isInteger);
  return exponents.map((exponent) => 10 ** exponent);
}

export function chart(settings: ChartSettings): Chart {
  const { width, height } = settings;
  const x = scaleLinear(settings.x, [MARGIN.left, width - MARGIN.right]);
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
  const y = (settings.logarithmic ? scaleLog : scaleLinear)(settings.y, [bottom, top]);
  const lines = settings.logarithmic ? powersOfTen(...settings.y) : ticks(...settings.y, settings.yTicks ?? 4);
  const grid = svg("g", { class: "grid" });
  for (const value of lines) {
    grid.append(svg("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value) }),
      svg("text", { x: MARGIN.left - 8, y: y(value) + 4, "text-anchor": "end" }, settings.yFormat(value)));
  }
  for (const value of ticks(...settings.x, settings.xTicks ?? 6)) {
    grid.append(svg("text", { x: x(value), y: height - MARGIN.bottom + 18, "text-anchor": "middle" }, settings.xFormat(value)));
  }
  const titles = svg("g", { class: "axis-titles" },
    svg("text", { x: width - MARGIN.right, y: height - 5, "text-anchor": "end" }, settings.xTitle),
    svg("text", { x: 2, y: 13 }, settings.yTitle));
  const base = svg("line", { class: "base", x1: MARGIN.left, x2: width - MARGIN.right, y1: bottom, y2: bottom });
  const marks = svg("g", {});
  const root = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": settings.label }, grid, base, marks, titles);
  return { root, marks, x, y, top, bottom };
}
