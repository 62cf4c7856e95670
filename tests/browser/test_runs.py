"""Runs in full from a browser: a reload in their middle, their report, cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.browser.visit import Visit, until, whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
#: A run that is long enough to be looked at twice.
ORDER = "set=study.scenarios%3D300"


def share(tab: Page) -> float:
    """Return how much of the run is done."""
    found: float = tab.evaluate("() => document.querySelector('#job-share').value")
    return found


def doing(tab: Page) -> str:
    """Return what the page says of the run."""
    return tab.locator("#job-doing").inner_text()


def test_a_run_survives_a_reload_in_its_middle(visit: Visit) -> None:
    tab = visit.open("runs", ORDER)
    tab.locator("#run").click()
    until("under way", lambda: share(tab) > 0)
    seen = share(tab)
    tab.reload()
    whole(tab)
    assert tab.locator("#job").is_visible()
    until("it goes on", lambda: share(tab) > seen or doing(tab).startswith("done"))
    until("done", lambda: doing(tab).startswith("done"))
    until("listed", lambda: tab.locator("#runs tbody tr").count() == 1)
    assert "1 run kept" in tab.locator("#headline").inner_text()
    report = visit.context.new_page()
    report.goto(tab.locator("#job-doing a").get_attribute("href") or "")
    report.locator(".main-svg").first.wait_for()
    assert "300 scenarios" in report.locator("body").inner_text()


def test_a_run_is_cancelled_and_says_so(visit: Visit) -> None:
    tab = visit.open(query=ORDER)
    tab.locator("#run").click()
    until("under way", lambda: share(tab) > 0)
    tab.locator("#job-cancel").click()
    until("cancelled", lambda: doing(tab).startswith("cancelled"))
    assert not tab.locator("#job-cancel").is_visible()


def test_what_a_run_works_out_besides_is_asked_for(visit: Visit) -> None:
    tab = visit.open()
    tab.locator(".besides summary").click()
    tab.get_by_label("months saved too").check()
    with tab.expect_request(lambda sent: sent.method == "POST") as ordered:
        tab.locator("#run").click()
    asked = ordered.value.post_data_json
    assert ordered.value.url.endswith("/api/v1/runs")
    assert (asked["closed_loop"], asked["option_values"]) == (False, True)
    tab.locator("#job-cancel").click()
    until("cancelled", lambda: doing(tab).startswith("cancelled"))


def test_a_panel_says_how_long_it_works_and_is_cancelled(visit: Visit) -> None:
    tab = visit.context.new_page()
    # Never answered, so that the reader's patience ends before the server's work.
    tab.route("**/api/v1/panels/stress*", lambda _route: None)
    tab.goto("/")
    place = tab.locator('[data-panel="stress"]')
    doing = place.locator(".doing")
    until("it works", lambda: doing.inner_text().startswith("Working, "))
    headline = tab.locator("#headline").inner_text()
    place.locator(".cancel").click()
    trouble = place.locator(".trouble")
    until("cancelled", lambda: trouble.inner_text().startswith("Cancelled."))
    assert place.get_attribute("data-busy") is None
    assert not doing.is_visible()
    assert tab.locator("#headline").inner_text() == headline
    # Asked anew it answers.
    tab.unroute("**/api/v1/panels/stress*")
    place.locator("[data-select]").first.select_option(index=1)
    until("an answer", lambda: place.get_attribute("data-state") == "ready")
    assert trouble.inner_text() == ""
