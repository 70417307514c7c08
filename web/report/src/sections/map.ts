// The map with everything around it: axes, tools, legend, search, selection.
import { h, svg } from "../dom";
import { number, percent } from "../i18n";
import { Card } from "../map/card";
import { Gestures } from "../map/gestures";
import { legend } from "../map/legend";
import { Plot } from "../map/plot";
import { search } from "../map/search";
import { showSelection } from "../map/selection";
import type { Context } from "../photo";
import { onTheme } from "../theme";

const MOUSE_REACH = 14;
const FINGER_REACH = 28;

function axisSelect(context: Context, text: string, chosen: number, change: (index: number) => void): HTMLElement {
  const { words, report } = context;
  const options = report.map.components.map((component, index) =>
    h("option", { value: index, selected: index === chosen }, words.map.component(number(component.number), percent(component.ratio))));
  const select: HTMLSelectElement = h("select", { change: () => change(Number(select.value)) }, ...options);
  return h("label", { class: "field" }, h("span", {}, text), select);
}

/** The map's parts that its tools change. */
class MapView {
  readonly stage: HTMLElement;
  readonly hint = h("p", { class: "map-hint", "aria-hidden": "true" });
  readonly panel = h("section", { class: "selection", hidden: true, "aria-live": "polite" });
  readonly plot: Plot;
  readonly card: Card;
  lassoMode = false;
  private hintTimer?: ReturnType<typeof setTimeout>;

  constructor(readonly context: Context) {
    const { words, report, blocks } = context;
    const overlay = svg("svg", { class: "map-overlay", "aria-hidden": "true" });
    this.plot = new Plot(report, blocks, overlay);
    this.card = new Card(context, this.plot);
    const surface = h("div", { class: "map-surface", tabindex: 0, role: "application", "aria-label": words.map.canvas });
    this.stage = h("div", { class: "map-stage" }, this.plot.canvas, overlay, surface, this.card.element, this.hint);
    this.plot.renderer.onDone = () => (this.stage.dataset.drawn = String(this.plot.renderer.drawn));
    this.listen(surface);
    const observer = new ResizeObserver(() => {
      this.plot.resize(this.stage.clientWidth, this.stage.clientHeight);
      this.card.place();
    });
    observer.observe(this.stage);
    context.cleanups.push(() => observer.disconnect(), () => this.plot.renderer.destroy());
    onTheme(() => this.plot.draw());
  }

  private listen(surface: HTMLElement): void {
    const { plot, card } = this;
    new Gestures(surface, {
      lassoMode: () => this.lassoMode,
      pan: (dx, dy) => this.change(() => plot.camera.pan(dx, dy)),
      zoom: (factor, x, y) => this.change(() => plot.camera.zoomAt(factor, x, y)),
      zoomCentre: (factor) => this.zoomCentre(factor),
      reset: () => this.change(() => plot.camera.reset()),
      hover: (place) => void card.show(place ? plot.nearest(...place, MOUSE_REACH) : -1, false),
      tap: (place, finger) => {
        const point = plot.nearest(...place, finger ? FINGER_REACH : MOUSE_REACH);
        if (point < 0) card.hide();
        else void card.show(point, true);
      },
      lasso: (polygon, finished) => {
        plot.overlay.drawLasso(polygon);
        if (finished) this.select(plot.inside(polygon));
      },
      wheelHint: () => this.showHint(),
      cancel: () => this.clear(),
    });
  }

  change(move: () => void): void {
    move();
    delete this.stage.dataset.drawn;
    this.plot.draw();
    this.plot.overlay.drawLasso([]);
    this.card.place();
  }

  zoomCentre(factor: number): void {
    const { camera } = this.plot;
    this.change(() => camera.zoomAt(factor, camera.width / 2, camera.height / 2));
  }

  select(points: number[]): void {
    void showSelection(this.context, this.panel, points, () => this.clear());
  }

  selectView(): void {
    const { width, height } = this.plot.camera;
    this.select(this.plot.inside([[0, 0], [width, 0], [width, height], [0, height]]));
  }

  clear(): void {
    this.plot.overlay.drawLasso([]);
    this.card.hide();
    this.select([]);
  }

  goTo(point: number): void {
    this.change(() => this.plot.goTo(point));
    void this.card.show(point, true);
    this.stage.scrollIntoView({ block: "nearest" });
  }

  private showHint(): void {
    this.hint.textContent = this.context.words.map.wheel;
    this.hint.classList.add("seen");
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => this.hint.classList.remove("seen"), 1500);
  }
}

function tools(view: MapView): HTMLElement {
  const { words } = view.context;
  const button = (text: string, label: string, click: () => void): HTMLButtonElement =>
    h("button", { type: "button", "aria-label": label, title: label, click }, text);
  const mode = (lasso: boolean): void => {
    view.lassoMode = lasso;
    view.stage.classList.toggle("lasso", lasso);
    move.setAttribute("aria-pressed", String(!lasso));
    draw.setAttribute("aria-pressed", String(lasso));
  };
  const move = h("button", { type: "button", "aria-pressed": "true", click: () => mode(false) }, words.map.move);
  const draw = h("button", { type: "button", "aria-pressed": "false", click: () => mode(true) }, words.map.lasso);
  const names = h("input", {
    type: "checkbox", checked: true,
    change: () => {
      view.plot.overlay.namesShown = names.checked;
      view.plot.draw();
    },
  });
  return h("div", { class: "map-tools", role: "toolbar", "aria-label": words.map.title },
    h("span", { class: "segmented" }, move, draw),
    h("span", { class: "segmented" }, button("+", words.map.zoomIn, () => view.zoomCentre(1.6)), button("−", words.map.zoomOut, () => view.zoomCentre(1 / 1.6)),
      h("button", { type: "button", click: () => view.change(() => view.plot.camera.reset()) }, words.map.all)),
    h("button", { type: "button", click: () => view.selectView() }, words.map.view),
    h("label", { class: "check" }, names, words.map.names));
}

export function mapSection(context: Context): HTMLElement {
  const { words, report } = context;
  const view = new MapView(context);
  context.show = (point) => view.goTo(point);
  const setAxis = (which: 0 | 1, index: number): void => {
    const axes: [number, number] = [...view.plot.axes];
    axes[which] = index;
    view.card.hide();
    view.plot.overlay.drawLasso([]);
    delete view.stage.dataset.drawn;
    view.plot.setAxes(...axes);
  };
  const { points, rows } = report.map;
  return h("section", { id: "map", "aria-labelledby": "map-title" },
    h("h2", { id: "map-title" }, words.map.title),
    h("p", { class: "lead" }, words.map.lead(number(points)), points < rows && ` ${words.map.sampled(number(points), number(rows))}`),
    !view.plot.usesWebGl && h("p", { class: "warning", role: "note" }, words.map.fallback(number(view.plot.renderer.drawn))),
    h("div", { class: "map-bar" },
      axisSelect(context, words.map.horizontal, view.plot.axes[0], (index) => setAxis(0, index)),
      axisSelect(context, words.map.vertical, view.plot.axes[1], (index) => setAxis(1, index)),
      tools(view)),
    h("div", { class: "map-grid" }, view.stage, h("div", { class: "map-side" }, search(context, (point) => view.goTo(point)), legend(view.plot, words))),
    view.panel);
}
