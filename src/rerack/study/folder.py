"""A run on disk: named by date and study, complete or marked incomplete."""

from __future__ import annotations

import platform
import re
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rerack.scenario import Scenario
from rerack.study.pipeline import Progress, run_study
from rerack.study.run import Run
from rerack.study.store import (
    create_folder,
    write_aside,
    write_manifest,
    write_tables,
)

#: Packages whose versions a run records, because they can change a figure.
_RECORDED = ("numpy", "numba", "highspy", "duckdb")


def run_to_folder(
    scenario: Scenario,
    parent: Path,
    *,
    threads: int = 2,
    progress: Progress | None = None,
    finish: Callable[[Run], None] | None = None,
    closed_loop: bool = False,
    option_values: bool = False,
) -> Run:
    """Run a study and keep it as a folder under `parent`.

    Parameters
    ----------
    scenario : Scenario
        The study.
    parent : Path
        Folder of runs; made if it is not there.
    threads, progress, closed_loop, option_values
        As for `run_study`.
    finish : callable or None
        Called with the run, its folder set, before the folder is marked complete: the place to
        write a report.

    Returns
    -------
    Run
        With `folder` set. Whatever stops the study leaves the folder marked incomplete.
    """
    created = datetime.now(UTC)
    folder = create_folder(parent, f"{created:%Y-%m-%d}-{_slug(scenario.name)}")
    write_aside(folder / "scenario.yaml", scenario.merged_text.encode())
    run = run_study(
        scenario,
        threads=threads,
        progress=progress,
        closed_loop=closed_loop,
        option_values=option_values,
    )
    run.meta.update(
        {
            "run_id": folder.name,
            "run_path": str(folder),
            "created": created.isoformat(timespec="seconds"),
            "versions": {"python": platform.python_version(), **_versions()},
        }
    )
    listing = write_tables(folder, run.tables)
    kept = Run(meta=run.meta, tables=run.tables, folder=folder)
    if finish is not None:
        finish(kept)
    write_manifest(folder, {"status": "complete", "meta": run.meta, "tables": listing})
    return kept


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "study"


def _versions() -> dict[str, str]:
    return {name: version(name) for name in _RECORDED}
