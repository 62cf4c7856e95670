"""Robustness in words for the terminal."""

from __future__ import annotations

import textwrap

import numpy as np

from rerack.report.format import money, money_unit, number
from rerack.report.tables import Written, lay_out, written
from rerack.study.robustness import Stressed
from rerack.study.store import Table

_WIDTH = 98


def robust_text(
    found: Stressed, regret: Table, sentences: list[str], *, name: str, scenarios: int
) -> str:
    """Return stresses by plan, regret, and break-even answers.

    Parameters
    ----------
    found : Stressed
        Every plan under every stress.
    regret : Table
        From `regret_table`.
    sentences : list of str
        From `break_even_sentences`.
    name : str
        Name of the study.
    scenarios : int
        Scenarios that were run.
    """
    mean = found.npv_usd.mean(axis=2)
    factor, unit = money_unit(float(np.abs(mean).max()))
    best, too_close = found.best, found.too_close
    columns: dict[str, list[str]] = {"stress": [s.name for s in found.stresses]}
    for j, plan in enumerate(found.plans):
        columns[plan.name] = [
            f"{number(mean[i, j] / factor)}"
            f"{' *' if best[i] == j else ' ~' if too_close[i, j] else ''}"
            for i in range(len(found.stresses))
        ]
    table = lay_out(written(columns), width=_WIDTH, indent=2)
    least = int(np.argmin(regret["worst_usd"]))
    lines = [
        f"{name} · {len(found.stresses) - 1} stresses × {len(found.plans)} plans · "
        f"{scenarios:,} scenarios",
        "",
        table,
        f"  mean NPV, {unit}; * the best plan of the row, ~ within two standard errors of it",
        "",
        *_wrapped("regret", _regret(regret, least)),
        *(line for text in sentences for line in _wrapped("rent", text)),
        "",
        *(line for s in found.stresses[1:] for line in _wrapped("", f"{s.name}: {s.what}")),
    ]
    return "\n".join(lines)


def blows_sheet(found: Stressed) -> Written:
    """Return what each stress is, the plan of largest mean NPV, and those too close to tell.

    Parameters
    ----------
    found : Stressed
        Every plan under every stress.
    """
    mean, best = found.npv_usd.mean(axis=2), found.best
    names = np.array([p.name for p in found.plans])
    return written(
        {
            "stress": [s.name for s in found.stresses],
            "what it is": [s.what for s in found.stresses],
            "best plan": [found.plans[j].name for j in best],
            "its mean NPV": [money(float(row[j])) for row, j in zip(mean, best, strict=True)],
            "too close to it to tell": [
                ", ".join(names[close].tolist()) or "none" for close in found.too_close
            ],
        }
    )


def _regret(regret: Table, least: int) -> str:
    plan, worst = str(regret["plan"][least]), float(regret["worst_usd"][least])
    states = [c for c in regret if c not in ("plan", "worst_usd", "mean_scenario_usd")]
    at = max(states, key=lambda s: float(regret[s][least]))
    return (
        f"“{plan}” has the least worst regret, {money(worst)} under “{at}”; with each scenario "
        f"known beforehand it would still fall {money(float(regret['mean_scenario_usd'][least]))} "
        "short in the mean"
    )


def _wrapped(label: str, text: str) -> list[str]:
    lead = "  " + label.ljust(9)
    return textwrap.wrap(
        text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False
    )
