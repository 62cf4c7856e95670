// Assumptions: every input with its standing; a value is edited in its place and checked there.
import { $, ask, chosen, edits, post, put, putEdit } from "./state.js";
import { make, scroll, tableOf } from "./tables.js";
import { onReset, tellEdits } from "./live.js";

const MARKS = {
  verified: "● verified", secondary: "◐ secondary", derived: "◇ derived", unverified: "○ unverified",
};
const HEADS = ["assumption", "value", "unit", "standing", "as of", "source", "where"];
let inputs = [];

const load = async () => {
  const found = [];
  for (let page = 1, total = 1; found.length < total; page += 1) {
    const answer = (await ask(`/api/v1/inputs?per_page=1000&page=${page}`)).found;
    total = answer.total;
    found.push(...answer.rows.map((row) =>
      Object.fromEntries(answer.columns.map((name, k) => [name, row[k] ?? ""]))));
  }
  return found;
};
const editOf = (path) => {
  const text = edits().find((one) => one.startsWith(`${path}=`));
  return text === undefined ? null : text.slice(path.length + 1);
};
const editable = (input) => input.where !== "" && !/\s/.test(input.where);
// Broken after a dot or a line, if it must be.
const pathOf = (path) => make("span", {}, ...path.split(/(?<=[._])/).flatMap((part) => [part, make("wbr")]));
const unitOf = (input) => (input.unit === "1" ? "" : input.unit);

const field = (input) => {
  if (!editable(input)) return make("span", { text: String(input.value) });
  const id = `edit-${input.path}`;
  const box = make("input", { className: "field edit", id, value: editOf(input.path) ?? String(input.value),
    "aria-label": `${input.path}${unitOf(input) ? `, ${unitOf(input)}` : ""}`, "aria-describedby": `${id}-said`,
    autocomplete: "off" });
  const said = make("span", { className: "said", id: `${id}-said`, role: "alert" });
  const mark = () => box.classList.toggle("moved", editOf(input.path) !== null);
  box.addEventListener("change", async () => {
    const text = box.value.trim();
    if (text === "" || text === String(input.value)) {
      putEdit(input.path, null);
      box.value = String(input.value);
      said.textContent = "";
      box.setAttribute("aria-invalid", "false");
      mark();
      return tellEdits();
    }
    const { ok, found } = await post("/api/v1/check", {
      overrides: [...edits().filter((one) => !one.startsWith(`${input.path}=`)), `${input.path}=${text}`],
    });
    const problems = ok ? found.problems : found.error.problems;
    const bad = ok ? !found.good : true;
    said.textContent = bad
      ? problems.map((p) => `Allowed: ${p.allowed}. ${p.cure}`).join(" ")
      : "";
    box.setAttribute("aria-invalid", String(bad));
    if (!bad) putEdit(input.path, text);
    mark();
    tellEdits();
  });
  mark();
  return make("div", {}, box, said);
};
const draw = () => {
  const status = $("status").value;
  const word = $("word").value.trim().toLowerCase();
  const kept = inputs.filter((input) =>
    (status === "" || (status === "edited" ? editOf(input.path) !== null : input.status === status)) &&
    (word === "" || `${input.path} ${input.source}`.toLowerCase().includes(word)));
  const rows = kept.map((input) => [
    pathOf(input.path), field(input), unitOf(input), MARKS[input.status] ?? MARKS.unverified, input.as_of,
    input.source, input.where,
  ]);
  $("count").textContent = `${kept.length} of ${inputs.length} inputs`;
  $("rows").replaceChildren(tableOf({ heads: HEADS, rows, right: HEADS.map(() => false) }));
};
export const start = async () => {
  inputs = await load();
  const count = (status) => inputs.filter((input) => input.status === status).length;
  $("headline").textContent =
    `${inputs.length} inputs: ${Object.keys(MARKS).map((s) => `${count(s)} ${s}`).join(", ")}`;
  const options = [["", "every standing"], ...Object.entries(MARKS), ["edited", "edited here"]];
  const status = make("select", { className: "field", id: "status" },
    ...options.map(([value, text]) => make("option", { value, text })));
  const word = make("input", { className: "field", id: "word", type: "search" });
  status.value = chosen("status") ?? "";
  word.value = chosen("word") ?? "";
  for (const box of [status, word]) {
    box.addEventListener("input", () => {
      put(box.id, box.value);
      draw();
    });
  }
  $("list").replaceChildren(
    make("section", { className: "card" },
      make("p", { className: "measure", text: "A value is edited in its place, with its unit as in the file; what is wrong is said beside it. “Run in full” and “Save as scenario” take the edits along." }),
      make("div", { className: "choices" },
        make("div", {}, make("label", { text: "Standing " }, status)),
        make("div", {}, make("label", { text: "Find " }, word)),
        make("p", { id: "count", className: "muted", role: "status" })),
      Object.assign(scroll("Assumptions"), { id: "rows" })),
  );
  $("rows").classList.add("tall");
  draw();
  onReset(draw);
};
