"""Texts of a file, an address or a run never become part of a page's code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from tests.browser.visit import Visit, until, whole
from tests.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
EVIL = "<img src=x onerror=window.caught=1><script>window.caught=1</script>"


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server whose file says where a value is from with markup."""
    folder = tmp_path_factory.mktemp("evil")
    text = (ROOT / "examples" / "core-scientific.yaml").read_text(encoding="utf-8")
    file = folder / "site.yaml"
    place = "a view: below the discount rate"
    assert place in text
    file.write_text(text.replace(place, EVIL), encoding="utf-8")
    with serving(file, folder / "runs") as address:
        yield address


def caught(tab: Page) -> bool:
    """Return whether anything of a text ran, or became an element."""
    found: bool = tab.evaluate(
        "() => Boolean(window.caught) || document.querySelectorAll('img').length > 0"
    )
    return found


def test_a_source_with_markup_is_shown_as_it_is_written(browser: Browser, evil: str) -> None:
    visitor = Visit(browser, evil)
    tab = visitor.open("assumptions")
    assert EVIL in tab.locator("#rows").inner_text()
    assert not caught(tab)
    assert visitor.complaints == []
    visitor.leave()


def test_an_address_with_markup_runs_nothing(browser: Browser, evil: str) -> None:
    visitor = Visit(browser, evil)
    tab = visitor.context.new_page()
    for name in ("word", "plan", "set", "bitcoin_usd", "month"):
        tab.goto(f"/assumptions?{name}={quote(EVIL)}")
        until("an answer", lambda: tab.evaluate("() => document.documentElement.dataset.state"))
        assert not caught(tab), name
    visitor.leave()


def test_the_policy_stops_code_that_got_in_all_the_same(browser: Browser, evil: str) -> None:
    visitor = Visit(browser, evil)
    tab = visitor.open("runs")
    tab.evaluate(
        """() => {
          const put = (kind, text) => Object.assign(document.createElement(kind), text);
          document.body.append(put("script", { textContent: "window.caught = 1" }));
          document.body.insertAdjacentHTML("beforeend", "<b onclick='window.caught = 1'>x</b>");
          document.body.lastElementChild.click();
        }"""
    )
    whole(tab)
    assert not caught(tab)
    refused = [c for c in visitor.complaints if "Content Security Policy" in c]
    assert len(refused) == 2
    visitor.leave()
