// Pictures out of the sprite sheet.
import type { Blocks } from "./blocks";
import type { Photo, Report } from "./data";
import { h, name, visible } from "./dom";
import type { Words } from "./i18n";

/** What every section needs. */
export interface Context {
  report: Report;
  blocks: Blocks;
  words: Words;
  /** shows a photo in the map and goes there */
  show: (point: number) => void;
  /** called before the page is built anew */
  cleanups: (() => void)[];
}

/** The picture of a tile, `size` CSS pixels on its longer side; a hatched square where there is none. */
export function picture(context: Context, tile: number, size: number, text: string): HTMLElement {
  const { sprite } = context.report;
  if (tile < 0) {
    const empty = h("span", { class: "picture none", role: "img", "aria-label": context.words.photo.none(text) });
    empty.style.width = empty.style.height = `${size}px`;
    return empty;
  }
  const [width, height] = context.blocks.tileSize(tile);
  const scale = size / Math.max(width, height, 1);
  const element = h("span", { class: "picture", role: "img", "aria-label": text, "data-tile": tile });
  const { style } = element;
  style.width = `${Math.max(1, Math.round(width * scale))}px`;
  style.height = `${Math.max(1, Math.round(height * scale))}px`;
  style.backgroundImage = `url("${context.blocks.sprite()}")`;
  style.backgroundSize = `${sprite.columns * sprite.tile * scale}px auto`;
  const x = (tile % sprite.columns) * sprite.tile * scale;
  const y = Math.floor(tile / sprite.columns) * sprite.tile * scale;
  style.backgroundPosition = `${-x}px ${-y}px`;
  return element;
}

/** A photo as a button that shows it in the map, or as a plain picture where the map does not hold it. */
export function photoButton(context: Context, photo: Photo, size: number, caption?: string): HTMLElement {
  const text = visible(photo.path);
  const inner = [picture(context, photo.tile, size, text), caption ? h("small", {}, caption) : null];
  if (photo.point < 0) return h("span", { class: "photo", title: text }, ...inner);
  return h("button", { class: "photo", type: "button", title: text, click: () => context.show(photo.point) }, ...inner);
}

export function className(report: Report, label: number): HTMLElement {
  return name(report.classes[label]?.name ?? "?");
}
