// Texts in a chart: the little markup that figures use, safely set, and how wide letters are.
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#39;": "'" };
const ESCAPES = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&#39;" };
const plain = (text) => text.replace(/&(?:lt|gt|amp|quot|#39);/g, (found) => ENTITIES[found]);
export const escaped = (text) => String(text).replace(/[<>&"']/g, (found) => ESCAPES[found]);

// Lines of runs: <br> ends a line, <b> is bold, and whatever else looks like markup is text.
export const linesOf = (text) => {
  const lines = [[]];
  let bold = false;
  for (const part of String(text).split(/(<br ?\/?>|<\/?b>)/)) {
    if (part === "<b>" || part === "</b>") bold = part === "<b>";
    else if (part.startsWith("<br") && /^<br ?\/?>$/.test(part)) lines.push([]);
    else if (part !== "") lines.at(-1).push({ text: plain(part), bold });
  }
  return lines;
};

// Each letter is measured once a page, off the page: nothing is laid out for it.
const MEASURED_PX = 100;
const known = { true: new Map(), false: new Map() };
let canvas = null;
const letter = (one, bold) => {
  canvas ??= document.createElement("canvas").getContext("2d");
  canvas.font = `${bold ? 700 : 400} ${MEASURED_PX}px ${getComputedStyle(document.body).fontFamily}`;
  const width = canvas.measureText(one).width / MEASURED_PX;
  known[bold].set(one, width);
  return width;
};
const runWidth = ({ text, bold }) => {
  let width = 0;
  for (const one of text) width += known[bold].get(one) ?? letter(one, bold);
  return width;
};
export const LINE = 1.3;
// Width and height [px] of a text at a size.
export const boxOf = (text, size) => {
  const lines = linesOf(text);
  const widths = lines.map((runs) => runs.reduce((sum, run) => sum + runWidth(run), 0));
  return { width: Math.max(...widths) * size, height: lines.length * LINE * size };
};

export const px = (value) => Math.round(value * 100) / 100;
const ANCHORS = { left: "start", center: "middle", right: "end" };
// How far under its place a text's first baseline lies, in sizes.
const DROPS = { top: () => 1, middle: (lines) => 0.35 - ((lines - 1) * LINE) / 2, bottom: (lines) => -0.3 - (lines - 1) * LINE };
// One text element at (x, y): `across` and `down` say which of its sides is there.
export const textAt = (text, x, y, { size, ink, across = "center", down = "middle", turned = false }) => {
  const lines = linesOf(text);
  const base = y + DROPS[down](lines.length) * size;
  const runs = lines.map((line, k) => line.map(({ text, bold }, n) => {
    const place = n ? "" : ` x="${px(x)}" y="${px(base + k * LINE * size)}"`;
    return `<tspan${place}${bold ? ' font-weight="700"' : ""}>${escaped(text)}</tspan>`;
  }).join("")).join("");
  const turn = turned ? ` transform="rotate(-90 ${px(x)} ${px(y)})"` : "";
  return `<text font-size="${size}" text-anchor="${ANCHORS[across]}"${ink}${turn}>${runs}</text>`;
};
