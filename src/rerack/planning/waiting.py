"""Plans wait for the offers that they mean to sign."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rerack.planning.deal_events import NEVER
from rerack.planning.decisions import Decisions
from rerack.planning.windows import first_open, open_months
from rerack.planning.world import World


def within_windows(decisions: Decisions, world: World) -> Decisions:
    """Return decisions that wait for their offers: each is signed in the first open month.

    Where that leaves no time to open before the horizon, or the offer does not come again, the
    hall keeps mining.
    """
    open_by_offer = [open_months(world.offers[name], world.outlook) for name in decisions.offers]
    if all(may is None for may in open_by_offer):
        return decisions
    month, uses = dict(decisions.month), dict(decisions.use)
    known = decisions.known_at_start
    for hall, use in decisions.use.items():
        for k, may in enumerate(open_by_offer):
            if may is None:
                continue
            offer = world.offers[decisions.offers[k]]
            signed = first_open(decisions.month[hall], may)
            in_time = signed + offer.conversion.lead_months < world.shape[1]
            kept = in_time | (signed == decisions.month[hall])
            month[hall] = np.where(use == k, np.where(kept, signed, NEVER), month[hall])
            known &= offer.window.arrival_frac_per_month is None
        uses[hall] = np.where(month[hall] < NEVER, use, -1)
    return replace(decisions, month=month, use=uses, known_at_start=known)
