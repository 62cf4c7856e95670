"""Regret: what each plan falls short of the best one, state by state."""

from __future__ import annotations

import numpy as np

from rerack.study.robustness.stress import Stressed
from rerack.study.store import Table


def regret_table(found: Stressed) -> Table:
    """Return what each plan leaves on the table under each stress, and at worst.

    Parameters
    ----------
    found : Stressed
        Every plan under every stress.

    Returns
    -------
    Table
        One row a plan: mean NPV of the best plan of that stress less this plan's, a column for
        each stress [USD]; ``worst_usd`` its maximum, ``mean_scenario_usd`` the mean over
        scenarios of the regret as expected, had each scenario been known.

    Notes
    -----
    Minimax regret: Savage (1951, doi:10.1080/01621459.1951.10500768). No probabilities are
    attached to stresses; the plan of least worst regret is not for one who knows them.
    """
    mean = found.npv_usd.mean(axis=2)
    regret = mean.max(axis=1, keepdims=True) - mean
    known = (found.npv_usd[0].max(axis=0) - found.npv_usd[0]).mean(axis=1)
    table: Table = {"plan": np.asarray([p.name for p in found.plans])}
    for i, stress in enumerate(found.stresses):
        table[stress.name] = regret[i]
    table["worst_usd"] = regret.max(axis=0)
    table["mean_scenario_usd"] = known
    return table
