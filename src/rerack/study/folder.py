"""A run on disk: named by date and study, resumable until it is complete."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rerack.base.errors import InputError, StoreError
from rerack.numerics.device import Device
from rerack.scenario import Scenario
from rerack.study.block_store import BlockStore
from rerack.study.device import check_device
from rerack.study.order import (
    Order,
    make_order,
    ordered_scenario,
    read_order,
    surroundings,
    write_order,
)
from rerack.study.pipeline import Work, run_study
from rerack.study.run import Run
from rerack.study.run_lock import working_on
from rerack.study.store import (
    create_folder,
    read_any_manifest,
    write_manifest,
    write_tables,
)
from rerack.study.work import BlockWorkers, Progress, ThreadWorkers, merged_in_folder

#: Called with the run, its folder set, before it is marked complete.
Finish = Callable[[Run], None]


@dataclass(frozen=True, kw_only=True)
class _Job:
    """How a run is worked out; none of it changes a figure."""

    threads: int
    progress: Progress | None
    finish: Finish | None
    workers: BlockWorkers | None
    say: Callable[[str], None]


def run_to_folder(
    scenario: Scenario,
    parent: Path,
    *,
    threads: int = 2,
    progress: Progress | None = None,
    finish: Finish | None = None,
    closed_loop: bool = False,
    option_values: bool = False,
    workers: BlockWorkers | None = None,
    device: Device = "cpu",
) -> Run:
    """Run a study and keep it as a folder under `parent`.

    Parameters
    ----------
    scenario : Scenario
        The study, as loaded from its file: a stopped run is resumed from the text.
    parent : Path
        Folder of runs; made if it is not there.
    threads, progress, closed_loop, option_values, device
        As for `run_study`.
    finish : callable or None
        Called with the run, its folder set, before the folder is marked complete: the place to
        write a report.
    workers : BlockWorkers or None
        Who works out the blocks of scenarios; None for `threads` threads of this process, which a
        GPU needs.

    Returns
    -------
    Run
        With `folder` set. Whatever stops the study leaves the folder marked incomplete, with every
        block that was finished, for `resume_run`.
    """
    check_device(scenario, device)
    _check_workers(device, workers)
    created = datetime.now(UTC)
    folder = create_folder(parent, f"{created:%Y-%m-%d}-{run_slug(scenario.name)}")
    order = make_order(
        scenario,
        created=created.isoformat(timespec="seconds"),
        closed_loop=closed_loop,
        option_values=option_values,
        device=device,
    )
    job = _Job(
        threads=threads, progress=progress, finish=finish, workers=workers, say=lambda _: None
    )
    with working_on(folder):
        write_order(folder, scenario, order)
        return _work(folder, scenario, order, job)


def resume_run(
    folder: Path,
    *,
    threads: int = 2,
    progress: Progress | None = None,
    finish: Finish | None = None,
    workers: BlockWorkers | None = None,
    say: Callable[[str], None] | None = None,
) -> Run:
    """Finish a run that was stopped; its tables are those of one that never was, byte for byte.

    Parameters
    ----------
    folder : Path
        Run folder.
    threads, progress, finish, workers
        As for `run_to_folder`; they need not be those of the first attempt.
    say : callable or None
        Called with a message for each damaged block, which is worked out again.

    Raises
    ------
    StoreError
        Another process works on it; the scenario, a data file or a version has changed, each named;
        or nothing was stored to go on from.
    """
    if read_any_manifest(folder).get("status") == "complete":
        return Run.open(folder)
    job = _Job(
        threads=threads,
        progress=progress,
        finish=finish,
        workers=workers,
        say=say or (lambda _: None),
    )
    with working_on(folder):
        order = read_order(folder)
        _check_workers(order.device, workers)
        scenario = ordered_scenario(folder, order)
        _remove_strays(folder)
        return _work(folder, scenario, order, job)


def _check_workers(device: Device, workers: BlockWorkers | None) -> None:
    if device == "gpu" and not isinstance(workers, ThreadWorkers | None):
        raise InputError.of(
            "device",
            given="gpu, with a cluster",
            allowed="gpu with threads of this process",
            cure="Leave the cluster out, or take cpu.",
        )


def _work(folder: Path, scenario: Scenario, order: Order, job: _Job) -> Run:
    store = BlockStore(folder=folder, scenarios=scenario.scenarios)
    run = run_study(
        scenario,
        threads=job.threads,
        progress=job.progress,
        closed_loop=order.closed_loop,
        option_values=order.option_values,
        work=_kept_work(store, job),
        device=order.device,
    )
    run.meta.update(
        {
            "run_id": folder.name,
            "run_path": str(folder),
            "created": order.created,
            "versions": surroundings(order.device),
        }
    )
    listing = write_tables(folder, run.tables)
    kept = Run(meta=run.meta, tables=run.tables, folder=folder)
    if job.finish is not None:
        job.finish(kept)
    write_manifest(folder, {"status": "complete", "meta": run.meta, "tables": listing})
    store.discard()
    return kept


def _kept_work(store: BlockStore, job: _Job) -> Work:
    workers = job.workers or ThreadWorkers(threads=job.threads)
    return lambda prepared, plans, progress: merged_in_folder(
        prepared, plans, store=store, workers=workers, progress=progress, say=job.say
    )


def _remove_strays(folder: Path) -> None:
    """Remove what a killed process was writing aside; nobody else writes here while we hold it."""
    for stray in (*folder.glob(".*"), *folder.glob("blocks/.*")):
        try:
            stray.unlink()
        except OSError as error:
            raise StoreError(f"{stray}: cannot be removed ({error.strerror}).") from error


def run_slug(name: str) -> str:
    """Return a name as it stands in the name of a folder."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "study"
