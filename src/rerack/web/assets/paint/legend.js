// Names of traces below a chart, as many to a row as there is room for.
import { fillOf } from "./inks.js";
import { boxOf, escaped, textAt } from "./words.js";

const ROW = 20;
const SWATCH = 30;
const GAP = 18;
// Entries with their places, and the height of all of them.
export const legendOf = (layout, traces, width) => {
  const entries = [];
  if (!layout.showlegend) return { entries, height: 0 };
  const { size } = layout.font;
  let [x, row] = [0, 0];
  for (const trace of traces) {
    if (trace.showlegend === false || !trace.name) continue;
    // A name is a name: whatever looks like markup in it is text.
    const text = escaped(trace.name);
    const own = SWATCH + boxOf(text, size).width + GAP;
    if (x > 0 && x + own > width) [x, row] = [0, row + 1];
    entries.push({ trace, text, x, y: (row + 0.5) * ROW });
    x += own;
  }
  return { entries, height: entries.length ? (row + 1) * ROW + 8 : 0 };
};
export const drawLegend = ({ entries }, scene, left, top) => entries.map(({ trace, text, x, y }) =>
  scene.kinds[trace.type].swatch(trace, left + x, top + y, scene.hatches) +
  textAt(text, left + x + SWATCH, top + y, { size: scene.layout.font.size, ink: fillOf(scene.layout.font.color), across: "left" })).join("");
