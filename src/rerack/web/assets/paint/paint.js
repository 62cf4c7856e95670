// The painter: draws a plotly-schema figure of the live views as one SVG, in a millisecond or two.
// It knows what those figures use (known.js) and refuses the rest; panels are drawn by plotly.
import { axisOf } from "./axes.js";
import * as bars from "./bars.js";
import * as cells from "./cells.js";
import { arrange, drawAxes, drawGrid } from "./frame.js";
import { follow } from "./hover.js";
import { Hatches } from "./inks.js";
import { checkFigure } from "./known.js";
import { drawLegend, legendOf } from "./legend.js";
import * as lines from "./lines.js";
import { claimNotes, drawNotes, drawShapes } from "./notes.js";
import { px } from "./words.js";

const kinds = { scatter: lines, bar: bars, heatmap: cells };
// Bars and cells lie under lines.
const order = ["heatmap", "bar", "scatter"];

// Everything about a chart that is not yet text: axes with their pixels, traces with their values.
const sceneOf = ({ data, layout }, width) => {
  checkFigure({ data, layout });
  const ups = Object.keys(layout).filter((name) => name.startsWith("yaxis"));
  const scene = {
    layout, width, kinds, hatches: new Hatches(), stacks: new Map(), piles: new Map(), last: null,
    x: axisOf("x", layout.xaxis, layout.font),
    ys: Object.fromEntries(ups.map((name) => name.replace("axis", "")).map((name) =>
      [name, axisOf(name, layout[name.replace("y", "yaxis")], layout.font)])),
    legend: legendOf(layout, data, width - 2 * layout.margin.l),
  };
  const axes = (trace) => ({ x: scene.x, y: scene.ys[trace.yaxis ?? "y"] });
  for (const trace of data) kinds[trace.type].names(trace, axes(trace));
  scene.made = data.map((trace) => kinds[trace.type].prepare(trace, axes(trace), scene));
  claimNotes(scene);
  arrange(scene);
  return scene;
};
const tracesOf = (scene) => {
  const cut = Boolean(scene.layout.xaxis.range) || Object.values(scene.ys).some((y) => y.options.range);
  const clip = `clip-${scene.hatches.chart}`;
  const drawn = order.flatMap((type) => scene.made.map((made, k) => made.trace.type === type
    ? `<g data-trace="${k}">${kinds[type].draw(made, scene)}</g>` : "")).join("");
  const texts = scene.made.map((made) => kinds[made.trace.type].texts?.(made, scene) ?? "").join("");
  if (!cut) return { drawn, texts };
  const { left, right, top, bottom } = scene;
  const box = `<clipPath id="${clip}"><rect x="${left}" y="${top}" width="${px(right - left)}" height="${px(bottom - top)}"/></clipPath>`;
  return { drawn: `${box}<g clip-path="url(#${clip})">${drawn}</g>`, texts };
};
const svgOf = (scene) => {
  const { layout, width, legend } = scene;
  const { drawn, texts } = tracesOf(scene);
  const names = drawLegend(legend, scene, layout.margin.l, layout.height - legend.height + 4);
  const body = drawGrid(scene) + drawn + drawShapes(scene) + drawAxes(scene) + texts + drawNotes(scene) + names;
  return `<svg class="painted" width="${width}" height="${layout.height}" viewBox="0 0 ${width} ${layout.height}" aria-hidden="true"><defs>${scene.hatches.defs}</defs>${body}</svg>`;
};
export const painter = {
  draw(place, figure, width) {
    const scene = sceneOf(figure, width);
    place.innerHTML = svgOf(scene);
    follow(place, scene);
  },
  clear(place) {
    place.replaceChildren();
    follow(place, null);
  },
};
