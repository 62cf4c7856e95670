// Bars upright or lying, stacked or from a base, hatched, with whiskers and texts at their ends.
import { addNames, claim, claimText } from "./axes.js";
import { strokeOf, fillOf } from "./inks.js";
import { boxOf, px, textAt } from "./words.js";

const lies = (trace) => trace.orientation === "h";
const sides = (trace, { x, y }) => lies(trace) ? { along: x, across: y } : { along: y, across: x };
const lengths = (trace) => lies(trace) ? trace.x : trace.y;
const places = (trace) => lies(trace) ? trace.y : trace.x;
const of = (value, k) => Array.isArray(value) ? value[k] : value;
const TEXT_GAP = 3;

export const names = (trace, axes) => addNames(sides(trace, axes).across, places(trace));
// Reads a trace: where each bar begins and ends, in values.
export const prepare = (trace, axes, scene) => {
  const { along, across } = sides(trace, axes);
  if (across.type !== "category") throw new Error("bar: the painter sets bars on an axis of names only.");
  const sizes = lengths(trace).map(along.read);
  const spots = places(trace).map(across.read);
  const from = sizes.map((size, k) => trace.base !== undefined ? of(trace.base, k) : begin(scene, along, across, spots[k], size));
  const to = sizes.map((size, k) => from[k] + size);
  const { error_x: whisker } = trace;
  const low = Math.min(...from, ...to, ...(whisker ? to.map((end, k) => end - whisker.arrayminus[k]) : []));
  const high = Math.max(...from, ...to, ...(whisker ? to.map((end, k) => end + whisker.array[k]) : []));
  if (sizes.length) claim(along, low, high, { air: true, zero: true });
  if (trace.text && lies(trace)) {
    trace.text.forEach((text, k) => claimText(along, to[k], 0, boxOf(text, scene.layout.font.size).width + TEXT_GAP));
  }
  return { trace, along, across, spots, from, to, sizes, ...axes };
};
// Stacked bars begin where the last one of their sign at that place ended.
const begin = (scene, along, across, spot, size) => {
  if (scene.layout.barmode !== "relative") return 0;
  const key = `${along.name}${across.name}${spot}${size < 0}`;
  const start = scene.piles.get(key) ?? 0;
  scene.piles.set(key, start + size);
  return start;
};

const boxesOf = ({ trace, along, across, spots, from, to }, scene) => {
  const half = (trace.width ?? 1 - (scene.layout.bargap ?? 0.2)) / 2 * across.perUnit;
  return spots.map((spot, k) => {
    const [a, b] = [along.at(from[k]), along.at(to[k])];
    const middle = across.at(spot);
    const [low, span] = [Math.min(a, b), Math.abs(b - a)];
    return lies(trace) ? { x: low, y: middle - half, width: span, height: 2 * half, end: b, middle }
      : { x: middle - half, y: low, width: 2 * half, height: span, end: b, middle };
  });
};
export const draw = (made, scene) => {
  const { trace } = made;
  const { color, pattern } = trace.marker;
  made.boxes = boxesOf(made, scene);
  return made.boxes.map((box, k) => {
    if (box.width < 0.005 || box.height < 0.005) return "";
    const hatch = pattern && { ...pattern, shape: of(pattern.shape, k), fgcolor: of(pattern.fgcolor, k), bgcolor: of(pattern.bgcolor, k) };
    const fill = hatch ? scene.hatches.fill(hatch, of(color, k)) : fillOf(of(color, k));
    return `<rect x="${px(box.x)}" y="${px(box.y)}" width="${px(box.width)}" height="${px(box.height)}"${fill}/>`;
  }).join("") + whiskers(made);
};
const whiskers = ({ trace, along, boxes, to }) => {
  const { error_x: whisker } = trace;
  if (!whisker) return "";
  const path = boxes.map(({ middle }, k) => {
    const low = px(along.at(to[k] - whisker.arrayminus[k]));
    const high = px(along.at(to[k] + whisker.array[k]));
    const [y, top] = [px(middle), px(middle - whisker.width)];
    return `M${low},${top}v${2 * whisker.width}M${low},${y}H${high}M${high},${top}v${2 * whisker.width}`;
  }).join("");
  return `<path class="whisker" d="${path}" fill="none"${strokeOf(whisker.color)} stroke-width="${whisker.thickness}"/>`;
};
// Texts stand over what is drawn, and may leave its clip.
export const texts = ({ trace, boxes, to, from }, scene) => {
  if (!trace.text) return "";
  const { size, color } = scene.layout.font;
  return boxes.map(({ end, middle }, k) => {
    if (trace.text[k] === "") return "";
    const back = to[k] < from[k];
    return lies(trace)
      ? textAt(trace.text[k], end + (back ? -TEXT_GAP : TEXT_GAP), middle, { size, ink: fillOf(color), across: back ? "right" : "left" })
      : textAt(trace.text[k], middle, end + (back ? TEXT_GAP : -TEXT_GAP), { size, ink: fillOf(color), down: back ? "top" : "bottom" });
  }).join("");
};
export const swatch = ({ marker: { color, pattern } }, x, y, hatches) => {
  const fill = hatches.fill({ ...pattern, shape: of(pattern?.shape, 0), fgcolor: of(pattern?.fgcolor, 0), bgcolor: of(pattern?.bgcolor, 0) }, of(color, 0));
  return `<rect x="${x + 6}" y="${y - 6}" width="12" height="12"${fill}/>`;
};
export const areas = ({ trace, boxes }) => boxes.map((box, k) => ({
  ...box, trace, values: { x: trace.x[k], y: trace.y[k], customdata: trace.customdata?.[k] },
}));
