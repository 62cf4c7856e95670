"""Levers in a browser: figures are those of the Python interface; mistakes are told beside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.browser.painted import axis, corners, painting
from tests.browser.visit import Visit, address, until, whole
from tests.serving import LIVE_SCENARIOS

from rerack.report import answer, check_run, figure
from rerack.report.sheets import plans_sheet
from rerack.scenario import load
from rerack.study.change import CHANGE_LIMITS, Change
from rerack.study.live import LiveStudy
from rerack.study.run import Run

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@pytest.fixture(scope="module")
def study(site: Path) -> LiveStudy:
    return LiveStudy(load(site), scenarios=LIVE_SCENARIOS)


def shown_plans(tab: Page) -> list[list[str]]:
    """Return the first columns of the table of plans as a reader sees them."""
    cells = """() => [...document.querySelectorAll("#plans tbody tr")].map((row) =>
      [...row.cells].slice(0, 4).map((c) => c.firstChild.textContent))"""
    found: list[list[str]] = tab.evaluate(cells)
    return found


def drawn(tab: Page, name: str, made: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the x that a reader finds in a chart: where bars end, or where a line runs."""
    read = painting(tab, name)
    x, part = axis(read, made["layout"], "x", []), read["traces"]["0"]
    ends = [[b["x"], b["x"] + b["width"]] for b in part["boxes"]]
    zero = x.px([0.0])[0]
    at = (
        np.array([max(end, key=lambda e: abs(e - zero)) for end in ends])
        if ends
        else corners(part["lines"][0])[:, 0]
    )
    return (at - x.start) / x.slope


def follows(tab: Page, run: Run, name: str) -> bool:
    """Return whether a chart shows what a run says, to half a pixel."""
    made = figure(check_run(run), name)
    found, wanted = drawn(tab, name, made), np.asarray(made["data"][0]["x"], dtype=np.float64)
    span = np.ptp(wanted) or 1.0
    return len(found) == len(wanted) and bool(np.abs(found - wanted).max() < 2e-3 * span)


def assert_shows(tab: Page, run: Run) -> None:
    """Compare headline, plans and the first figure of the decision page with a run's own."""
    checked = check_run(run)
    headline = answer(run, optimality=False).headline
    until(headline, lambda: tab.locator("#headline").inner_text() == headline)
    rows = [list(row[:4]) for row in plans_sheet(checked, full=True)[0].rows]
    assert shown_plans(tab) == rows
    until("the chart follows", lambda: follows(tab, run, "plan"))


def test_a_slider_moves_every_figure_to_what_python_finds(visit: Visit, study: LiveStudy) -> None:
    tab = visit.open()
    assert_shows(tab, study.answer(Change()))
    before = shown_plans(tab)
    slide = tab.locator('[data-for="power_usd_per_mwh"]')
    slide.fill("60")
    moved = study.answer(Change(power_usd_per_mwh=60.0), refit=True)
    until("another answer", lambda: shown_plans(tab) != before)
    whole(tab)
    assert_shows(tab, moved)
    assert tab.locator("#power_usd_per_mwh").input_value() == "60"
    assert "power_usd_per_mwh=60" in address(tab)
    # At once with the file's rules, which the page says; then with those of a run.
    assert "fitted to these inputs, as a run does" in tab.locator("#basis").inner_text()
    # Another lever leaves it where it is, factors too, and so does opening the address anew.
    tab.locator('[data-for="rent_factor"]').fill("1.1")
    until("moved", lambda: "rent_factor=1.1" in address(tab))
    tab.locator('[data-for="power_usd_per_mwh"]').fill("60.5")
    until("moved", lambda: "power_usd_per_mwh=60.5" in address(tab))
    whole(tab)
    assert tab.locator("#rent_factor").input_value() == "1.1"
    tab.reload()
    whole(tab)
    assert tab.locator("#rent_factor").input_value() == "1.1"
    moved = study.answer(Change(power_usd_per_mwh=60.5, rent_factor=1.1), refit=True)
    # The chart of another page, in the same state.
    tab.locator('[data-page="power"]').click()
    tab.wait_for_url("**/power?*")
    whole(tab)
    until("the chart follows", lambda: follows(tab, moved, "duration"))


