// How each class is drawn now: its colour, its shape, whether it is shown, whether another one is singled out.
import type { Report } from "../data";
import { colourOf, shapeOf } from "./palette";

export class ClassStyles {
  readonly shown: Uint8Array;
  /** -1, or the class that stands out while the reader points at it */
  singled = -1;

  constructor(report: Report) {
    this.shown = new Uint8Array(report.classes.length).fill(1);
  }

  /** RGBA a class for the renderer; alpha 0 hides; the shape stands in the second half. */
  pack(dark: boolean): Uint8Array {
    const count = this.shown.length;
    const out = new Uint8Array(8 * count);
    for (let label = 0; label < count; label++) {
      const alpha = this.shown[label] ? (this.singled < 0 || this.singled === label ? 255 : 30) : 0;
      out.set([...colourOf(label, dark), alpha], 4 * label);
      out[4 * (count + label)] = shapeOf(label);
    }
    return out;
  }
}
