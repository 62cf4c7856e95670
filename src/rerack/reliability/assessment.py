"""Everything that a contract asks of a topology, in one answer."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.reliability.credits import (
    Credits,
    CreditSchedule,
    ProportionalCredits,
    expected_credits,
)
from rerack.reliability.evaluate import Reliability, evaluate
from rerack.reliability.sla import SlaOutlook, sla_outlook
from rerack.reliability.topology import Topology

#: Cut sets that are listed.
#: Cut sets that are looked for at most, and the share of the unavailability of the least: enough
#: for every pair of a hundred units, which one by one are small and together may be the most.
_CUT_SETS, _LEAST_SHARE_FRAC = 5_000, 1e-5


@dataclass(frozen=True, kw_only=True, eq=False)
class Assessment:
    """What a topology delivers, and what that costs under a contract.

    Parameters
    ----------
    topology : Topology
        What keeps the load running.
    found : Reliability
        Long-run availability, outages, causes and cost.
    outlook : SlaOutlook
        Chances of missing the usual levels in a year, with the outages behind them.
    promised : SlaOutlook or None
        The same for the level that was promised; None if none was.
    credits : Credits or None
        Credits to expect; None if none are agreed.
    """

    topology: Topology
    found: Reliability
    outlook: SlaOutlook
    promised: SlaOutlook | None
    credits: Credits | None


def assess(
    topology: Topology,
    *,
    promised_frac: float | None = None,
    planned_counts: bool = False,
    schedule: CreditSchedule | ProportionalCredits | None = None,
    fee_usd_per_month: float = 0.0,
) -> Assessment:
    """Return what a topology delivers, and what that costs under a contract.

    Parameters
    ----------
    topology : Topology
        What keeps the load running.
    promised_frac : float or None
        Promised availability.
    planned_counts : bool
        Whether planned outages count against the promise.
    schedule : CreditSchedule or ProportionalCredits or None
        Credits, if any are agreed.
    fee_usd_per_month : float
        Monthly fee that credits are a share of [USD/month].

    Raises
    ------
    InputError
        A promise that nothing can keep, such as 100 %.

    Examples
    --------
    >>> from rerack.reliability import preset
    >>> found = assess(preset("tier-3", critical_mw=20.0), promised_frac=0.999)
    >>> round(found.found.minutes_lost_per_year), found.promised.miss_frac.round(3)
    (145, array([0.059]))
    """
    outlook = sla_outlook(topology, planned_counts=planned_counts)
    promised = credit = None
    if promised_frac is not None:
        promised = sla_outlook(
            outlook.profile, levels_frac=[promised_frac], planned_counts=planned_counts
        )
    if schedule is not None:
        credit = expected_credits(outlook.profile, schedule, fee_usd_per_month=fee_usd_per_month)
    return Assessment(
        topology=topology,
        found=evaluate(topology, cut_sets=_CUT_SETS, least_share_frac=_LEAST_SHARE_FRAC),
        outlook=outlook,
        promised=promised,
        credits=credit,
    )
