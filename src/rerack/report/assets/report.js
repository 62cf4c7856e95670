// Draws the charts from the JSON in the page; follows the reader's colour scheme, screen and paper.
"use strict";
(() => {
  const { figures, dark } = JSON.parse(document.getElementById("data").textContent);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 640px)");
  // CSS pixels that a card has within on an upright A4 page. Browsers shrink a page to its widest
  // content: nothing may be wider.
  const PAPER_WIDTH = 664;
  const paper = { on: false };
  const config = { displaylogo: false, displayModeBar: false };

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
    const copy = structuredClone(figure);
    copy.layout.margin = { ...copy.layout.margin, t: 24 };
    copy.layout.autosize = true;
    if (paper.on) copy.layout.width = PAPER_WIDTH;
    if (narrow.matches) copy.layout.font.size = 11;
    if (narrow.matches && copy.layout.showlegend) copy.layout.height += 90;
    return night.matches && !paper.on ? recoloured(copy) : copy;
  };

  const places = [...document.querySelectorAll("[data-figure]")];
  const draw = (place) => {
    const { data, layout } = fitted(figures[place.dataset.figure]);
    return Plotly.react(place, data, layout, config);
  };
  const drawAll = () => Promise.all(places.map(draw));

  // One chart a turn keeps the page answering while it fills.
  const next = (k) => {
    if (k === places.length) {
      document.documentElement.dataset.charts = "drawn";
      return;
    }
    draw(places[k]).then(() => setTimeout(next, 0, k + 1));
  };
  next(0);

  // Watching the place, not the window, also catches paper and a scroll bar that comes late.
  const resized = new ResizeObserver((entries) => {
    if (paper.on) return;
    for (const { target } of entries) if (target.data) Plotly.Plots.resize(target);
  });
  places.forEach((place) => resized.observe(place));

  night.addEventListener("change", drawAll);
  narrow.addEventListener("change", drawAll);
  addEventListener("beforeprint", () => { paper.on = true; drawAll(); });
  addEventListener("afterprint", () => { paper.on = false; drawAll(); });
})();
