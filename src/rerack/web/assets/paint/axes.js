// An axis: what stands on it, from where to where it runs, and the pixel of each value.
import { boxOf } from "./words.js";
import { AIR, dateTicks, numberTicks, rangeOf } from "./range.js";

const moments = new Map();
const moment = (text) => {
  if (!moments.has(text)) moments.set(text, Date.parse(text));
  return moments.get(text);
};
const READ = {
  linear: (value) => typeof value === "number" ? value : NaN,
  date: (value) => typeof value === "string" ? moment(value) : NaN,
};
// An axis that has no length yet. Names stand on it in the order of their first use.
export const axisOf = (name, options, font) => {
  const type = options.type ?? "linear";
  const order = new Map();
  const axis = {
    name, options, type, order, across: name === "x", claims: [], zero: options.rangemode === "tozero",
    size: options.tickfont?.size ?? font.size, color: options.tickfont?.color ?? font.color,
  };
  const read = type === "category" ? (value) => order.get(value) : READ[type];
  axis.read = (value) => {
    const found = read(value);
    if (Number.isFinite(found)) return found;
    throw new Error(`${name}axis: ${JSON.stringify(value)} has no place on an axis of type ${type}.`);
  };
  return axis;
};
export const addNames = (axis, values) => {
  if (axis.type !== "category") return;
  for (const value of values) if (!axis.order.has(value)) axis.order.set(value, axis.order.size);
};
// Asks that values be in sight; `air` keeps them off the ends, `zero` keeps zero in sight.
export const claim = (axis, low, high, { air = false, zero = false } = {}) => {
  const room = (value) => ({ value, before: air ? AIR : 0, after: air ? AIR : 0, shared: true });
  const none = { value: 0, before: 0, after: 0 };
  axis.claims.push(zero && low >= 0 ? none : room(low), zero && high <= 0 ? none : room(high));
};
export const claimText = (axis, value, before, after) => axis.claims.push({ value, before, after });

// Sets where the axis lies: its pixels run from `start` to `end`, which for a value axis upward is
// from the bottom to the top.
export const lay = (axis, start, end) => {
  const length = Math.abs(end - start);
  const { options } = axis;
  if (axis.type === "category") axis.range = [-0.5, axis.order.size - 0.5];
  else if (options.range) axis.range = options.range;
  else {
    const claims = axis.claims.map((one) => one.shared
      ? { ...one, before: one.before * length, after: one.after * length } : one);
    axis.range = rangeOf(claims, length, { zero: axis.zero });
  }
  const reversed = options.autorange === "reversed";
  [axis.start, axis.end] = reversed ? [end, start] : [start, end];
  const [low, high] = axis.range;
  const scale = (axis.end - axis.start) / (high - low);
  axis.perUnit = Math.abs(scale);
  axis.at = (value) => axis.start + (value - low) * scale;
  axis.atRead = (value) => axis.at(axis.read(value));
  axis.ticks = ticksOf(axis, length);
};
const ticksOf = (axis, length) => {
  const { options, range, across } = axis;
  if (options.tickvals) return options.tickvals.map((value, k) => ({ value, text: options.ticktext[k] }));
  if (axis.type === "category") return nameTicks(axis, length);
  const count = (options.nticks ?? Math.min(9, Math.max(4, length / (across ? 80 : 40))) + 1);
  return axis.type === "date" ? dateTicks(range, count, options.tickformat ?? "%Y-%m-%d") : numberTicks(range, count);
};
// Every name, or each second, third ... where there is no room; names that must all be there stand
// upright.
const nameTicks = (axis, length) => {
  const names = [...axis.order.keys()];
  const all = names.map((text, value) => ({ value, text }));
  if (!axis.across) return all;
  const widest = Math.max(0, ...names.map((text) => boxOf(text, axis.size).width)) + 8;
  const fit = Math.max(1, Math.floor(length / widest));
  const most = Math.min(fit, axis.options.nticks ?? Infinity);
  axis.upright = axis.options.nticks === undefined && fit < names.length;
  const step = axis.upright ? 1 : Math.ceil(names.length / most);
  return all.filter((_tick, k) => k % step === 0);
};
