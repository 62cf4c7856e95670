// Tables and small pieces of pages.
import { unbroken } from "./words.js";

export const make = (kind, { text, className, ...rest } = {}, ...parts) => {
  const made = document.createElement(kind);
  if (text !== undefined) made.append(...unbroken(text));
  if (className) made.className = className;
  for (const [name, value] of Object.entries(rest)) {
    if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...parts);
  return made;
};
// Sets a text where it differs: what is set anew is laid out anew.
export const write = (place, text) => {
  if (place.textContent !== text) place.replaceChildren(...unbroken(text));
};
export const button = (text, act) => {
  const made = make("button", { text, type: "button" });
  made.addEventListener("click", act);
  return made;
};
const cell = (kind, content, right) => {
  const made = make(kind, { className: right ? "n" : "" });
  if (content instanceof Node) made.append(content);
  // Numbers to the right are never broken as it is.
  else if (right) made.textContent = content;
  else made.append(...unbroken(content));
  return made;
};
export const tableOf = ({ heads, rows, right }, best) => {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  heads.forEach((text, k) => {
    const made = cell("th", text, right[k]);
    made.scope = "col";
    head.append(made);
  });
  const body = table.createTBody();
  rows.forEach((row, i) => {
    const line = body.insertRow();
    if (best && best[i]) line.className = "best";
    row.forEach((content, k) => {
      const made = cell(k ? "td" : "th", content, right[k]);
      if (!k) made.scope = "row";
      if (!k && best && best[i]) made.append(make("span", { text: " ← answer", className: "mark" }));
      line.append(made);
    });
  });
  return table;
};
export const scroll = (name, ...parts) =>
  make("div", { className: "scroll", tabindex: "0", role: "region", "aria-label": name }, ...parts);
export const command = (text) =>
  make(
    "details",
    { className: "how" },
    make("summary", { text: "How this was computed" }),
    make("code", { text }),
  );
export const sheetCard = ({ title, measure, sheet, explain }) => {
  const card = make(
    "section",
    { className: "card" },
    make("h3", { text: title, className: "small" }),
    make("p", { text: measure, className: "measure" }),
    scroll(title, tableOf(sheet)),
  );
  if (explain) card.append(command(explain));
  return card;
};
