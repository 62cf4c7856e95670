// The levers: the last move wins, the last good answer stays.
import { show } from "./charts.js";
import { painter } from "./paint/paint.js";
import { $, ask, chosen, edits, facts, forget, levers, moved, put, query, read, view, written } from "./state.js";
import { make, scroll, tableOf, write } from "./tables.js";

const figures = Object.fromEntries(
  [...document.querySelectorAll("#live [data-chart]")].map((card) => [card.dataset.chart, card]),
);
const target = ["assumptions", "runs"].includes(view) ? "decision" : view;
const SLOW_MS = 400;
// Time after which a server that did not answer is asked anew.
const AGAIN_MS = 3000;
// Time from a lever's move to its figures on screen [ms], for the benchmark.
window.rerackTimings = [];
const followers = [];
const holders = [];
export const onMove = (act) => followers.push(act);
export const onHold = (act) => holders.push(act);
const resetters = [];
export const onReset = (act) => resetters.push(act);

const fieldOf = (name) => $(name);
const slideOf = (name) => document.querySelector(`[data-for="${name}"]`);
const said = {};
const say = (name, text) => {
  if (said[name] === text) return;
  said[name] = text;
  $(`${name}-said`).textContent = text;
  fieldOf(name).closest(".lever").classList.toggle("wrong", Boolean(text));
  fieldOf(name).setAttribute("aria-invalid", String(Boolean(text)));
};
// Nothing is wrong any more: the address has another state.
export const mend = () => {
  for (const name in levers) say(name, "");
};
const set = (name, value, source) => {
  const text = written(value);
  if (source !== "field" && fieldOf(name).value !== text) fieldOf(name).value = text;
  if (source !== "slide" && Number(slideOf(name).value) !== value) slideOf(name).value = value;
};
// Replaces what is in a place only where it was made from something else.
const sources = new WeakMap();
const replace = (place, source, made) => {
  const text = JSON.stringify(source);
  if (sources.get(place) === text) return;
  sources.set(place, text);
  place.replaceChildren(...made());
};

// The lever that moved last, once it waits to be asked about; whether a question is under way.
let due = null;
let asking = false;
let later = null;
let flight = null;
let again = null;
export const askLive = async (byHand, rules = "file") => {
  const began = performance.now();
  flight?.abort();
  clearTimeout(again);
  flight = new AbortController();
  const own = flight;
  $("content").setAttribute("aria-busy", "true");
  // Only what keeps a reader waiting is shown as such: every lever would make the page flicker.
  const slow = setTimeout(() => $("content").toggleAttribute("data-slow", true), SLOW_MS);
  try {
    const path = `/api/v1/live/${target}${query([...Object.entries(moved()), ["rules", rules]])}`;
    const { ok, found } = await ask(path, { signal: own.signal });
    if (own.signal.aborted) return;
    if (!ok) return trouble(found);
    await tell(found, byHand, rules);
    if (rules === "file") window.rerackTimings.push(performance.now() - began);
    if (due === null) document.documentElement.dataset.state = "ready";
  } catch (error) {
    if (error.name === "AbortError") return;
    $("trouble").textContent = error.message;
    // A server that is started anew has the same address: the page mends itself.
    again = setTimeout(() => askLive(byHand, rules), AGAIN_MS);
  } finally {
    clearTimeout(slow);
    if (own === flight) for (const mark of ["aria-busy", "data-slow"]) $("content").removeAttribute(mark);
  }
};
export const trouble = ({ error }) => {
  for (const { where, allowed, cure } of error.problems) {
    if (where in levers) say(where, `Allowed: ${allowed}. ${cure}`);
    else $("trouble").textContent = error.message;
  }
  document.documentElement.dataset.state = "refused";
};
const tell = async (found, byHand, rules) => {
  write($("trouble"), "");
  const state = moved();
  for (const name in levers) {
    // A wrong entry stays with what is said of it until it is mended: an answer to something else,
    // or the same one with fitted rules, is no reason to take it from under a reader's eyes.
    if (!said[name] && name !== byHand && name !== due) set(name, found.values[name]);
    fieldOf(name).closest(".lever").classList.toggle("moved", name in state);
  }
  if (view === "decision") {
    for (const name of ["headline", "gain", "why", "risk", "money", "means"]) write($(name), found[name]);
    const { plans, best } = found;
    replace($("plans"), [plans, best], () => [tableOf(plans, best)]);
  } else {
    write($("gain"), `Decision: ${found.headline} ${found.gain}`);
    $("gain").classList.add("now");
  }
  const fitted = ruled() ? rules : "none";
  document.documentElement.dataset.rules = fitted;
  write($("basis"),
    `Live on ${found.scenarios} of ${facts.scenarios.toLocaleString("en-US")} scenarios, ` +
    `${facts.months / 12} years of hours from ${facts.start}. ${RULES[fitted]}`);
  if (target === view) {
    replace($("sheets"), found.sheets, () => Object.entries(found.sheets).map(([name, sheet]) =>
      make("section", { className: "card" }, make("h3", { text: SHEETS[name], className: "small" }),
        scroll(SHEETS[name], tableOf(sheet)))));
    for (const name in figures) show(figures[name], name, found.figures[name], found.explain[name], painter);
  }
  await new Promise(requestAnimationFrame);
};
// A rule is fitted to a market: to that of the file at once, to the moved one once the levers rest.
const ruled = () => facts.rules && Object.keys(moved()).some((name) => name in levers);
const RULES = {
  none: "",
  file: "Policies keep the file’s rules while they are fitted to these inputs.",
  moved: "Policies are fitted to these inputs, as a run does.",
};
export const rest = async () => {
  if (ruled()) await askLive(null, "moved");
};
const SHEETS = { rigs: "Which rigs earn at which power price", coins: "What a coin costs" };

