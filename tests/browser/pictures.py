"""The pictures in the documentation: ``python -m tests.browser.pictures``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.visit import CHROMIUM, FLAGS, PAGES, Visit, until
from tests.serving import serving

ROOT = Path(__file__).resolve().parents[2]
#: From the root of the repository, so that no path of a machine is in a picture.
SITE = Path("examples/corsicana.yaml")
FOLDER = ROOT / "docs" / "pictures"
#: Screens [pixels]: a desk for every page, a phone in the dark for the first.
WIDTH, HEIGHT = 1280, 900
PHONE = 390
#: The top of a report: answer, plans, first figure.
REPORT_WIDTH, REPORT_HEIGHT = 1165, 1560
#: Pixels of a picture to one of the screen: small files that can still be read.
SCALE = 0.75


def main() -> None:
    """Draw every page into the folder of pictures."""
    with (
        TemporaryDirectory() as folder,
        serving(SITE, Path(folder), scenarios=32) as address,
        sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        desk = Visit(browser, address, width=WIDTH, height=HEIGHT, scale=SCALE)
        for name in PAGES:
            tab = desk.open(name)
            if name == "runs":
                _run(tab)
            _draw(tab, f"dashboard-{name}.png")
        phone = Visit(browser, address, width=PHONE, height=HEIGHT, scheme="dark", scale=SCALE)
        _draw(phone.open(), "dashboard-phone.png")
        _draw_answer(browser)
        browser.close()


def _draw_answer(browser: Browser) -> None:
    """Draw the report of the main job, run where no path of this machine is in it."""
    with TemporaryDirectory() as folder:
        command = (sys.executable, "-m", "rerack", "run", str(ROOT / SITE))
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (report,) = Path(folder).glob("runs/*/report.html")
        tab = browser.new_page(
            viewport={"width": REPORT_WIDTH, "height": REPORT_HEIGHT}, device_scale_factor=SCALE
        )
        tab.goto(report.as_uri())
        tab.wait_for_function("document.querySelector('.js-plotly-plot svg')")
        tab.wait_for_timeout(500)
        tab.screenshot(path=FOLDER / "answer.png")
    sys.stdout.write("docs/pictures/answer.png\n")


def _run(tab: Page) -> None:
    """Make a small run, so that there is one to show."""
    tab.evaluate("() => history.replaceState(null, '', '?set=study.scenarios%3D64')")
    tab.locator("#run").click()
    until("a run", lambda: tab.locator("#runs tbody tr").count() == 1)


def _draw(tab: Page, name: str) -> None:
    until("what is in sight is drawn", lambda: tab.evaluate(_DRAWN))
    tab.wait_for_timeout(500)
    tab.screenshot(path=FOLDER / name)
    sys.stdout.write(f"docs/pictures/{name}\n")


_DRAWN = """() => [...document.querySelectorAll("[data-figure]")].every((place) =>
  place.querySelector("svg") || place.hidden || place.getBoundingClientRect().top > innerHeight)"""


if __name__ == "__main__":
    main()
