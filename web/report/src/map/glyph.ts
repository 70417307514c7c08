// The sign of a class: its shape in its colour. Both themes' colours are given; the style sheet picks one.
import { svg } from "../dom";
import { colourOf, css, SHAPE_PATHS, shapeOf } from "./palette";

export function glyph(label: number): SVGElement {
  const path = svg("path", { d: SHAPE_PATHS[shapeOf(label)], "fill-rule": "evenodd" });
  const element = svg("svg", { class: "glyph", viewBox: "-8 -8 16 16", "aria-hidden": "true" }, path);
  element.style.setProperty("--light", css(colourOf(label, false)));
  element.style.setProperty("--dark", css(colourOf(label, true)));
  return element;
}
