"""The runs under a folder: listed with their state, opened by name, found to be resumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rerack.base.errors import StoreError
from rerack.study.block_store import count_blocks
from rerack.study.executor import blocks
from rerack.study.order import read_order
from rerack.study.run import Run
from rerack.study.run_lock import lock_owner
from rerack.study.store import MANIFEST, read_any_manifest

#: What a run is of: a site file, or company files.
SITE, COMPANIES = "site", "companies"


def list_runs(parent: Path, *, kind: str | None = None) -> list[dict[str, Any]]:
    """Return one row a run folder under `parent`, oldest first.

    Parameters
    ----------
    parent : Path
        Folder of runs.
    kind : str or None
        `SITE` or `COMPANIES`; None for all. A run that is not complete counts as of a site.

    Returns
    -------
    list of dict
        `state` is ``complete``, ``running`` (a process that lives works on it), ``incomplete``
        (`blocks` says how many blocks of scenarios are kept; `resume_run` goes on) or ``damaged``.
    """
    found = [_row(path.parent) for path in sorted(parent.glob(f"*/{MANIFEST}"))]
    rows = [row for of, row in found if kind in (None, of)]
    return sorted(rows, key=lambda r: (str(r["created"]), str(r["run"])))


def _row(folder: Path) -> tuple[str, dict[str, Any]]:
    """Return what a run is of, and its row."""
    kept, meta = "", {}
    try:
        manifest = read_any_manifest(folder)
        meta = manifest.get("meta", {})
        state = "complete"
        if manifest.get("status") != "complete":
            state = "running" if lock_owner(folder) is not None else "incomplete"
            meta, kept = _ordered(folder)
    except StoreError:
        state = "damaged"
    return str(meta.get("kind", SITE)), {
        "run": folder.name,
        "study": meta.get("name", ""),
        "created": meta.get("created", ""),
        "scenarios": meta.get("scenarios", 0),
        "months": meta.get("months", 0),
        "seed": meta.get("seed", 0),
        "answer": meta.get("answer_plan", ""),
        "state": state,
        "blocks": kept,
    }


def _ordered(folder: Path) -> tuple[dict[str, Any], str]:
    """Return what an incomplete run was asked to do, and how far it is."""
    try:
        order = read_order(folder)
    except StoreError:
        return {}, "none"
    meta = {
        "name": order.study,
        "created": order.created,
        "scenarios": order.scenarios,
        "months": order.months,
        "seed": order.seed,
    }
    return meta, f"{count_blocks(folder)} of {len(blocks(order.scenarios))}"


def open_run(name: str, parent: Path, *, kind: str | None = SITE) -> Run:
    """Open a run by folder, by name under `parent`, or the newest for ``latest``.

    Parameters
    ----------
    name : str
        Folder, name, or ``latest``.
    parent : Path
        Folder of runs.
    kind : str or None
        `SITE` or `COMPANIES`, what the caller can read; None for either.

    Raises
    ------
    StoreError
        No such run, one that is not complete, or one of another kind.
    """
    if name == "latest":
        complete = [r for r in list_runs(parent, kind=kind) if r["state"] == "complete"]
        if not complete:
            command = "company" if kind == COMPANIES else "run"
            raise StoreError(f"{parent}: holds no complete run. `rerack {command} FILE` makes one.")
        return Run.open(parent / str(complete[-1]["run"]))
    run = Run.open(_folder(name, parent))
    found = run.meta.get("kind", SITE)
    if kind not in (None, found):
        raise StoreError(
            f"{run.folder}: a run of {found}, where a run of {kind} is wanted. `rerack explain` "
            "and `rerack export` read both; `rerack runs` lists them."
        )
    return run


def stopped_run(name: str, parent: Path) -> Path:
    """Return the folder of a run to resume: by folder, by name, or the newest for ``latest``."""
    if name != "latest":
        return _folder(name, parent)
    stopped = [r for r in list_runs(parent) if r["state"] == "incomplete" and r["blocks"] != "none"]
    if not stopped:
        raise StoreError(f"{parent}: holds no run that can be resumed. `rerack runs` lists them.")
    return parent / str(stopped[-1]["run"])


def _folder(name: str, parent: Path) -> Path:
    for folder in (Path(name), parent / name):
        if (folder / MANIFEST).is_file():
            return folder
    place = name if Path(name).is_dir() else str(parent / name)
    raise StoreError(f"{place}: not a run folder (no {MANIFEST}). `rerack runs` lists them.")
