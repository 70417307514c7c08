// The map's state and its drawing: points, camera, styles, overlay. It knows no buttons and no lists.
import type { Blocks } from "../blocks";
import type { Report } from "../data";
import { h } from "../dom";
import { isDark } from "../theme";
import { Camera } from "./camera";
import { CanvasRenderer } from "./canvas2d";
import { Grid } from "./grid";
import { Overlay } from "./overlay";
import { inside, nearest } from "./pick";
import { css, colourOf } from "./palette";
import type { Points, Renderer } from "./renderer";
import { ClassStyles } from "./style";
import { WebGlRenderer } from "./webgl";

export class Plot {
  readonly canvas: HTMLCanvasElement;
  readonly camera: Camera;
  readonly styles: ClassStyles;
  readonly overlay: Overlay;
  readonly renderer: Renderer;
  readonly usesWebGl: boolean;
  points: Points;
  axes: [number, number];
  private madeGrid?: Grid;

  constructor(readonly report: Report, readonly blocks: Blocks, overlay: SVGSVGElement) {
    const { components } = report.map;
    this.axes = [0, Math.min(1, components.length - 1)];
    this.camera = new Camera(components[this.axes[0]], components[this.axes[1]]);
    this.styles = new ClassStyles(report);
    this.overlay = new Overlay(overlay, report);
    // A canvas that was once asked for WebGL gives no other context.
    const [first, second] = [h("canvas", { class: "map-canvas" }), h("canvas", { class: "map-canvas" })];
    const webGl = WebGlRenderer.create(first);
    this.usesWebGl = webGl !== null;
    this.canvas = webGl ? first : second;
    this.renderer = webGl ?? new CanvasRenderer(second);
    this.points = this.load();
  }

  private load(): Points {
    const [x, y] = this.axes;
    const points = { count: this.report.map.points, xs: this.blocks.component(x), ys: this.blocks.component(y), labels: this.blocks.labels() };
    this.renderer.setPoints(points);
    this.madeGrid = undefined;
    return points;
  }

  /** Made when the reader first points at something, not before the page is seen. */
  private get grid(): Grid {
    this.madeGrid ??= new Grid(this.points.xs, this.points.ys);
    return this.madeGrid;
  }

  setAxes(x: number, y: number): void {
    this.axes = [x, y];
    const { components } = this.report.map;
    this.camera.setAxes(components[x], components[y]);
    this.points = this.load();
    this.draw();
  }

  resize(width: number, height: number): void {
    [this.camera.width, this.camera.height] = [width, height];
    this.draw();
  }

  /** Diameter of a point in CSS pixels: smaller the more there are, larger the closer one looks. */
  get pointSize(): number {
    const base = Math.min(6, Math.max(1.6, 11 - 1.57 * Math.log10(this.points.count)));
    return Math.min(16, base * this.camera.zoom ** 0.4);
  }

  draw(): void {
    const { camera, report } = this;
    if (camera.width < 2) return;
    const opacity = Math.min(0.95, Math.max(0.45, 1.25 - 0.14 * Math.log10(this.points.count)));
    this.renderer.draw({
      transform: camera.transform(), width: camera.width, height: camera.height, size: this.pointSize, opacity,
      styles: this.styles.pack(isDark()), classes: report.classes.length,
    });
    this.overlay.draw(camera, this.axes, this.styles, (label) => css(colourOf(label, isDark())));
  }

  place(point: number): [number, number] {
    const t = this.camera.transform();
    return [t.ax * this.points.xs[point] + t.bx, t.ay * this.points.ys[point] + t.by];
  }

  nearest(px: number, py: number, reach: number): number {
    return nearest(this.points, this.grid, this.styles.shown, this.camera.transform(), px, py, reach);
  }

  inside(polygon: [number, number][]): number[] {
    return inside(this.points, this.grid, this.styles.shown, this.camera.transform(), polygon);
  }

  goTo(point: number): void {
    this.camera.centreOn(this.points.xs[point], this.points.ys[point], Math.min(12, Math.sqrt(this.points.count) / 12));
    this.draw();
  }
}
