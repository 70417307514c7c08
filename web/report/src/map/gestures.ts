// Mouse, pen, fingers, wheel and keys, turned into what the map does.
export interface Target {
  /** whether a drag draws a lasso rather than moves the map */
  lassoMode(): boolean;
  pan(dx: number, dy: number): void;
  zoom(factor: number, px: number, py: number): void;
  zoomCentre(factor: number): void;
  reset(): void;
  /** the pointer rests at a place; null: it left */
  hover(place: [number, number] | null): void;
  /** a click or a tap; fingers are less precise */
  tap(place: [number, number], finger: boolean): void;
  lasso(polygon: [number, number][], finished: boolean): void;
  /** the wheel turned over a map that has not been chosen: the page scrolls */
  wheelHint(): void;
  cancel(): void;
}

const TAP_DISTANCE = 5;
const KEY_STEP = 40;

export class Gestures {
  private readonly pointers = new Map<number, [number, number]>();
  private start: [number, number] = [0, 0];
  private moved = false;
  private polygon: [number, number][] | null = null;

  constructor(private readonly element: HTMLElement, private readonly target: Target) {
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.up(event, true));
    element.addEventListener("pointercancel", (event) => this.up(event, false));
    element.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && target.hover(null));
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    element.addEventListener("keydown", (event) => this.key(event));
  }

  private place(event: MouseEvent): [number, number] {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const place = this.place(event);
    this.element.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, place);
    if (this.pointers.size === 1) {
      [this.start, this.moved] = [place, false];
      this.polygon = this.target.lassoMode() || event.shiftKey ? [place] : null;
    } else if (this.polygon) {
      this.target.lasso([], false);
      this.polygon = null;
    }
  }

  private move(event: PointerEvent): void {
    const place = this.place(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.target.hover(place);
    if (Math.hypot(place[0] - this.start[0], place[1] - this.start[1]) > TAP_DISTANCE) this.moved = true;
    if (this.pointers.size === 2) this.pinch(event.pointerId, before, place);
    else if (this.polygon) this.extendLasso(place);
    else if (this.moved) this.target.pan(place[0] - before[0], place[1] - before[1]);
    if (this.pointers.size === 2 || this.polygon || this.moved) this.pointers.set(event.pointerId, place);
  }

  private extendLasso(place: [number, number]): void {
    const last = this.polygon?.at(-1);
    if (!this.polygon || !last || Math.hypot(place[0] - last[0], place[1] - last[1]) < 2) return;
    this.polygon.push(place);
    this.target.lasso(this.polygon, false);
  }

  private pinch(id: number, before: [number, number], now: [number, number]): void {
    for (const [other, [x, y]] of this.pointers) {
      if (other === id) continue;
      const distance = Math.hypot(before[0] - x, before[1] - y);
      if (distance > 0) this.target.zoom(Math.hypot(now[0] - x, now[1] - y) / distance, (now[0] + x) / 2, (now[1] + y) / 2);
      this.target.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    }
    this.moved = true;
  }

  private up(event: PointerEvent, wanted: boolean): void {
    if (!this.pointers.delete(event.pointerId) || this.pointers.size > 0) return;
    const { polygon } = this;
    this.polygon = null;
    if (wanted && !this.moved) this.target.tap(this.place(event), event.pointerType !== "mouse");
    else if (polygon) this.target.lasso(polygon, wanted);
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && document.activeElement !== this.element) return this.target.wheelHint();
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.target.zoom(Math.exp(-event.deltaY * lines * 0.002), ...this.place(event));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => this.target.pan(KEY_STEP, 0),
      ArrowRight: () => this.target.pan(-KEY_STEP, 0),
      ArrowUp: () => this.target.pan(0, KEY_STEP),
      ArrowDown: () => this.target.pan(0, -KEY_STEP),
      "+": () => this.target.zoomCentre(1.4),
      "=": () => this.target.zoomCentre(1.4),
      "-": () => this.target.zoomCentre(1 / 1.4),
      "0": () => this.target.reset(),
      Escape: () => this.target.cancel(),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }
}
