// Colours and hatches. A colour of the palette is drawn by its name, so that a dark screen, or paper,
// changes it without a drawing anew.
import { names } from "../state.js";
import { escaped } from "./words.js";

const RGBA = /^rgba\((\d+,\d+,\d+),([\d.]+)\)$/;
const made = new Map();
const paintOf = (colour) => {
  const [, triple, opacity] = RGBA.exec(colour) ?? [];
  const known = names[triple ?? colour];
  return { colour: known ? `var(--${known})` : triple ? `rgb(${triple})` : escaped(colour), opacity: opacity ?? "1" };
};
const attributes = (kind, colour) => {
  const key = kind + colour;
  if (!made.has(key)) {
    const { colour: own, opacity } = paintOf(colour);
    made.set(key, ` ${kind}="${own}"${opacity === "1" ? "" : ` ${kind}-opacity="${opacity}"`}`);
  }
  return made.get(key);
};
export const fillOf = (colour) => attributes("fill", colour);
export const strokeOf = (colour) => attributes("stroke", colour);

const DASHES = { solid: "", dot: "1.5 3", dash: "6 4", longdash: "12 5", dashdot: "8 3 2 3" };
export const lineOf = ({ color, width = 2, dash = "solid" }) =>
  `${strokeOf(color)} stroke-width="${width}"${dash === "solid" ? "" : ` stroke-dasharray="${DASHES[dash]}"`}`;

// A hatch repeats a square tile: `size` is the distance from stripe to stripe (or dot to dot), and
// `solidity` the share of the area that is inked.
const stripe = (x0, y0, x1, y1, width, colour) =>
  `<path d="M${x0},${y0}L${x1},${y1}"${strokeOf(colour)} stroke-width="${width}"/>`;
const TILES = {
  "/": (size, part, colour) => ({ side: size, turn: 45, ink: stripe(size / 2, 0, size / 2, size, part * size, colour) }),
  "x": (size, part, colour) => {
    const width = size * (1 - Math.sqrt(1 - part));
    const ink = stripe(size / 2, 0, size / 2, size, width, colour) + stripe(0, size / 2, size, size / 2, width, colour);
    return { side: size, turn: 45, ink };
  },
  ".": (size, part, colour) => {
    const radius = Math.round(1e2 * size * Math.sqrt(part / Math.PI)) / 1e2;
    return { side: size, turn: 0, ink: `<circle cx="${size / 2}" cy="${size / 2}" r="${radius}"${fillOf(colour)}/>` };
  },
};
// The hatches of one chart: equal ones are one pattern.
let charts = 0;
export class Hatches {
  constructor() {
    this.chart = (charts += 1);
    this.known = new Map();
    this.defs = "";
  }

  // Attributes that fill with a hatch, or with `solid` where the shape is empty.
  fill({ shape, fgcolor, bgcolor, size = 8, solidity = 0.3 }, solid) {
    if (!shape) return fillOf(solid);
    if (!(shape in TILES)) throw new Error(`pattern ${shape}: the painter knows ${Object.keys(TILES).join(" ")}`);
    const key = `${shape}${fgcolor}${bgcolor}${size}${solidity}`;
    if (!this.known.has(key)) {
      const id = `hatch-${this.chart}-${this.known.size}`;
      const { side, turn, ink } = TILES[shape](size, solidity, fgcolor);
      const ground = `<rect width="${side}" height="${side}"${fillOf(bgcolor)}/>`;
      this.defs += `<pattern id="${id}" width="${side}" height="${side}" patternUnits="userSpaceOnUse" patternTransform="rotate(${turn})">${ground}${ink}</pattern>`;
      this.known.set(key, ` fill="url(#${id})"`);
    }
    return this.known.get(key);
  }
}
