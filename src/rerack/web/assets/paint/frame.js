// The frame of a chart: where its plots lie, their grids, the labels and titles of their axes.
import { lay } from "./axes.js";
import { fillOf, strokeOf } from "./inks.js";
import { boxOf, LINE, px, textAt } from "./words.js";

const LABEL_GAP = 6;
const titleOf = ({ options }) => options.title?.text ? options.title : null;
const titleRoom = (axis) => {
  const title = titleOf(axis);
  return title ? title.font.size * LINE + (title.standoff ?? 8) : 0;
};
const widest = (axis) => Math.max(0, ...axis.ticks.map(({ text }) => boxOf(text, axis.size).width));
const tallest = (axis) => Math.max(LINE * axis.size, ...axis.ticks.map(({ text }) => boxOf(text, axis.size).height));

// Gives every axis its pixels. Labels below need a height that is known once the axis is laid, so an
// axis whose labels stand upright is laid twice.
export const arrange = (scene) => {
  const { layout, width, x, ys, legend } = scene;
  const { margin } = layout;
  const each = Object.values(ys);
  scene.top = margin.t;
  const below = (labels) => labels + LABEL_GAP + titleRoom(x) + (legend.height || margin.b / 2);
  const layUp = (labels) => {
    scene.bottom = layout.height - below(labels);
    const height = scene.bottom - scene.top;
    for (const y of each) {
      const [low, high] = y.options.domain ?? [0, 1];
      lay(y, scene.bottom - low * height, scene.bottom - high * height);
    }
  };
  layUp(LINE * x.size);
  scene.left = Math.max(margin.l, ...each.map((y) => widest(y) + LABEL_GAP + titleRoom(y)));
  scene.right = width - margin.r;
  lay(x, scene.left, scene.right);
  scene.labels = x.upright ? widest(x) : tallest(x);
  if (scene.labels > LINE * x.size + 0.5) layUp(scene.labels);
};

const lines = (path, colour) => path ? `<path d="${path}" fill="none"${strokeOf(colour)}/>` : "";
const shows = ({ options }) => options.showgrid !== false;
const zeroOf = ({ type, options, range }) =>
  type === "linear" && options.zeroline !== false && Math.min(...range) <= 0 && Math.max(...range) >= 0;
// Quiet lines at the ticks of both axes, and a stronger one at zero.
export const drawGrid = (scene) => {
  const { x, ys, left, right } = scene;
  const across = (y) => (value) => `M${left},${px(y.at(value))}H${right}`;
  const down = (y) => (value) => `M${px(x.at(value))},${px(y.start)}V${px(y.end)}`;
  let [grid, zeros] = ["", ""];
  for (const y of Object.values(ys)) {
    const quiet = (axis) => shows(axis) ? axis.ticks.filter(({ value }) => value !== 0 || !zeroOf(axis)) : [];
    const path = quiet(x).map(({ value }) => down(y)(value)).join("") + quiet(y).map(({ value }) => across(y)(value)).join("");
    grid += lines(path, y.options.gridcolor);
    zeros += lines(zeroOf(x) ? down(y)(0) : "", x.options.zerolinecolor) + lines(zeroOf(y) ? across(y)(0) : "", y.options.zerolinecolor);
  }
  return `<g class="grid">${grid}${zeros}</g>`;
};

const across = (scene) => {
  const { x, bottom, labels } = scene;
  const size = x.size;
  const ink = fillOf(x.color);
  const top = bottom + LABEL_GAP;
  const marks = x.ticks.map(({ value, text }) => x.upright
    ? textAt(text, x.at(value), top, { size, ink, across: "right", down: "middle", turned: true })
    : textAt(text, x.at(value), top, { size, ink, down: "top" })).join("");
  const title = titleOf(x);
  const words = title ? textAt(title.text, (scene.left + scene.right) / 2, top + labels + (title.standoff ?? 8) / 2, { size: title.font.size, ink: fillOf(title.font.color), down: "top" }) : "";
  return `<g class="axis" data-axis="x">${marks}</g>${words}`;
};
const upward = (scene, y) => {
  const ink = fillOf(y.color);
  const marks = y.ticks.map(({ value, text }) =>
    textAt(text, scene.left - LABEL_GAP, y.at(value), { size: y.size, ink, across: "right" })).join("");
  const title = titleOf(y);
  const edge = scene.left - LABEL_GAP - widest(y) - (title?.standoff ?? 8);
  const words = title ? textAt(title.text, edge, (y.start + y.end) / 2, { size: title.font.size, ink: fillOf(title.font.color), down: "bottom", turned: true }) : "";
  return `<g class="axis" data-axis="${y.name}">${marks}</g>${words}`;
};
export const drawAxes = (scene) =>
  across(scene) + Object.values(scene.ys).map((y) => upward(scene, y)).join("");
