// What the page was given, and what the reader has moved: all of it stands in the address.
export const { view, facts, dark, names, plotly, panels } = JSON.parse(document.getElementById("data").textContent);
export const $ = (id) => document.getElementById(id);
export const levers = Object.fromEntries(facts.levers.map((lever) => [lever.name, lever]));
const choices = new Set(panels.flatMap((panel) => panel.selectors.map((s) => s.name)));
const given = () => new URLSearchParams(location.search);

// Levers and the plan go with the reader from page to page; so do edits of assumptions.
export const moved = () => {
  const found = Object.fromEntries([...given()].filter(([name]) => name in levers));
  const plan = given().get("plan");
  return plan ? { ...found, plan } : found;
};
export const edits = () => given().getAll("set");
export const chosen = (name) => given().get(name);

export const query = (pairs) => {
  const text = new URLSearchParams(pairs).toString();
  return text ? `?${text}` : "";
};
const write = (pairs) => {
  history.replaceState(null, "", location.pathname + query(pairs));
  const carried = pairs.filter(([name]) => name in levers || name === "plan" || name === "set");
  for (const link of document.querySelectorAll("nav a")) link.href = link.pathname + query(carried);
};
export const remember = () => write([...given()]);
export const put = (name, value) => {
  const kept = [...given()].filter(([other]) => other !== name);
  write(value === null || value === "" ? kept : [...kept, [name, String(value)]]);
};
export const putEdit = (path, text) => {
  const kept = [...given()].filter(([n, t]) => n !== "set" || !t.startsWith(`${path}=`));
  write(text === null ? kept : [...kept, ["set", `${path}=${text}`]]);
};
export const forget = () =>
  write([...given()].filter(([name]) => !(name in levers) && name !== "set"));
export const isChoice = (name) => choices.has(name);

// ---- numbers ----
// A form is slow to make and quick to use.
const forms = new Map();
const formOf = (digits) => {
  if (!forms.has(digits)) forms.set(digits, new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }));
  return forms.get(digits);
};
export const written = (value) => {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(size)));
  return formOf(digits).format(value);
};
// A comma separates thousands; "3,5" is not 35, and it is safer to ask than to guess.
const THOUSANDS = /^-?\d{1,3}(,\d{3})+(\.\d*)?$/;
export const read = (text) => {
  const given = text.trim().replace("−", "-");
  const plain = THOUSANDS.test(given) ? given.replaceAll(",", "") : given;
  return /^-?\d*\.?\d+(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
};

// ---- asking the server ----
export class LostError extends Error {}
const LOST = "The server does not answer; what is shown is from before.";
const reached = async (path, options) => {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new LostError(LOST);
  }
};
export const ask = async (path, options) => {
  const reply = await reached(path, options);
  const found = reply.status === 204 ? {} : await reply.json();
  return { ok: reply.ok, found };
};
export const post = (path, body) =>
  ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
// Everything that is moved, as overrides of the file.
export const overrides = async () => {
  const { plan, ...state } = moved();
  const { ok, found } = await ask(`/api/v1/overrides${query(Object.entries(state))}`);
  return ok ? [...found.overrides, ...edits()] : null;
};
export const allProblems = (error) => {
  if (!error.problems.length) return error.message;
  return error.problems
    .map((p) => `${p.where}: ${p.given} is not allowed; allowed: ${p.allowed}. ${p.cure}`)
    .join("\n");
};
