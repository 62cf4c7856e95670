"""Every page in a browser: whole, silent, from this server alone, legible to everyone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.visit import PAGES, Visit, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: Rules of WCAG 2.2, levels A and AA.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
#: Narrowest phone and widest desk that the look is made for [pixels].
PHONE, DESK = 390, 1920


@dataclass(frozen=True)
class Opened:
    """A page that is open."""

    name: str
    tab: Page
    visit: Visit


@pytest.fixture(scope="module", params=PAGES)
def opened(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Each page once, whole, in a visit of its own."""
    visitor = Visit(browser, served)
    yield Opened(name=request.param, tab=visitor.open(request.param), visit=visitor)
    visitor.leave()


def broken(tab: Page, rules: Any = WCAG) -> list[str]:
    """Return what axe finds wrong, a line each with the places."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="needs axe-playwright-python"
    )
    found = axe.Axe().run(tab, options={"runOnly": rules, "resultTypes": ["violations"]})
    return [
        f"{rule['id']}: {[node['target'] for node in rule['nodes']]}"
        for rule in found.response["violations"]
    ]


def too_wide(tab: Page, width: int) -> list[str]:
    """Return the elements that make a page of that width scroll sideways."""
    tab.set_viewport_size({"width": width, "height": 900})
    # A chart follows the width in a turn of its own.
    found = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
      [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth)
        .map((one) => one.outerHTML.slice(0, 80))"""
    wide: list[str] = tab.evaluate(found)
    for _ in range(100):
        if not wide:
            break
        tab.wait_for_timeout(50)
        wide = tab.evaluate(found)
    return wide


def test_a_page_renders_silently_and_asks_nobody_else(opened: Opened) -> None:
    tab = opened.tab
    assert tab.locator('[aria-current="page"]').count() == 1
    assert len(tab.locator("#headline").inner_text()) > 20
    assert tab.locator('[data-state="refused"]').count() == 0
    for chart in tab.locator("[data-chart]").all():
        assert chart.locator("h3").inner_text()
        assert chart.locator("p.measure").first.inner_text()
    drawn = tab.locator("[data-figure]:visible svg")
    if opened.name not in ("assumptions", "runs"):
        tab.locator("[data-figure]:visible").first.evaluate("(place) => place.scrollIntoView()")
        drawn.first.wait_for()
    assert opened.visit.complaints == []
    assert all(r.startswith((opened.visit.served, "data:", "blob:")) for r in opened.visit.requests)


def test_a_page_keeps_wcag(opened: Opened) -> None:
    assert broken(opened.tab) == []


def test_the_first_page_keeps_its_contrast_in_the_dark(browser: Browser, served: str) -> None:
    visitor = Visit(browser, served, scheme="dark")
    tab = visitor.open()
    ground = tab.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert ground != "rgb(255, 255, 255)"
    assert broken(tab, CONTRAST) == []
    visitor.leave()


def test_a_page_never_scrolls_sideways_on_a_phone(opened: Opened) -> None:
    assert too_wide(opened.tab, PHONE) == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")])
@pytest.mark.parametrize("page", PAGES)
def test_every_fold_open_every_chart_drawn(
    browser: Browser, served: str, page: str, width: int, scheme: str
) -> None:
    visitor = Visit(browser, served, width=width, scheme=scheme)
    tab = visitor.open(page)
    settled(tab)
    assert broken(tab) == []
    assert too_wide(tab, width) == []
    assert visitor.complaints == []
    visitor.leave()
