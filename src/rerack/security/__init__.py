"""What it costs to attack the network, what a wait protects, who could, what a guard pays."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.security.attack import ROUTES, attack_cost, attack_path
    from rerack.security.attack_result import AttackCost, AttackPath
    from rerack.security.budish import (
        ValueLimits,
        block_reward_needed_usd,
        confirmations_against_majority,
        confirmations_against_minority,
        value_limits,
    )
    from rerack.security.curve import attack_curve, concentration_curve, protection_curve
    from rerack.security.facts import pool_months, pool_shares
    from rerack.security.guard import Floor, Guard, floor_share_frac, share_cost_along
    from rerack.security.guard_world import GuardedWorld, guarded_world
    from rerack.security.holders import Concentration, concentration
    from rerack.security.leavers import exodus
    from rerack.security.majority import MajorityRace, majority_double_spend
    from rerack.security.majority_race import SimulatedRaces, simulate_majority
    from rerack.security.presets import december_2025
    from rerack.security.published import PurchaseCheck, breaking_bft
    from rerack.security.reserve import ReserveCost, reserve_cost
    from rerack.security.reserve_states import reserve_examples
    from rerack.security.selfish import selfish_revenue, selfish_threshold_frac
    from rerack.security.state import NetworkState, RigSupply
    from rerack.security.world_paths import network_state, world_paths

#: Public name to the module that holds it; imported on first use, so that a closed form or a table
#: of pools does not load a compiler.
_HOMES = {
    "AttackCost": "attack_result",
    "AttackPath": "attack_result",
    "Concentration": "holders",
    "Floor": "guard",
    "Guard": "guard",
    "GuardedWorld": "guard_world",
    "MajorityRace": "majority",
    "NetworkState": "state",
    "PurchaseCheck": "published",
    "ROUTES": "attack",
    "ReserveCost": "reserve",
    "RigSupply": "state",
    "SimulatedRaces": "majority_race",
    "ValueLimits": "budish",
    "attack_cost": "attack",
    "attack_curve": "curve",
    "attack_path": "attack",
    "block_reward_needed_usd": "budish",
    "breaking_bft": "published",
    "concentration": "holders",
    "concentration_curve": "curve",
    "confirmations_against_majority": "budish",
    "confirmations_against_minority": "budish",
    "december_2025": "presets",
    "exodus": "leavers",
    "floor_share_frac": "guard",
    "guarded_world": "guard_world",
    "majority_double_spend": "majority",
    "network_state": "world_paths",
    "pool_months": "facts",
    "pool_shares": "facts",
    "protection_curve": "curve",
    "reserve_cost": "reserve",
    "reserve_examples": "reserve_states",
    "selfish_revenue": "selfish",
    "selfish_threshold_frac": "selfish",
    "share_cost_along": "guard",
    "simulate_majority": "majority_race",
    "value_limits": "budish",
    "world_paths": "world_paths",
}

__all__ = [
    "ROUTES",
    "AttackCost",
    "AttackPath",
    "Concentration",
    "Floor",
    "Guard",
    "GuardedWorld",
    "MajorityRace",
    "NetworkState",
    "PurchaseCheck",
    "ReserveCost",
    "RigSupply",
    "SimulatedRaces",
    "ValueLimits",
    "attack_cost",
    "attack_curve",
    "attack_path",
    "block_reward_needed_usd",
    "breaking_bft",
    "concentration",
    "concentration_curve",
    "confirmations_against_majority",
    "confirmations_against_minority",
    "december_2025",
    "exodus",
    "floor_share_frac",
    "guarded_world",
    "majority_double_spend",
    "network_state",
    "pool_months",
    "pool_shares",
    "protection_curve",
    "reserve_cost",
    "reserve_examples",
    "selfish_revenue",
    "selfish_threshold_frac",
    "share_cost_along",
    "simulate_majority",
    "value_limits",
    "world_paths",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rerack.security' has no attribute {name!r}")
    return getattr(import_module(f"rerack.security.{_HOMES[name]}"), name)
