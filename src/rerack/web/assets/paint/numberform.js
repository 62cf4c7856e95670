// Numbers, dates and templates in the forms that figures ask for: a part of d3-format and of d3's
// time format (https://d3js.org/d3-format), with a true minus sign.
const MINUS = "−";
const grouped = (digits) => {
  const [whole, ...rest] = digits.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
};
const signed = (text) => text.replace("-", MINUS);
// A value with so many decimals, thousands separated.
export const fixed = (value, places) => {
  const text = grouped(Math.abs(value).toFixed(places));
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
};
const FORM = /^(,?)\.(\d+)([fg])$/;
export const formed = (value, form) => {
  const [, comma, places, kind] = FORM.exec(form) ?? [];
  if (!kind) throw new Error(`number format ${form}: the painter knows .1f, .3g, and with a comma.`);
  const text = kind === "f" ? Math.abs(value).toFixed(places) : Math.abs(value).toPrecision(places);
  const sign = value < 0 && (kind === "g" || /[1-9]/.test(text)) ? MINUS : "";
  return sign + signed(comma && !text.includes("e") ? grouped(text) : text);
};

const two = (value) => String(value).padStart(2, "0");
const PARTS = {
  "%Y": (date) => String(date.getUTCFullYear()),
  "%m": (date) => two(date.getUTCMonth() + 1),
  "%d": (date) => two(date.getUTCDate()),
};
export const formedDate = (ms, form) => form.replace(/%./g, (part) => {
  if (!(part in PARTS)) throw new Error(`date format ${form}: the painter knows %Y, %m and %d.`);
  return PARTS[part](new Date(ms));
});

// What a template says of a point: its text, and the second text, which by default is the name.
export const told = (template, values, name) => {
  const [text, extra] = template.split("<extra>");
  const fill = (part) => part.replace(/%\{(\w+)(?:\[(\d+)\])?(?::([^}]+))?\}/g, (_all, key, at, form) => {
    const found = at === undefined ? values[key] : values[key]?.[at];
    if (found === undefined) throw new Error(`template ${template}: a point has no ${key}.`);
    return form === undefined ? String(found) : formed(found, form);
  });
  return { text: fill(text), extra: extra === undefined ? name ?? "" : fill(extra.replace("</extra>", "")) };
};
