// What part of the plane the map shows. The plane's unit is that of the components, the same on both axes, so that a
// distance on the screen means the same in every direction.
import type { Component } from "../data";

/** steps (0 to 65535) -> CSS pixels: x = ax * qx + bx, y = ay * qy + by, y downwards. */
export interface Transform {
  ax: number;
  bx: number;
  ay: number;
  by: number;
}

const STEPS = 65535;
const MAX_ZOOM = 2000;

export class Camera {
  private centreX = 0;
  private centreY = 0;
  zoom = 1;

  constructor(public x: Component, public y: Component, public width = 1, public height = 1) {
    this.reset();
  }

  setAxes(x: Component, y: Component): void {
    [this.x, this.y] = [x, y];
    this.reset();
  }

  reset(): void {
    this.centreX = (this.x.min + this.x.max) / 2;
    this.centreY = (this.y.min + this.y.max) / 2;
    this.zoom = 1;
  }

  /** CSS pixels a unit. */
  get scale(): number {
    const fit = Math.min(this.width / (this.x.max - this.x.min || 1), this.height / (this.y.max - this.y.min || 1));
    return 0.92 * fit * this.zoom;
  }

  toScreen(x: number, y: number): [number, number] {
    const { scale } = this;
    return [this.width / 2 + (x - this.centreX) * scale, this.height / 2 - (y - this.centreY) * scale];
  }

  transform(): Transform {
    const { scale } = this;
    const [bx, by] = this.toScreen(this.x.min, this.y.min);
    return { ax: ((this.x.max - this.x.min) / STEPS) * scale, bx, ay: (-(this.y.max - this.y.min) / STEPS) * scale, by };
  }

  pan(dx: number, dy: number): void {
    this.centreX -= dx / this.scale;
    this.centreY += dy / this.scale;
    this.keepInside();
  }

  /** Zooms by a factor and leaves the plane's point under (px, py) where it is. */
  zoomAt(factor: number, px: number, py: number): void {
    const before = this.scale;
    this.zoom = Math.min(MAX_ZOOM, Math.max(0.5, this.zoom * factor));
    const shift = 1 / before - 1 / this.scale;
    this.centreX += (px - this.width / 2) * shift;
    this.centreY -= (py - this.height / 2) * shift;
    this.keepInside();
  }

  centreOn(qx: number, qy: number, zoom: number): void {
    this.centreX = this.x.min + ((this.x.max - this.x.min) * qx) / STEPS;
    this.centreY = this.y.min + ((this.y.max - this.y.min) * qy) / STEPS;
    this.zoom = Math.max(this.zoom, zoom);
  }

  private keepInside(): void {
    this.centreX = Math.min(this.x.max, Math.max(this.x.min, this.centreX));
    this.centreY = Math.min(this.y.max, Math.max(this.y.min, this.centreY));
  }
}
