// Charts: a card for each, drawn when it comes into sight, recoloured for a dark screen.
import { $, dark } from "./state.js";
import { command, make, scroll, tableOf } from "./tables.js";

const night = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 640px)");
const config = { displaylogo: false, displayModeBar: false };
const drawn = new Map();
const waiting = new Set();
// What can draw is large: words do not wait for it, and charts come as soon as it is there.
export const drawable = window.Plotly ? Promise.resolve() : new Promise((resolve) => {
  for (const end of ["load", "error"]) $("plotly").addEventListener(end, resolve);
});

const recoloured = (value) => {
  if (typeof value === "string") {
    if (value in dark) return dark[value];
    const parts = /^rgba\((\d+,\d+,\d+),(.*)\)$/.exec(value);
    return parts && parts[1] in dark ? `rgba(${dark[parts[1]]},${parts[2]})` : value;
  }
  if (Array.isArray(value)) return value.map(recoloured);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, recoloured(v)]));
  }
  return value;
};
// On a narrow screen there is no room beside the lines: names go below the chart.
const narrowed = (layout) => {
  layout.font.size = 11;
  if (layout.margin.r > 100) {
    layout.margin.r = 12;
    layout.annotations = [];
    layout.showlegend = true;
  }
  if (layout.showlegend) layout.height += 90;
};
const fitted = (figure) => {
  const { title, meta, ...layout } = figure.layout;
  const copy = structuredClone({ data: figure.data, layout });
  copy.layout.margin = { ...copy.layout.margin, t: 24 };
  copy.layout.autosize = true;
  if (narrow.matches) narrowed(copy.layout);
  return night.matches ? recoloured(copy) : copy;
};
const draw = (place) => {
  const figure = drawn.get(place);
  if (!figure) return;
  if (figure.data.length && !window.Plotly) return waiting.add(place);
  waiting.delete(place);
  if (!figure.data.length) {
    if (place.data) Plotly.purge(place);
    place.hidden = true;
    return;
  }
  place.hidden = false;
  const { data, layout } = fitted(figure);
  return Plotly.react(place, data, layout, config);
};
const inSight = (place) => {
  const box = place.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
};
// Whether a chart is in sight, as it was when that last changed: asking anew would lay the page out
// once for every chart.
const sight = new Map();
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    sight.set(target, isIntersecting);
    if (isIntersecting && waiting.has(target)) draw(target);
  }
});
// A figure sets its own height; only another width asks for another drawing.
const widths = new Map();
const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const known = widths.get(target) ?? contentRect.width;
    widths.set(target, contentRect.width);
    if (known !== contentRect.width && target.data) Plotly.Plots.resize(target);
  }
});

// Fills a figure element once; later figures change what is in it.
const built = (card, name) => {
  const title = make("h3", { className: "small", "data-title": name });
  const subtitle = make("p", { className: "measure", "data-subtitle": name });
  const place = make("div", { className: "chart", role: "img", "data-figure": name });
  const table = scroll("Table");
  table.dataset.table = name;
  const how = make("div", {});
  const fold = make("details", {}, make("summary", { text: "Table" }), table);
  card.append(make("figcaption", {}, title, subtitle), place, fold, how);
  const fill = () => {
    const meta = drawn.get(place).layout.meta;
    table.setAttribute("aria-label", `Table: ${meta.title}`);
    if (fold.open) table.replaceChildren(tableOf(meta.table));
  };
  fold.addEventListener("toggle", fill);
  seen.observe(place);
  sizes.observe(place);
  return { title, subtitle, place, fill, how };
};
const cards = new WeakMap();
const texts = new WeakMap();
export const show = (card, name, figure, explain) => {
  if (!cards.has(card)) cards.set(card, built(card, name));
  const { title, subtitle, place, fill, how } = cards.get(card);
  // A lever leaves many a chart as it is; to see that costs a tenth of drawing it.
  const text = JSON.stringify([figure, explain]);
  if (texts.get(place) === text) return;
  texts.set(place, text);
  drawn.set(place, figure);
  place.setAttribute("aria-label", `${figure.layout.meta.title}. The numbers are in the table.`);
  place.style.minHeight = figure.data.length ? `${figure.layout.height}px` : "0";
  // What is empty has no height, and would never come into sight.
  if (!figure.data.length || (sight.get(place) ?? inSight(place))) draw(place);
  else waiting.add(place);
  // Words and tables beside the charts can wait for the next turn.
  setTimeout(() => {
    const meta = figure.layout.meta;
    title.textContent = meta.title;
    subtitle.textContent = meta.subtitle;
    fill();
    if (how.dataset.command === explain) return;
    how.dataset.command = explain;
    const open = how.firstElementChild?.open;
    how.replaceChildren(...(explain ? [command(explain)] : []));
    if (open) how.firstElementChild.open = true;
  }, 0);
};
const redraw = () => drawn.forEach((_figure, place) => inSight(place) ? draw(place) : waiting.add(place));
drawable.then(() => waiting.forEach((place) => inSight(place) && draw(place)));
night.addEventListener("change", redraw);
narrow.addEventListener("change", redraw);
addEventListener("beforeprint", () => waiting.forEach((place) => draw(place)));
