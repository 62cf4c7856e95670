"""Whole processes: cold start of the command line, and the main job."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.spec import BenchmarkError, Measurement, Spec

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "corsicana.yaml"
LIMIT_S = 300.0
COMMAND = [sys.executable, "-c", "from rerack.cli.main import main; main()"]


def _timed(command: list[str], folder: str) -> Measurement:
    """Measure one process that must succeed."""
    launcher = [sys.executable, "-S", str(ROOT / "benchmarks" / "child.py"), *command]
    done = subprocess.run(
        launcher, cwd=folder, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    if done.returncode != 0:
        raise BenchmarkError(f"{' '.join(command)} failed:\n{done.stderr}")
    found = json.loads(done.stdout)
    return Measurement(time_s=found["wall_s"], peak_mb=found["peak_mb"])


def _best(command: list[str], repeats: int) -> Measurement:
    """Return the shortest time and the highest memory of several runs in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [_timed(command, folder) for _ in range(repeats)]
    peaks = [run.peak_mb for run in runs if run.peak_mb is not None]
    return Measurement(time_s=min(run.time_s for run in runs), peak_mb=max(peaks))


def run_help(repeats: int) -> Measurement:
    """Time ``rerack --help`` in a fresh interpreter."""
    return _best([*COMMAND, "--help"], repeats)


def peer_bare(repeats: int) -> Measurement:
    """Time an interpreter that does nothing."""
    return _best([sys.executable, "-c", "pass"], repeats)


def run_main_job(repeats: int) -> Measurement:
    """Time ``rerack run`` on the shipped example, report included, in an empty folder."""
    return _best([*COMMAND, "run", str(EXAMPLE)], repeats)


def missing_command() -> str:
    """Say whether the command line is there."""
    there = importlib.util.find_spec("rerack.cli.main") is not None
    return "" if there else "rerack.cli.main is not there"


def missing_job() -> str:
    """Say whether the command line and the example are there."""
    if not EXAMPLE.is_file():
        return "examples/corsicana.yaml is not there"
    return missing_command()


SPECS = (
    Spec(
        name="cold-start",
        work="rerack --help in a fresh process",
        size_unit="repeats",
        sizes=(5,),
        run=run_help,
        target="150 ms",
        peer_name="bare interpreter",
        peer=peer_bare,
        missing=missing_command,
    ),
    Spec(
        name="main-job",
        work="rerack run examples/corsicana.yaml, report included",
        size_unit="repeats",
        sizes=(1,),
        run=run_main_job,
        target="10 s and 1 GB",
        missing=missing_job,
    ),
)
