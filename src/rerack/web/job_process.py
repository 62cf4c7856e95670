"""The process of one job: reads its order, runs the study, says how far it is, line by line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rerack.base.errors import RerackError
from rerack.report import write_report
from rerack.scenario import load
from rerack.study import Run, run_to_folder


def main() -> None:
    """Do what one line on standard input orders."""
    order = json.loads(sys.stdin.readline())
    try:
        run = _run(order)
        _say({"state": "done", "share_frac": 1.0, "doing": "done", "run": run.meta["run_id"]})
    except RerackError as error:
        _say({"state": "failed", "doing": str(error)})
    except MemoryError:
        _say({"state": "failed", "doing": "out of memory: ask for fewer scenarios"})


def _run(order: dict[str, Any]) -> Run:
    scenario = load(
        order["file"],
        overrides=order["overrides"],
        scenarios=order["scenarios"],
        seed=order["seed"],
    )
    return run_to_folder(
        scenario,
        Path(order["runs"]),
        progress=lambda share, doing: _say(
            {"state": "running", "share_frac": share, "doing": doing}
        ),
        closed_loop=order["closed_loop"],
        option_values=order["option_values"],
        finish=_finish,
    )


def _finish(run: Run) -> None:
    assert run.folder is not None  # run_to_folder sets it before it calls this
    _say({"state": "running", "share_frac": 0.97, "doing": "report", "run": run.folder.name})
    write_report(run, run.folder / "report.html")


def _say(news: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
