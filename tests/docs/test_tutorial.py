"""The tutorial's commands, word for word, in an empty folder; each line it shows is printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial" / "first-study.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def steps() -> list[tuple[str, list[str]]]:
    """Return (command, lines that it must print) in order."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(TUTORIAL.read_text()):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip() not in ("", "..."):
                found[-1][1].append(line.strip())
    return found


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> list[subprocess.CompletedProcess[str]]:
    """Run every step in one folder, as a reader would."""
    folder = tmp_path_factory.mktemp("tutorial")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return [
        subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        for command, _ in steps()
    ]


@pytest.mark.parametrize("i", range(len(steps())), ids=lambda i: steps()[i][0][:50])
def test_step(i: int, outcome: list[subprocess.CompletedProcess[str]]) -> None:
    _, shown = steps()[i]
    done = outcome[i]
    code = next((int(s.split()[1]) for s in shown if s.startswith("exit ")), 0)
    printed = done.stdout + done.stderr
    assert done.returncode == code, printed
    for line in shown:
        if not line.startswith("exit "):
            assert line in printed, printed
    assert "Traceback" not in printed
