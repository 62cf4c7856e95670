"""What a reader is told who types something wrong, goes back to the file, or loses the server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.browser.visit import Visit, address, until, whole

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

LOST = "The server does not answer; what is shown is from before."


def lines_of(tab: Page, words: str) -> list[int]:
    """Return on how many lines each date and amount of an element stands."""
    found: list[int] = tab.evaluate(
        f"() => [...document.querySelectorAll('{words} .unbroken')]"
        ".map((one) => one.getClientRects().length)"
    )
    return found


def test_a_date_or_an_amount_is_never_broken(visit: Visit) -> None:
    tab = visit.open("network")
    # Narrow enough to break anything that may be.
    tab.evaluate("() => { document.querySelector('#headline').style.width = '4em'; }")
    headline = tab.locator("#headline").inner_text()
    assert re.search(r"\d{4}-\d\d", headline)
    found = lines_of(tab, "#headline")
    assert len(found) >= 4
    assert set(found) == {1}
    assert headline.isascii()


def test_a_wrong_entry_stays_until_it_is_mended(visit: Visit) -> None:
    tab = visit.open()
    wrong, said = tab.locator("#hashprice_usd_per_ph_day"), "#hashprice_usd_per_ph_day-said"
    wrong.fill("35 USD")
    wrong.press("Enter")
    assert tab.locator(said).inner_text().startswith("Allowed: ")
    # An answer to another lever, and the same with fitted rules, leave it where it is.
    tab.locator('[data-for="power_usd_per_mwh"]').fill("60")
    until("moved", lambda: "power_usd_per_mwh=60" in address(tab))
    whole(tab)
    assert wrong.input_value() == "35 USD"
    assert tab.locator(said).inner_text().startswith("Allowed: ")
    tab.locator("#reset").click()
    until("as in the file", lambda: "power_usd_per_mwh" not in address(tab))
    whole(tab)
    assert tab.locator(said).inner_text() == ""
    assert wrong.input_value() != "35 USD"


def test_a_comma_that_separates_no_thousands_is_not_guessed_at(visit: Visit) -> None:
    tab = visit.open()
    field = tab.locator("#power_usd_per_mwh")
    field.fill("3,5")
    field.press("Enter")
    assert tab.locator("#power_usd_per_mwh-said").inner_text().startswith("Allowed: ")
    assert "power_usd_per_mwh" not in address(tab)


def test_back_to_the_file_takes_edits_out_of_their_fields(visit: Visit) -> None:
    tab = visit.open("assumptions", "set=study.discount_rate%3D11%20%25%2Fyear")
    field = tab.get_by_label("study.discount_rate, 1/year", exact=True)
    assert field.input_value() == "11 %/year"
    tab.locator("#reset").click()
    until("as in the file", lambda: "set=" not in address(tab))
    assert field.input_value() == "9 %/year"


def test_a_lost_server_is_told_and_found_again(visit: Visit) -> None:
    tab = visit.open()
    gone: list[str] = []

    def lose(route: Route) -> None:
        gone.append(route.request.url)
        route.abort()

    tab.route("**/api/v1/**", lose)
    # Each button says so, whether or not anything else asked.
    for button in ("#run", "#save"):
        tab.locator(button).click()
        until("told", lambda: tab.locator("#trouble").inner_text() == LOST)
        tab.evaluate("() => document.querySelector('#trouble').replaceChildren()")
    tab.locator('[data-for="rent_factor"]').fill("1.1")
    until("told", lambda: tab.locator("#trouble").inner_text() == LOST)
    assert tab.locator("#plans tbody tr").count() > 1
    # Nothing else is due that would ask by itself.
    tab.wait_for_timeout(1500)
    asked = len(gone)
    tab.unroute("**/api/v1/**")
    until("found again", lambda: tab.locator("#trouble").inner_text() == "")
    whole(tab)
    assert asked >= 4
    # The browser itself notes what does not arrive.
    visit.complaints[:] = [c for c in visit.complaints if "net::ERR_FAILED" not in c]


def test_the_plans_say_why_means_and_gains_disagree(visit: Visit) -> None:
    tab = visit.open()
    told = tab.evaluate("async () => (await fetch('/api/v1/live/decision')).json()")
    assert tab.locator("#means").inner_text() == told["means"]
    assert tab.locator("#means").is_visible() == bool(told["means"])
