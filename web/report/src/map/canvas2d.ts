// Where there is no WebGL: a picture of an even sample of the points on a plain canvas.
import { SHAPE_PATHS } from "./palette";
import { type Frame, fitCanvas, type Points, type Renderer } from "./renderer";

export const SAMPLE = 20_000;

export class CanvasRenderer implements Renderer {
  onDone = (): void => {};
  drawn = 0;
  private points?: Points;
  private ticket = 0;
  private readonly shapes = SHAPE_PATHS.map((path) => new Path2D(path));

  constructor(private readonly canvas: HTMLCanvasElement) {}

  setPoints(points: Points): void {
    this.points = points;
    this.drawn = Math.min(SAMPLE, points.count);
  }

  draw(frame: Frame): void {
    const ticket = ++this.ticket;
    requestAnimationFrame(() => {
      if (ticket !== this.ticket) return;
      this.paint(frame);
      this.onDone();
    });
  }

  private paint(frame: Frame): void {
    const context = this.canvas.getContext("2d");
    if (!context || !this.points) return;
    const ratio = fitCanvas(this.canvas, frame.width, frame.height);
    const { count, xs, ys, labels } = this.points;
    const { ax, bx, ay, by } = frame.transform;
    const scale = (ratio * Math.max(3, frame.size)) / 14;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (let i = 0; i < this.drawn; i++) {
      const point = Math.floor((i * count) / this.drawn);
      const look = 4 * labels[point];
      const alpha = frame.styles[look + 3] / 255;
      if (!alpha) continue;
      context.globalAlpha = alpha * frame.opacity;
      context.fillStyle = `rgb(${frame.styles[look]} ${frame.styles[look + 1]} ${frame.styles[look + 2]})`;
      context.setTransform(scale, 0, 0, scale, ratio * (ax * xs[point] + bx), ratio * (ay * ys[point] + by));
      context.fill(this.shapes[frame.styles[look + 4 * frame.classes]], "evenodd");
    }
  }

  destroy(): void {
    this.ticket++;
  }
}
