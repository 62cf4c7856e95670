"""The report on A4: nothing so wide that a browser would shrink every page to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.visit import until

from rerack.report import write_report
from rerack.scenario import load
from rerack.study import run_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
#: What a page holds between its margins at 96 pixels an inch, upright and across [pixels].
UPRIGHT, ACROSS = 687, 1046

_WIDE = """([where, most]) => [...document.querySelectorAll(where)]
  .filter((one) => one.getClientRects().length)
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().width])
  .filter(([, width]) => width > most + 1)"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = run_study(load(ROOT / "examples" / "corsicana.yaml", scenarios=8))
    return write_report(run, tmp_path_factory.mktemp("paper") / "report.html")


def test_every_part_fits_its_page(browser: Browser, report: Path) -> None:
    context = browser.new_context(viewport={"width": UPRIGHT, "height": 1016})
    page = context.new_page()
    page.goto(report.as_uri())
    until("drawn", lambda: page.evaluate("document.documentElement.dataset.charts === 'drawn'"))
    page.emulate_media(media="print")
    # As a browser does before it prints.
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.wait_for_timeout(500)
    upright = "table:not(.across *), figure, dl, .main-svg:not(#js-plotly-tester)"
    assert page.evaluate(_WIDE, [upright, UPRIGHT]) == []
    page.set_viewport_size({"width": ACROSS, "height": 680})
    assert page.locator(".across table").count() == 2
    assert page.evaluate(_WIDE, [".across table", ACROSS]) == []
    context.close()
