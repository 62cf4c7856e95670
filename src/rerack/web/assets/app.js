// The dashboard: levers in the address, live answers from the interface, charts updated in place.
"use strict";
(() => {
  const { view, facts, dark } = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 640px)");
  const config = { displaylogo: false, displayModeBar: false };
  const levers = Object.fromEntries(facts.levers.map((lever) => [lever.name, lever]));
  const live = [...document.querySelectorAll("[data-figure]")];
  // Time from a lever's move to its figures on screen [ms], for the benchmark.
  window.rerackTimings = [];

  // ---- state: only what is moved stands in the address ----
  const asked = () => {
    const given = new URLSearchParams(location.search);
    return Object.fromEntries(
      [...given].filter(([name]) => name in levers || name === "plan"),
    );
  };
  const query = (state) => {
    const text = new URLSearchParams(state).toString();
    return text ? `?${text}` : "";
  };
  const remember = (state) => {
    history.replaceState(null, "", location.pathname + query(state));
    for (const link of document.querySelectorAll("nav a")) {
      link.href = link.pathname + query(state);
    }
  };

  // ---- numbers ----
  const written = (value) => {
    if (value === 0) return "0";
    const size = Math.abs(value);
    const digits = size >= 1000 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(size)));
    return value.toLocaleString("en-US", { maximumFractionDigits: digits });
  };
  const read = (text) => {
    const plain = text.trim().replaceAll(",", "").replace("−", "-");
    return /^-?\d*\.?\d+(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  };

  // ---- charts ----
  const recoloured = (value) => {
    if (typeof value === "string") {
      if (value in dark) return dark[value];
      const parts = /^rgba\((\d+,\d+,\d+),(.*)\)$/.exec(value);
      return parts && parts[1] in dark ? `rgba(${dark[parts[1]]},${parts[2]})` : value;
    }
    if (Array.isArray(value)) return value.map(recoloured);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, recoloured(v)]));
    }
    return value;
  };
  const fitted = (figure) => {
    const { title, meta, ...layout } = figure.layout;
    const copy = structuredClone({ data: figure.data, layout });
    copy.layout.margin = { ...copy.layout.margin, t: 24 };
    copy.layout.autosize = true;
    if (narrow.matches) copy.layout.font.size = 11;
    if (narrow.matches && copy.layout.showlegend) copy.layout.height += 90;
    return night.matches ? recoloured(copy) : copy;
  };
  const drawn = {};
  const waiting = new Set();
  const draw = (place) => {
    const figure = drawn[place.dataset.figure];
    if (!figure) return;
    waiting.delete(place);
    place.setAttribute("aria-label", `${figure.layout.meta.title}. The numbers are in the table.`);
    if (!figure.data.length) {
      place.textContent = "";
      return;
    }
    const { data, layout } = fitted(figure);
    return Plotly.react(place, data, layout, config);
  };
  const inSight = (place) => {
    const box = place.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  };
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting && waiting.has(target)) draw(target);
    }
  }, { rootMargin: "200px" });

  const words = (name, figure) => {
    const { title, subtitle, table } = figure.layout.meta;
    document.querySelector(`[data-title="${name}"]`).textContent = title;
    document.querySelector(`[data-subtitle="${name}"]`).textContent = subtitle;
    document.querySelector(`[data-table="${name}"]`).replaceChildren(tableOf(table));
  };
  const show = (figures) => {
    Object.assign(drawn, figures);
    for (const place of live) {
      const figure = figures[place.dataset.figure];
      if (!figure) continue;
      if (inSight(place)) draw(place);
      else waiting.add(place);
    }
    // Words and tables beside the charts can wait for the next turn.
    const named = live.map((place) => place.dataset.figure).filter((name) => name in figures);
    setTimeout(() => named.forEach((name) => words(name, figures[name])), 0);
  };

  // ---- tables ----
  const cell = (kind, text, right) => {
    const made = document.createElement(kind);
    if (text instanceof Node) made.append(text);
    else made.textContent = text;
    if (right) made.className = "n";
    return made;
  };
  const tableOf = ({ heads, rows, right }, best) => {
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
      row.forEach((text, k) => {
        const made = cell(k ? "td" : "th", text, right[k]);
        if (!k) made.scope = "row";
        if (!k && best && best[i]) {
          const mark = document.createElement("span");
          mark.className = "mark";
          mark.textContent = " ← answer";
          made.append(mark);
        }
        line.append(made);
      });
    });
    return table;
  };

  // ---- levers ----
  const fieldOf = (name) => $(name);
  const slideOf = (name) => document.querySelector(`[data-for="${name}"]`);
  const say = (name, text) => {
    $(`${name}-said`).textContent = text;
    fieldOf(name).closest(".lever").classList.toggle("wrong", Boolean(text));
    fieldOf(name).setAttribute("aria-invalid", String(Boolean(text)));
  };
  const set = (name, value, source) => {
    if (source !== "field") fieldOf(name).value = written(value);
    if (source !== "slide") slideOf(name).value = value;
  };
  const mark = (state) => {
    for (const name in levers) {
      fieldOf(name).closest(".lever").classList.toggle("moved", name in state);
    }
  };

  // ---- live answers: the last move wins, the last good answer stays ----
  let flight = null;
  const ask = async (moved) => {
    const began = performance.now();
    const state = asked();
    flight?.abort();
    flight = new AbortController();
    const own = flight;
    $("content").setAttribute("aria-busy", "true");
    const target = live.length ? view : "decision";
    try {
      const reply = await fetch(`/api/v1/live/${target}${query(state)}`, { signal: own.signal });
      const found = await reply.json();
      if (own.signal.aborted) return;
      if (!reply.ok) return trouble(found);
      await tell(found, moved);
      window.rerackTimings.push(performance.now() - began);
      document.documentElement.dataset.state = "ready";
    } catch (error) {
      if (error.name === "AbortError") return;
      $("trouble").textContent = "The server does not answer; the figures are those of before.";
    } finally {
      if (own === flight) $("content").removeAttribute("aria-busy");
    }
  };
  const trouble = ({ error }) => {
    for (const { where, allowed, cure } of error.problems) {
      if (where in levers) say(where, `Allowed: ${allowed}. ${cure}`);
      else $("trouble").textContent = error.message;
    }
    document.documentElement.dataset.state = "refused";
  };
  const tell = async (found, moved) => {
    $("trouble").textContent = "";
    for (const name in levers) {
      say(name, "");
      if (name !== moved) set(name, found.values[name]);
    }
    mark(asked());
    $("headline").textContent = found.headline;
    $("gain").textContent = found.gain;
    $("basis").textContent =
      `Live on ${found.scenarios} of ${facts.scenarios.toLocaleString("en-US")} scenarios, ` +
      `${facts.months / 12} years of hours from ${facts.start}.`;
    if ($("why")) {
      $("why").textContent = found.why;
      $("risk").textContent = found.risk;
      $("plans").replaceChildren(tableOf(found.plans, found.best));
    }
    const sheets = Object.values(found.sheets).map((sheet) => {
      const card = document.createElement("section");
      card.className = "card scroll";
      card.tabIndex = 0;
      card.append(tableOf(sheet));
      return card;
    });
    $("sheets").replaceChildren(...sheets);
    show(found.figures);
    await new Promise(requestAnimationFrame);
  };

  const move = (name, value, source) => {
    const { least, most } = levers[name];
    if (!(value >= least && value <= most)) {
      say(name, `Allowed: a number from ${written(least)} to ${written(most)}.`);
      document.documentElement.dataset.state = "refused";
      return;
    }
    say(name, "");
    set(name, value, source);
    remember({ ...asked(), [name]: String(value) });
    document.documentElement.dataset.state = "busy";
    schedule(name);
  };
  let due = null;
  const schedule = (name) => {
    // One question a frame, however fast a slider moves.
    if (due === null) {
      requestAnimationFrame(() => {
        const last = due;
        due = null;
        ask(last);
      });
    }
    due = name;
  };
  for (const name in levers) {
    slideOf(name).addEventListener("input", (e) => move(name, Number(e.target.value), "slide"));
    fieldOf(name).addEventListener("change", (e) => move(name, read(e.target.value), "field"));
  }
  $("levers").addEventListener("submit", (e) => e.preventDefault());
  $("reset").addEventListener("click", () => {
    remember({});
    ask();
  });

  // ---- save as scenario ----
  $("save").addEventListener("click", async () => {
    const { plan, ...state } = asked();
    const reply = await fetch(`/api/v1/scenario${query(state)}`);
    const found = await reply.json();
    if (!reply.ok) return trouble(found);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([found.yaml], { type: "application/yaml" }));
    link.download = found.name;
    link.click();
    URL.revokeObjectURL(link.href);
  });

  // ---- runs ----
  let job = null;
  const watch = (id) => {
    job = id;
    sessionStorage.setItem("rerack-job", id);
    $("job").hidden = false;
    const events = new EventSource(`/api/v1/jobs/${id}/events`);
    events.onmessage = (event) => {
      const told = JSON.parse(event.data);
      $("job-doing").textContent = told.state === "running" ? told.doing : `${told.state}: ${told.doing}`;
      $("job-share").value = told.share_frac;
      if (["done", "failed", "cancelled"].includes(told.state)) {
        events.close();
        sessionStorage.removeItem("rerack-job");
        $("job-cancel").hidden = true;
        if (told.state === "done") finished(told.run);
        if (view === "runs") list();
      }
    };
    events.onerror = () => {
      events.close();
      sessionStorage.removeItem("rerack-job");
    };
    $("job-cancel").hidden = false;
  };
  const finished = (run) => {
    const link = document.createElement("a");
    link.href = `/api/v1/runs/${encodeURIComponent(run)}/report`;
    link.textContent = `report of ${run}`;
    link.className = "link";
    $("job-doing").replaceChildren("done: ", link);
  };
  $("run").addEventListener("click", async () => {
    const { plan, ...state } = asked();
    const told = await (await fetch(`/api/v1/overrides${query(state)}`)).json();
    const reply = await fetch("/api/v1/runs", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ overrides: told.overrides }),
    });
    const found = await reply.json();
    if (!reply.ok) return trouble(found);
    watch(found.id);
  });
  $("job-cancel").addEventListener("click", () => fetch(`/api/v1/jobs/${job}`, { method: "DELETE" }));
  const kept = sessionStorage.getItem("rerack-job");
  if (kept) watch(kept);

  // ---- lists: assumptions and runs ----
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };
  const card = (...parts) => {
    const made = document.createElement("section");
    made.className = "card";
    made.append(...parts);
    return made;
  };
  const list = async () => {
    if (view === "assumptions") {
      const found = await (await fetch("/api/v1/inputs?per_page=1000")).json();
      const keep = ["path", "value", "unit", "source", "status", "as_of", "where"];
      const at = keep.map((name) => found.columns.indexOf(name));
      const marks = { verified: "● verified", secondary: "◐ secondary", derived: "◇ derived" };
      const rows = found.rows.map((row) =>
        at.map((k, i) => (keep[i] === "status" ? marks[row[k]] ?? "○ unverified" : row[k] ?? "")),
      );
      $("list").replaceChildren(card(tableOf({ heads: keep, rows, right: keep.map(() => false) })));
    }
    if (view === "runs") {
      const found = await (await fetch("/api/v1/runs?per_page=200")).json();
      const rows = found.items.map((run) => {
        const link = document.createElement("a");
        link.href = `/api/v1/runs/${encodeURIComponent(run.run)}/report`;
        link.textContent = run.run;
        const remove = button("Delete", async () => {
          if (!confirm(`Delete ${run.run} and its files?`)) return;
          await fetch(`/api/v1/runs/${encodeURIComponent(run.run)}`, { method: "DELETE" });
          list();
        });
        return [
          run.state === "complete" ? link : run.run, run.study, run.created, run.scenarios.toLocaleString("en-US"),
          String(run.seed), run.answer, run.state, remove,
        ];
      });
      const heads = ["run", "study", "created", "scenarios", "seed", "answer", "state", ""];
      const right = [false, false, false, true, true, false, false, false];
      $("list").replaceChildren(card(found.items.length ? tableOf({ heads, rows, right }) : "No run is kept yet."));
    }
  };

  live.forEach((place) => {
    seen.observe(place);
    new ResizeObserver(() => place.data && Plotly.Plots.resize(place)).observe(place);
  });
  const redraw = () => live.forEach(draw);
  night.addEventListener("change", redraw);
  narrow.addEventListener("change", redraw);
  addEventListener("popstate", () => ask());
  remember(asked());
  ask();
  list();
})();
