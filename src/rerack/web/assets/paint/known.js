// What the painter can draw. Anything else in a figure is an error: it must not become nonsense.
const any = () => null;
const one = (...allowed) => (value) => allowed.includes(value) ? null : allowed.map(String).join(", ");
const number = (value) => Number.isFinite(value) ? null : "a number";
const pair = (value) => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)
  ? null : "two numbers";
const list = (spec) => ({ each: spec });

const FONT = { family: any, size: number, color: any };
const HATCH = { shape: any, fgcolor: any, bgcolor: any, size: number, solidity: number, fillmode: one("replace") };
const AXIS = {
  type: one("linear", "date", "category"), title: { text: any, standoff: number, font: FONT },
  gridcolor: any, linecolor: any, zerolinecolor: any, tickfont: FONT, automargin: one(true),
  fixedrange: one(true), separatethousands: one(true), tickformat: any, hoverformat: any, range: pair,
  rangemode: one("tozero", "normal"), autorange: one("reversed", true), domain: pair, anchor: any,
  tickvals: any, ticktext: any, showgrid: one(true, false), zeroline: one(true, false),
  nticks: number, side: one("bottom", "left"),
};
const TRACE = {
  type: any, name: any, x: any, y: any, xaxis: one("x"), yaxis: any, showlegend: one(true, false),
  hovertemplate: any, hoverinfo: one("skip"), customdata: any,
};
const LINE = {
  color: any, width: number, shape: one("linear", "hv"),
  dash: one("solid", "dash", "dot", "dashdot", "longdash"),
};
const TRACES = {
  scatter: {
    ...TRACE, mode: one("lines", "lines+markers", "markers"), line: LINE,
    marker: { size: number, color: any }, fill: one("none", "tozeroy", "tonexty", "toself"),
    fillcolor: any, fillpattern: HATCH, stackgroup: any,
  },
  bar: {
    ...TRACE, orientation: one("h", "v"), base: any, width: number, text: any,
    textposition: one("outside"), cliponaxis: one(false), marker: { color: any, pattern: HATCH },
    error_x: {
      type: one("data"), symmetric: one(false), array: any, arrayminus: any, color: any,
      thickness: number, width: number,
    },
  },
  heatmap: {
    ...TRACE, z: any, zmin: number, zmax: number, colorscale: any, showscale: one(false),
    xgap: number, ygap: number, text: any, texttemplate: one("%{text}"), textfont: FONT,
  },
};
const NOTE = {
  text: any, x: any, y: any, xref: one("paper", "x"), yref: (value) => /^(paper|y\d*)$/.test(value) ? null : "paper or an axis",
  xanchor: one("left", "center", "right", "auto"), yanchor: one("top", "middle", "bottom", "auto"),
  xshift: number, yshift: number, showarrow: one(false), font: FONT,
};
const SHAPE = {
  type: one("line"), xref: one("paper", "x"), yref: one("paper", "y"), x0: any, x1: any, y0: any,
  y1: any, line: LINE,
};
const LAYOUT = {
  title: any, meta: any, height: number, margin: { l: number, r: number, t: number, b: number },
  font: FONT, paper_bgcolor: any, plot_bgcolor: any, hoverlabel: any, legend: any,
  showlegend: one(true, false), xaxis: AXIS, barmode: one("relative", "overlay"), bargap: number,
  hovermode: one("closest", "x", "x unified"), annotations: list(NOTE), shapes: list(SHAPE),
};

const refuse = (where, given, allowed) => {
  throw new Error(`${where}: the painter cannot draw ${JSON.stringify(given)}; it knows ${allowed}.`);
};
const check = (value, spec, where) => {
  if (typeof spec === "function") {
    const allowed = spec(value);
    if (allowed !== null) refuse(where, value, allowed);
  } else if (spec.each) value.forEach((part, k) => check(part, spec.each, `${where}[${k}]`));
  else {
    for (const name in value) {
      const own = spec[name] ?? (spec === LAYOUT && /^yaxis\d*$/.test(name) ? AXIS : null);
      if (own === null) refuse(`${where}.${name}`, value[name], Object.keys(spec).join(", "));
      check(value[name], own, `${where}.${name}`);
    }
  }
};
export const checkFigure = ({ data, layout }) => {
  check(layout, LAYOUT, "layout");
  let bars = 0;
  data.forEach((trace, k) => {
    if (!(trace.type in TRACES)) refuse(`data[${k}].type`, trace.type, Object.keys(TRACES).join(", "));
    check(trace, TRACES[trace.type], `data[${k}]`);
    if (trace.hoverinfo !== "skip" && !trace.hovertemplate) refuse(`data[${k}].hovertemplate`, null, "a template");
    bars += trace.type === "bar";
  });
  if (bars > 1 && !layout.barmode) refuse("layout.barmode", "group", "relative, overlay");
};
