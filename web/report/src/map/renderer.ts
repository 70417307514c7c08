// Draws the points. Two ways behind one interface: WebGL 2, and a plain canvas with a sample where there is no WebGL.
import type { Transform } from "./camera";

export interface Points {
  count: number;
  xs: Uint16Array;
  ys: Uint16Array;
  labels: Uint8Array | Uint16Array;
}

export interface Frame {
  transform: Transform;
  /** CSS pixels */
  width: number;
  height: number;
  /** diameter of a point, CSS pixels */
  size: number;
  opacity: number;
  /** ClassStyles.pack */
  styles: Uint8Array;
  classes: number;
}

export interface Renderer {
  /** how many of the points are drawn when nothing moves */
  readonly drawn: number;
  setPoints(points: Points): void;
  /** Starts to draw a frame; one that is under way is given up. */
  draw(frame: Frame): void;
  /** Called when the frame stands whole. */
  onDone: () => void;
  destroy(): void;
}

/** Pixels of the canvas a CSS pixel: more than 2 shows no better and costs four times as much. */
export const pixelRatio = (): number => Math.min(2, window.devicePixelRatio || 1);

export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): number {
  const ratio = pixelRatio();
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  return ratio;
}
