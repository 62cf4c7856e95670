// Charts: a card for each, drawn when it comes into sight, recoloured for a dark screen.
import { dark } from "./state.js";
import { command, make, scroll, tableOf } from "./tables.js";

const night = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 640px)");
const config = { displaylogo: false, displayModeBar: false };
const drawn = new Map();
const waiting = new Set();

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
const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting && waiting.has(target)) draw(target);
    }
  },
  { rootMargin: "200px" },
);
// Watched anew: a chart just below the screen is in the margin already, and would never be told.
const later = (place) => {
  waiting.add(place);
  seen.unobserve(place);
  seen.observe(place);
};
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.data) Plotly.Plots.resize(target);
});

// Fills a figure element once; later figures change what is in it.
const built = (card, name) => {
  const title = make("h3", { className: "small", "data-title": name });
  const subtitle = make("p", { className: "measure", "data-subtitle": name });
  const place = make("div", { className: "chart", role: "img", "data-figure": name });
  const table = scroll("Table");
  table.dataset.table = name;
  const how = make("div", {});
  card.append(
    make("figcaption", {}, title, subtitle),
    place,
    make("details", {}, make("summary", { text: "Table" }), table),
    how,
  );
  seen.observe(place);
  sizes.observe(place);
  return { title, subtitle, place, table, how };
};
const cards = new WeakMap();
export const show = (card, name, figure, explain) => {
  if (!cards.has(card)) cards.set(card, built(card, name));
  const { title, subtitle, place, table, how } = cards.get(card);
  drawn.set(place, figure);
  place.setAttribute("aria-label", `${figure.layout.meta.title}. The numbers are in the table.`);
  place.style.minHeight = figure.data.length ? `${figure.layout.height}px` : "0";
  if (inSight(place)) draw(place);
  else later(place);
  // Words and tables beside the charts can wait for the next turn.
  setTimeout(() => {
    const meta = figure.layout.meta;
    title.textContent = meta.title;
    subtitle.textContent = meta.subtitle;
    table.setAttribute("aria-label", `Table: ${meta.title}`);
    table.replaceChildren(tableOf(meta.table));
    const open = how.firstElementChild?.open;
    how.replaceChildren(...(explain ? [command(explain)] : []));
    if (open) how.firstElementChild.open = true;
  }, 0);
};
const redraw = () => drawn.forEach((_figure, place) => inSight(place) ? draw(place) : later(place));
night.addEventListener("change", redraw);
narrow.addEventListener("change", redraw);
addEventListener("beforeprint", () => waiting.forEach((place) => draw(place)));
