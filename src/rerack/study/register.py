"""The runs kept in a folder: their manifests are the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rerack.base.errors import StoreError
from rerack.study.run import Run
from rerack.study.store import MANIFEST, read_manifest


def list_runs(parent: Path) -> list[dict[str, Any]]:
    """Return one row a run folder under `parent`, oldest first, complete or not."""
    rows = []
    for path in sorted(parent.glob(f"*/{MANIFEST}")):
        folder = path.parent
        try:
            meta = read_manifest(folder)["meta"]
            state = "complete"
        except StoreError:
            meta, state = {}, "incomplete"
        rows.append(
            {
                "run": folder.name,
                "study": meta.get("name", ""),
                "created": meta.get("created", ""),
                "scenarios": meta.get("scenarios", 0),
                "months": meta.get("months", 0),
                "seed": meta.get("seed", 0),
                "answer": meta.get("answer_plan", ""),
                "state": state,
            }
        )
    return sorted(rows, key=lambda r: (str(r["created"]), str(r["run"])))


def open_run(name: str, parent: Path) -> Run:
    """Open a run by folder, by name under `parent`, or the newest for ``latest``."""
    if name == "latest":
        complete = [r for r in list_runs(parent) if r["state"] == "complete"]
        if not complete:
            raise StoreError(f"{parent}: holds no complete run. `rerack run FILE` makes one.")
        return Run.open(parent / str(complete[-1]["run"]))
    given = Path(name)
    return Run.open(given if (given / MANIFEST).is_file() else parent / name)
