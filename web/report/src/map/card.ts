// The photo under the pointer or the finger: its picture, its class, its path.
import { h, name } from "../dom";
import { className, type Context, picture } from "../photo";
import { glyph } from "./glyph";
import type { Plot } from "./plot";

const PICTURE = 120;

export class Card {
  readonly element = h("div", { class: "card", role: "status", "aria-live": "polite", hidden: true });
  point = -1;
  pinned = false;

  constructor(private readonly context: Context, private readonly plot: Plot) {}

  async show(point: number, pinned: boolean): Promise<void> {
    if (this.pinned && !pinned) return;
    this.pinned = pinned && point >= 0;
    if (point === this.point) return this.place();
    this.point = point;
    if (point < 0) return this.hide();
    const { blocks, report, words } = this.context;
    const path = await blocks.path(point);
    if (point !== this.point) return;
    const label = this.plot.points.labels[point];
    const tile = blocks.tile(point);
    this.element.replaceChildren(
      picture(this.context, tile, tile < 0 ? 40 : PICTURE, path),
      h("div", { class: "card-text" },
        h("p", { class: "card-class" }, glyph(label), className(report, label)),
        h("p", { class: "card-path" }, name(path)),
        tile < 0 && h("p", { class: "note" }, words.photo.noneShort)));
    this.element.dataset.point = String(point);
    this.element.hidden = false;
    this.place();
  }

  hide(): void {
    [this.point, this.pinned] = [-1, false];
    this.element.hidden = true;
    this.plot.overlay.mark(null);
  }

  /** Stands beside its point, on the side where there is room. */
  place(): void {
    if (this.point < 0) return;
    const [x, y] = this.plot.place(this.point);
    const { width, height } = this.plot.camera;
    this.plot.overlay.mark([x, y]);
    const { offsetWidth, offsetHeight, style } = this.element;
    const left = x + 16 + offsetWidth > width ? x - 16 - offsetWidth : x + 16;
    style.left = `${Math.max(4, Math.min(width - offsetWidth - 4, left))}px`;
    style.top = `${Math.max(4, Math.min(height - offsetHeight - 4, y - offsetHeight / 2))}px`;
  }
}
