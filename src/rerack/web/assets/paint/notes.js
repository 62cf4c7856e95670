// Words and straight lines that a figure sets beside its data.
import { claimText } from "./axes.js";
import { fillOf, lineOf } from "./inks.js";
import { boxOf, px, textAt } from "./words.js";

const PAD = 2;
const FRACTIONS = { left: 0, center: 0.5, right: 1, top: 0, middle: 0.5, bottom: 1 };
const across = ({ x, xref = "x", xanchor = "auto" }) => {
  if (xanchor !== "auto") return xanchor;
  if (xref !== "paper") return "center";
  return x < 1 / 3 ? "left" : x > 2 / 3 ? "right" : "center";
};
const down = ({ y, yref = "y", yanchor = "auto" }) => {
  if (yanchor !== "auto") return yanchor;
  if (yref !== "paper") return "middle";
  return y < 1 / 3 ? "bottom" : y > 2 / 3 ? "top" : "middle";
};
// An axis keeps room for the words that stand at its values.
export const claimNotes = (scene) => {
  for (const note of scene.layout.annotations ?? []) {
    const { width, height } = boxOf(note.text, note.font.size);
    const x = (note.xref ?? "x") === "x" ? scene.x : null;
    const y = scene.ys[note.yref ?? "y"];
    const [shift, left, up] = [note.xshift ?? 0, FRACTIONS[across(note)], 1 - FRACTIONS[down(note)]];
    if (x && x.type !== "category") {
      claimText(x, x.read(note.x), left * (width + 2 * PAD) - shift, (1 - left) * (width + 2 * PAD) + shift);
    }
    if (y && y.type !== "category") {
      const lift = note.yshift ?? 0;
      claimText(y, y.read(note.y), up * height - lift, (1 - up) * height + lift);
    }
  }
};
const atX = (scene, value, ref = "x") =>
  ref === "paper" ? scene.left + value * (scene.right - scene.left) : scene.x.atRead(value);
const atY = (scene, value, ref = "y") =>
  ref === "paper" ? scene.bottom - value * (scene.bottom - scene.top) : scene.ys[ref].atRead(value);

export const drawNotes = (scene) => (scene.layout.annotations ?? []).map((note) => {
  const side = across(note);
  const pad = { left: PAD, center: 0, right: -PAD }[side];
  const x = atX(scene, note.x, note.xref) + (note.xshift ?? 0) + pad;
  const y = atY(scene, note.y, note.yref) - (note.yshift ?? 0);
  const { size = scene.layout.font.size, color = scene.layout.font.color } = note.font ?? {};
  return textAt(note.text, x, y, { size, ink: fillOf(color), across: side, down: down(note) });
}).join("");
export const drawShapes = (scene) => (scene.layout.shapes ?? []).map((shape) => {
  const [x0, x1] = [shape.x0, shape.x1].map((value) => px(atX(scene, value, shape.xref)));
  const [y0, y1] = [shape.y0, shape.y1].map((value) => px(atY(scene, value, shape.yref)));
  return `<path class="rule" d="M${x0},${y0}L${x1},${y1}" fill="none"${lineOf(shape.line)}/>`;
}).join("");
