// From which value to which an axis runs, and where its ticks are.
import { fixed, formedDate } from "./numberform.js";

const DAY_MS = 864e5;
const MONTH_MS = 30.436875 * DAY_MS;
const YEAR_MS = 12 * MONTH_MS;
// Room left at the end of an axis beside a value that may not touch it.
export const AIR = 0.05;

// The ends such that every claim, a value with the pixels that it needs before and after it, is within
// `length` pixels: the pair that needs most sets the scale.
export const rangeOf = (claims, length, { zero = false } = {}) => {
  const ends = (side) => {
    const values = claims.map((claim) => claim.value);
    const least = side === "before" ? Math.min(...values) : -Math.max(...values);
    return zero && least >= 0 ? [{ value: 0, before: 0, after: 0 }] : claims;
  };
  let best = { scale: 0 };
  for (const low of ends("before")) {
    for (const high of ends("after")) {
      const free = Math.max(0.1 * length, length - low.before - high.after);
      const scale = (high.value - low.value) / free;
      if (scale > best.scale) best = { scale, low, high };
    }
  }
  if (best.scale === 0) {
    const value = claims.length ? claims[0].value : 0;
    return zero && value >= 0 ? [0, value + 1] : [value - 1, value + 1];
  }
  return [best.low.value - best.low.before * best.scale, best.high.value + best.high.after * best.scale];
};

// The first of 2, 5 and 10 times a power of ten that is not under `rough`.
const rounded = (rough) => {
  const base = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  return base * [2, 5, 10].find((step) => step * base >= rough * (1 - 1e-9));
};
export const numberTicks = ([low, high], count) => {
  const step = rounded(Math.abs(high - low) / count);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const [from, to] = [Math.ceil(Math.min(low, high) / step - 1e-9), Math.floor(Math.max(low, high) / step + 1e-9)];
  return Array.from({ length: to - from + 1 }, (_none, k) => {
    const value = (from + k) * step;
    return { value, text: value === 0 ? "0" : fixed(value, places) };
  });
};
const MONTHS = [1, 2, 3, 6, 12];
export const dateTicks = ([low, high], count, form) => {
  const rough = (high - low) / count;
  let months = rough > MONTH_MS * 6 ? 12 * Math.max(1, Math.ceil(rounded(rough / YEAR_MS) - 1e-9))
    : MONTHS.find((step) => step * MONTH_MS >= rough);
  // A label of years stands at whole years; where hardly one is in sight, months are told.
  let own = form;
  if (form === "%Y" && months < 12) {
    if (high - low >= 2 * YEAR_MS) months = 12;
    else own = "%Y-%m";
  }
  const ticks = [];
  const first = new Date(low).getUTCFullYear() * 12;
  for (let month = Math.floor(first / months) * months; ; month += months) {
    const value = Date.UTC(Math.floor(month / 12), month % 12);
    if (value > high) return ticks;
    if (value >= low) ticks.push({ value, text: formedDate(value, own) });
  }
};
