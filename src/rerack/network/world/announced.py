"""Conversions that owners have announced: megawatts that leave on a date, whatever they earn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rerack.base.checks import FloatArray, require, require_between
from rerack.base.timegrid import MonthGrid, parse_month
from rerack.network.world.cohort import OWNERS, Cohort, Owner

if TYPE_CHECKING:
    from rerack.network.world.state import World


@dataclass(frozen=True, kw_only=True)
class Announced:
    """Sites of one region and owner that turn to AI on a date, at any hashprice and rent.

    Parameters
    ----------
    name : str
        Who.
    region : str
        Where.
    owner : {"listed", "private", "hosted", "state"}
        Kind of owner.
    utility_mw : float
        Load that leaves mining [MW at the meter].
    month : str
        First month in which some of it no longer mines, such as ``"2026-07"``.
    over_months : int
        It leaves in equal parts over so many months, 1 to 240.

    Examples
    --------
    >>> Announced(name="A", region="United States", owner="listed", utility_mw=100.0,
    ...           month="2026-07", over_months=4).month
    '2026-07'
    """

    name: str
    region: str
    owner: Owner
    utility_mw: float
    month: str
    over_months: int = 1

    def __post_init__(self) -> None:
        where = f"conversion {self.name}"
        require(
            self.owner in OWNERS,
            f"{where}.owner",
            given=repr(self.owner),
            allowed=", ".join(OWNERS),
        )
        require_between(self.utility_mw, 0.0, 1e7, f"{where}.utility_mw")
        require_between(self.over_months, 1, 240, f"{where}.over_months")
        parse_month(self.month, f"{where}.month")


def check_announced(conversions: Sequence[Announced], cohorts: Sequence[Cohort], date: str) -> None:
    """Refuse what cannot happen: a date that has passed, or more than could convert.

    Parameters
    ----------
    conversions : sequence of Announced
        Of one world.
    cohorts : sequence of Cohort
        Its cohorts.
    date : str
        Its month.

    Raises
    ------
    InputError
        A month that is not after `date`; more MW of a region and owner than its cohorts have
        convertible, rigs that are on their way included.
    """
    wanted: dict[tuple[str, str], float] = {}
    for one in conversions:
        where = f"conversion {one.name}"
        later = parse_month(one.month, where) > parse_month(date, where)
        require(later, f"{where}.month", given=one.month, allowed=f"a month after {date}")
        kind = (one.region, one.owner)
        wanted[kind] = wanted.get(kind, 0.0) + one.utility_mw
        most = sum(_convertible_mw(c) for c in cohorts if (c.region, c.owner) == kind)
        require(
            wanted[kind] <= most * (1.0 + 1e-9),
            f"{where}.utility_mw",
            given=f"{wanted[kind]:,.0f} MW in all from {one.owner} miners in {one.region}",
            allowed=f"at most {most:,.0f} MW, what they could convert",
            cure="Raise their convertible share, or announce less.",
        )


def _convertible_mw(cohort: Cohort) -> float:
    rigs_eh_s = cohort.installed_eh_s + cohort.arriving_eh_s
    return rigs_eh_s * cohort.efficiency_j_per_th * cohort.convertible_frac


def convertible_mw(world: World) -> float:
    """Return the load of all sites that could turn to AI, rigs on their way included [MW]."""
    return sum(_convertible_mw(c) for c in world.cohorts)


def kinds_of(world: World) -> tuple[tuple[str, str], ...]:
    """Return the pairs of region and owner that have announced something, in order."""
    return tuple(dict.fromkeys((a.region, a.owner) for a in world.conversions))


def members(world: World, *, alike: bool) -> FloatArray:
    """Return which cohorts each group of leavers draws on.

    Parameters
    ----------
    world : World
        Any world.
    alike : bool
        Whether a last group of all cohorts is added, for leavers that a study decides on.

    Returns
    -------
    array, shape (group, cohort)
        1 where the cohort belongs to the group, else 0.
    """
    rows = [[(c.region, c.owner) == kind for c in world.cohorts] for kind in kinds_of(world)]
    rows += [[True] * len(world.cohorts)] if alike else []
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(world.cohorts))


def departures_mw(world: World, grid: MonthGrid, paths: int, alike_mw: FloatArray) -> FloatArray:
    """Return what leaves at the end of each month.

    Parameters
    ----------
    world : World
        Its announced conversions.
    grid : MonthGrid
        Months.
    paths : int
        Scenarios.
    alike_mw : array, shape (scenario, month) or (0, 0)
        What a study decides on leaves as the last group; an empty array means none.

    Returns
    -------
    array, shape (scenario, month, group)
        [MW]; a site that no longer mines in a month leaves at the end of the month before.
    """
    kinds = kinds_of(world)
    fixed = np.zeros((grid.months, len(kinds)))
    for one in world.conversions:
        first = grid.index_of(one.month) - 1
        for m in range(max(first, 0), min(first + one.over_months, grid.months)):
            fixed[m, kinds.index((one.region, one.owner))] += one.utility_mw / one.over_months
    every = np.repeat(fixed[None], paths, axis=0)
    if alike_mw.size:
        every = np.concatenate([every, alike_mw[:, :, None]], axis=2)
    return np.ascontiguousarray(every)
