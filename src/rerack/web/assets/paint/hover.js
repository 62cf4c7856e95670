// What a pointer is over: a text beside it, which stays within the chart.
import { formedDate, told } from "./numberform.js";
import { linesOf } from "./words.js";

// How near a pointer has to be to a point [px].
const NEAR = 24;
const GAP = 12;
const scenes = new WeakMap();
const tips = new WeakMap();

const valuesOf = (scene, { values }) => {
  const { hoverformat } = scene.layout.xaxis;
  return hoverformat ? { ...values, x: formedDate(Date.parse(values.x), hoverformat) } : values;
};
const speaks = ({ trace }) => trace.hoverinfo !== "skip";
// All points, worked out at the first look.
const pointsOf = (scene) => scene.points ??= scene.made.filter(speaks).flatMap((made) => scene.kinds[made.trace.type].points?.(made) ?? []);
const areasOf = (scene) => scene.areas ??= scene.made.filter(speaks).flatMap((made) => scene.kinds[made.trace.type].areas?.(made) ?? []);
const nearest = (points, distance) => points.reduce((best, point) => {
  const far = distance(point);
  return best && best.far <= far ? best : { point, far };
}, null);

// Which points are told at (x, y), and at which place.
const found = (scene, x, y) => {
  const mode = scene.layout.hovermode ?? "closest";
  const points = pointsOf(scene);
  if (mode === "closest") {
    const near = nearest(points, (point) => Math.hypot(point.x - x, point.y - y));
    if (near && near.far <= NEAR) return { points: [near.point] };
    // The narrowest of the areas under the pointer, for bars may lie over each other.
    const under = areasOf(scene).filter((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
    const area = nearest(under, (box) => box.width * box.height);
    return area ? { points: [{ ...area.point, x: area.point.x + area.point.width / 2, y: area.point.y }] } : null;
  }
  if (x < scene.left - GAP || x > scene.right + GAP) return null;
  const near = nearest(points, (point) => Math.abs(point.x - x));
  if (!near) return null;
  if (mode === "x") return { points: [near.point] };
  return { points: points.filter((point) => point.x === near.point.x), unified: true };
};

const runs = (text) => linesOf(text).flatMap((line, k) => {
  const made = line.map(({ text: own, bold }) => Object.assign(document.createElement(bold ? "b" : "span"), { textContent: own }));
  return k ? [document.createElement("br"), ...made] : made;
});
const row = (text, name) => {
  const line = document.createElement("div");
  if (name) line.append(Object.assign(document.createElement("span"), { textContent: `${name}: ` }));
  line.append(...runs(text));
  return line;
};
const show = (place, scene, { points, unified }) => {
  const tip = tips.get(place);
  const [first] = points;
  const rows = points.map((point) => {
    const { text, extra } = told(point.trace.hovertemplate, valuesOf(scene, point), point.trace.name);
    return row(text, extra);
  });
  const head = document.createElement("div");
  if (unified) head.textContent = valuesOf(scene, first).x;
  tip.replaceChildren(...(unified ? [head] : []), ...rows);
  tip.hidden = false;
  place.append(tip);
  const right = first.x + GAP + tip.offsetWidth <= scene.width ? first.x + GAP : first.x - GAP - tip.offsetWidth;
  const left = Math.max(0, Math.min(right, scene.width - tip.offsetWidth));
  const top = Math.max(0, Math.min(first.y - tip.offsetHeight / 2, scene.layout.height - tip.offsetHeight));
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
  line(place, scene, unified ? first.x : null);
};
// A line through all points of a place in time.
const line = (place, scene, x) => {
  place.querySelector(".at")?.remove();
  if (x === null) return;
  const made = document.createElementNS("http://www.w3.org/2000/svg", "path");
  made.setAttribute("class", "at");
  made.setAttribute("d", `M${x},${scene.top}V${scene.bottom}`);
  place.querySelector("svg").append(made);
};
const hide = (place) => {
  tips.get(place).hidden = true;
  line(place, null, null);
};
const look = (place, event) => {
  const scene = scenes.get(place);
  if (!scene) return;
  const box = place.getBoundingClientRect();
  const at = found(scene, event.clientX - box.left, event.clientY - box.top);
  if (at) show(place, scene, at);
  else hide(place);
};
// The scene that a place shows from now on; what was told of the one before is no longer so.
export const follow = (place, scene) => {
  scenes.set(place, scene);
  if (tips.has(place)) return hide(place);
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tips.set(place, tip);
  place.addEventListener("pointermove", (event) => look(place, event));
  place.addEventListener("pointerdown", (event) => look(place, event));
  place.addEventListener("pointerleave", () => hide(place));
};
