"""One hall under one plan: when it mines, when it is dark, when it hosts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from rerack.assets import Hall
from rerack.base.checks import FloatArray
from rerack.planning.deal_money import DealMoney
from rerack.planning.decisions import Decisions
from rerack.planning.hosting import NEVER, HostingCash
from rerack.planning.mining import MiningCash
from rerack.planning.world import World

#: What a hall's utility MW do, in the order in which charts stack them.
USES = ("mining", "AI / HPC", "under conversion", "idle")


@dataclass(frozen=True, kw_only=True)
class HallRun:
    """A hall's money per MW and what it does in each month.

    Parameters
    ----------
    mining : MiningCash or None
        If the hall has rigs; to be taken only where `still_mining`.
    hosting : HostingCash or None
        If the plan may convert the hall.
    still_mining : ndarray, shape (scenario, month)
        1 until the rigs are cleared out, then 0.
    use_share_sum : ndarray, shape (use, month)
        Scenarios in each of `USES`; each month sums to the number of scenarios.
    """

    mining: MiningCash | None
    hosting: HostingCash | None
    still_mining: FloatArray
    use_share_sum: FloatArray


def alike(world: World, decisions: Decisions) -> list[list[Hall]]:
    """Return halls in groups of equal rigs, operation and decisions: per MW they are one."""
    groups: dict[tuple[object, ...], list[Hall]] = {}
    for hall in world.site.halls:
        when, what = b"", b""
        if hall.name in decisions.month:
            when = decisions.month[hall.name].tobytes()
            what = decisions.use[hall.name].tobytes()
        key = (world.kind_of_hall[hall.name], when, what)
        groups.setdefault(key, []).append(hall)
    return list(groups.values())


def run_hall(hall: Hall, decisions: Decisions, world: World) -> HallRun:
    """Return what `hall` does and earns per MW under `decisions`.

    Notes
    -----
    Where the date is known from the start, no rigs are bought that could not pay back before it. A
    rule's date is not known in advance: rigs are renewed as if the hall mined on.
    """
    from rerack.planning.halls_kernel import use_months

    scenarios, months = world.shape
    never = np.full(scenarios, NEVER, dtype=np.int64)
    ends, opens = never, never
    parts: list[HostingCash] = []
    for offer, decided in decisions.taken(hall.name):
        use, here = world.offers[offer], decided < NEVER
        part = world.hosting(use, decided)
        planned = decided + use.conversion.lead_months
        late = 0 if part.late_months is None else part.late_months
        opens = np.where(here, planned + late, opens)
        ends = np.where(here, planned - use.conversion.dark_months, ends)
        parts.append(part)
    ends, opens = np.minimum(ends, months), np.minimum(opens, months)
    known_end = int(ends[0]) if decisions.known_at_start else months
    hosting = _together(parts)
    # Rigs that go dark in the first month never mine: there is no month to run them in.
    mines = hall.rigs is not None and known_end > 0
    served = np.zeros((1, 0)) if hosting is None else hosting.served_frac
    still_mining, shares = np.empty((scenarios, months)), np.empty((len(USES), months))
    use_months(ends, opens, served, mines, still_mining, shares)
    return HallRun(
        mining=(
            world.mining(hall.rigs, known_end, hall.name)
            if hall.rigs is not None and mines
            else None
        ),
        hosting=hosting,
        still_mining=still_mining,
        use_share_sum=shares,
    )


def _together(parts: list[HostingCash]) -> HostingCash | None:
    """Add up the money of offers that a hall takes in different scenarios; None for none."""
    if len(parts) < 2:
        return parts[0] if parts else None
    # Each part is zero in scenarios that take another offer, so that every field adds.
    names = [f.name for f in fields(HostingCash) if f.name not in ("late_months", "money")]
    money = DealMoney(
        **{f.name: _added([getattr(p.money, f.name) for p in parts]) for f in fields(DealMoney)}
    )
    cash: dict[str, Any] = {name: _added([getattr(p, name) for p in parts]) for name in names}
    return HostingCash(**cash, money=money)


def _added(values: list[FloatArray | None]) -> FloatArray | None:
    """Return the sum of those that are there, None if none is."""
    there = [v for v in values if v is not None]
    return np.sum(there, axis=0) if there else None
