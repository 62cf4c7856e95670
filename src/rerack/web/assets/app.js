// The dashboard: state in the address, live answers, panels, lists, runs in full.
import { $, LostError, remember, view } from "./state.js";
import * as live from "./live.js";
import * as panels from "./panels.js";
import * as jobs from "./jobs.js";
import * as inputs from "./inputs.js";
import * as runs from "./runs.js";

const begin = async () => {
  remember();
  live.start();
  jobs.start();
  // The answer first: what takes longer would only keep it waiting.
  await live.askLive();
  live.rest();
  panels.start();
  if (view === "assumptions") inputs.start();
  if (view === "runs") runs.start();
  addEventListener("popstate", () => {
    live.mend();
    live.askLive().then(live.rest);
  });
};
// What a button or a field asked for, and nothing else waits for: it is told all the same.
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof LostError)) return;
  event.preventDefault();
  $("trouble").textContent = event.reason.message;
});
begin();
