// Charts: a card for each, drawn when it comes into sight, again when its width or the screen changes.
import { command, make, scroll, tableOf, write } from "./tables.js";

const night = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 640px)");
// What a place shows and who draws it; the places that are drawn once they come into sight.
const figures = new Map();
const waiting = new Set();

// On a narrow screen there is no room beside the lines: names go below the chart.
const narrowed = (layout) => {
  const made = { ...layout, font: { ...layout.font, size: 11 }, margin: { ...layout.margin } };
  if (made.margin.r > 100) Object.assign(made, { annotations: [], showlegend: true }).margin.r = 12;
  if (made.showlegend) made.height += 90;
  return made;
};
// A page sets title and table itself.
const fitted = ({ data, layout: { title, meta, ...layout } }) => {
  const own = { ...layout, margin: { ...layout.margin, t: 24 } };
  return { data, layout: narrow.matches ? narrowed(own) : own };
};
const widths = new Map();
const widthOf = (place) => {
  if (!widths.has(place)) widths.set(place, place.getBoundingClientRect().width);
  return widths.get(place);
};
const failed = (place, error) => {
  place.textContent = "This chart cannot be drawn; its numbers are in the table.";
  reportError(error);
};
const draw = async (place) => {
  const { figure, drawer } = figures.get(place);
  waiting.delete(place);
  place.hidden = !figure.data.length;
  if (place.hidden) return drawer.clear(place);
  try {
    await drawer.draw(place, fitted(figure), widthOf(place));
  } catch (error) {
    failed(place, error);
  }
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
const drawOrWait = (place) => {
  if (sight.get(place) ?? inSight(place)) draw(place);
  else waiting.add(place);
};
// A figure sets its own height; only another width asks for another drawing.
const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect: { width } } of entries) {
    const known = widths.get(target);
    if (width > 0) widths.set(target, width);
    if (width > 0 && known !== undefined && known !== width && figures.has(target)) drawOrWait(target);
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
    const { meta } = figures.get(place).figure.layout;
    fold.hidden = !meta.table.rows.length;
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
export const show = (card, name, figure, explain, drawer) => {
  if (!cards.has(card)) cards.set(card, built(card, name));
  const { title, subtitle, place, fill, how } = cards.get(card);
  // A lever leaves many a chart as it is; to see that costs a tenth of drawing it.
  const text = JSON.stringify([figure, explain]);
  if (texts.get(place) === text) return;
  texts.set(place, text);
  figures.set(place, { figure, drawer });
  if (figure.data.length) drawer.prepare?.();
  const { meta } = figure.layout;
  place.setAttribute("aria-label", `${meta.title}. The numbers are in the table.`);
  place.style.minHeight = figure.data.length ? `${figure.layout.height}px` : "0";
  // What is empty has no height, and would never come into sight.
  if (!figure.data.length) draw(place);
  else drawOrWait(place);
  write(title, meta.title);
  write(subtitle, meta.subtitle);
  tell(how, explain);
  // A table that is open may be hundreds of rows: it can wait for the next turn.
  setTimeout(fill, 0);
};
const tell = (how, explain) => {
  if (how.dataset.command === explain) return;
  how.dataset.command = explain;
  const open = how.firstElementChild?.open;
  how.replaceChildren(...(explain ? [command(explain)] : []));
  if (open) how.firstElementChild.open = true;
};
const redraw = (which) => figures.forEach(({ drawer }, place) => which(drawer) && drawOrWait(place));
night.addEventListener("change", () => redraw((drawer) => drawer.keepsColours));
narrow.addEventListener("change", () => redraw(() => true));
addEventListener("beforeprint", () => [...waiting].forEach(draw));
