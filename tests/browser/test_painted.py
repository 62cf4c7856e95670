"""Painted charts: what stands in the drawing is what is in the figure, to half a pixel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.browser.compared import bar_ends, check_bars, check_cells, check_line, close
from tests.browser.painted import axis, corners, painting
from tests.browser.visit import Visit, until, whole

from rerack.report.palette import INKS
from rerack.web.views import VIEWS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: A plan that converts halls, so that every chart has something to show.
QUERY = "plan=best+staged"
LIVE = [(page, name) for page, view in VIEWS.items() for name in view.figures]


@dataclass(frozen=True)
class Shown:
    """A page that is open, and the figures that it was given."""

    tab: Page
    visit: Visit
    figures: dict[str, Any]


@pytest.fixture(scope="module")
def pages(browser: Browser, served: str) -> Iterator[dict[str, Shown]]:
    """Open every page with live charts once."""
    visitor, out = Visit(browser, served), {}
    for page in dict.fromkeys(page for page, _ in LIVE):
        tab = visitor.open(page, QUERY)
        answer = visitor.context.request.get(f"/api/v1/live/{page}?{QUERY}").json()
        out[page] = Shown(tab=tab, visit=visitor, figures=answer["figures"])
    yield out
    assert visitor.complaints == []
    visitor.leave()


def names_of(data: list[dict[str, Any]], side: str, axis_name: str) -> list[str]:
    """Return the names on an axis in the order of their first use."""
    found = [v for t in data if t.get(f"{side}axis", side) == axis_name for v in t[side]]
    return list(dict.fromkeys(found)) if found and isinstance(found[0], str) else []


@pytest.mark.parametrize(("page", "name"), LIVE)
def test_what_is_drawn_is_what_the_figure_says(
    pages: dict[str, Shown], page: str, name: str
) -> None:
    shown = pages[page]
    data, layout = shown.figures[name]["data"], shown.figures[name]["layout"]
    assert data
    drawn = painting(shown.tab, name)
    x = axis(drawn, layout, "x", names_of(data, "x", "x"))
    below: Any = 0.0
    piles: dict[Any, float] = {}
    for k, trace in enumerate(data):
        y_name = trace.get("yaxis", "y")
        y = axis(drawn, layout, y_name, names_of(data, "y", y_name))
        part = drawn["traces"][str(k)]
        if trace["type"] == "scatter":
            check_line(trace, part, x, y, below)
            below = below + np.asarray(trace["y"]) if "stackgroup" in trace else 0.0
        elif trace["type"] == "bar":
            check_bars(trace, part, x, y, bar_ends(trace, piles, layout.get("barmode", "")))
        else:
            check_cells(trace, part, x, y)
    for note in layout.get("annotations", ()):
        assert note["text"].replace("<b>", "").replace("</b>", "") in drawn["texts"]
    y = axis(drawn, layout, "y", names_of(data, "y", "y"))
    levels = [corners(rule)[:, 1] for rule in drawn["rules"]]
    close(levels, [y.px([s["y0"], s["y1"]]) for s in layout.get("shapes", ())])
    for title in (layout["xaxis"]["title"]["text"], layout["yaxis"]["title"]["text"]):
        assert title == "" or title in drawn["texts"]


def tip(tab: Page, name: str, x_frac: float, y_px: float) -> str:
    """Return what is told at a place of a chart, which must lie within the chart."""
    place = tab.locator(f'#live [data-figure="{name}"]')
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    tab.mouse.move(box["x"] + x_frac * box["width"], box["y"] + y_px)
    told = place.locator(".tip")
    told.wait_for()
    inside = told.bounding_box()
    assert inside is not None
    assert box["x"] <= inside["x"]
    assert inside["x"] + inside["width"] <= box["x"] + box["width"] + 0.5
    return told.inner_text()


def test_a_pointer_is_told_the_values_under_it(pages: dict[str, Shown]) -> None:
    shown = pages["decision"]
    bar, stack = shown.figures["plan"]["data"][0], shown.figures["uses"]["data"]
    rect = painting(shown.tab, "plan")["traces"]["0"]["boxes"][0]
    width = shown.tab.locator('[data-figure="plan"]').evaluate("(place) => place.clientWidth")
    told = tip(shown.tab, "plan", (rect["x"] + 4) / width, rect["y"] + 2)
    low, high = bar["customdata"][0]
    assert told == f"mean {bar['x'][0]:.3g} bn USD\nP5 {low}, P95 {high}"
    # All uses of one month.
    for share in (0.3, 0.975):
        lines = tip(shown.tab, "uses", share, 60).splitlines()
        month = stack[0]["x"].index(lines[0])
        assert lines[1:] == [f"{t['name']}: {t['y'][month]:,.0f} MW" for t in stack]
    assert lines[0] == stack[0]["x"][-1]
    # A figure that moves takes back what was told of the one before.
    old = tip(shown.tab, "plan", (rect["x"] + 4) / width, rect["y"] + 2)
    assert old == told
    shown.tab.locator('[data-for="bitcoin_usd"]').fill("120000")
    still = shown.tab.locator(f'#live [data-figure="plan"] .tip:visible:has-text("P5 {low}, ")')
    until("taken back", lambda: still.count() == 0)
    shown.tab.locator("#reset").click()
    whole(shown.tab)


def test_a_dark_screen_changes_colours_without_a_drawing(pages: dict[str, Shown]) -> None:
    tab = pages["decision"].tab
    painting(tab, "plan")
    colour = """() => {
      const bar = document.querySelector('[data-figure="plan"] g rect[fill^="var"]');
      bar.dataset.kept = "yes"; return getComputedStyle(bar).fill; }"""
    found = []
    for scheme in ("dark", "light"):
        tab.emulate_media(color_scheme=scheme)
        found.append(tab.evaluate(colour))
    inks = INKS["mining"]
    assert found == [rgb(inks.dark), rgb(inks.light)]
    assert tab.locator('[data-kept="yes"]').count() == 1


def rgb(colour: str) -> str:
    """Return a hex colour as a browser tells it."""
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(colour[1:]))})"


def test_plotly_comes_with_the_first_panel_and_not_before(browser: Browser, served: str) -> None:
    visitor = Visit(browser, served)
    visitor.open("runs")
    assert not [r for r in visitor.requests if "plotly" in r]
    tab = visitor.open("power")
    asked = [r.removeprefix(served).split("?")[0] for r in visitor.requests]
    tab.locator("[data-panel] .chart").first.evaluate("(place) => place.scrollIntoView()")
    until("a panel is drawn", lambda: tab.locator("[data-panel] .js-plotly-plot").count())
    plotly = [k for k, r in enumerate(visitor.requests) if "plotly.js" in r]
    panel = next(k for k, r in enumerate(asked) if r.startswith("/api/v1/panels/"))
    assert len(plotly) == 1
    assert plotly[0] > panel
    assert tab.locator("#live .js-plotly-plot").count() == 0
    assert visitor.complaints == []
    visitor.leave()


#: What the painter must refuse: a change of a good figure, and a part of what it says.
WRONG = {
    'f.data[0].type = "pie"': "data[0].type",
    'f.data[0].line.shape = "spline"': "data[0].line.shape",
    "f.data[0].opacity = 0.5": "data[0].opacity",
    'f.data[0].fill = "tonextx"': "data[0].fill",
    'f.layout.xaxis.type = "log"': "layout.xaxis.type",
    'f.layout.xaxis.tickformat = "%b"': "date format %b",
    'f.layout.yaxis.type = "date"': "yaxis",
    "f.data[0].y[1] = null": "yaxis: null",
    'f.data[0].fillpattern.shape = "+"': "pattern +",
}
#: A name as it is, as figures escape it, and a colour that would end its attribute.
EVIL = "<b id=e>x</b><img src=x onerror=window.caught=1>"
ESCAPED = EVIL.replace("<", "&lt;").replace(">", "&gt;")
COLOUR = '"><img src=x onerror=window.caught=1>'
FORMS = {
    (",.0f", 1234.5): "1,235",
    (".1f", -0.04): "0.0",
    (".1f", -2.55): "−2.5",
    (".3g", 0.98766): "0.988",
    (",.3g", -12.0): "−12.0",
}


def test_what_the_painter_does_not_know_is_an_error(pages: dict[str, Shown]) -> None:
    shown = pages["decision"]
    script = """async ([figure, change]) => {
      const { painter } = await import("/assets/paint/paint.js");
      const f = structuredClone(figure);
      f.data[0].fillpattern.shape = "/";
      if (change) {
        const [path, value] = change.split(" = ");
        const parts = path.split(/[.[\\]]+/).slice(1).filter(Boolean);
        const last = parts.pop();
        parts.reduce((at, part) => at[part], f)[last] = JSON.parse(value);
      }
      try { painter.draw(document.createElement("div"), f, 600); return ""; }
      catch (error) { return error.message; }
    }"""
    assert shown.tab.evaluate(script, [shown.figures["uses"], ""]) == ""
    for change, part in WRONG.items():
        said = shown.tab.evaluate(script, [shown.figures["uses"], change])
        assert part in said, change


def test_markup_in_a_figure_is_text_and_runs_nothing(pages: dict[str, Shown]) -> None:
    script = """async ([figure, evil, escaped, colour]) => {
      const { painter } = await import("/assets/paint/paint.js");
      const f = structuredClone(figure);
      f.data[0].y[0] = evil;
      f.data[0].y[1] = escaped;
      f.data[0].marker.color[0] = colour;
      f.data[0].hovertemplate = "%{y}<extra>%{customdata[0]}</extra>";
      f.data[0].customdata[0][0] = evil;
      f.layout.annotations = f.layout.annotations.slice(2);
      const place = Object.assign(document.createElement("div"), { className: "chart" });
      document.querySelector("#live").prepend(place);
      painter.draw(place, f, 700);
      const bar = place.querySelector("[data-trace] rect").getBoundingClientRect();
      const at = { clientX: bar.x + 2, clientY: bar.y + 2 };
      place.dispatchEvent(new PointerEvent("pointermove", at));
      await new Promise((resolve) => setTimeout(resolve, 100));
      const found = {
        texts: [...place.querySelectorAll("text")].map((t) => t.textContent),
        tip: place.querySelector(".tip").innerText,
        elements: place.querySelectorAll("img, b[id], [onerror]").length,
        ran: Boolean(window.caught),
      };
      place.remove();
      return found;
    }"""
    given = [pages["decision"].figures["plan"], EVIL, ESCAPED, COLOUR]
    found = pages["decision"].tab.evaluate(script, given)
    # Bold is the one mark that a figure may set: the one that is not closed as written is text.
    plain = EVIL.replace("</b>", "")
    assert found["texts"].count(EVIL) + found["texts"].count(plain) == 2
    assert found["tip"] == f"{EVIL}: {plain}"
    assert (found["elements"], found["ran"]) == (0, False)


def test_numbers_are_written_in_the_forms_that_templates_ask_for(pages: dict[str, Shown]) -> None:
    script = """async (cases) => {
      const { formed } = await import("/assets/paint/numberform.js");
      return cases.map(([form, value]) => formed(value, form));
    }"""
    assert pages["decision"].tab.evaluate(script, [list(c) for c in FORMS]) == list(FORMS.values())