def test_a_field_moves_the_slider_and_back_to_the_file(visit: Visit, study: LiveStudy) -> None:
    tab = visit.open()
    field = tab.locator("#bitcoin_usd")
    field.fill("120,000")
    field.press("Enter")
    until("moved", lambda: "bitcoin_usd=120000" in address(tab))
    whole(tab)
    assert_shows(tab, study.answer(Change(bitcoin_usd=120_000.0), refit=True))
    assert float(tab.locator('[data-for="bitcoin_usd"]').input_value()) == pytest.approx(120_000)
    tab.locator("#reset").click()
    until("as in the file", lambda: "bitcoin_usd" not in address(tab))
    whole(tab)
    assert_shows(tab, study.answer(Change()))


def test_a_wrong_entry_is_told_beside_its_field_and_the_answer_stays(visit: Visit) -> None:
    tab = visit.open()
    before = (tab.locator("#headline").inner_text(), shown_plans(tab), address(tab))
    field, said = (tab.locator(f"#hashprice_usd_per_ph_day{end}") for end in ("", "-said"))
    assert field.get_attribute("aria-describedby") == "hashprice_usd_per_ph_day-said"
    low, high = CHANGE_LIMITS["hashprice_usd_per_ph_day"]
    for wrong in ("-5", "1e9", "many", ""):
        field.fill(wrong)
        field.press("Enter")
        assert said.inner_text() == f"Allowed: a number from {low:g} to {high:,.0f}."
        assert field.get_attribute("aria-invalid") == "true"
        assert 0 < top(said) - top(field) < 120
        now = (tab.locator("#headline").inner_text(), shown_plans(tab), address(tab))
        assert now == before
        field.fill("30")
        field.press("Enter")
        until("taken", lambda: "hashprice_usd_per_ph_day=30" in address(tab))
        whole(tab)
        assert said.inner_text() == ""
        tab.locator("#reset").click()
        until("as in the file", lambda: address(tab) == before[2])
        whole(tab)


def top(place: Locator) -> float:
    """Return how far down a page a place begins [pixels]."""
    box = place.bounding_box()
    assert box is not None
    return box["y"]


def test_a_wrong_assumption_is_told_beside_its_field(visit: Visit) -> None:
    tab = visit.open("assumptions")
    field = tab.get_by_label("market.bitcoin.price, USD", exact=True)
    field.fill("91,000 EUR")
    field.press("Enter")
    said = tab.locator(f'[id="{field.get_attribute("aria-describedby")}"]')
    until("refused", lambda: said.inner_text().startswith("Allowed: "))
    assert "set=" not in address(tab)
    field.fill("91,000 USD")
    field.press("Enter")
    until("kept", lambda: "market.bitcoin.price" in address(tab))
    assert said.inner_text() == ""
    assert "1 assumption edited" in tab.locator("#edits").inner_text()


def test_two_tabs_keep_their_own_states(visit: Visit, study: LiveStudy) -> None:
    first, second = visit.open(query="bitcoin_usd=60000"), visit.open(query="rent_factor=1.5")
    for tab, change in (
        (first, Change(bitcoin_usd=60_000.0)),
        (second, Change(rent_factor=1.5)),
    ):
        assert_shows(tab, study.answer(change, refit=True))
    second.locator('[data-for="capex_factor"]').fill("0.8")
    until("moved", lambda: "capex_factor=0.8" in address(second))
    whole(second)
    assert_shows(second, study.answer(Change(rent_factor=1.5, capex_factor=0.8), refit=True))
    assert "capex_factor" not in address(first)
    first.reload()
    whole(first)
    assert_shows(first, study.answer(Change(bitcoin_usd=60_000.0), refit=True))


def test_the_keyboard_alone_reaches_and_moves_everything(visit: Visit) -> None:
    tab = visit.open()
    focused = "() => document.activeElement.textContent || document.activeElement.id"
    tab.keyboard.press("Tab")
    assert tab.evaluate(focused) == "Skip to the answer"
    skip = tab.locator(".skip").bounding_box()
    assert skip is not None
    assert skip["x"] >= 0
    names = []
    for _ in range(9):
        tab.keyboard.press("Tab")
        names.append(tab.evaluate(focused))
    assert names == tab.locator("nav a").all_inner_texts()
    ring = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert tab.evaluate(ring) == "solid"
    tab.locator('[data-for="rent_factor"]').focus()
    before = float(tab.locator('[data-for="rent_factor"]').input_value())
    tab.keyboard.press("ArrowRight")
    until("moved", lambda: "rent_factor=" in address(tab))
    assert float(tab.locator('[data-for="rent_factor"]').input_value()) > before
    whole(tab)
    fold = tab.locator("[data-chart] summary").first
    fold.focus()
    tab.keyboard.press("Enter")
    until("the table is there", tab.locator("[data-chart] details[open] table").first.is_visible)
