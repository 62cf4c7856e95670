"""The page of the HTTP interface names every endpoint; its examples print what they show."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving import serving

from rerack.web import ServeSettings, create_app

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "http.md"
SITE = ROOT / "examples" / "core-scientific.yaml"
RESERVES = ROOT / "examples" / "network" / "reserves-rundown.yaml"
PORTFOLIO = ROOT / "examples" / "portfolio" / "two-companies.yaml"
#: What the page calls the server.
ADDRESS = "http://127.0.0.1:8765"
BLOCK = re.compile(r"```(console|python)\n(.*?)```", re.DOTALL)


def examples() -> list[tuple[str, list[str]]]:
    """Return (script, lines that it must print) in the order of the page."""
    found: list[tuple[str, list[str]]] = []
    for kind, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "python":
            found.append((block, re.findall(r"^# prints (.*)$", block, re.MULTILINE)))
            continue
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line, []))
            else:
                found[-1][1].append(line)
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("examples")
    with serving(SITE, folder / "runs") as address:
        yield address, folder


def test_the_page_names_every_endpoint_and_no_other(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        # Newer versions ask for a successor of httpx that this client works without.
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient
    settings = ServeSettings(
        file=SITE, runs=tmp_path, reserves=RESERVES, portfolio=PORTFOLIO, live_scenarios=8
    )
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        paths = client.get("/api/v1/openapi.json").json()["paths"]
    served = {f"{method.upper()} {path}" for path, ways in paths.items() for method in ways}
    named = set(re.findall(r"^\| `([A-Z]+ /api/v1/[^`]*)`", PAGE.read_text(), re.MULTILINE))
    # Only a file with a plan of kind `policy` has its panel.
    assert named == served | {"GET /api/v1/panels/policy"}


@pytest.mark.slow
@pytest.mark.parametrize("i", range(len(examples())), ids=lambda i: examples()[i][0][:60])
def test_an_example_prints_what_it_shows(i: int, served: tuple[str, Path]) -> None:
    script, shown = examples()[i]
    address, folder = served
    script = script.replace(ADDRESS, address)
    command = [sys.executable, "-c", script]
    if script.startswith("$ "):
        if shutil.which("curl") is None:
            pytest.skip("needs curl")
        command = ["bash", "-c", script[2:]]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for line in shown:
        assert line in done.stdout
