"""A state after some of the network has left for another use: less online, more rigs idle."""

from __future__ import annotations

from dataclasses import replace

from rerack.base.checks import require
from rerack.security.state import NetworkState


def exodus(state: NetworkState, leaving_frac: float) -> NetworkState:
    """Return the state after a share of its hashrate has left and difficulty has followed.

    Parameters
    ----------
    state : NetworkState
        The network before.
    leaving_frac : float
        Share of the hashrate online whose sites turn to another use, 0 or more and below 1.

    Returns
    -------
    NetworkState
        Hashrate less what left, which is now idle; hashprice up in proportion, since the same
        block rewards go to less hashrate; efficiency of idle rigs a mean of both lots.

    Notes
    -----
    Nobody comes in for the higher hashprice and no idle rig is scrapped, so the cost of an attack
    found this way is a lower bound. Rig prices stay: a glut would lower them, a higher hashprice
    raise them. Shares by holder stay too, as if all kinds of holder left alike.

    Examples
    --------
    >>> from rerack.security import december_2025
    >>> left = exodus(december_2025(), 0.5)
    >>> round(left.hashrate_eh_s), round(left.idle_eh_s), round(left.hashprice_usd_per_ph_day, 1)
    (530, 586, 72.6)
    """
    require(
        0.0 <= leaving_frac < 1.0,
        "leaving_frac",
        given=leaving_frac,
        allowed="0 or more and below 1",
        cure="Write 40 % as 0.4; a network without hashrate has no majority to buy.",
    )
    gone = leaving_frac * state.hashrate_eh_s
    idle = state.idle_eh_s + gone
    supply = state.supply
    if idle > 0.0:
        power_mw = (
            state.idle_eh_s * supply.idle_efficiency_j_per_th + gone * state.efficiency_j_per_th
        )
        supply = replace(supply, idle_efficiency_j_per_th=power_mw / idle)
    return replace(
        state,
        hashrate_eh_s=state.hashrate_eh_s - gone,
        idle_eh_s=idle,
        hashprice_usd_per_ph_day=state.hashprice_usd_per_ph_day / (1.0 - leaving_frac),
        supply=supply,
    )
