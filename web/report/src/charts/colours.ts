// One sequential scale, from pale to dark, readable in grey and by colour-blind eyes (after cividis' lightness).
import { scaleLinear } from "d3-scale";

const LIGHT = ["#f6f3ea", "#b9cfb0", "#5d9c82", "#1f6070", "#122b46"];
const DARK = ["#1c211e", "#23484c", "#38786c", "#8fb56f", "#f3e9a8"];

export function sequential(dark: boolean): (share: number) => string {
  const colours = dark ? DARK : LIGHT;
  const scale = scaleLinear(colours.map((_colour, i) => i / (colours.length - 1)), colours).clamp(true);
  return (share) => scale(share);
}
