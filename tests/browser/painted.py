"""What a painted chart shows, read back from its drawing: pixels of labels, lines and boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from tests.browser.visit import until

from rerack.base.checks import FloatArray

if TYPE_CHECKING:
    from playwright.sync_api import Page

_READ = """(name) => {
  const place = document.querySelector(`#live [data-figure="${name}"]`);
  const svg = place.querySelector("svg.painted");
  if (!svg) return null;
  const numbers = (one, names) =>
    Object.fromEntries(names.map((n) => [n, Number(one.getAttribute(n))]));
  const label = (text) => {
    const lines = [...text.querySelectorAll("tspan")].filter((t) => t.hasAttribute("y"));
    return { text: text.textContent, size: Number(text.getAttribute("font-size")),
      x: Number(lines[0].getAttribute("x")), ys: lines.map((t) => Number(t.getAttribute("y"))) };
  };
  const axes = [...svg.querySelectorAll("[data-axis]")].map((g) =>
    [g.dataset.axis, [...g.querySelectorAll("text")].map(label)]);
  const traces = [...svg.querySelectorAll("[data-trace]")].map((g) => [Number(g.dataset.trace), {
    lines: [...g.querySelectorAll("path.line")].map((p) => p.getAttribute("d")),
    areas: [...g.querySelectorAll("path.area")].map((p) => p.getAttribute("fill")),
    whiskers: [...g.querySelectorAll("path.whisker")].map((p) => p.getAttribute("d")),
    boxes: [...g.querySelectorAll("rect")].map((r) =>
      ({ ...numbers(r, ["x", "y", "width", "height"]), fill: r.getAttribute("fill") })),
    dots: [...g.querySelectorAll("circle")].map((c) => numbers(c, ["cx", "cy"])),
  }]);
  return { axes: Object.fromEntries(axes), traces: Object.fromEntries(traces),
    rules: [...svg.querySelectorAll("path.rule")].map((p) => p.getAttribute("d")),
    patterns: svg.querySelectorAll("pattern").length,
    texts: [...svg.querySelectorAll("text")].map((t) => t.textContent) };
}"""


@dataclass(frozen=True)
class Axis:
    """A straight line from values to pixels, found from labels alone."""

    kind: str
    names: list[str]
    slope: float
    start: float

    def px(self, values: Any) -> FloatArray:
        """Return the pixels of values of a figure."""
        if self.kind == "category":
            read = [float(self.names.index(_plain(v))) for v in values]
        elif self.kind == "date":
            read = [_moment(v) for v in values]
        else:
            read = [float(v) for v in values]
        found: FloatArray = self.start + self.slope * np.asarray(read, dtype=np.float64)
        return found


def painting(tab: Page, name: str) -> dict[str, Any]:
    """Return what is drawn of a figure, once it is in sight and has been painted."""
    tab.locator(f'#live [data-figure="{name}"]').evaluate("(place) => place.scrollIntoView()")
    found: dict[str, Any] = until(f"{name} is painted", lambda: tab.evaluate(_READ, name))
    return found


def axis(drawn: dict[str, Any], layout: dict[str, Any], name: str, names: list[str]) -> Axis:
    """Return an axis from the labels that stand at it, of which there must be two or more."""
    options = layout[f"{name[0]}axis{name[1:]}"]
    kind = options.get("type", "linear")
    labels = drawn["axes"][name]
    plain = [_plain(n) for n in names]
    told = dict(zip(options.get("ticktext", ()), options.get("tickvals", ()), strict=True))
    values, places = [], []
    for label in labels:
        text = label["text"]
        if told:
            values.append(float({_plain(k): v for k, v in told.items()}[text]))
        elif kind == "category":
            values.append(float(plain.index(text)))
        elif kind == "date":
            values.append(_moment(text))
        else:
            values.append(float(text.replace("−", "-").replace(",", "")))
        # Letters stand 0.35 of their size below the middle of their line.
        places.append(
            label["x"] if name == "x" else float(np.mean(label["ys"])) - 0.35 * label["size"]
        )
    slope, start = np.polyfit(np.asarray(values) - values[0], places, 1)
    return Axis(kind=kind, names=plain, slope=slope, start=start - slope * values[0])


def corners(path: str) -> FloatArray:
    """Return the corners of a path of M, L, H and V, of shape (corner, 2)."""
    at, out = [0.0, 0.0], []
    for letter, rest in re.findall(r"([MLHV])([-\d.,]+)", path):
        numbers = [float(n) for n in rest.split(",")]
        if letter == "H":
            at = [numbers[0], at[1]]
        elif letter == "V":
            at = [at[0], numbers[0]]
        else:
            at = numbers
        out.append(at)
    return np.asarray(out)


def _plain(text: str) -> str:
    """Return a text of a figure as a reader sees it, its lines joined."""
    text = text.replace("<br>", "")
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


def _moment(text: str) -> float:
    """Return a year, or a year and month, as seconds [s]."""
    year, month = (*text.split("-"), "1")[:2]
    return datetime(int(year), int(month), 1, tzinfo=UTC).timestamp()
