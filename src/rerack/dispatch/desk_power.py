"""Dispatch a site with everything that its file says of power: one function decides how."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rerack.assets import Battery, Site, Tariff
from rerack.assets.generation import Renewable
from rerack.assets.programmes import SiteProgrammes
from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.errors import InputError
from rerack.dispatch.bill_statement import Bill, bill
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_power_books import booked_programmes, booked_storage
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_power_series import NO_SERIES, DeskSeries, refuse_strangers
from rerack.dispatch.desk_prices import over_hours, quarters_over
from rerack.dispatch.desk_schedule import SiteSchedule, schedule_site
from rerack.dispatch.desk_terms import DeskTerms
from rerack.dispatch.storage_result import StorageDispatch
from rerack.dispatch.tariff_calendar import HourCalendar
from rerack.dispatch.tariff_price import (
    HourlyPrices,
    meter_price_usd_per_mwh,
    peak_price_usd_per_mwh,
)
from rerack.markets.files import HourlySeries

#: Terms that change nothing but the price of an hour: the storage recursion stays exact.
_HOURLY_TERMS = frozenset({"time_of_use", "losses_frac", "coincident_peak"})


def dispatch_site(
    site: Site,
    terms: DeskTerms,
    series: HourlySeries,
    hashprice_usd_per_ph_day: float | FloatArray,
    *,
    beside: DeskSeries = NO_SERIES,
    battery: Battery | None = None,
    block_end: np.datetime64 | None = None,
) -> SiteSchedule | PowerSchedule:
    """Dispatch a site through the hours of a price file, by the method that its terms need.

    Parameters
    ----------
    site : Site
        Interconnect, halls, price and block.
    terms : DeskTerms
        The whole tariff, firm load, battery, generation and programmes.
    series : HourlySeries
        Index prices, all known beforehand.
    hashprice_usd_per_ph_day : float or ndarray
        Hashprice [USD/PH/s/day], one number or shape (hour,).
    beside : DeskSeries
        Profiles, capacity prices, system load, inlet temperature.
    battery : Battery or None
        Battery instead of the one in `terms`.
    block_end : numpy.datetime64 or None
        Hour from which the fixed-price block is out of contract; None keeps it throughout.

    Returns
    -------
    SiteSchedule or PowerSchedule
        The first where price, block, rigs and battery are all there is; else the second, with a
        bill and the gap to a proven bound.

    Raises
    ------
    InputError
        If a series is missing or does not cover the hours.
    SolverError
        If no schedule can be certified.

    Notes
    -----
    Merit order or the storage recursion (exact) where every hour has one price; the storage
    recursion at the price at the meter for a battery under time of use, losses and coincident
    peaks, or with export alone; `solve_programmes`, battery included, for everything else.

    Examples
    --------
    >>> from rerack.assets import Hall, RigFleet
    >>> from rerack.assets.tariff_terms import DemandCharge
    >>> rigs = RigFleet(model="S21", efficiency_j_per_th=17.5)
    >>> site = Site(name="Demo", interconnect_mw=10.0, tariff=Tariff(),
    ...             halls=(Hall(name="A", utility_mw=10.0, rigs=rigs),))
    >>> prices = HourlySeries(name="p", start=np.datetime64("2024-01-01T00"),
    ...                       prices_usd_per_mwh=np.array([40.0, 160.0]))
    >>> full = Tariff(demand_charge=DemandCharge(charge_usd_per_kw_month=0.01))
    >>> found = dispatch_site(site, DeskTerms(tariff=full), prices, 42.0)
    >>> round(found.total_usd, 6), found.bill.total_cents
    (500.0, 50000)
    """
    full = terms.site(site)
    _refuse_unused(full, terms, beside)
    store = terms.battery if battery is None else battery
    beyond = set(full.tariff.beyond_index)
    if not beyond and not terms.has_programmes:
        return schedule_site(
            full, series, hashprice_usd_per_ph_day, battery=store, block_end=block_end
        )
    full = replace(full, tariff=_in_contract(full.tariff, series, block_end))
    prices = _hourly_prices(terms, series, beside)
    hashprice = as_finite(hashprice_usd_per_ph_day, "hashprice_usd_per_ph_day")
    by_hour = np.broadcast_to(hashprice, series.prices_usd_per_mwh.shape)
    by_price = beyond <= _HOURLY_TERMS or beyond == {"export"}
    if store is not None and by_price and not terms.has_programmes:
        stored = _store(full, store, prices, hashprice)
        return booked_storage(stored, full, prices, series, by_hour)
    from rerack.dispatch.programme_dispatch import solve_programmes

    programmes = _programmes(terms, series, beside)
    firm_mw = None if terms.cooled is None else terms.cooled.over(series)
    found = solve_programmes(
        full, prices, hashprice, programmes=programmes, battery=store, firm_mw=firm_mw
    )
    return booked_programmes(found, full, programmes, prices, series, by_hour)


def site_bill(
    site: Site,
    found: SiteSchedule,
    series: HourlySeries,
    *,
    zone: str = "UTC",
    block_end: np.datetime64 | None = None,
) -> Bill:
    """Return the bill of a site whose tariff is price and block.

    Parameters
    ----------
    site : Site
        The site, its firm load included.
    found : SiteSchedule
        Its schedule.
    series : HourlySeries
        Index prices.
    zone : str
        Time zone of the bill's months.
    block_end : numpy.datetime64 or None
        As in `dispatch_site`.

    Raises
    ------
    InputError
        More hours than a year, or hours on both sides of the end of the block.
    """
    hours = series.prices_usd_per_mwh.size
    calendar = HourCalendar(start_utc=str(series.start), hours=hours, zone=zone)
    prices = HourlyPrices(calendar=calendar, index_usd_per_mwh=series.prices_usd_per_mwh)
    if isinstance(found.dispatch, StorageDispatch):
        drawn = np.maximum(found.dispatch.import_mw, 0.0)
    else:
        drawn = found.dispatch.run_mw.values.sum(axis=1) + found.dispatch.firm_mw
    return bill(drawn, _in_contract(site.tariff, series, block_end), prices)


def _in_contract(tariff: Tariff, series: HourlySeries, block_end: np.datetime64 | None) -> Tariff:
    """Return the tariff with the block if it holds in all hours, without if in none."""
    if tariff.block is None or block_end is None or series.end < block_end:
        return tariff
    if series.start >= block_end:
        return replace(tariff, block=None)
    raise InputError.of(
        "--from, --to",
        given=f"hours up to {series.end}:00Z, with a fixed-price block that ends at "
        f"{block_end.astype('datetime64[h]')}:00Z",
        allowed="hours that all lie before, or all after, the end of the block",
        cure="Dispatch the hours before and after it one after the other.",
    )


def _hourly_prices(terms: DeskTerms, series: HourlySeries, beside: DeskSeries) -> HourlyPrices:
    hours = series.prices_usd_per_mwh.size
    calendar = HourCalendar(start_utc=str(series.start), hours=hours, zone=terms.zone)
    return HourlyPrices(
        calendar=calendar,
        index_usd_per_mwh=series.prices_usd_per_mwh,
        capacity_usd_per_mwh=_capacity_prices(terms, series, beside),
        system_load_mw=_system_load(beside.load, series),
        inlet_c=None if beside.inlet_c is None else over_hours(beside.inlet_c, series),
    )


def _capacity_prices(
    terms: DeskTerms, series: HourlySeries, beside: DeskSeries
) -> dict[str, FloatArray]:
    found: dict[str, FloatArray] = {}
    for service in terms.programmes.ancillary:
        if service.name in beside.by_name:
            found[service.name] = over_hours(beside.by_name[service.name], series)
        elif service.name in terms.capacity_usd_per_mwh:
            price = terms.capacity_usd_per_mwh[service.name]
            found[service.name] = np.full(series.prices_usd_per_mwh.shape, price)
        else:
            raise _missing(service.name, "capacity price")
    return found


def _system_load(load: SystemLoad | None, series: HourlySeries) -> FloatArray | None:
    if load is None:
        return None
    as_series = HourlySeries(
        name=load.name,
        start=load.start,
        prices_usd_per_mwh=load.system_mw,
        quarters_usd_per_mwh=load.quarter_mw,
    )
    quarters = quarters_over(as_series, series)
    return over_hours(as_series, series) if quarters is None else quarters.ravel()


def _programmes(terms: DeskTerms, series: HourlySeries, beside: DeskSeries) -> SiteProgrammes:
    """Return the programmes with the profiles of sun and wind."""
    units = []
    for unit in terms.renewables:
        if unit.name in beside.by_name:
            profile = over_hours(beside.by_name[unit.name], series)
        elif unit.year_frac is not None:
            profile = unit.over(series)
        else:
            raise _missing(unit.name, "available output, as a share of capacity,")
        units.append(Renewable(name=unit.name, capacity_mw=unit.capacity_mw, profile_frac=profile))
    return replace(terms.programmes, renewables=tuple(units))


def _refuse_unused(site: Site, terms: DeskTerms, beside: DeskSeries) -> None:
    """Refuse a series that nothing in the site file uses: the user expects an effect."""
    refuse_strangers(beside.by_name, terms)
    cooled = any(how.inlet_limit_c is not None for how in terms.programmes.operations)
    for option, given, used, key in (
        ("--load", beside.load, site.tariff.coincident_peak, "site.power.coincident_peak"),
        ("--inlet", beside.inlet_c, cooled or None, "`inlet_limit` under `rigs.operation`"),
    ):
        require(
            given is None or used is not None,
            option,
            given="a series that nothing uses",
            allowed=f"such a series where the site file has {key}",
            cure="Leave the option out, or add the key.",
        )


def _missing(name: str, what: str) -> InputError:
    return InputError.of(
        name,
        given=f"no {what} by hour",
        allowed="a series that covers the hours dispatched",
        cure=f'Give it: --series "{name}=FILE", laid out as a price file.',
    )


def _store(
    site: Site, battery: Battery, prices: HourlyPrices, hashprice: FloatArray
) -> StorageDispatch:
    """Solve with a battery at the price at the meter, which is all that these terms change."""
    from rerack.dispatch.storage import solve_storage

    given: float | FloatArray = float(hashprice) if hashprice.ndim == 0 else hashprice
    if site.tariff.export is not None:
        return solve_storage(
            replace(site, tariff=replace(site.tariff, block=None)),
            battery,
            prices.index_usd_per_mwh,
            given,
        )
    price = meter_price_usd_per_mwh(site.tariff, prices) + peak_price_usd_per_mwh(
        site.tariff, prices
    )
    return solve_storage(replace(site, tariff=Tariff()), battery, price, given)
