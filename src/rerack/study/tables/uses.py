"""Tables that set the uses of a megawatt side by side: per kWh, capex, strike prices."""

from __future__ import annotations

import numpy as np

from rerack.assets import AiUse, Lease, Tariff
from rerack.base.checks import FloatArray
from rerack.numerics.quantiles import quantiles
from rerack.planning import LINES, World
from rerack.scenario import Scenario
from rerack.study.merge import Merged
from rerack.study.store import Table

_YEAR_HOURS = 8760.0
#: Lines of mining's margin beside its revenue; those of peaks and services hold AI load too, which
#: a plan that mines on has none of.
_MINING_LINES = (
    "mining power",
    "demand charge",
    "coincident peak",
    "grid services",
    "mining operations",
)
#: Columns of the table ``per_kwh``.
_PER_KWH = (
    "use",
    "basis",
    "revenue_usd_per_kwh",
    "revenue_usd_per_critical_kwh",
    "margin_usd_per_kwh",
    "capex_usd_per_mw_utility",
    "note",
)


def per_kwh_table(merged: Merged, scenario: Scenario, world: World) -> Table:
    """Return revenue and margin per utility kWh of every use, like for like, before capex.

    Mining: mean of the first year, over the energy really drawn. AI: contract terms of the first
    month at full contracted load, over ``critical * 8760 * pue_mean``, so that a load factor below
    one does not flatter the figure. A site whose rigs draw no energy in that year has no row of
    mining.
    """
    mines = float(merged.plans[0].energy_mean_mwh[:, :12].sum()) > 0.0
    rows = [_mining_row(merged, world)] if mines else []
    first_year = min(12, merged.drivers.months_count)
    price = float(merged.drivers.months("power_price_usd_per_mwh", 0, first_year).mean())
    rows += [_offer_row(name, use, price) for name, use in scenario.offers.items()]
    return {key: np.asarray([r[key] for r in rows]) for key in _PER_KWH}


def _mining_row(merged: Merged, world: World) -> dict[str, str | float]:
    keep = merged.plans[0]
    year = keep.line_mean_usd[:, :, :12].sum(axis=(0, 2))
    kwh = float(keep.energy_mean_mwh[:, :12].sum()) * 1e3
    revenue = float(year[LINES.index("mining revenue")])
    costs = sum(float(year[LINES.index(name)]) for name in _MINING_LINES)
    network = world.network
    rig_usd = float(network.rig_price_usd_per_th[:, 0].mean() * 1e6 / network.frontier_j_per_th[0])
    return {
        "use": "mining",
        "basis": "utility",
        "revenue_usd_per_kwh": revenue / kwh,
        "revenue_usd_per_critical_kwh": np.nan,
        "margin_usd_per_kwh": (revenue + costs) / kwh,
        "capex_usd_per_mw_utility": rig_usd,
        "note": "first-year mean over energy drawn, power deducted; capex: new rigs, the hall "
        "stands",
    }


def _offer_row(name: str, use: AiUse, price_usd_per_mwh: float) -> dict[str, str | float]:
    conversion = use.conversion
    if isinstance(use, Lease):
        gross = use.rate_usd_per_kw_month * 12.0 * (1.0 - use.discount_frac)
        net = gross * (1.0 - use.sla_credit_frac)
        owner_pays_frac, servers = use.owner_power_frac, 0.0
    else:
        paid = use.utilisation_frac if use.contract is None else use.contract.committed_frac
        hours = _YEAR_HOURS * paid * use.availability_frac
        gross = net = use.price_usd_per_gpu_hour * hours / use.kw_per_gpu
        owner_pays_frac, servers = 1.0, use.gpu_usd_per_mw
    kwh = _YEAR_HOURS * conversion.pue_mean
    energy = price_usd_per_mwh / 1e3 * kwh * owner_pays_frac
    total = conversion.owner_capex_usd_per_mw + conversion.tenant_capex_usd_per_mw + servers
    payer = {0.0: "tenant", 1.0: "owner"}.get(owner_pays_frac, "tenant up to its PUE cap")
    return {
        "use": name,
        "basis": "utility",
        "revenue_usd_per_kwh": gross / kwh,
        "revenue_usd_per_critical_kwh": gross / _YEAR_HOURS,
        "margin_usd_per_kwh": (net - use.opex_usd_per_kw_month * 12.0 - energy) / kwh,
        "capex_usd_per_mw_utility": total / conversion.pue_design,
        "note": f"{use.kind}; contracted load; power paid by {payer}; capex: owner and tenant",
    }


