// Texts whose dates and amounts stay on one line: a browser would break after a hyphen or a space.
const WHOLE = new RegExp([
  "\\d{4}-(?:\\d\\d(?:-\\d\\d)?|Q\\d)",
  "\\d{4} Q\\d",
  "[−+-]?[\\d.,]+ ± [\\d.,]+ (?:bn USD|MUSD|USD)",
  "[−+-]?[\\d.,]+ (?:%|×|bn USD|MUSD|USD|[GM]W|[ZE]H/s|J/TH|BTC|T|h|min|years?|months?)(?![\\w])",
  "[●◐○◇✓✗←] \\S+",
  "--[a-z]\\S*",
].join("|"), "g");
export const unbroken = (text) => {
  const parts = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(WHOLE)) {
    const span = document.createElement("span");
    span.className = "unbroken";
    span.textContent = found;
    parts.push(text.slice(from, index), span);
    from = index + found.length;
  }
  return from ? [...parts, text.slice(from)] : [text];
};
