"""Memory does not grow with scenarios beyond what is stated, and a budget is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml"
MIB = 2**20
#: As docs/scaling.md states it: bytes kept of each scenario, and what the allocator may add.
KEPT_A_SCENARIO, SLACK = 6_000, 24 * MIB

PEAK = f"""
import sys
from pathlib import Path
from rerack.scenario import load
from rerack.study import run_study, run_to_folder
from rerack.study.memory import peak_bytes
from rerack.study.work import ThreadWorkers
out, scenarios, threads, budget = sys.argv[1:]
scenario = load({str(EXAMPLE)!r}, scenarios=int(scenarios))
if out == "-":
    run_study(scenario, threads=int(threads))
else:
    workers = ThreadWorkers(threads=int(threads), memory_bytes=int(budget) or None)
    run_to_folder(scenario, Path(out), workers=workers)
print(peak_bytes())
"""

GIVEN_BACK = """
import time
import numpy as np
from rerack.study.memory import held_bytes, measured

def work():
    held = np.ones(40 * 2**20 // 8)
    time.sleep(0.1)
    return held.size

before = held_bytes()
size, added = measured(work)
print(size, added, held_bytes() - before)
"""


def peak_of(out: Path | str, scenarios: int, *, threads: int = 2, budget: int = 0) -> int:
    """Run a study of 20 years in a process of its own; return the most memory it held [bytes]."""
    words = [str(out), str(scenarios), str(threads), str(budget)]
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *words], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.slow
def test_memory_grows_by_what_is_kept_of_each_scenario_alone(tmp_path: Path) -> None:
    few, many = peak_of(tmp_path, 1024), peak_of(tmp_path, 4096)
    assert many - few <= 3072 * KEPT_A_SCENARIO + SLACK
    # The same study in memory, where every block is held: the test can tell the difference.
    assert peak_of("-", 4096) - many > SLACK


@pytest.mark.slow
def test_a_budget_is_kept_whatever_the_threads(tmp_path: Path) -> None:
    free = peak_of(tmp_path, 6000, threads=16)
    for budget in (350 * MIB, 450 * MIB):
        assert budget < free
        assert peak_of(tmp_path, 6000, threads=16, budget=budget) <= budget


def test_what_work_adds_is_measured_even_if_it_is_given_back() -> None:
    # In a process of its own: threads of earlier tests may take memory while this one looks.
    done = subprocess.run(
        [sys.executable, "-c", GIVEN_BACK], capture_output=True, text=True, check=True
    )
    size, added, left = (int(word) for word in done.stdout.split())
    assert size == 40 * MIB // 8
    assert 36 * MIB < added < 60 * MIB
    assert left < 20 * MIB
