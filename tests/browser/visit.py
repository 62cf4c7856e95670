"""A visitor of the dashboard: opens pages, waits until they are whole, notes every complaint."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rerack.web.views import VIEWS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

CHROMIUM = Path("/usr/bin/chromium")
#: No sandbox within a container; nothing that a browser asks for on its own account.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAGES = (*VIEWS, "assumptions", "runs")
#: Longest wait, for a machine that is busy with other tests [s].
PATIENCE_S = 60.0
#: Addresses that never leave the browser.
_INSIDE = ("data", "blob", "about")


class Visit:
    """One browser context, which has no cookies of another's, and its pages.

    Parameters
    ----------
    browser : Browser
        Where it opens.
    served : str
        Address of the dashboard.
    width, height : int
        Size of the screen [pixels].
    scheme : {"light", "dark"}
        What the reader prefers.
    scale : float
        Pixels of a picture to one of the screen.

    Attributes
    ----------
    complaints : list of str
        Errors on the console, of scripts, of the server, and requests to elsewhere.
    requests : list of str
        Every address that was asked for.
    """

    def __init__(
        self,
        browser: Browser,
        served: str,
        *,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        scale: float = 1.0,
    ) -> None:
        self.served = served
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            device_scale_factor=scale,
            reduced_motion="reduce",
            base_url=served,
        )
        self.context.set_default_timeout(PATIENCE_S * 1e3)
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.context.on("console", self._spoken)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def open(self, page: str = "decision", query: str = "") -> Page:
        """Return a new tab with a page of the dashboard, once it is whole."""
        tab = self.context.new_page()
        path = "/" if page == "decision" else f"/{page}"
        tab.goto(f"{path}?{query}" if query else path)
        whole(tab)
        return tab

    def leave(self) -> None:
        """Close every tab."""
        self.context.close()

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith(self.served) and urlsplit(request.url).scheme not in _INSIDE:
            self.complaints.append(f"outside request: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status}: {response.url}")

    def _spoken(self, message: ConsoleMessage) -> None:
        # A refused entry is answered with 422, which chromium notes as a failure to load.
        if message.type in ("error", "warning") and "status of 422" not in message.text:
            self.complaints.append(f"console: {message.text}")


def until(what: str, found: Callable[[], Any]) -> Any:
    """Return what `found` gives once it is true; the page's policy forbids waiting inside it."""
    end = time.monotonic() + PATIENCE_S
    while not (value := found()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {PATIENCE_S:.0f} s")
        time.sleep(0.02)
    return value


def address(tab: Page) -> str:
    """Return the address as the page itself sees it; playwright's own copy lags behind."""
    found: str = tab.evaluate("() => decodeURIComponent(location.href)")
    return found


_WHOLE = """() => document.readyState === "complete"
  && document.documentElement.dataset.state === "ready"
  && document.documentElement.dataset.rules !== "file"
  && !document.querySelector("#content").hasAttribute("aria-busy")
  && document.querySelector("#headline").textContent !== "…"
  && [...document.querySelectorAll("[data-panel]")].every((p) =>
       p.dataset.state && !p.hasAttribute("data-busy"))
  && (!document.querySelector("#list").children.length
      || document.querySelector("#list table, #compared *"))"""


def whole(tab: Page) -> None:
    """Wait until every figure and panel of a page has its answer."""
    until(f"{tab.url} is whole", lambda: tab.evaluate(_WHOLE))


def settled(tab: Page) -> None:
    """Open every fold and bring every chart into sight, until all are drawn."""
    tab.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    for chart in tab.locator("[data-figure]").all():
        name = chart.get_attribute("data-figure")
        until(f"{name} is drawn", lambda chart=chart: chart.evaluate(_DRAWN))
    tab.evaluate("() => scrollTo(0, 0)")


#: Asked anew each time: what is filled above a chart may push it out of sight again.
_DRAWN = """(place) => {
  if (!place.hidden && !place.querySelector("svg")) place.scrollIntoView();
  return place.hidden || place.querySelector("svg") !== null;
}"""
