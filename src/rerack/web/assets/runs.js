// Runs: what was computed, two of them side by side, deletion, report, spreadsheet, scenario.
import { $, ask, chosen, put } from "./state.js";
import { button, make, scroll, tableOf } from "./tables.js";
import { onEnd } from "./jobs.js";

const base = (run) => `/api/v1/runs/${encodeURIComponent(run)}`;
const link = (text, href, download) =>
  make("a", { text, href, className: "link", ...(download ? { download } : {}) });
const pick = (kind, run, state) => {
  const box = make("input", { type: "radio", name: kind, value: run, "aria-label": `${kind}: ${run}` });
  box.checked = chosen(kind) === run;
  box.disabled = state !== "complete";
  box.addEventListener("change", () => {
    put(kind, run);
    compare();
  });
  return box;
};
const list = async () => {
  const items = [];
  for (let page = 1, total = 1; items.length < total; page += 1) {
    const { found } = await ask(`/api/v1/runs?per_page=1000&page=${page}`);
    total = found.total;
    items.push(...found.items);
    if (!found.items.length) break;
  }
  $("headline").textContent = items.length
    ? `${items.length} run${items.length > 1 ? "s" : ""} kept; the newest recommends “${items[0].answer}”`
    : "No run is kept yet: “Run in full” makes one";
  const rows = items.map((run) => {
    const whole = run.state === "complete";
    const remove = button("Delete", async () => {
      if (!confirm(`Delete ${run.run} and its files?`)) return;
      const { ok, found } = await ask(base(run.run), { method: "DELETE" });
      $("trouble").textContent = ok ? "" : found.error.message;
      for (const kind of ["first", "second"]) if (chosen(kind) === run.run) put(kind, null);
      await list();
      compare();
    });
    remove.setAttribute("aria-label", `Delete ${run.run}`);
    const files = make("span", { className: "links" }, ...(whole ? [
      link("report", `${base(run.run)}/report`),
      link("xlsx", `${base(run.run)}/workbook`, `${run.run}.xlsx`),
      link("yaml", `${base(run.run)}/scenario`, `${run.run}.yaml`),
    ] : []));
    return [
      run.run, pick("first", run.run, run.state), pick("second", run.run, run.state), run.created.slice(0, 16).replace("T", " "),
      run.scenarios.toLocaleString("en-US"), String(run.seed), run.answer, run.state, files, remove,
    ];
  });
  const heads = ["run", "first", "second", "made (UTC)", "scenarios", "seed", "answer", "state", "open", "delete"];
  const right = heads.map((head) => ["scenarios", "seed"].includes(head));
  $("runs").replaceChildren(items.length ? tableOf({ heads, rows, right }) : "");
};
const text = (cell) => {
  if (cell === null) return "–";
  return typeof cell === "number" ? cell.toLocaleString("en-US", { maximumSignificantDigits: 6 }) : String(cell);
};
// Plans of two runs as people read them: money in MUSD, each figure once for either run.
const MEASURES = { npv_mean_usd: "NPV mean", npv_se_usd: "± s.e.", delta_mean_usd: "against keeping", capex_usd: "capex" };
const money = (usd) => {
  if (usd === null) return "–";
  const text = Math.abs(usd / 1e6).toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  if (text === "0.0") return "–";
  return usd < 0 ? `(${text})` : text;
};
const headOf = (name) => {
  const [, which, measure] = /^(first|second|change)_(.*)$/.exec(name) ?? [null, name, ""];
  return measure ? `${MEASURES[measure] ?? measure}, ${which}` : name;
};
const plansTable = ({ columns, rows }) => tableOf({
  heads: columns.map(headOf),
  rows: rows.map((row) => row.map((cell, k) => columns[k].endsWith("_usd") ? money(cell) : text(cell))),
  right: columns.map((name) => name.endsWith("_usd")),
});
const asTable = ({ columns, rows }) => tableOf({
  heads: columns.map((name) => name.replaceAll("_", " ")),
  rows: rows.map((row) => row.map(text)),
  right: columns.map((_name, k) => rows.some((row) => typeof row[k] === "number")),
});
const compare = async () => {
  const [first, second] = [chosen("first"), chosen("second")];
  if (!first || !second) {
    $("compared").replaceChildren(make("p", { className: "muted", text: "Choose a first and a second run to see which inputs differ and what that did to the plans." }));
    return;
  }
  const { ok, found } = await ask(`${base(first)}/compare/${encodeURIComponent(second)}`);
  if (!ok) {
    $("compared").replaceChildren(make("p", { className: "said", text: found.error.message }));
    return;
  }
  const none = make("p", { text: "No input differs." });
  $("compared").replaceChildren(
    make("h3", { className: "small", text: `Inputs that differ: ${first} against ${second}` }),
    found.inputs.total ? scroll("Inputs that differ", asTable(found.inputs)) : none,
    make("h3", { className: "small", text: "Plans" }),
    make("p", { className: "measure", text: "MUSD, negative in parentheses; change: the second run less the first" }),
    scroll("Plans compared", plansTable(found.plans)),
  );
};
export const start = async () => {
  $("list").replaceChildren(
    make("section", { className: "card" },
      make("h2", { className: "small", text: "History" }),
      make("p", { className: "measure", text: "Runs in the folder of this server, newest first; the spreadsheet has live formulas, the scenario runs again by itself" }),
      Object.assign(scroll("Runs"), { id: "runs" })),
    make("section", { className: "card" },
      make("h2", { className: "small", text: "Two runs compared" }),
      make("div", { id: "compared" })),
  );
  await list();
  compare();
  onEnd(list);
};
