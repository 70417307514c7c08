// From places on the screen to points.
import { polygonContains } from "d3-polygon";
import type { Transform } from "./camera";
import type { Grid } from "./grid";
import type { Points } from "./renderer";

type Place = [number, number];

/** The shown point nearest to (px, py), at most `reach` CSS pixels away; -1 where there is none. */
export function nearest(points: Points, grid: Grid, shown: Uint8Array, t: Transform, px: number, py: number, reach: number): number {
  let best = -1;
  let bestDistance = reach * reach;
  const [qx, qy] = [(px - t.bx) / t.ax, (py - t.by) / t.ay];
  const [rx, ry] = [Math.abs(reach / t.ax), Math.abs(reach / t.ay)];
  grid.visit(qx - rx, qy - ry, qx + rx, qy + ry, (point) => {
    const dx = t.ax * points.xs[point] + t.bx - px;
    const dy = t.ay * points.ys[point] + t.by - py;
    const distance = dx * dx + dy * dy;
    if (distance < bestDistance && shown[points.labels[point]]) [best, bestDistance] = [point, distance];
  });
  return best;
}

/** The shown points inside a polygon of CSS pixels, in ascending order. */
export function inside(points: Points, grid: Grid, shown: Uint8Array, t: Transform, polygon: Place[]): number[] {
  if (polygon.length < 3) return [];
  const inSteps = polygon.map(([x, y]): Place => [(x - t.bx) / t.ax, (y - t.by) / t.ay]);
  const xs = inSteps.map(([x]) => x);
  const ys = inSteps.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const found: number[] = [];
  grid.visit(left, top, right, bottom, (point) => {
    const [x, y] = [points.xs[point], points.ys[point]];
    if (x < left || x > right || y < top || y > bottom || !shown[points.labels[point]]) return;
    if (polygonContains(inSteps, [x, y])) found.push(point);
  });
  return found.sort((a, b) => a - b);
}
