// Runs in full, and saving the scenario: everything that is moved or edited goes along.
import { $, allProblems, ask, overrides, post, query, view } from "./state.js";
import { make } from "./tables.js";

const ended = [];
export const onEnd = (act) => ended.push(act);
const refuse = (found) => {
  $("trouble").textContent = allProblems(found.error);
  document.documentElement.dataset.state = "refused";
};
const save = async () => {
  const { ok, found } = await post("/api/v1/scenario", { overrides: await overrides() });
  if (!ok) return refuse(found);
  const link = make("a", { download: found.name });
  link.href = URL.createObjectURL(new Blob([found.yaml], { type: "application/yaml" }));
  link.click();
  URL.revokeObjectURL(link.href);
};

let job = null;
const known = (id) => ask(`/api/v1/jobs/${id}`).then(({ ok }) => ok, () => true);
const watch = (id) => {
  job = id;
  sessionStorage.setItem("rerack-job", id);
  $("job").hidden = false;
  $("job-cancel").hidden = false;
  const events = new EventSource(`/api/v1/jobs/${id}/events`);
  events.onmessage = (event) => {
    const told = JSON.parse(event.data);
    const running = told.state === "running";
    $("job-doing").textContent = running ? told.doing : `${told.state}: ${told.doing}`;
    $("job-share").value = told.share_frac;
    if (["done", "failed", "cancelled"].includes(told.state)) {
      events.close();
      sessionStorage.removeItem("rerack-job");
      $("job-cancel").hidden = true;
      if (told.state === "done") finished(told.run);
      ended.forEach((act) => act());
    }
  };
  // A break, such as a reload, is mended by the browser; only a job that is refused is forgotten.
  events.onerror = async () => {
    if (events.readyState !== EventSource.CLOSED || (await known(id))) return;
    sessionStorage.removeItem("rerack-job");
    $("job").hidden = true;
  };
};
const finished = (run) => {
  const link = make("a", { text: `report of ${run}`, className: "link",
    href: `/api/v1/runs/${encodeURIComponent(run)}/report` });
  $("job-doing").replaceChildren("done: ", link);
};
// What a run works out only where it is asked to; its report shows it.
const BESIDES = ["closed_loop", "option_values"];
export const runInFull = async () => {
  const besides = BESIDES.map((name) => [name, $(name)?.checked ?? false]);
  const order = { overrides: await overrides(), ...Object.fromEntries(besides) };
  const { ok, found } = await post("/api/v1/runs", order);
  if (!ok) return refuse(found);
  watch(found.id);
};
export const start = () => {
  $("save").addEventListener("click", save);
  $("run").addEventListener("click", runInFull);
  $("job-cancel").addEventListener("click", () => fetch(`/api/v1/jobs/${job}`, { method: "DELETE" }));
  const kept = sessionStorage.getItem("rerack-job");
  if (kept) watch(kept);
};
