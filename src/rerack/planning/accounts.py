"""What is kept of a plan's accounts: sums over scenarios, and the worst scenario, to be merged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from rerack.base.checks import FloatArray, IntArray

Key = TypeVar("Key", str, tuple[str, str], tuple[str, str, str])


@dataclass(frozen=True, kw_only=True, eq=False)
class WorstCover:
    """The scenario and month of the lowest DSCR, and what made it.

    Parameters
    ----------
    scenario : int
        Number in the block; in the study once merged.
    month : int
        Month that ends the window.
    dscr : float
        The lowest ratio [-].
    items_usd : dict of str to float
        Sums over the window by line of the DSCR [USD]; debt service is positive.
    path : ndarray
        DSCR of the scenario by month, infinite where not tested, shape (month,).
    statements : dict of (str, str) to ndarray
        That scenario's statements by (statement, line), shape (month,) [USD].
    """

    scenario: int
    month: int
    dscr: float
    items_usd: dict[str, float]
    path: FloatArray
    statements: dict[tuple[str, str], FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class CovenantCount:
    """A covenant's breaches, counted.

    Parameters
    ----------
    name : str
        Which covenant.
    level : float
        Its level.
    breached_count : IntArray
        Scenarios in breach, shape (month,).
    first_month : IntArray
        Month of the first breach, -1 for none, shape (scenario,).
    """

    name: str
    level: float
    breached_count: IntArray
    first_month: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Accounts:
    """A plan's accounts on one block, or all; sums over scenarios, so that they add.

    Parameters
    ----------
    scenarios : int
        Number of scenarios.
    statements_sum_usd : dict of (str, str) to ndarray
        By (statement, line), shape (month,) [USD].
    carried_sum_usd : dict of str to ndarray
        Losses and interest carried forward, by year [USD], shape (year,).
    debt_sum_usd : dict of str to ndarray
        Drawn, interest, interest paid, repaid, balance by instrument, shape (5, month) [USD].
    treasury_sum : dict of str to ndarray
        Sums of a treasury's rows by name, shape (month,); empty where coins are sold as mined and
        cash is paid out.
    covenants : tuple of CovenantCount
        Breaches by month and first breach.
    cover_sum_usd : dict of str to ndarray
        Lines of the DSCR, debt service positive, shape (month,) [USD]; empty without debt.
    worst : WorstCover or None
        None where there is no debt service.
    """

    scenarios: int
    statements_sum_usd: dict[tuple[str, str], FloatArray]
    carried_sum_usd: dict[str, FloatArray]
    debt_sum_usd: dict[str, FloatArray]
    treasury_sum: dict[str, FloatArray]
    covenants: tuple[CovenantCount, ...]
    cover_sum_usd: dict[str, FloatArray]
    worst: WorstCover | None


def merge_accounts(parts: list[Accounts]) -> Accounts:
    """Return the accounts of all blocks together, in block order.

    Parameters
    ----------
    parts : list of Accounts
        One a block; the worst scenario's number becomes that in the study.
    """
    first = parts[0]
    worst: WorstCover | None = None
    begin = 0
    for part in parts:
        found = part.worst
        if found is not None and (worst is None or found.dscr < worst.dscr):
            worst = replace(found, scenario=begin + found.scenario)
        begin += part.scenarios
    return Accounts(
        scenarios=begin,
        statements_sum_usd=added([p.statements_sum_usd for p in parts]),
        carried_sum_usd=added([p.carried_sum_usd for p in parts]),
        debt_sum_usd=added([p.debt_sum_usd for p in parts]),
        treasury_sum=added([p.treasury_sum for p in parts]),
        covenants=tuple(
            CovenantCount(
                name=c.name,
                level=c.level,
                breached_count=np.sum([p.covenants[i].breached_count for p in parts], axis=0),
                first_month=np.concatenate([p.covenants[i].first_month for p in parts]),
            )
            for i, c in enumerate(first.covenants)
        ),
        cover_sum_usd=added([p.cover_sum_usd for p in parts]),
        worst=worst,
    )


def added(parts: list[dict[Key, FloatArray]]) -> dict[Key, FloatArray]:
    """Return sums by key, in block order; a key that a block lacks counts as zero there.

    Parameters
    ----------
    parts : list of dict
        Arrays by key, one dict a block.
    """
    out: dict[Key, FloatArray] = {}
    for part in parts:
        for key, values in part.items():
            out[key] = out[key] + values if key in out else values
    return out
