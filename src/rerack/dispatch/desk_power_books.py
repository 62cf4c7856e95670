"""From what a solver found to money by part and hour: the books of a schedule."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.assets import Site
from rerack.assets.programmes import DemandResponse, SiteProgrammes
from rerack.base.checks import FloatArray
from rerack.dispatch.bill_statement import bill
from rerack.dispatch.commitment import BoolArray
from rerack.dispatch.desk_part_months import part_months
from rerack.dispatch.desk_power_result import PartRecord, PowerSchedule
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_result import ProgrammeDispatch
from rerack.dispatch.programme_schedule import (
    Schedule,
    month_peaks_mw,
    on_frac,
    service_usd,
    take_shortfall_mwh,
)
from rerack.dispatch.site_dispatch import rig_capacity_mw
from rerack.dispatch.storage_result import StorageDispatch
from rerack.dispatch.tariff_price import (
    HourlyPrices,
    meter_price_usd_per_mwh,
    peak_price_usd_per_mwh,
)
from rerack.markets.files import HourlySeries


def booked_programmes(
    found: ProgrammeDispatch,
    site: Site,
    programmes: SiteProgrammes,
    prices: HourlyPrices,
    series: HourlySeries,
    hashprice_usd_per_ph_day: FloatArray,
) -> PowerSchedule:
    """Return the books of a schedule under the whole tariff with programmes.

    Parameters
    ----------
    found : ProgrammeDispatch
        The schedule.
    site : Site
        Site with the whole tariff.
    programmes : SiteProgrammes
        Programmes, for what demand response owes.
    prices : HourlyPrices
        Prices and calendar.
    series : HourlySeries
        Index prices, for their hours.
    hashprice_usd_per_ph_day : ndarray
        Hashprice [USD/PH/s/day], shape (hour,).
    """
    p, s = found.problem, found.schedule
    parts = _programme_parts(p, s, site, prices)
    columns = found.table()
    power = {name: v for name, v in columns.items() if name.endswith(("_mw", "stored_mwh"))}
    power |= {
        f"{switch.name}: on": s.on[:, i].astype(np.float64) for i, switch in enumerate(p.switches)
    }
    return PowerSchedule(
        **_common(site, prices, series, hashprice_usd_per_ph_day),
        available_mwh=p.step_mw.sum(axis=1),
        mining_mwh=s.step_mw.sum(axis=1),
        power_mw=power,
        parts_usd=parts,
        records=(*_battery_record(found), *_records(p, s, parts, programmes.demand_response)),
        bill=bill(s.import_mw, site.tariff, prices, export_mw=s.export_mw),
        objective_usd=found.objective_usd,
        bound_usd=found.bound_usd,
        method=found.method,
        bound_method=found.bound_method,
        notes=part_months(site.tariff, prices.calendar),
    )


def booked_storage(
    found: StorageDispatch,
    site: Site,
    prices: HourlyPrices,
    series: HourlySeries,
    hashprice_usd_per_ph_day: FloatArray,
) -> PowerSchedule:
    """Return the books of a schedule with a battery under hourly terms.

    Parameters
    ----------
    found : StorageDispatch
        The schedule at the price at the meter, without the block.
    site : Site
        Site with the whole tariff.
    prices, series, hashprice_usd_per_ph_day
        As in `booked_programmes`.
    """
    run = found.run_mw.values
    bought, sold = np.maximum(found.import_mw, 0.0), np.maximum(found.export_mw, 0.0)
    given = np.maximum(found.battery_mw, 0.0)
    wear = found.battery.throughput_cost_usd_per_mwh
    block = _block_usd(site, prices)
    peak = peak_price_usd_per_mwh(site.tariff, prices)
    parts = {
        "hashing": (run * found.strike_usd_per_mwh.values).sum(axis=1),
        "energy": -bought * (found.price_usd_per_mwh - peak),
        "coincident peak": None if site.tariff.coincident_peak is None else -bought * peak,
        "export": sold * found.export_price_usd_per_mwh if sold.any() else None,
        "battery wear": -wear * given if wear else None,
        "fixed block": block,
    }
    power = {"import_mw": bought, "export_mw": sold, "ai_mw": found.firm_mw}
    power |= {f"{hall}: run_mw": run[:, k] for k, hall in enumerate(found.halls)}
    power |= {"battery_mw": found.battery_mw, "stored_mwh": found.stored_mwh}
    settled = 0.0 if block is None else float(block.sum())
    record = PartRecord(
        part="battery",
        hours=int((given > 1e-9).sum()),
        starts=_runs(given > 1e-9),
        energy_mwh=float(given.sum()),
        revenue_usd=found.gain_usd,
    )
    return PowerSchedule(
        **_common(site, prices, series, hashprice_usd_per_ph_day),
        # A battery lets rigs draw more than the interconnect: all that is installed is available.
        available_mwh=np.full(series.hours.size, rig_capacity_mw(site).sum()),
        mining_mwh=run.sum(axis=1),
        power_mw=power,
        parts_usd={name: values for name, values in parts.items() if values is not None},
        records=(record,),
        bill=bill(bought, site.tariff, prices, export_mw=sold),
        objective_usd=found.objective_usd + settled,
        bound_usd=found.bound_usd + settled,
        method=f"storage {found.method}",
        bound_method=f"storage {found.method}",
        notes=(*found.notes, *part_months(site.tariff, prices.calendar)),
    )


def _common(
    site: Site, prices: HourlyPrices, series: HourlySeries, hashprice: FloatArray
) -> dict[str, Any]:
    return {
        "site": site.name,
        "hours": series.hours,
        "calendar": prices.calendar,
        "index_usd_per_mwh": prices.index_usd_per_mwh,
        "meter_usd_per_mwh": meter_price_usd_per_mwh(site.tariff, prices),
        "hashprice_usd_per_ph_day": hashprice,
    }


def _programme_parts(
    p: Problem, s: Schedule, site: Site, prices: HourlyPrices
) -> dict[str, FloatArray]:
    """Return the money of every part that the site has, by hour."""
    tariff = site.tariff
    fuel = np.array([g.marginal_usd_per_mwh for g in p.generators], dtype=np.float64)
    parts: dict[str, FloatArray | None] = {
        "hashing": (s.step_mw * p.strike_usd_per_mwh).sum(axis=1),
        "energy": -s.import_mw * p.meter_usd_per_mwh,
        "coincident peak": None
        if tariff.coincident_peak is None
        else -s.import_mw * p.peak_usd_per_mwh,
        "demand charge": None if tariff.demand_charge is None else _demand_usd(p, s),
        "minimum take": None if tariff.minimum_take is None else _take_usd(p, s),
        "export": None if tariff.export is None else s.export_mw * p.sale_usd_per_mwh,
        "AI compensation": -p.ai_usd_per_mwh * s.ai_cut_mw if p.ai_flexible_mw.any() else None,
        "rig starts and stops": _rig_start_usd(p, s) if p.couples_rigs else None,
        "fixed block": _block_usd(site, prices),
        "battery wear": _wear_usd(p, s),
    }
    for g, generator in enumerate(p.generators):
        own = -fuel[g] * s.generator_mw[:, g]
        switch = p.committed[g]
        if switch >= 0:
            own = own - p.switches[switch].start_usd * _begins(s.on[:, switch])
        parts[f"generation: {generator.name}"] = own
    for a, service in enumerate(p.services):
        parts[f"ancillary: {service}"] = service_usd(p, s, a)
    for i, switch_of in enumerate(p.switches[: p.calls]):
        standing = p.standing_usd[i] / p.hours
        parts[f"demand response: {switch_of.name}"] = s.on[:, i] * p.call_usd[:, i] + standing
    return {name: values for name, values in parts.items() if values is not None}


def _wear_usd(p: Problem, s: Schedule) -> FloatArray | None:
    """Return the wear of what is discharged; that of calls is in what a reserve is worth."""
    if p.store is None or p.store.battery.throughput_cost_usd_per_mwh == 0.0:
        return None
    return -p.store.battery.throughput_cost_usd_per_mwh * s.discharge_mw


def _battery_record(found: ProgrammeDispatch) -> tuple[PartRecord, ...]:
    """Return what the battery did; its revenue is what the site earns more than without it."""
    if found.without_battery_usd is None:
        return ()
    given = found.schedule.discharge_mw
    record = PartRecord(
        part="battery",
        hours=int((given > 1e-9).sum()),
        starts=_runs(given > 1e-9),
        energy_mwh=float(given.sum()),
        revenue_usd=found.objective_usd - found.without_battery_usd,
    )
    return (record,)


def _demand_usd(p: Problem, s: Schedule) -> FloatArray:
    """Return the demand charge, each month's in the hour of its peak."""
    out = np.zeros(p.hours)
    for month, peak_mw in enumerate(month_peaks_mw(p, s.import_mw)):
        hours = np.flatnonzero(p.month == month)
        out[hours[np.argmax(s.import_mw[hours])]] = -p.demand_usd_per_mw * peak_mw
    return out