const move = (name, value, source) => {
  const { least, most } = levers[name];
  if (!(value >= least && value <= most)) {
    say(name, `Allowed: a number from ${written(least)} to ${written(most)}.`);
    document.documentElement.dataset.state = "refused";
    return;
  }
  say(name, "");
  set(name, value, source);
  put(name, value);
  document.documentElement.dataset.state = "busy";
  schedule(name);
};
const schedule = (name) => {
  due = name;
  // What is under way answers inputs that have moved on, and would keep this answer waiting.
  holders.forEach((act) => act());
  clearTimeout(later);
  if (!asking) next();
};
// One question at a time, the last move next: a slider that is drawn along shows answers on its way.
// What takes longer follows once it rests.
const next = async () => {
  asking = true;
  while (due !== null) {
    const last = due;
    due = null;
    await askLive(last);
  }
  asking = false;
  later = setTimeout(follow, 350);
};
const follow = () => {
  rest();
  followers.forEach((act) => act());
};
export const start = () => {
  for (const name in levers) {
    slideOf(name).addEventListener("input", (e) => move(name, Number(e.target.value), "slide"));
    fieldOf(name).addEventListener("change", (e) => move(name, read(e.target.value), "field"));
  }
  $("levers").addEventListener("submit", (e) => e.preventDefault());
  $("reset").addEventListener("click", () => {
    forget();
    tellEdits();
    mend();
    askLive();
    resetters.forEach((act) => act());
    followers.forEach((act) => act());
  });
  const plan = $("plan");
  if (plan) {
    plan.value = chosen("plan") ?? "";
    plan.addEventListener("change", () => {
      put("plan", plan.value);
      askLive().then(follow);
    });
  }
  if (matchMedia("(max-width: 900px)").matches) $("levers-fold").open = false;
  tellEdits();
};
export const tellEdits = () => {
  const count = edits().length;
  $("edits").textContent = count
    ? `${count} assumption${count > 1 ? "s" : ""} edited: in “Run in full” and “Save as scenario”, not in the live figures.`
    : "";
};
