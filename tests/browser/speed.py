"""What a live chart costs the page, painted and by plotly: ``python -m tests.browser.speed``.

Processor time of the page's main thread from a figure to its layout, both on the same figures in
one run: a ratio that holds on a busy machine too.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright
from tests.browser.visit import CHROMIUM, FLAGS, Visit
from tests.serving import serving

from rerack.web.views import VIEWS

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

SITE = Path("examples/corsicana.yaml")
#: Drawings of each chart, two figures in turn.
ROUNDS = 60
#: Width of a card on a laptop [pixels].
WIDTH_PX = 1064
QUERIES = ("plan=best+staged", "plan=best+staged&bitcoin_usd=120000")
_LOAD = """async () => {
  const { painter } = await import("/assets/paint/paint.js");
  const { plotter } = await import("/assets/plots.js");
  await plotter.prepare();
  window.drawers = { painter, plotter };
}"""
_DRAW = """async ([who, figures, width, rounds]) => {
  const place = Object.assign(document.createElement("div"), { className: "chart" });
  place.style.width = `${width}px`;
  document.body.replaceChildren(place);
  for (let k = 0; k < rounds; k += 1) {
    const { data, layout: { title, meta, ...layout } } = figures[k % 2];
    const figure = { data, layout: { ...layout, margin: { ...layout.margin, t: 24 } } };
    await window.drawers[who].draw(place, figure, width);
    place.getBoundingClientRect();
  }
}"""


def main() -> None:
    """Print the milliseconds of each chart by each of the two."""
    with (
        TemporaryDirectory() as folder,
        serving(SITE, Path(folder) / "runs") as address,
        sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        visitor = Visit(browser, address)
        tab = visitor.open("runs")
        tab.evaluate(_LOAD)
        clock = visitor.context.new_cdp_session(tab)
        clock.send("Performance.enable", {"timeDomain": "threadTicks"})
        sys.stdout.write("chart        painter ms  plotly ms  ratio\n")
        for page in VIEWS:
            answers = [
                visitor.context.request.get(f"/api/v1/live/{page}?{q}").json() for q in QUERIES
            ]
            for name in answers[0]["figures"]:
                figures = [answer["figures"][name] for answer in answers]
                painted, plotted = (_cost(tab, clock, w, figures) for w in ("painter", "plotter"))
                line = f"{name:<12} {painted:10.1f} {plotted:10.1f} {plotted / painted:6.0f}\n"
                sys.stdout.write(line)
        browser.close()


def _cost(tab: Page, clock: CDPSession, who: str, figures: list[Any]) -> float:
    """Return the processor time of one drawing, the first ones left out [ms]."""
    tab.evaluate(_DRAW, [who, figures, WIDTH_PX, 6])
    before = _busy_s(clock)
    tab.evaluate(_DRAW, [who, figures, WIDTH_PX, ROUNDS])
    return 1e3 * (_busy_s(clock) - before) / ROUNDS


def _busy_s(clock: CDPSession) -> float:
    found = clock.send("Performance.getMetrics")["metrics"]
    return float(next(m["value"] for m in found if m["name"] == "TaskDuration"))


if __name__ == "__main__":
    main()
