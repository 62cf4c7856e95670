"""The pages of the dashboard, what each asks, and the names of the live figures on each."""

from __future__ import annotations

from dataclasses import dataclass


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
    plan : bool
        Whether the reader chooses a plan.
    """

    title: str
    question: str
    figures: tuple[str, ...] = ()
    plan: bool = False


VIEWS: dict[str, View] = {
    "decision": View(
        title="Decision",
        question="What should every megawatt do?",
        figures=("plan", "uses", "npv", "decisions"),
        plan=True,
    ),
    "power": View(
        title="Power",
        question="What runs at which price?",
        figures=("duration",),
    ),
    "reliability": View(
        title="Reliability",
        question="Does the plant keep what the contract promises?",
    ),
    "network": View(
        title="Network",
        question="What will mining pay?",
        figures=("hashprice",),
    ),
    "security": View(
        title="Security",
        question="What does an attack on the network cost?",
    ),
    "finance": View(
        title="Finance",
        question="Does the money come back, and is debt covered?",
        figures=("cashflow", "capex"),
        plan=True,
    ),
    "deals": View(
        title="Deals",
        question="What do others get for a megawatt?",
    ),
}

#: Pages without live figures of their own.
LISTS: dict[str, View] = {
    "assumptions": View(title="Assumptions", question="What is all this built on?"),
    "runs": View(title="Runs", question="What was computed before?"),
}
