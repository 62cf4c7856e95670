"""A dashboard that is served, and Debian's chromium to look at it; skips where either is absent."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.visit import CHROMIUM, FLAGS, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "corsicana.yaml"
#: Scenarios behind live answers: what they find does not matter here, that they agree does.
LIVE_SCENARIOS = 8


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of `rerack serve` in a process of its own."""
    runs = tmp_path_factory.mktemp("served") / "runs"
    command = (sys.executable, "-m", "rerack", "serve", str(SITE), "--port", "0")
    with subprocess.Popen(
        [*command, "--out", str(runs), "--live-scenarios", str(LIVE_SCENARIOS)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "RERACK_TOKEN": "", "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None  # asked for above
        said = process.stdout.readline()
        assert said.startswith("http://127.0.0.1:"), said
        yield said.split("/  ")[0]
        process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; one a module, since its event loop must not outlive the tests that use it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM}: apt-get install chromium")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator[Visit]:
    """A visit of the dashboard on a wide, light screen, which must end without a complaint."""
    visitor = Visit(browser, served)
    yield visitor
    visitor.leave()
    assert visitor.complaints == []
