"""What states would pay for a share of the hashrate, as columns."""

from __future__ import annotations

from typing import Any

from rerack.security.budish import BLOCKS_PER_YEAR
from rerack.security.guard_world import GuardedWorld
from rerack.security.state import NetworkState


def guard_table(
    found: GuardedWorld, state: NetworkState, *, hold_frac: float
) -> dict[str, list[Any]]:
    """Return each state's floor, and what the share asked for would cost it alone.

    Parameters
    ----------
    found : GuardedWorld
        Floors, all states together.
    state : NetworkState
        The network before any floor.
    hold_frac : float
        Share that each state is asked to hold, the others holding nothing.
    """
    others = hold_frac / (1.0 - hold_frac) * state.hashrate_eh_s
    income = hold_frac * state.block_reward_usd * BLOCKS_PER_YEAR
    floors = found.floors
    net = [f.guard.cost_usd_per_eh_year(state) * others - income for f in floors]
    return {
        "state": [f.guard.name for f in floors],
        "power_usd_per_mwh": [f.guard.power_usd_per_mwh for f in floors],
        "reserve_btc": [f.guard.reserve_btc for f in floors],
        "attack_per_year": [f.guard.attack_per_year for f in floors],
        "worth_usd_per_year": [f.worth_usd_per_year for f in floors],
        "floor_frac": [f.share_frac for f in floors],
        "floor_eh_s": [f.hashrate_eh_s for f in floors],
        "floor_mw": [f.power_mw for f in floors],
        "floor_net_usd_per_year": [f.net_usd_per_year for f in floors],
        "limited": [f.limited for f in floors],
        "hold_frac": [hold_frac] * len(floors),
        "hold_net_usd_per_year": net,
    }
