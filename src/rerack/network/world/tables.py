"""A simulation as tables: by year, by region, owner and generation, cost per coin, rigs."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import FloatArray
from rerack.catalog import load
from rerack.network.world.cohort import OWNERS
from rerack.network.world.payback import rig_payback
from rerack.network.world.result import NetworkSimulation

#: Columns by name, arrays of one length.
Columns = dict[str, NDArray[Any]]
Part = Literal["region", "owner", "generation"]

#: Power prices at which rigs are set against each other [USD/MWh].
RIG_POWER_USD_PER_MWH = (30.0, 45.0, 60.0)


def year_months(simulation: NetworkSimulation) -> list[int]:
    """Return the first month, the same month of every year after it, and the last."""
    months = list(range(0, simulation.grid.months, 12))
    last = simulation.grid.months - 1
    return months if months[-1] == last else [*months, last]


def year_table(simulation: NetworkSimulation) -> Columns:
    """Return hashrate, difficulty, hashprice, rigs and conversions once a year.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any simulation.

    Returns
    -------
    dict of str to array, shape (year,)
        Means over scenarios, and P5 and P95 of hashrate and hashprice.
    """
    at = year_months(simulation)

    def mean(name: str) -> FloatArray:
        found: FloatArray = getattr(simulation, name)[:, at].mean(axis=0)
        return found

    out: Columns = {"month": np.array(simulation.grid.labels)[at]}
    for name in ("online_eh_s", "hashprice_usd_per_ph_day"):
        low, high = np.quantile(getattr(simulation, name)[:, at], (0.05, 0.95), axis=0)
        short = name.replace("online", "hashrate")
        out |= {short: mean(name), f"p5_{short}": low, f"p95_{short}": high}
    return out | {
        "difficulty": mean("difficulty"),
        "rig_price_usd_per_th": mean("rig_price_usd_per_th"),
        "efficiency_j_per_th": mean("efficiency_j_per_th"),
        "idle_eh_s": mean("idle_eh_s"),
        "online_mw": mean("online_mw"),
        "converted_mw": mean("converted_mw"),
    }


def part_table(simulation: NetworkSimulation, part: Part) -> Columns:
    """Return who holds how much of the hashrate, once a year.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any simulation.
    part : {"region", "owner", "generation"}
        What to divide by; generations give the age mix.

    Returns
    -------
    dict of str to array, shape (year x part,)
        Mean hashrate, and the mean of each scenario's share.
    """
    names = part_names(simulation, part)
    eh_s = getattr(simulation, f"{part}_eh_s")
    rows = [(m, k) for m in year_months(simulation) for k in range(len(names))]
    share = eh_s / simulation.online_eh_s[:, :, None]
    labels = simulation.grid.labels
    return {
        "month": np.array([labels[m] for m, _ in rows]),
        part: np.array([names[k] for _, k in rows]),
        "hashrate_eh_s": np.array([eh_s[:, m, k].mean() for m, k in rows]),
        "share_frac": np.array([share[:, m, k].mean() for m, k in rows]),
    }


def part_names(simulation: NetworkSimulation, part: Part) -> tuple[str, ...]:
    """Return the names of regions, owners or generations, in the order of their arrays."""
    if part == "owner":
        return OWNERS
    if part == "region":
        return simulation.world.region_names
    return tuple(g.name for g in simulation.world.generations)


def coin_table(simulation: NetworkSimulation) -> Columns:
    """Return what a coin costs in each region, power only, once a year.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any simulation.

    Returns
    -------
    dict of str to array, shape (year x region,)
        Hashrate, share, and mean over scenarios of energy times the region's mean power price
        over the coins mined after pool fee [USD/BTC]; NaN where nothing runs.

    Notes
    -----
    The mean price is that of all sites, weighted by load at the start; where the dearer sites are
    off, those that run pay less. Power only: no rigs, people or depreciation.
    """
    world, labels = simulation.world, simulation.grid.labels
    power = np.array([_mean_power_usd_per_mwh(simulation, r) for r in world.region_names])
    level = (1.0 + world.behaviour.inflation_frac_per_year) ** (
        np.arange(simulation.grid.months) / 12.0
    )
    keep = 1.0 - world.behaviour.pool_fee_frac
    coins = simulation.region_eh_s * 1e3 * simulation.btc_per_ph_day[:, :, None] * keep
    bill = 24.0 * simulation.region_mw * power * level[:, None]
    bill = bill * simulation.power_level_frac[:, None, None]
    runs = coins > 0.0
    cost = np.divide(bill, coins, out=np.zeros_like(coins), where=runs)
    rows = [(m, k) for m in year_months(simulation) for k in range(power.size)]
    share = simulation.region_eh_s / simulation.online_eh_s[:, :, None]
    return {
        "month": np.array([labels[m] for m, _ in rows]),
        "region": np.array([world.region_names[k] for _, k in rows]),
        "hashrate_eh_s": np.array([simulation.region_eh_s[:, m, k].mean() for m, k in rows]),
        "share_frac": np.array([share[:, m, k].mean() for m, k in rows]),
        "power_usd_per_btc": np.array([_mean_where(cost[:, m, k], runs[:, m, k]) for m, k in rows]),
    }


def _mean_where(values: FloatArray, counted: NDArray[np.bool_]) -> float:
    return float(values[counted].mean()) if counted.any() else float("nan")


def _mean_power_usd_per_mwh(simulation: NetworkSimulation, region: str) -> float:
    here = [c for c in simulation.world.cohorts if c.region == region]
    loads = [c.load_mw for c in here]
    if sum(loads) <= 0.0:
        loads = [1.0] * len(here)
    total = sum(p.power_usd_per_mwh * mw for p, mw in zip(here, loads, strict=True))
    return total / sum(loads) if here else float("nan")


def rig_table(simulation: NetworkSimulation) -> Columns:
    """Return the payback of every rig that the catalogue has a price for, by power price.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any simulation; its length is the longest payback that can be seen.

    Returns
    -------
    dict of str to array, shape (rig x power price,)
        Cost with its place [USD/TH]; naive payback at the first month's margin; quarter, median
        and three quarters of scenarios [months], inf where not paid back by then; share that pays
        back at all.

    Notes
    -----
    The price is the latest of 2025 or later in table ``rig_prices``, whichever its basis: dates
    differ, and so do asking prices and indices.
    """
    rows = [(model, *terms, power) for model, terms in _priced_rigs().items()
            for power in RIG_POWER_USD_PER_MWH]  # fmt: skip
    site = simulation.world.behaviour.site_usd_per_mw * 1e-6
    found = []
    for _, efficiency, price, _, power in rows:
        paid = rig_payback(
            simulation,
            efficiency_j_per_th=efficiency,
            power_usd_per_mwh=power,
            price_usd_per_th=price + site * efficiency,
        )
        # Whole scenarios, since between a number and never there is no number.
        quarters = np.quantile(paid.months, (0.25, 0.5, 0.75), method="higher")
        found.append((float(paid.naive_months.mean()), *quarters, paid.reached_frac))
    columns = np.array(found)
    return {
        "model": np.array([r[0] for r in rows]),
        "efficiency_j_per_th": np.array([r[1] for r in rows]),
        "rig_usd_per_th": np.array([r[2] for r in rows]),
        "price_as_of": np.array([r[3] for r in rows]),
        "site_usd_per_th": np.array([site * r[1] for r in rows]),
        "power_usd_per_mwh": np.array([r[4] for r in rows]),
        "naive_months": columns[:, 0],
        "p25_months": columns[:, 1],
        "median_months": columns[:, 2],
        "p75_months": columns[:, 3],
        "paid_back_frac": columns[:, 4],
    }


def _priced_rigs() -> dict[str, tuple[float, float, str]]:
    """Return efficiency, latest price and its date of each model on sale since 2025."""
    efficiency = {
        r.text("model"): r.number("efficiency_j_per_th")
        for r in load("rigs")
        if r["efficiency_j_per_th"] is not None
    }
    prices = [
        r
        for r in load("rig_prices")
        if r.text("item") in efficiency and r.as_of >= "2025" and r["price_usd_per_th"] is not None
    ]
    latest = {r.text("item"): r for r in sorted(prices, key=lambda r: r.as_of)}
    return {
        item: (efficiency[item], r.number("price_usd_per_th"), r.as_of)
        for item, r in sorted(latest.items(), key=lambda pair: efficiency[pair[0]])
    }
