"""What a topology means for an SLA: the chance of missing it in a given year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, frozen_array, require
from rerack.reliability.component import HOURS_PER_YEAR
from rerack.reliability.downtime import exceedance_frac, limited_hours
from rerack.reliability.outages import OutageProfile, outage_profile
from rerack.reliability.topology import Topology

#: Availabilities that contracts promise: three nines, four nines in two steps, five nines.
USUAL_LEVELS = (0.999, 0.9995, 0.9999, 0.99995, 0.99999)


@dataclass(frozen=True, kw_only=True)
class SlaOutlook:
    """Chances of missing an availability in a year.

    Parameters
    ----------
    levels_frac : FloatArray
        Promised availabilities, shape (level,).
    allowed_hours : FloatArray
        Hours a year that each allows [h], shape (level,).
    miss_frac : FloatArray
        Probability that a given year falls short of each, shape (level,).
    profile : OutageProfile
        The outages behind it.
    planned_counts : bool
        Whether planned outages count against the promise.
    """

    levels_frac: FloatArray
    allowed_hours: FloatArray
    miss_frac: FloatArray
    profile: OutageProfile
    planned_counts: bool


def sla_outlook(
    source: Topology | OutageProfile,
    *,
    levels_frac: ArrayLike = USUAL_LEVELS,
    planned_counts: bool = False,
) -> SlaOutlook:
    """Return the chance of missing each availability in a given year.

    Parameters
    ----------
    source : Topology or OutageProfile
        What keeps the load running, or its outages by kind.
    levels_frac : array_like
        Promised availabilities, shape (level,).
    planned_counts : bool
        Whether planned outages count; most contracts leave announced work out.

    Returns
    -------
    SlaOutlook
        Probabilities, exact for the outages of `outage_profile`.

    Raises
    ------
    InputError
        A level that is not between 0 and 1: 100 % cannot be promised by any equipment that fails.

    Notes
    -----
    Minutes lost in a year are a compound Poisson sum (`exceedance_frac`) plus, where they count,
    the planned outages, which come every year.

    A mean within the SLA does not mean that most years are: one outage of ten hours in a century
    is 99.999 % in the mean, and misses it in that year alone.

    Examples
    --------
    >>> from rerack.reliability import Component, Leaf
    >>> feed = Component(name="feed", failure_rate_per_year=0.05, mttr_hours=2.0)
    >>> one = Topology(name="one feed", blocks=Leaf(component=feed), critical_mw=1.0)
    >>> sla_outlook(one, levels_frac=[0.9999, 0.99999]).miss_frac.round(4)
    array([0.0318, 0.0467])
    """
    levels = as_finite(levels_frac, "levels_frac", ndim=1)
    for level in levels.tolist():
        require_level(level, "sla: availability")
    profile = outage_profile(source) if isinstance(source, Topology) else source
    allowed = (1.0 - levels) * HOURS_PER_YEAR
    planned = sum(profile.planned_hours) if planned_counts else 0.0
    within = allowed - planned
    chances = exceed_in(profile, np.maximum(within, 0.0), years=1.0)
    return SlaOutlook(
        levels_frac=frozen_array(levels),
        allowed_hours=frozen_array(allowed),
        miss_frac=frozen_array(np.where(within < 0.0, 1.0, chances)),
        profile=profile,
        planned_counts=planned_counts,
    )


def exceed_in(profile: OutageProfile, thresholds_hours: ArrayLike, *, years: float) -> FloatArray:
    """Return the probability that unplanned outages of `years` exceed totals [h], (threshold,)."""
    often, means = _expected(profile, years)
    return exceedance_frac(often, means, thresholds_hours)


def hours_within(profile: OutageProfile, limits_hours: ArrayLike, *, years: float) -> FloatArray:
    """Return the mean unplanned time down of `years`, limits of it counting [h], (limit,)."""
    often, means = _expected(profile, years)
    return limited_hours(often, means, limits_hours)


def _expected(profile: OutageProfile, years: float) -> tuple[FloatArray, FloatArray]:
    """Return expected outages of `years` and mean length [h] of each kind, shape (kind,)."""
    often = np.array([k.outages_per_year for k in profile.kinds]) * years
    return often, np.array([k.mean_hours for k in profile.kinds])


def require_level(level_frac: float, where: str) -> None:
    """Raise `InputError` unless `level_frac` is an availability that can be promised."""
    require(
        0.0 < level_frac < 1.0,
        where,
        given=f"{100.0 * level_frac:g} %",
        allowed="more than 0 % and less than 100 %",
        cure="Nothing that fails reaches 100 %; 99.999 % are 5.3 minutes a year.",
    )
