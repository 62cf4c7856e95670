"""The pages of the dashboard and the live figures that each shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rerack.report.figures import figure
from rerack.report.source import check_run
from rerack.study.run import Run


@dataclass(frozen=True, kw_only=True)
class View:
    """One page.

    Parameters
    ----------
    title : str
        In the list of pages.
    question : str
        What the page answers.
    figures : tuple of str
        Live figures in their order, keys of `rerack.report.FIGURES`.
    """

    title: str
    question: str
    figures: tuple[str, ...] = ()


VIEWS: dict[str, View] = {
    "decision": View(
        title="Decision",
        question="What should every megawatt do?",
        figures=("plan", "uses", "npv", "decisions"),
    ),
    "power": View(
        title="Power",
        question="What runs at which price?",
        figures=("duration", "per_kwh"),
    ),
    "network": View(
        title="Network",
        question="What will mining pay?",
        figures=("hashprice",),
    ),
    "finance": View(
        title="Finance",
        question="Does the money come back, and is debt covered?",
        figures=("cashflow", "capex"),
    ),
}


def view_figures(run: Run, view: str, plan: str | None) -> dict[str, Any]:
    """Return the figures of a page by name."""
    checked = check_run(run)
    return {name: figure(checked, name, plan) for name in VIEWS[view].figures}
