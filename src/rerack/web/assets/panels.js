// Panels: parts of a page that the server works out when asked; the last good one stays.
import { show } from "./charts.js";
import { $, allProblems, ask, chosen, levers, moved, panels, put, query, read, written } from "./state.js";
import { make, sheetCard, write } from "./tables.js";
import { plotter } from "./plots.js";
import { onHold, onMove } from "./live.js";

const run = (spec) => {
  const place = document.querySelector(`[data-panel="${spec.name}"]`);
  const [working, trouble, body] = [".working", ".trouble", ".body"].map((c) => place.querySelector(c));
  const cards = new Map();
  let flight = null;

  const asked = () => {
    const pairs = spec.selectors.map((s) => [s.name, chosen(s.name)]).filter(([, v]) => v !== null);
    const levered = Object.entries(moved()).filter(([name]) => name in levers);
    return query(spec.moves ? [...pairs, ...levered] : pairs);
  };
  const busy = (on) => {
    working.hidden = !on;
    place.toggleAttribute("data-busy", on);
  };
  const tell = (found) => {
    if (spec.leads) write($("headline"), found.headline);
    const reasons = Object.entries(found.reasons);
    const parts = [
      make("p", { text: found.headline, className: spec.leads ? "finding visually-hidden" : "finding" }),
      make("p", { text: found.facts, className: "measure" }),
    ];
    if (reasons.length) {
      parts.push(make("dl", { className: "reasons card" }, ...reasons.map(([name, text]) =>
        make("div", {}, make("dt", { text: name }), make("dd", { text })))));
    }
    if (found.diagram) parts.push(diagram(found.diagram));
    for (const { name, figure, explain } of found.charts) {
      if (!cards.has(name)) cards.set(name, make("figure", { className: "card" }));
      parts.push(cards.get(name));
    }
    parts.push(...found.sheets.map(sheetCard));
    body.replaceChildren(...parts);
    for (const { name, figure, explain } of found.charts) show(cards.get(name), name, figure, explain, plotter);
    place.dataset.state = "ready";
  };
  const refused = ({ error }) => {
    const own = Object.fromEntries(spec.selectors.map((s) => [s.name, s]));
    const others = error.problems.filter((p) => !(p.where in own));
    for (const p of error.problems) {
      if (p.where in own) say(p.where, `Allowed: ${p.allowed}. ${p.cure}`);
    }
    if (others.length) trouble.textContent = allProblems({ ...error, problems: others });
    if (spec.leads && !place.dataset.state) $("headline").textContent = "No answer";
    place.dataset.state = "refused";
  };
  const say = (name, text) => {
    const said = $(`${spec.name}-${name}-said`);
    if (said) said.textContent = text;
    place.querySelector(`[data-select="${name}"]`)?.setAttribute("aria-invalid", String(Boolean(text)));
  };
  const go = async () => {
    flight?.abort();
    flight = new AbortController();
    const own = flight;
    const began = performance.now();
    const clock = setInterval(() => {
      const seconds = Math.round((performance.now() - began) / 1000);
      working.querySelector(".doing").textContent = `Working, ${seconds} s`;
    }, 1000);
    working.querySelector(".doing").textContent = "Working";
    trouble.textContent = "";
    busy(true);
    try {
      const { ok, found } = await ask(`/api/v1/panels/${spec.name}${asked()}`, { signal: own.signal });
      if (own !== flight) return;
      if (!ok) return refused(found);
      spec.selectors.forEach((s) => say(s.name, ""));
      tell(found);
      // Its first figure brings plotly along; until that is read, the panel is not done.
      if (found.charts.some(({ figure }) => figure.data.length)) await plotter.prepare();
    } catch (error) {
      if (error.name !== "AbortError") {
        trouble.textContent = error.message;
      }
    } finally {
      clearInterval(clock);
      if (own === flight) busy(false);
    }
  };
  working.querySelector(".cancel").addEventListener("click", () => {
    flight?.abort();
    trouble.textContent = "Cancelled. Choose anew to ask again.";
  });
  for (const field of place.querySelectorAll("[data-select]")) {
    const spot = spec.selectors.find((s) => s.name === field.dataset.select);
    if (chosen(spot.name) !== null) field.value = chosen(spot.name);
    field.addEventListener("change", () => choose(spot, field));
  }
  const choose = (spot, field) => {
    if (!spot.choices.length) {
      const value = read(field.value);
      const good = value >= spot.low && value <= spot.high && (!spot.whole || Number.isInteger(value));
      if (!good) {
        const kind = spot.whole ? "a whole number" : "a number";
        return say(spot.name, `Allowed: ${kind} from ${written(spot.low)} to ${written(spot.high)}.`);
      }
      say(spot.name, "");
      put(spot.name, value);
    } else put(spot.name, field.value);
    go();
  };
  place.querySelector("form").addEventListener("submit", (e) => e.preventDefault());
  if (spec.moves) {
    onMove(go);
    onHold(() => flight?.abort());
  }
  go();
};
const diagram = (svg) => {
  const read = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const box = make("div", { className: "scroll", tabindex: "0", role: "region",
    "aria-label": "One-line diagram" });
  box.append(document.importNode(read, true));
  return make("section", { className: "card" },
    make("h3", { text: "One-line diagram", className: "small" }),
    make("p", { className: "measure", text: "Supply left, load right; failures a year in service; reserves with broken lines" }),
    box);
};
export const start = () => panels.forEach(run);
