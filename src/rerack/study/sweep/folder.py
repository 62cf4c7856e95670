"""A sweep on disk: begun, resumed, read while it runs."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rerack.base.errors import InputError, Problem, ScenarioError, StoreError
from rerack.scenario import Scenario, load
from rerack.study.cluster import Cluster
from rerack.study.cluster_blocks import SentStudy
from rerack.study.executor import map_threads
from rerack.study.folder import run_slug
from rerack.study.order import make_order, ordered_scenario, read_order, write_order
from rerack.study.plan_power import valued_power
from rerack.study.run_lock import lock_owner, working_on
from rerack.study.store import (
    Table,
    create_folder,
    read_any_manifest,
    write_aside,
    write_manifest,
    write_tables,
)
from rerack.study.sweep.axes import SweepAxis, combinations
from rerack.study.sweep.evaluate import SweepStudy, evaluate_study
from rerack.study.sweep.results import SweepResults
from rerack.study.work import Progress

AXES = "sweep.json"


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """A sweep, whole or partial.

    Parameters
    ----------
    folder : Path
        Where it is kept.
    axes : tuple of SweepAxis
        Inputs varied.
    studies, done : int
        Combinations, and those that are finished.
    state : str
        ``complete``, ``running`` or ``incomplete``.
    table : Table
        A row a plan of each finished study.
    messages : tuple of str
        Lines that are not whole.
    """

    folder: Path
    axes: tuple[SweepAxis, ...]
    studies: int
    done: int
    state: str
    table: Table
    messages: tuple[str, ...]


def check_axes(scenario: Scenario, axes: tuple[SweepAxis, ...], overrides: tuple[str, ...]) -> None:
    """Raise everything that is wrong with any value of any axis, before anything runs.

    Parameters
    ----------
    scenario : Scenario
        The study that is varied.
    axes : tuple of SweepAxis
        Inputs varied; each value is tried alone, on top of `overrides`.
    overrides : tuple of str
        Of the study itself.
    """
    problems: list[Problem] = []
    for axis in axes:
        for override in axis.overrides():
            try:
                valued_power(load(scenario.path, overrides=(*overrides, override)))
            except InputError as error:
                problems.extend(_of_axis(problem, axis.key) for problem in error.problems)
    if problems:
        # A key that is wrong is wrong with every value: said once.
        said = {(p.where, p.given): p for p in reversed(problems)}
        raise ScenarioError(*reversed(said.values()))


def _of_axis(problem: Problem, key: str) -> Problem:
    """Let a problem of one value name the option that it came from."""
    if not problem.where.startswith(f"--set {key}"):
        return problem
    return replace(problem, where=f"--vary {problem.where.removeprefix('--set ')}")


def seconds_of_one(scenario: Scenario, axes: tuple[SweepAxis, ...]) -> float:
    """Return the seconds that one study of a sweep takes here, measured on the second of two."""
    sent = SentStudy.of(scenario)
    first, *_, last = combinations(axes) * 2
    took = 0.0
    for values in (first, last):
        began = time.perf_counter()
        evaluate_study(sent, _study(0, axes, values))
        took = time.perf_counter() - began
    return took


def run_sweep(
    scenario: Scenario,
    axes: tuple[SweepAxis, ...],
    parent: Path,
    *,
    threads: int = 2,
    cluster: Cluster | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Run a study for every combination and keep the results in a folder under `parent`.

    Parameters
    ----------
    scenario : Scenario
        The study that is varied; its seed serves all: common random numbers.
    axes : tuple of SweepAxis
        Inputs varied.
    parent : Path
        Folder of sweeps.
    threads : int
        Threads, where there is no cluster. Results do not depend on it.
    cluster : Cluster or None
        Where the studies run instead.
    progress : callable or None
        Called with (share done, what is being done).
    """
    created = datetime.now(UTC)
    folder = create_folder(parent, f"{created:%Y-%m-%d}-{run_slug(scenario.name)}")
    with working_on(folder):
        text = created.isoformat(timespec="seconds")
        order = make_order(scenario, created=text, closed_loop=False, option_values=False)
        SweepResults(folder=folder, keys=tuple(a.key for a in axes)).begin()
        _write_axes(folder, axes)
        write_order(folder, scenario, order)
        _go_on(folder, scenario, axes, threads, cluster, progress)
    return open_sweep(folder)


