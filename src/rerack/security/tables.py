"""Security figures as columns, for tables, files and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rerack.chain.doublespend import double_spend_probability
from rerack.security.attack import ROUTES, attack_cost
from rerack.security.budish import (
    confirmations_against_majority,
    confirmations_against_minority,
    value_limits,
)
from rerack.security.facts import pool_months, pool_shares
from rerack.security.holders import concentration
from rerack.security.leavers import exodus
from rerack.security.majority import MAX_CONFIRMATIONS, majority_double_spend
from rerack.security.reserve_states import reserve_examples
from rerack.security.routes import Route
from rerack.security.selfish import selfish_revenue
from rerack.security.state import TH_PER_EH, Holders, NetworkState

Columns = dict[str, list[Any]]

#: Confirmations, shares and leavers that tables show.
_CONFIRMATIONS: Final = (1, 2, 3, 6, 12, 30, 144)
_ALPHAS: Final = (0.1, 0.2, 0.25, 0.3, 0.35, 0.4)
#: Longest branch in tables: at 40 % of the hashrate the share errs by some 1e-4.
_TRUNCATION: Final = 60
_VALUES_USD: Final = (1e4, 1e5, 1e6, 1e7, 1e8, 1e9)
_LEAVING: Final = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9)


def route_table(
    state: NetworkState,
    routes: Sequence[Route] = ROUTES,
    *,
    share_frac: float = 0.51,
    within_months: float = 12.0,
    holders: Holders = "region",
) -> Columns:
    """Return the cost of a share of the hashrate, one row a route.

    Parameters
    ----------
    state : NetworkState
        The network.
    routes : sequence of str
        Routes to show.
    share_frac, within_months, holders
        As in `attack_cost`.
    """
    costs = [
        attack_cost(
            state, route=r, share_frac=share_frac, within_months=within_months, holders=holders
        )
        for r in routes
    ]
    names = (
        "route",
        "reached_frac",
        "hashrate_eh_s",
        "capex_usd",
        "power_mw",
        "power_usd_per_hour",
        "rent_usd_per_hour",
        "months_to_acquire",
    )
    columns: Columns = {name: [getattr(cost, name) for cost in costs] for name in names}
    return columns | {"explanation": ["; ".join(cost.explanation) for cost in costs]}


def exodus_table(
    state: NetworkState, *, share_frac: float = 0.51, within_months: float = 12.0
) -> Columns:
    """Return what a majority costs as ever more of the network leaves, its rigs idle.

    Parameters
    ----------
    state : NetworkState
        The network before.
    share_frac, within_months
        As in `attack_cost`.
    """
    rows = []
    for leaving in _LEAVING:
        after = exodus(state, leaving)
        mixed = attack_cost(after, route="mix", share_frac=share_frac, within_months=within_months)
        bought = attack_cost(after, route="buy", share_frac=share_frac, within_months=within_months)
        idle = attack_cost(after, route="idle", share_frac=share_frac)
        rows.append((leaving, after, bought, mixed, idle))
    return {
        "leaving_frac": [row[0] for row in rows],
        "hashrate_eh_s": [row[1].hashrate_eh_s for row in rows],
        "idle_eh_s": [row[1].idle_eh_s for row in rows],
        "buy_capex_usd": [row[2].capex_usd for row in rows],
        "mix_capex_usd": [row[3].capex_usd for row in rows],
        "mix_power_usd_per_hour": [row[3].power_usd_per_hour for row in rows],
        "idle_reached_frac": [row[4].reached_frac for row in rows],
    }


def double_spend_table(state: NetworkState, *, hashrate_ratio: float = 1.25) -> Columns:
    """Return the odds of a minority and the limits of a majority, one row a wait.

    Parameters
    ----------
    state : NetworkState
        The network; a majority's hardware is taken at market price without mark-up.
    hashrate_ratio : float
        Majority attacker's hashrate over the honest.
    """
    attacker_eh_s = hashrate_ratio * state.hashrate_eh_s
    hardware_usd = attacker_eh_s * (
        state.rig_price_usd_per_th * TH_PER_EH
        + state.supply.rig_efficiency_j_per_th * state.supply.site_usd_per_mw
    )
    limits = [
        value_limits(
            e,
            block_reward_usd=state.block_reward_usd,
            hardware_usd=hardware_usd,
            hashrate_ratio=hashrate_ratio,
        )
        for e in _CONFIRMATIONS
    ]
    races = [majority_double_spend(e, hashrate_ratio) for e in _CONFIRMATIONS]
    return {
        "confirmations": list(_CONFIRMATIONS),
        "risk_at_10_frac": [double_spend_probability(0.1, e) for e in _CONFIRMATIONS],
        "risk_at_30_frac": [double_spend_probability(0.3, e) for e in _CONFIRMATIONS],
        "majority_hours": [race.mean_intervals / 6.0 for race in races],
        "gross_flow_usd": [limit.gross_flow_usd for limit in limits],
        "stock_usd": [limit.stock_usd for limit in limits],
    }


def confirmation_table(
    state: NetworkState, *, hashrate_ratio: float = 1.25, tolerated_loss_usd: float = 1_000.0
) -> Columns:
    """Return how long to wait by value at stake: against minorities, and against a majority.

    Parameters
    ----------
    state : NetworkState
        The network: what a block pays.
    hashrate_ratio : float
        Majority attacker's hashrate over the honest.
    tolerated_loss_usd : float
        Expected loss that a merchant accepts from a minority that tries for certain [USD].

    Notes
    -----
    A minority's odds fall with each block, so the wait grows with the logarithm of the value
    (`confirmations_against_minority`); a majority's cost only grows in proportion to it
    (`confirmations_against_majority`, gross). None where 100,000 confirmations do not suffice.
    """
    most_usd = MAX_CONFIRMATIONS * hashrate_ratio * state.block_reward_usd
    waits = [
        confirmations_against_majority(v, state.block_reward_usd, hashrate_ratio=hashrate_ratio)
        if v <= most_usd
        else None
        for v in _VALUES_USD
    ]
    columns: Columns = {"value_usd": list(_VALUES_USD)}
    for q in (0.1, 0.3, 0.45):
        columns[f"against_{100 * q:g}_percent"] = [
            confirmations_against_minority(v, q, tolerated_loss_usd) for v in _VALUES_USD
        ]
    return columns | {
        "against_majority": ["none" if e is None else str(e) for e in waits],
        "majority_hours": [float("nan") if e is None else e / 6.0 for e in waits],
    }


def selfish_table() -> Columns:
    """Return the share of blocks that selfish mining earns, by share of hashrate."""

    def best(gamma: float) -> list[float]:
        return [selfish_revenue(a, gamma, "optimal", truncation=_TRUNCATION) for a in _ALPHAS]

    return {
        "hashrate_frac": list(_ALPHAS),
        "sm1_frac": [selfish_revenue(a, 0.0) for a in _ALPHAS],
        "optimal_frac": best(0.0),
        "sm1_half_frac": [selfish_revenue(a, 0.5) for a in _ALPHAS],
        "optimal_half_frac": best(0.5),
    }


def concentration_table(state: NetworkState) -> Columns:
    """Return concentration by pool, region and owner."""
    kinds: tuple[Holders, ...] = ("pool", "region", "owner")
    found = [concentration(state.shares(kind)) for kind in kinds]
    return {
        "by": list(kinds),
        "nakamoto": ["none" if f.nakamoto is None else str(f.nakamoto) for f in found],
        "largest_frac": [f.largest_frac for f in found],
        "herfindahl_frac": [f.herfindahl_frac for f in found],
        "herfindahl_upper_frac": [f.herfindahl_upper_frac for f in found],
        "known_frac": [f.known_frac for f in found],
        "holders": [", ".join(f.nakamoto_holders) for f in found],
    }


def pool_table() -> Columns:
    """Return concentration of blocks among pools, one row a month that is built in.

    Notes
    -----
    Counted from coinbase tags; who owns a pool's tag may own several, and miners can leave a pool
    within hours.
    """
    months = pool_months()
    found = [concentration(pool_shares(month)) for month in months]
    return {
        "month": list(months),
        "nakamoto": ["none" if f.nakamoto is None else str(f.nakamoto) for f in found],
        "largest_frac": [f.largest_frac for f in found],
        "herfindahl_frac": [f.herfindahl_frac for f in found],
        "herfindahl_upper_frac": [f.herfindahl_upper_frac for f in found],
        "holders": [", ".join(f.nakamoto_holders) for f in found],
    }


def reserve_table(state: NetworkState, *, btc_price_usd: float, floor_frac: float = 0.1) -> Columns:
    """Return the yearly account of states that hold a share of the hashrate.

    Parameters
    ----------
    state : NetworkState
        The network.
    btc_price_usd : float
        Price of a coin [USD].
    floor_frac : float
        Share that each state is asked to hold.
    """
    found = reserve_examples(state, btc_price_usd=btc_price_usd, floor_frac=floor_frac)
    return {
        "state": [e.name for e in found],
        "share_frac": [e.cost.share_frac for e in found],
        "power_mw": [e.cost.power_mw for e in found],
        "power_usd_per_mwh": [e.power_usd_per_mwh for e in found],
        "capex_usd": [e.cost.capex_usd for e in found],
        "net_usd_per_year": [e.cost.net_usd_per_year for e in found],
        "reserve_usd": [e.cost.reserve_usd for e in found],
        "break_even_attack_per_year": [
            float("nan")
            if e.cost.break_even_attack_per_year is None
            else e.cost.break_even_attack_per_year
            for e in found
        ],
        "power_basis": [e.power_basis for e in found],
    }
