"""One study of a sweep: what each plan is worth, and which is the answer."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rerack.base.errors import InputError
from rerack.scenario import Scenario, load
from rerack.study.cluster_blocks import SentStudy
from rerack.study.order import SCENARIO
from rerack.study.pipeline import answer_plan, prepare
from rerack.study.simulate import fit_policies
from rerack.study.tables.plans import plans_table
from rerack.study.work import merged_in_memory

#: Figures of a plan that a sweep keeps, by name of the plans table.
FIGURES = (
    "npv_mean_usd",
    "npv_se_usd",
    "npv_p5_usd",
    "npv_p95_usd",
    "delta_mean_usd",
    "delta_se_usd",
    "p_below_keep_frac",
)


@dataclass(frozen=True)
class SweepStudy:
    """One combination.

    Parameters
    ----------
    number : int
        Its place in the sweep.
    overrides : tuple of str
        ``KEY=VALUE`` of each axis.
    """

    number: int
    overrides: tuple[str, ...]


def evaluate_study(sent: SentStudy, study: SweepStudy) -> list[dict[str, Any]]:
    """Return one row a plan; one row that says why where the combination is refused.

    Parameters
    ----------
    sent : SentStudy
        The study that is varied; its seed serves every combination, so that all see the same draws.
    study : SweepStudy
        What is varied.
    """
    assert sent.scenario  # loading it checks that versions and data files are those of the sweep
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SCENARIO
        path.write_text(sent.text, encoding="utf-8")
        try:
            # Some refusals come only when the study is made ready: power terms, price files.
            return _rows(study, load(path, overrides=study.overrides))
        except InputError as error:
            return [_refused(study, error, path)]


def _rows(study: SweepStudy, scenario: Scenario) -> list[dict[str, Any]]:
    prepared = prepare(scenario)
    merged = merged_in_memory(
        prepared, fit_policies(prepared), threads=1, progress=lambda share, what: None
    )
    plans = plans_table(merged, prepared.scenario)
    answer = answer_plan(plans, prepared.scenario.plans).name
    return [
        {
            "study": study.number,
            "plan": str(name),
            "answer": int(name == answer),
            **{figure: float(plans[figure][i]) for figure in FIGURES},
            "problem": "",
        }
        for i, name in enumerate(plans["plan"])
    ]


def _refused(study: SweepStudy, error: InputError, path: Path) -> dict[str, Any]:
    """Return the row of a refusal; it names the file as the folder of the sweep has it."""
    nothing = dict.fromkeys(FIGURES, float("nan"))
    problem = "; ".join(str(p).splitlines()[0] for p in error.problems)
    said = problem.replace(str(path), path.name)
    return {"study": study.number, "plan": "", "answer": 0, **nothing, "problem": said}