def capex_table(scenario: Scenario) -> Table:
    """Return each offer's capex by component and payer [USD/MW critical]."""
    rows = [
        (name, c.component, c.usd_per_mw * c.owner_frac, c.usd_per_mw * (1.0 - c.owner_frac))
        for name, use in scenario.offers.items()
        for c in use.conversion.capex
    ]
    rows += [
        (name, "GPU servers", use.gpu_usd_per_mw, 0.0)
        for name, use in scenario.offers.items()
        if not isinstance(use, Lease)
    ]
    return {
        "offer": np.asarray([r[0] for r in rows], dtype=str),
        "component": np.asarray([r[1] for r in rows], dtype=str),
        "owner_usd_per_mw": np.asarray([r[2] for r in rows], dtype=np.float64),
        "tenant_usd_per_mw": np.asarray([r[3] for r in rows], dtype=np.float64),
    }


def _hour_shares() -> FloatArray:
    """Return shares of hours, closest together where prices are highest."""
    return np.unique(np.concatenate([np.linspace(0.0, 1.0, 401), np.geomspace(1e-4, 0.02, 60)]))


def duration_curve_usd_per_mwh(hourly_usd_per_mwh: tuple[FloatArray, ...]) -> FloatArray:
    """Return the library's price at each share of hours, over all its years [USD/MWh]."""
    prices = np.concatenate([month.ravel() for month in hourly_usd_per_mwh])
    return quantiles(prices, 1.0 - _hour_shares())


def duration_table(curve_usd_per_mwh: FloatArray, tariff: Tariff, level: float) -> Table:
    """Return the duration curve of the price at the meter over all library years.

    Parameters
    ----------
    curve_usd_per_mwh : ndarray
        From `duration_curve_usd_per_mwh`; quantiles of a scaled and shifted price are the
        quantiles scaled and shifted.
    tariff : Tariff
        Losses and adder, or one fixed price; rates by time of use are left out.
    level : float
        Factor on the library.
    """
    fixed = tariff.fixed_price_usd_per_mwh
    if fixed is not None:
        price = np.full_like(curve_usd_per_mwh, fixed)
    else:
        gross = level / (1.0 - tariff.losses_frac)
        price = gross * curve_usd_per_mwh + tariff.adder_usd_per_mwh
    return {"hour_share_frac": _hour_shares(), "price_usd_per_mwh": price}


def strikes_table(merged: Merged, scenario: Scenario, world: World) -> Table:
    """Return each hall's strike price in the first month, and what share of the time year 1 ran.

    That share is energy over that of rated power in all hours that rigs are up, idle draw apart: of
    hours run, where rigs have one operating point.
    """
    from rerack.dispatch import strike_usd_per_mwh

    hashprice = world.network.hashprice_usd_per_ph_day[:, :1]
    keep = merged.plans[0]
    year_hours = float(scenario.grid.hours[:12].sum())
    rows = []
    for i, hall in enumerate(scenario.site.halls):
        if hall.rigs is None:
            continue
        strike = float(strike_usd_per_mwh(hall.rigs, hashprice).mean())
        wanted = hall.utility_mw * hall.rigs.uptime_frac * year_hours
        operation = world.power.operations.get(hall.name)
        idle = 0.0 if operation is None else operation.idle_frac
        drawn = float(keep.energy_mean_mwh[i, :12].sum())
        ran = (drawn / wanted - idle) / (1.0 - idle) if wanted > 0.0 else 0.0
        rows.append((hall.name, hall.rigs.model, strike, ran))
    return {
        "hall": np.asarray([r[0] for r in rows], dtype=str),
        "rigs": np.asarray([r[1] for r in rows], dtype=str),
        "strike_usd_per_mwh": np.asarray([r[2] for r in rows], dtype=np.float64),
        "run_frac": np.asarray([r[3] for r in rows], dtype=np.float64),
    }
