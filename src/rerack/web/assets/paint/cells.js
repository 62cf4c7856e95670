// A map of cells, each with its share written in it.
import { addNames } from "./axes.js";
import { fillOf } from "./inks.js";
import { px, textAt } from "./words.js";

const RGBA = /^rgba\((\d+),(\d+),(\d+),([\d.]+)\)$/;
const partsOf = (colour) => {
  const found = RGBA.exec(colour);
  if (!found) throw new Error(`colour ${colour}: the painter mixes rgba() only.`);
  return found.slice(1).map(Number);
};
// The colour at a share of a scale of stops.
const mixed = (scale, share) => {
  const next = Math.max(1, scale.findIndex(([stop]) => stop >= share));
  const [[low, from], [high, to]] = [scale[next - 1], scale[next]];
  const [a, b] = [partsOf(from), partsOf(to)];
  const part = (share - low) / (high - low);
  const [red, green, blue, opacity] = a.map((value, k) => value + part * (b[k] - value));
  return `rgba(${[red, green, blue].map(Math.round)},${Math.round(opacity * 1e4) / 1e4})`;
};
export const names = (trace, { x, y }) => {
  addNames(x, trace.x);
  addNames(y, trace.y);
};
export const prepare = (trace, { x, y }) => {
  for (const axis of [x, y]) if (axis.type !== "category") throw new Error("heatmap: the painter sets cells on axes of names only.");
  return { trace, x, y, xs: trace.x.map(x.read), ys: trace.y.map(y.read) };
};
export const draw = (made) => {
  const { trace, x, y, xs, ys } = made;
  const { zmin, zmax, z, xgap = 0, ygap = 0 } = trace;
  const [width, height] = [x.perUnit, y.perUnit];
  made.boxes = ys.flatMap((row, i) => xs.map((column, k) => ({
    x: x.at(column) - width / 2 + xgap / 2, y: y.at(row) - height / 2 + ygap / 2,
    width: width - xgap, height: height - ygap, i, k,
  })));
  return made.boxes.map((box) => {
    const share = Math.min(1, Math.max(0, (z[box.i][box.k] - zmin) / (zmax - zmin)));
    const fill = fillOf(mixed(trace.colorscale, share));
    return `<rect x="${px(box.x)}" y="${px(box.y)}" width="${px(box.width)}" height="${px(box.height)}"${fill}/>`;
  }).join("");
};
export const texts = ({ trace, boxes }) => boxes.map(({ x, y, width, height, i, k }) =>
  trace.text[i][k] === "" ? "" : textAt(trace.text[i][k], x + width / 2, y + height / 2, { size: trace.textfont.size, ink: fillOf(trace.textfont.color) })).join("");
export const areas = ({ trace, boxes }) => boxes.map((box) => ({
  ...box, trace, values: { x: trace.x[box.k], y: trace.y[box.i], z: trace.z[box.i][box.k], text: trace.text[box.i][box.k] },
}));
