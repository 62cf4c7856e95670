"""A desk's rules run through years of prices, beside perfect foresight and rigs never stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.assets import Site, Tariff
from rerack.base.checks import FloatArray, as_finite, require, require_between
from rerack.dispatch.backtest_peaks import peaks_of
from rerack.dispatch.backtest_result import Backtest
from rerack.dispatch.desk_account import outcome_of, refuse_unknown_terms, settle
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_peaks import PEAKS_A_YEAR
from rerack.dispatch.desk_prices import SIGNAL_NAMES, Signal, believed_price, over_hours
from rerack.dispatch.desk_weather import SystemWeather
from rerack.dispatch.site_dispatch import solve
from rerack.markets.files import HourlySeries


@dataclass(frozen=True, kw_only=True)
class DeskRules:
    """What a desk goes by.

    Parameters
    ----------
    signal : {"day_ahead", "last_hour"}
        Where it takes an hour's price from, see `believed_price`.
    peak_charge_usd_per_mw_year : float
        What a MW drawn at all four coincident peaks costs the year after [USD/MW-year].
    lead_hours : int
        Hours between the last system load known and the hour decided.

    Examples
    --------
    >>> DeskRules(peak_charge_usd_per_mw_year=65_000.0).lead_hours
    2
    """

    signal: Signal = "day_ahead"
    peak_charge_usd_per_mw_year: float = 0.0
    lead_hours: int = 2

    def __post_init__(self) -> None:
        require(
            self.signal in SIGNAL_NAMES,
            "desk rules: signal",
            given=repr(self.signal),
            allowed=" or ".join(SIGNAL_NAMES),
        )
        require_between(
            self.peak_charge_usd_per_mw_year, 0.0, 1e7, "desk rules: peak_charge_usd_per_mw_year"
        )
        require_between(self.lead_hours, 1, 12, "desk rules: lead_hours")


def backtest(
    site: Site,
    settled: HourlySeries,
    hashprice_usd_per_ph_day: float | FloatArray,
    *,
    day_ahead: HourlySeries | None = None,
    load: SystemLoad | None = None,
    weather: SystemWeather | None = None,
    rules: DeskRules | None = None,
    block_end: np.datetime64 | None = None,
) -> Backtest:
    """Run a desk through the hours of a price file, knowing at each no more than it could.

    Parameters
    ----------
    site : Site
        The site; rigs, halls and tariff stay as they are through all hours.
    settled : HourlySeries
        Index prices at which the hours are settled, the real-time market's as a rule.
    hashprice_usd_per_ph_day : float or ndarray
        Hashprice [USD/PH/s/day], one number or shape (hour,).
    day_ahead : HourlySeries or None
        Day-ahead prices of at least the same hours. None: the site settles at prices that it knew
        before, as one that buys day-ahead does.
    load : SystemLoad or None
        System load, with earlier summers to learn from. None leaves coincident peaks out.
    weather : SystemWeather or None
        Air temperature for some or all summers of the load; the others are judged by load only.
    rules : DeskRules or None
        What the desk goes by; the defaults of `DeskRules` if None.
    block_end : numpy.datetime64 or None
        Hour from which the fixed-price block is out of contract; None keeps it throughout.

    Returns
    -------
    Backtest
        The desk, perfect foresight, and rigs that never stop, each accounted for by hour.

    Raises
    ------
    InputError
        If series do not cover the hours, or a peak charge or weather comes without load.

    Notes
    -----
    The desk runs class k in hour h iff ``strike_k > believed price_h + chance_h * charge / 4``: a
    MW-hour drawn costs its price and, with the chance that the hour sets the month's peak, a
    fourth of a year's charge. Perfect foresight puts the settled price and a chance of 0 or 1 in
    their place, which is optimal because nothing else couples hours here. Both go through `solve`.
    Restart time, minimum up time, ramps, ancillary services and demand-response programmes are
    outside: foresight here is no bound on a site that sells those too.

    Examples
    --------
    >>> from rerack.assets import Hall, RigFleet
    >>> rigs = RigFleet(model="S21", efficiency_j_per_th=17.5)
    >>> site = Site(name="Demo", interconnect_mw=10.0, tariff=Tariff(),
    ...             halls=(Hall(name="A", utility_mw=10.0, rigs=rigs),))
    >>> start = np.datetime64("2024-01-01T00")
    >>> real = HourlySeries(name="rt", start=start, prices_usd_per_mwh=np.array([20.0, 500.0]))
    >>> ahead = HourlySeries(name="da", start=start, prices_usd_per_mwh=np.array([30.0, 60.0]))
    >>> found = backtest(site, real, 42.0, day_ahead=ahead)
    >>> [round(float(a.margin_usd.sum()), 6) for a in (found.desk, found.foresight)]
    [-3200.0, 800.0]
    """
    refuse_unknown_terms(site)
    rules = rules or DeskRules()
    _require_load(load, weather, rules)
    index = settled.prices_usd_per_mwh
    ahead = index if day_ahead is None else over_hours(day_ahead, settled)
    peaks = peaks_of(load, weather, settled, lead_hours=rules.lead_hours)
    notes = peaks.notes
    outcome = outcome_of(
        site,
        solve(site, index, hashprice_usd_per_ph_day),
        settled,
        is_peak=peaks.is_peak,
        peak_charge_usd_per_mw_year=rules.peak_charge_usd_per_mw_year,
        block_end=block_end,
    )
    per_mwh = rules.peak_charge_usd_per_mw_year / PEAKS_A_YEAR
    believed = believed_price(index, ahead, signal=rules.signal)
    desk = _schedule(site, believed, peaks.chance_frac * per_mwh, hashprice_usd_per_ph_day)
    foresight = _schedule(
        site, index, peaks.is_peak.astype(np.float64) * per_mwh, hashprice_usd_per_ph_day
    )
    if day_ahead is None:
        notes = ("no day-ahead file: prices count as known when the desk decides", *notes)
    hashprice = np.broadcast_to(as_finite(hashprice_usd_per_ph_day, "hashprice"), index.shape)
    return Backtest(
        site=site.name,
        hours=settled.hours,
        outcome=outcome,
        hashprice_usd_per_ph_day=hashprice,
        believed_usd_per_mwh=believed,
        peak_chance_frac=peaks.chance_frac,
        peak_judge=peaks.judge,
        desk=settle(outcome, desk),
        foresight=settle(outcome, foresight),
        always=settle(outcome, outcome.available_mw),
        notes=notes,
    )


def _require_load(load: SystemLoad | None, weather: SystemWeather | None, rules: DeskRules) -> None:
    """Refuse a peak charge or weather without the load that sets the peaks."""
    require(
        load is not None or rules.peak_charge_usd_per_mw_year == 0.0,
        "peak charge",
        given=f"{rules.peak_charge_usd_per_mw_year:g} USD/MW-year without system load",
        allowed="a peak charge together with the load that sets the peaks",
        cure="Give the system's hourly load (--load), or leave the charge out.",
    )
    require(
        load is not None or weather is None,
        "weather",
        given="temperatures without system load",
        allowed="temperatures together with the load that sets the peaks",
        cure="Give the system's hourly load (--load), or leave the weather out.",
    )


def _schedule(
    site: Site, index: FloatArray, peak_adder: FloatArray, hashprice: float | FloatArray
) -> FloatArray:
    """Return who would run if the index and the cost of a peak were these, (hour, unit)."""
    at_meter = solve(site, index, hashprice).price_usd_per_mwh
    # The adder of a peak comes on top of a fixed price too, so the price goes in as it is.
    bare = replace(site, tariff=Tariff())
    return solve(bare, at_meter + peak_adder, hashprice).run_mw.values
