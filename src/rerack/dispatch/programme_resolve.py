"""From a site, its prices and its programmes to the arrays that all routes solve."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.assets import Battery, RigFleet, Site, Tariff
from rerack.assets.operating_points import HallOperation
from rerack.assets.programmes import SiteProgrammes
from rerack.base.checks import FloatArray, as_finite, require
from rerack.dispatch.commitment import BoolArray, Switch
from rerack.dispatch.flexible_hull import hull_of
from rerack.dispatch.flexible_reserve import offers
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_store import reachable, store_of
from rerack.dispatch.storage_inputs import unreachable
from rerack.dispatch.tariff_price import (
    HourlyPrices,
    meter_price_usd_per_mwh,
    peak_price_usd_per_mwh,
)

#: Hours of a month where a monthly payment is spread over hours: a twelfth of 8,760.
_MONTH_HOURS = 730.0


def resolve(
    site: Site,
    prices: HourlyPrices,
    hashprice_usd_per_ph_day: float | FloatArray,
    programmes: SiteProgrammes,
    battery: Battery | None = None,
    firm_mw: FloatArray | None = None,
) -> Problem:
    """Return the arrays of a site's hours.

    Parameters
    ----------
    site : Site
        Interconnect, halls, tariff, firm load.
    prices : HourlyPrices
        Index, capacity prices, system load, inlet temperature.
    hashprice_usd_per_ph_day : float or ndarray
        Hashprice [USD/PH/s/day], one number or shape (hour,).
    programmes : SiteProgrammes
        Flexibility, generation and programmes.
    battery : Battery or None
        Battery behind the meter.
    firm_mw : ndarray or None
        Firm load by hour instead of the site's constant one [MW utility], shape (hour,).

    Returns
    -------
    Problem
        Arrays by hour.

    Raises
    ------
    InputError
        If a series, a hall or a price that is needed is missing, lengths disagree, or the
        battery cannot reach its final state.
    """
    hours = prices.calendar.hours
    hashprice = as_finite(hashprice_usd_per_ph_day, "hashprice_usd_per_ph_day")
    require(
        hashprice.shape in ((), (hours,)),
        "hashprice_usd_per_ph_day",
        given=f"shape {hashprice.shape}",
        allowed=f"one number or shape ({hours},), one an hour",
    )
    terms = _tariff(site.tariff, prices)
    rigs = _rigs(site, prices, hashprice, programmes)
    ai_mw = _firm(site, firm_mw, hours)
    rest_mw = float((rigs["idle_mw"] + ai_mw).max())
    require(
        rest_mw <= site.interconnect_mw,
        f"site {site.name}: interconnect_mw",
        given=f"{rest_mw:g} MW of firm load and idle draw",
        allowed=f"up to the interconnect, {site.interconnect_mw:g} MW",
        cure="Lower the firm load or the idle draw.",
    )
    services = offers(
        programmes.ancillary, rigs["operations"], rigs["step_hall"], rigs["strike_usd_per_mwh"],
        terms["meter_usd_per_mwh"], prices.capacity_usd_per_mwh,
        battery_response_s=None if battery is None else battery.response_s,
    )  # fmt: skip
    store = store_of(
        battery, programmes.ancillary, terms["meter_usd_per_mwh"], prices.capacity_usd_per_mwh
    )
    if store is not None and not reachable(store, hours):
        raise unreachable(store.battery)
    ai = programmes.ai
    flexible_mw = (0.0 if ai is None else ai.depth_frac) * ai_mw
    return Problem(
        site=site.name,
        interconnect_mw=site.interconnect_mw,
        month=prices.calendar.month,
        ai_mw=ai_mw,
        ai_flexible_mw=flexible_mw,
        ai_usd_per_mwh=0.0 if ai is None else ai.compensation_usd_per_mwh,
        ai_limit_mwh=0.0 if ai is None else ai.limit_hours * float(flexible_mw.mean()),
        services=tuple(s.name for s in programmes.ancillary),
        offer_frac=services[0],
        offer_usd_per_mwh=services[1],
        renewable_mw=_renewables(programmes, hours),
        generators=programmes.generators,
        block_usd=_block_usd(site, prices),
        store=store,
        **terms,
        **rigs,
        **_switches(programmes, prices),
    )


def _firm(site: Site, firm_mw: FloatArray | None, hours: int) -> FloatArray:
    """Return the firm load of every hour."""
    if firm_mw is None:
        return np.full(hours, site.firm_load_mw)
    given = as_finite(firm_mw, "firm_mw", ndim=1)
    require(
        given.size == hours and bool((given >= 0.0).all()),
        "firm_mw",
        given=f"{given.size} values from {given.min(initial=0.0):g} MW",
        allowed=f"{hours} values of 0 or more, as the calendar has hours",
    )
    return given


def _tariff(tariff: Tariff, prices: HourlyPrices) -> dict[str, Any]:
    """Return prices by hour and what couples the hours of a month."""
    hours = prices.calendar.hours
    sale, export = np.zeros(hours), np.zeros(hours)
    if tariff.export is not None:
        sale = prices.index_usd_per_mwh - tariff.export.discount_usd_per_mwh
        export = np.where(sale > 0.0, tariff.export.limit_mw, 0.0)
    demand, take = tariff.demand_charge, tariff.minimum_take
    owed_mw = 0.0 if take is None else take.contract_mw * take.take_frac
    return {
        "meter_usd_per_mwh": meter_price_usd_per_mwh(tariff, prices),
        "peak_usd_per_mwh": peak_price_usd_per_mwh(tariff, prices),
        "sale_usd_per_mwh": sale,
        "export_mw": export,
        "demand_usd_per_mw": 0.0 if demand is None else 1e3 * demand.charge_usd_per_kw_month,
        "take_mwh": prices.calendar.month_hours.astype(np.float64) * owed_mw,
        "take_usd_per_mwh": 0.0 if take is None else take.shortfall_usd_per_mwh,
    }


def _rigs(
    site: Site, prices: HourlyPrices, hashprice: FloatArray, programmes: SiteProgrammes
) -> dict[str, Any]:
    """Return the arrays of halls and their steps."""
    hours = prices.calendar.hours
    known = {o.hall: o for o in programmes.operations}
    mining = [(h, h.rigs) for h in site.halls if h.rigs is not None]
    strangers = sorted(set(known) - {h.name for h, _ in mining})
    require(
        not strangers,
        "operations: hall",
        given=strangers,
        allowed=f"halls of {site.name} that hold rigs: {[h.name for h, _ in mining]}",
        cure="Name an existing hall.",
    )
    operations = tuple(known.get(h.name, HallOperation(hall=h.name)) for h, _ in mining)
    rated = np.array([h.utility_mw * fleet.uptime_frac for h, fleet in mining], dtype=np.float64)
    full: list[float] = []
    widths, strikes, owner = [], [], []
    idle = np.zeros(hours)
    for k, ((_, fleet), how) in enumerate(zip(mining, operations, strict=True)):
        running = _may_run(how, prices)
        width, strike = _steps(fleet, how, hashprice, hours)
        widths.append(running[:, np.newaxis] * width * rated[k])
        strikes.append(strike)
        owner += [k] * width.size
        full += (width * rated[k]).tolist()
        idle += how.idle_frac * rated[k]
    none = np.zeros((hours, 0))
    return {
        "halls": tuple(h.name for h, _ in mining),
        "operations": operations,
        "rated_mw": rated,
        "step_hall": np.array(owner, dtype=np.int64),
        "step_full_mw": np.array(full, dtype=np.float64),
        "idle_mw": idle,
        "step_mw": np.hstack([none, *widths]),
        "strike_usd_per_mwh": np.hstack([none, *strikes]),
    }


def _steps(
    fleet: RigFleet, how: HallOperation, hashprice: FloatArray, hours: int
) -> tuple[FloatArray, FloatArray]:
    hull = hull_of(fleet, how.points, how.idle_frac, hashprice)
    strike = np.broadcast_to(hull.strike_usd_per_mwh, (hours, hull.width_frac.size))
    return hull.width_frac, strike


def _may_run(how: HallOperation, prices: HourlyPrices) -> BoolArray:
    """Return in which hours the inlet is cool enough."""
    if how.inlet_limit_c is None:
        return np.ones(prices.calendar.hours, dtype=bool)
    require(
        prices.inlet_c is not None,
        "inlet_c",
        given=f"none, with an inlet limit in hall {how.hall}",
        allowed="inlet temperatures of the hours dispatched",
        cure="Give the temperatures, or leave the limit out.",
    )
    return np.asarray(prices.inlet_c) <= how.inlet_limit_c


def _renewables(programmes: SiteProgrammes, hours: int) -> FloatArray:
    total = np.zeros(hours)
    for source in programmes.renewables:
        require(
            source.profile_frac.size == hours,
            f"renewable {source.name}: profile_frac",
            given=f"{source.profile_frac.size} values",
            allowed=f"{hours}, as the calendar has hours",
        )
        total += source.capacity_mw * source.profile_frac
    return total


def _block_usd(site: Site, prices: HourlyPrices) -> float:
    block = site.tariff.block
    if block is None:
        return 0.0
    return float((prices.index_usd_per_mwh - block.price_usd_per_mwh).sum() * block.block_mw)


def _switches(programmes: SiteProgrammes, prices: HourlyPrices) -> dict[str, Any]:
    """Return calls and committed generators."""
    calendar, responses = prices.calendar, programmes.demand_response
    allowed = np.zeros((calendar.hours, len(responses)), dtype=bool)
    for i, response in enumerate(responses):
        clock = (calendar.hour_of_day >= response.first_hour) & (
            calendar.hour_of_day < response.end_hour
        )
        allowed[:, i] = clock & np.isin(calendar.month_of_year, response.months)
    switches = [
        Switch(
            name=r.name,
            is_call=True,
            max_hours=r.call_hours,
            limit_hours=r.limit_hours,
            limit_starts=r.limit_calls,
        )
        for r in responses
    ]
    committed = []
    for generator in programmes.generators:
        committed.append(len(switches) if generator.is_committed else -1)
        if generator.is_committed:
            switches.append(
                Switch(
                    name=generator.name,
                    is_call=False,
                    start_usd=generator.start_usd,
                    min_hours=generator.min_up_hours,
                    limit_hours=generator.permit_hours,
                )
            )
    ai = programmes.ai
    return {
        "switches": tuple(switches),
        "calls": len(responses),
        "committed": tuple(committed),
        "call_mw": np.array([r.baseline_mw - r.enrolled_mw for r in responses], dtype=np.float64),
        "call_ai": np.array(
            [ai is not None and ai.notice_hours <= r.notice_hours for r in responses], dtype=bool
        ),
        "call_usd": allowed
        * np.array([r.energy_usd_per_mwh * r.enrolled_mw for r in responses], dtype=np.float64),
        "call_allowed": allowed,
        "standing_usd": np.array(
            [r.standing_usd_per_kw_month * 1e3 * r.enrolled_mw for r in responses],
            dtype=np.float64,
        )
        * (calendar.hours / _MONTH_HOURS),
    }
