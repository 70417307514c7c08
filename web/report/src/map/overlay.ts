// What stands above the points: the names of the classes, the lasso, the ring around the photo that is shown.
import type { Report } from "../data";
import { svg, visible } from "../dom";
import type { Camera } from "./camera";
import type { ClassStyles } from "./style";

const MOST_NAMES = 60;
const LONGEST = 24;

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const apart = (a: Box, b: Box): boolean => a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top;

export class Overlay {
  namesShown = true;
  private readonly names = svg("g", { class: "map-names" });
  private readonly ring = svg("circle", { class: "map-ring", r: 9, visibility: "hidden" });
  private readonly lasso = svg("path", { class: "map-lasso", d: "" });
  private readonly byCount: number[];

  constructor(root: SVGSVGElement, private readonly report: Report) {
    root.replaceChildren(this.names, this.lasso, this.ring);
    this.byCount = [...report.classes.keys()].filter((label) => report.classes[label].count > 0).sort((a, b) => report.classes[b].count - report.classes[a].count);
  }

  /** Writes the names of the largest classes at their means, as far as they do not cover each other. */
  draw(camera: Camera, [x, y]: [number, number], styles: ClassStyles, colour: (label: number) => string): void {
    const placed: Box[] = [];
    const texts: SVGElement[] = [];
    const candidates = styles.singled >= 0 ? [styles.singled] : this.byCount;
    for (const label of this.namesShown ? candidates : []) {
      if (!styles.shown[label] || texts.length >= MOST_NAMES) continue;
      const { name, mean } = this.report.classes[label];
      const full = visible(name);
      const text = full.length > LONGEST ? `${full.slice(0, LONGEST - 1)}…` : full;
      const [px, py] = camera.toScreen(mean[x], mean[y]);
      const half = 3.4 * text.length + 4;
      const box = { left: px - half, right: px + half, top: py - 10, bottom: py + 8 };
      if (box.left < 0 || box.right > camera.width || box.top < 0 || box.bottom > camera.height) continue;
      if (!placed.every((other) => apart(box, other))) continue;
      placed.push(box);
      const element = svg("text", { x: px, y: py + 4 }, text);
      element.style.setProperty("--class", colour(label));
      texts.push(element);
    }
    this.names.replaceChildren(...texts);
  }

  mark(place: [number, number] | null): void {
    this.ring.setAttribute("visibility", place ? "visible" : "hidden");
    if (!place) return;
    this.ring.setAttribute("cx", String(place[0]));
    this.ring.setAttribute("cy", String(place[1]));
  }

  drawLasso(polygon: [number, number][]): void {
    this.lasso.setAttribute("d", polygon.length < 2 ? "" : `M${polygon.map((p) => p.join(" ")).join("L")}Z`);
  }
}
