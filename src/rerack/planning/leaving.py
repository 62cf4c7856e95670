"""How much of a site has left mining, scenario by scenario."""

from __future__ import annotations

import numpy as np

from rerack.assets import AiUse, Site
from rerack.base.checks import FloatArray
from rerack.planning.decisions import Decisions


def left_mining_frac(
    site: Site, decisions: Decisions, offers: dict[str, AiUse], shape: tuple[int, int]
) -> FloatArray:
    """Return the share of a site's mining megawatts that no longer mine.

    Parameters
    ----------
    site : Site
        Halls; those without rigs do not count.
    decisions : Decisions
        When each is decided, and for which offer.
    offers : dict of str to AiUse
        Offers by name.
    shape : tuple of int
        Scenarios and months.

    Returns
    -------
    array, shape (scenario, month)
        0 to 1, never falling from month to month; 0 for a site that does not mine.
    """
    halls = [h for h in site.halls if h.rigs is not None]
    total_mw = sum(h.utility_mw for h in halls)
    left = np.zeros(shape)
    for hall in halls:
        for offer, decided in decisions.taken(hall.name):
            conversion = offers[offer].conversion
            ends = decided + (conversion.lead_months - conversion.dark_months)
            gone = np.arange(shape[1])[None, :] >= ends[:, None]
            left += gone * (hall.utility_mw / total_mw)
    return left