def resume_sweep(
    folder: Path,
    *,
    threads: int = 2,
    cluster: Cluster | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Finish a sweep that was stopped; parameters as for `run_sweep`."""
    if read_any_manifest(folder).get("status") != "complete":
        with working_on(folder):
            scenario = ordered_scenario(folder, read_order(folder))
            _go_on(folder, scenario, _read_axes(folder), threads, cluster, progress)
    return open_sweep(folder)


def open_sweep(folder: Path) -> Sweep:
    """Return what a sweep has found so far; may be called while it runs."""
    status = read_any_manifest(folder).get("status")
    axes = _read_axes(folder)
    results = SweepResults(folder=folder, keys=tuple(a.key for a in axes))
    rows, messages = results.read()
    running = status != "complete" and lock_owner(folder) is not None
    return Sweep(
        folder=folder,
        axes=axes,
        studies=len(combinations(axes)),
        done=len({row["study"] for row in rows}),
        state="running" if running else str(status),
        table=results.table(rows),
        messages=tuple(messages),
    )


def sweep_folder(name: str, parent: Path) -> Path:
    """Return the folder of a sweep: by folder, by name under `parent`, or the newest."""
    if name == "latest":
        found = sorted(parent.glob(f"*/{AXES}"), key=lambda path: path.stat().st_mtime)
        if not found:
            raise StoreError(f"{parent}: holds no sweep. `rerack sweep FILE --vary ...` makes one.")
        return found[-1].parent
    for folder in (Path(name), parent / name):
        if (folder / AXES).is_file():
            return folder
    kept = ", ".join(path.parent.name for path in sorted(parent.glob(f"*/{AXES}"))[-5:])
    raise StoreError(
        f"{name}: no such sweep; {parent} holds {kept or 'none'}. Name one of its sweeps, or give "
        "--out."
    )


def _go_on(
    folder: Path,
    scenario: Scenario,
    axes: tuple[SweepAxis, ...],
    threads: int,
    cluster: Cluster | None,
    progress: Progress | None,
) -> None:
    results = SweepResults(folder=folder, keys=tuple(a.key for a in axes))
    rows, messages = results.read()
    if messages:
        results.keep(rows)
    finished = {int(row["study"]) for row in rows}
    values = combinations(axes)
    left = [_study(i, axes, v) for i, v in enumerate(values) if i not in finished]
    done = len(values) - len(left)
    tell = progress or (lambda share, what: None)
    for study, found in _evaluated(SentStudy.of(scenario), left, threads, cluster):
        results.append(values[study.number], found)
        done += 1
        tell(done / len(values), f"{done} of {len(values)} studies")
    # Studies come in any order: put into their own, the file is the same whoever worked on it.
    rows = results.in_order(results.read()[0])
    results.keep(rows)
    listing = write_tables(folder, {"results": results.table(rows)})
    write_manifest(folder, {"status": "complete", "meta": {}, "tables": listing})


def _evaluated(
    sent: SentStudy, studies: list[SweepStudy], threads: int, cluster: Cluster | None
) -> Iterator[tuple[SweepStudy, list[dict[str, Any]]]]:
    work: Callable[[SweepStudy], list[dict[str, Any]]] = partial(evaluate_study, sent)
    if cluster is not None:
        yield from cluster.results(work, studies, divide=lambda study: [study])
        return
    yield from zip(studies, map_threads(work, studies, threads=threads), strict=True)


def _study(number: int, axes: tuple[SweepAxis, ...], values: tuple[str, ...]) -> SweepStudy:
    pairs = zip(axes, values, strict=True)
    return SweepStudy(number, tuple(f"{axis.key}={value}" for axis, value in pairs))


def _write_axes(folder: Path, axes: tuple[SweepAxis, ...]) -> None:
    text = json.dumps([[axis.key, list(axis.values)] for axis in axes])
    stored = {"axes": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    write_aside(folder / AXES, json.dumps(stored).encode())


def _read_axes(folder: Path) -> tuple[SweepAxis, ...]:
    path = folder / AXES
    try:
        stored = json.loads(path.read_text())
        whole = hashlib.sha256(stored["axes"].encode()).hexdigest() == stored["sha256"]
        pairs = json.loads(stored["axes"]) if whole else None
    except FileNotFoundError as error:
        raise StoreError(f"{folder}: not a sweep folder (no {AXES}).") from error
    except (ValueError, KeyError, TypeError, AttributeError):
        pairs = None
    if pairs is None:
        raise StoreError(f"{path}: damaged. Run the sweep again.")
    return tuple(SweepAxis(key=key, values=tuple(values)) for key, values in pairs)
