"""Security through time: quantiles over scenarios of what attacks cost and who could."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from rerack.base.checks import FloatArray
from rerack.network.world import NetworkSimulation
from rerack.security.attack import ROUTES, attack_cost
from rerack.security.attack_result import AttackPath
from rerack.security.budish import confirmations_against_majority
from rerack.security.majority import MAX_CONFIRMATIONS, majority_double_spend
from rerack.security.routes import Route
from rerack.security.state import Holders
from rerack.security.world_paths import block_reward_usd, holder_shares

Columns = dict[str, list[Any]]

#: Quantiles that curves show, by the name in a column.
_QUANTILES: Final = {"p5": 5.0, "p50": 50.0, "p95": 95.0}
#: Values at stake for which curves give confirmations [USD].
VALUES_USD: Final = (1e6, 1e7, 1e8)


def attack_curve(
    simulation: NetworkSimulation,
    routes: Sequence[Route] = ROUTES,
    *,
    share_frac: float = 0.51,
    within_months: float = 12.0,
    holders: Holders = "region",
    every_months: int = 1,
) -> Columns:
    """Return what a majority costs through time by route: P5, P50, P95 over scenarios.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any world under any outlook.
    routes : sequence of str
        Routes to show.
    share_frac, within_months, holders
        As in `attack_cost`.
    every_months : int
        Months between rows of a route, 1 or more; the last month is always shown.

    Returns
    -------
    dict of str to list
        Columns; one row a route and month. Quantiles are taken column by column: the scenario of
        one month's median is not that of another's.

    Examples
    --------
    >>> from rerack.base import MonthGrid, Streams
    >>> from rerack.markets import BitcoinSpec, MarketSpec, build_outlook
    >>> from rerack.network.world import simulate, world_of
    >>> spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0))
    >>> outlook = build_outlook(spec, MonthGrid.parse("2025-12", 25), Streams(7), paths=20)
    >>> simulation = simulate(world_of("2025-12"), outlook, months=25, seed=7)
    >>> curve = attack_curve(simulation, ["mix"], every_months=12)
    >>> curve["month"], [round(usd / 1e9) for usd in curve["capex_p50_usd"]]
    (['2025-12', '2026-12', '2027-12'], [96, 92, 48])
    """
    shown = _rows(simulation.grid.months, every_months)
    columns: Columns = {}
    for route in routes:
        path = attack_cost(
            simulation,
            route=route,
            share_frac=share_frac,
            within_months=within_months,
            holders=holders,
        )
        part: Columns = {
            "route": [route] * len(shown),
            "month": [simulation.grid.labels[m] for m in shown],
        }
        for name, values in _figures(path):
            part |= _fan(name, values, shown)
        part["holders_taken"] = [round(float(np.median(path.holders_taken[:, m]))) for m in shown]
        for name, column in part.items():
            columns.setdefault(name, []).extend(column)
    return columns


def concentration_curve(
    simulation: NetworkSimulation, *, by: Holders = "region", every_months: int = 1
) -> Columns:
    """Return concentration through time: holders of half, largest share, Herfindahl index.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any world under any outlook.
    by : {"region", "owner"}
        Kind of holder; regions that are no jurisdiction count as unknown.
    every_months : int
        Months between rows.
    """
    shown = _rows(simulation.grid.months, every_months)
    shares = holder_shares(simulation, by)
    held = np.cumsum(-np.sort(-shares, axis=2), axis=2)
    needed = 1.0 + (held <= 0.5).sum(axis=2)
    needed[held[:, :, -1] <= 0.5] = np.nan
    columns: Columns = {"month": [simulation.grid.labels[m] for m in shown]}
    columns["nakamoto_p50"] = [float(np.median(needed[:, m])) for m in shown]
    columns |= _fan("largest_frac", shares.max(axis=2), shown)
    columns |= _fan("herfindahl_frac", (shares**2).sum(axis=2), shown)
    return columns


def protection_curve(
    simulation: NetworkSimulation, *, hashrate_ratio: float = 1.25, every_months: int = 1
) -> Columns:
    """Return block rewards through time, what six confirmations protect, and waits by value.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any world under any outlook.
    hashrate_ratio : float
        Majority attacker's hashrate over the honest.
    every_months : int
        Months between rows.

    Notes
    -----
    Gross flow condition (`value_limits`): V < A t(e) p_block. Confirmations are those of the
    month's median block reward; none where 100,000 do not suffice.
    """
    shown = _rows(simulation.grid.months, every_months)
    reward = block_reward_usd(simulation)
    six = majority_double_spend(6, hashrate_ratio).gross_rewards
    columns: Columns = {"month": [simulation.grid.labels[m] for m in shown]}
    columns |= _fan("block_reward_usd", reward, shown)
    columns |= _fan("six_confirmations_usd", six * reward, shown)
    for value_usd in VALUES_USD:
        columns[f"confirmations_{value_usd / 1e6:g}_musd"] = [
            _wait(value_usd, float(np.median(reward[:, m])), hashrate_ratio) for m in shown
        ]
    return columns


def _wait(value_usd: float, block_usd: float, ratio: float) -> int | None:
    if value_usd > MAX_CONFIRMATIONS * ratio * block_usd:
        return None
    return confirmations_against_majority(value_usd, block_usd, hashrate_ratio=ratio)


def _figures(path: AttackPath) -> Iterable[tuple[str, FloatArray]]:
    yield "reached_frac", path.reached_frac
    yield "capex_usd", path.capex_usd
    yield "running_usd_per_hour", path.power_usd_per_hour + path.rent_usd_per_hour
    yield "acquire_months", path.months_to_acquire


def _fan(name: str, values: FloatArray, shown: Sequence[int]) -> Columns:
    """Return quantile columns: ``capex_usd`` gives ``capex_p5_usd`` and so on."""
    stem, unit = next(
        (name.removesuffix(u), u)
        for u in ("_usd_per_hour", "_usd", "_frac", "_months")
        if name.endswith(u)
    )
    return {
        f"{stem}_{label}{unit}": [float(np.percentile(values[:, m], q)) for m in shown]
        for label, q in _QUANTILES.items()
    }


def _rows(months: int, every: int) -> list[int]:
    return sorted({*range(0, months, max(every, 1)), months - 1})