def _take_usd(p: Problem, s: Schedule) -> FloatArray:
    """Return the cost of energy not taken, each month's in its last hour."""
    out = np.zeros(p.hours)
    for month, short_mwh in enumerate(take_shortfall_mwh(p, s)):
        out[np.flatnonzero(p.month == month)[-1]] = -p.take_usd_per_mwh * short_mwh
    return out


def _rig_start_usd(p: Problem, s: Schedule) -> FloatArray:
    change = np.diff(on_frac(p, s.step_mw), axis=0) * p.rated_mw
    start = np.array([o.start_usd_per_mw for o in p.operations])
    stop = np.array([o.stop_usd_per_mw for o in p.operations])
    cost = np.maximum(change, 0.0) @ start + np.maximum(-change, 0.0) @ stop
    return -np.append(0.0, cost)


def _block_usd(site: Site, prices: HourlyPrices) -> FloatArray | None:
    block = site.tariff.block
    if block is None:
        return None
    return np.asarray((prices.index_usd_per_mwh - block.price_usd_per_mwh) * block.block_mw)


def _records(
    p: Problem,
    s: Schedule,
    parts: dict[str, FloatArray],
    responses: tuple[DemandResponse, ...],
) -> tuple[PartRecord, ...]:
    """Return what every programme, engine and agreement did."""
    used: dict[str, FloatArray] = {}
    if "AI compensation" in parts:
        used["AI compensation"] = s.ai_cut_mw
    for g, generator in enumerate(p.generators):
        used[f"generation: {generator.name}"] = s.generator_mw[:, g]
    for a, service in enumerate(p.services):
        used[f"ancillary: {service}"] = s.offer_mw[:, :, a].sum(axis=1) + s.reserve_mw[:, a]
    found = [_record(name, power > 1e-9, power, parts[name]) for name, power in used.items()]
    for i, response in enumerate(responses):
        name, on = f"demand response: {response.name}", s.on[:, i]
        owed = np.where(on, response.enrolled_mw, 0.0)
        found.append(_record(name, on, owed, parts[name]))
    return tuple(found)


def _record(name: str, on: BoolArray, power_mw: FloatArray, usd: FloatArray) -> PartRecord:
    return PartRecord(
        part=name,
        hours=int(on.sum()),
        starts=_runs(on),
        energy_mwh=float(power_mw.sum()),
        revenue_usd=float(usd.sum()),
    )


def _begins(on: BoolArray) -> BoolArray:
    """Return the hours in which something starts, all being off before."""
    began = on.copy()
    began[1:] &= ~on[:-1]
    return began


def _runs(on: BoolArray) -> int:
    return int(_begins(on).sum())
