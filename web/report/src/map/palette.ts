// Eight colours that stay apart for red-, green- and blue-blind eyes: at least 29 in CIELAB for each kind of sight (found by
// random search from Okabe and Ito's; tests/palette.test.mjs), with a contrast of 3 to the paper. Times six shapes: 48
// classes look different. Beyond that the class names on the map and the legend tell them apart.
export type Colour = [number, number, number];

const LIGHT: Colour[] = [
  [16, 43, 132], [116, 32, 4], [143, 153, 106], [243, 90, 187], [39, 125, 255], [190, 138, 23], [20, 8, 6], [104, 71, 83],
];
const DARK: Colour[] = [
  [11, 109, 223], [147, 93, 0], [8, 196, 149], [193, 41, 146], [194, 252, 255], [238, 168, 0], [249, 222, 138], [175, 171, 239],
];

export const SHAPES = 6;

/** Outlines in a 16 x 16 box with its centre at 0: circle, square, triangle, diamond, cross, ring. */
export const SHAPE_PATHS = [
  "M0-6A6 6 0 1 1 0 6A6 6 0 1 1 0-6Z",
  "M-5.2-5.2H5.2V5.2H-5.2Z",
  "M0-6.4L6.2 5.2H-6.2Z",
  "M0-7.2L5.6 0L0 7.2L-5.6 0Z",
  "M-2.2-6.4H2.2V-2.2H6.4V2.2H2.2V6.4H-2.2V2.2H-6.4V-2.2H-2.2Z",
  "M0-6.6A6.6 6.6 0 1 1 0 6.6A6.6 6.6 0 1 1 0-6.6ZM0-3A3 3 0 1 0 0 3A3 3 0 1 0 0-3Z",
];

export const colourOf = (label: number, dark: boolean): Colour => (dark ? DARK : LIGHT)[label % LIGHT.length];
export const shapeOf = (label: number): number => Math.floor(label / LIGHT.length) % SHAPES;
export const css = ([r, g, b]: Colour): string => `rgb(${r} ${g} ${b})`;
