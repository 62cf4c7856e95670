// Charts of panels, drawn by plotly: it is large, and comes with the first figure that needs it.
import { dark, plotly } from "./state.js";

const night = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 640px)");
// Cells of a wide map have no room for texts there; the table has them.
const MOST_CELLS = 6;
const bare = (trace) => {
  if (trace.type !== "heatmap" || !trace.texttemplate || trace.x.length <= MOST_CELLS) return trace;
  const { texttemplate, ...rest } = trace;
  return rest;
};
const config = { displaylogo: false, displayModeBar: false };
let coming = null;
const loaded = () => coming ??= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = plotly;
  script.onload = resolve;
  script.onerror = () => reject(new Error(`${plotly} cannot be loaded`));
  document.head.append(script);
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
// The figure that a place is to show once plotly is there: the last one.
const wanted = new WeakMap();
export const plotter = {
  // Begins to fetch what draws, while words and tables are set.
  prepare: loaded,
  // A dark screen asks for a drawing anew.
  keepsColours: true,
  async draw(place, figure) {
    wanted.set(place, figure);
    await loaded();
    if (wanted.get(place) !== figure) return;
    // Plotly writes into what it draws.
    const { data, layout } = night.matches ? recoloured(figure) : structuredClone(figure);
    await Plotly.react(place, narrow.matches ? data.map(bare) : data, { ...layout, autosize: true }, config);
  },
  clear(place) {
    wanted.delete(place);
    if (place.data) Plotly.purge(place);
  },
};
