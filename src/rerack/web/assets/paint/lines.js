// Lines, steps and the areas between them.
import { addNames, claim } from "./axes.js";
import { fillOf, lineOf } from "./inks.js";

const least = (values) => values.reduce((low, value) => Math.min(low, value), Infinity);
const most = (values) => values.reduce((high, value) => Math.max(high, value), -Infinity);

export const names = (trace, { x, y }) => {
  addNames(x, trace.x);
  addNames(y, trace.y);
};
// Reads a trace: where its line runs, and for a stack what it stands on.
export const prepare = (trace, { x, y }, scene) => {
  const xs = trace.x.map(x.read);
  let ys = trace.y.map(y.read);
  let under = null;
  if (trace.stackgroup) {
    const below = scene.stacks.get(trace.stackgroup);
    if (below && (below.xs.length !== xs.length || below.xs.some((value, k) => value !== xs[k]))) {
      throw new Error(`stack ${trace.stackgroup}: the painter stacks traces over the same x only.`);
    }
    under = below ? below.ys : ys.map(() => 0);
    ys = ys.map((value, k) => value + under[k]);
    scene.stacks.set(trace.stackgroup, { xs, ys });
  }
  const marked = trace.mode.includes("markers");
  const zero = trace.fill === "tozeroy" || Boolean(under);
  claim(x, least(xs), most(xs), { air: marked });
  claim(y, least(ys), most(ys), { air: true, zero });
  const made = { trace, x, y, xs, ys, under, previous: scene.last };
  scene.last = made;
  return made;
};

const tenth = (value) => Math.round(value * 10) / 10;
const pixels = (axis, values) => values.map((value) => tenth(axis.at(value)));
// A line through points; of a run of equal steps only the ends are written.
const forth = (xs, ys, steps) => {
  let path = `M${xs[0]},${ys[0]}`;
  for (let k = 1; k < xs.length; k += 1) {
    if (!steps) path += `L${xs[k]},${ys[k]}`;
    else if (ys[k] !== ys[k - 1] || k === xs.length - 1) path += `H${xs[k]}V${ys[k]}`;
  }
  return path;
};
const back = (xs, ys, steps) => {
  const last = xs.length - 1;
  let path = `L${xs[last]},${ys[last]}`;
  for (let k = last - 1; k >= 0; k -= 1) {
    if (!steps) path += `L${xs[k]},${ys[k]}`;
    else if (k === 0 || ys[k] !== ys[k + 1] || ys[k] !== ys[k - 1]) path += `V${ys[k]}H${xs[k]}`;
  }
  return `${path}Z`;
};
const areaOf = ({ trace, y, under, previous }, xs, ys, steps, forward) => {
  const flat = (value) => back(xs, xs.map(() => value), false);
  if (under) return forward + back(xs, pixels(y, under), steps);
  if (trace.fill === "tozeroy") return forward + flat(tenth(y.at(0)));
  if (trace.fill === "toself") return `${forward}Z`;
  if (trace.fill !== "tonexty") return null;
  if (!previous) throw new Error("fill tonexty: there is no line before it.");
  const before = previous.trace.line?.shape === "hv";
  return forward + back(pixels(previous.x, previous.xs), pixels(previous.y, previous.ys), before);
};
export const draw = (made, scene) => {
  const { trace, x, y } = made;
  const [xs, ys] = [pixels(x, made.xs), pixels(y, made.ys)];
  const { line = {}, marker } = trace;
  const steps = line.shape === "hv";
  const forward = forth(xs, ys, steps);
  const area = areaOf(made, xs, ys, steps, forward);
  let svg = "";
  if (area) svg += `<path class="area" d="${area}"${scene.hatches.fill(trace.fillpattern ?? {}, trace.fillcolor)}/>`;
  if (trace.mode.includes("lines") && line.width !== 0) {
    svg += `<path class="line" d="${forward}" fill="none"${lineOf(line)} stroke-linejoin="round"/>`;
  }
  if (trace.mode.includes("markers")) {
    svg += xs.map((at, k) => `<circle cx="${at}" cy="${ys[k]}" r="${marker.size / 2}"${fillOf(marker.color)}/>`).join("");
  }
  return svg;
};
export const swatch = ({ line = {}, fillpattern, fillcolor, stackgroup, fill = "none", mode, marker }, x, y, hatches) => {
  const area = stackgroup || fill !== "none"
    ? `<rect x="${x}" y="${y - 6}" width="24" height="12"${hatches.fill(fillpattern ?? {}, fillcolor)}/>` : "";
  const stroke = `<path d="M${x},${area ? y - 6 : y}h24" fill="none"${lineOf(line)}/>`;
  const dot = mode.includes("markers") ? `<circle cx="${x + 12}" cy="${y}" r="${marker.size / 2}"${fillOf(marker.color)}/>` : "";
  return area + stroke + dot;
};
// Points that a pointer can be near to, with the values that a template speaks of.
export const points = ({ trace, x, y, xs, ys }) => xs.map((value, k) => ({
  x: x.at(value), y: y.at(ys[k]), trace,
  values: { x: trace.x[k], y: trace.y[k], customdata: trace.customdata?.[k] },
}));
