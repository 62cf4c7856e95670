"""A dashboard that is served, and Debian's chromium to look at it; skips where either is absent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.visit import CHROMIUM, FLAGS, Visit
from tests.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "corsicana.yaml"


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the file that is served; it has every panel."""
    return SITE


@pytest.fixture(scope="session")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the dashboard and give its address."""
    with serving(site, tmp_path_factory.mktemp("served") / "runs") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start chromium; one a module, since its event loop must not outlive its tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM}: apt-get install chromium")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator[Visit]:
    """Visit the dashboard on a wide, light screen; it must end without a complaint."""
    visitor = Visit(browser, served)
    yield visitor
    visitor.leave()
    assert visitor.complaints == []
