"""What a hall saves by shedding load in dear hours under a flexible contract."""

from __future__ import annotations

import numpy as np

from rerack.assets import AiUse
from rerack.base.checks import FloatArray
from rerack.planning.meter import Meter


def hours_per_month(use: AiUse) -> float:
    """Return the hours of full-depth curtailment that may be used in a month [h]."""
    return 0.0 if use.flexibility is None else use.flexibility.hours_per_year / 12.0


def shed_saving_usd_per_mw(use: AiUse, meter: Meter, served_frac: FloatArray) -> FloatArray | None:
    """Return what the owner saves by shedding, per utility MW; None for a firm contract.

    Parameters
    ----------
    use : Lease or GpuCloud
        The offer.
    meter : Meter
        Hourly prices at the meter.
    served_frac : ndarray, shape (row, month)
        Share of the contracted critical MW in service.

    Notes
    -----
    In each month the hall sheds `depth_frac` of its load in the dearest twelfth of the agreed
    hours. With notice of n hours it takes the hours whose price n hours *before* was highest, which
    a desk can do; without notice it sees the price of the hour. A month in which that would cost
    money is left alone. Hours not used in a month are not carried over, which a contract by the
    year would allow: the saving is a lower bound of such a contract's.
    """
    terms = use.flexibility
    if terms is None or terms.hours_per_year == 0.0:
        return None
    hours = np.minimum(hours_per_month(use), meter.grid.hours)
    fixed = meter.tariff.fixed_price_usd_per_mwh
    if fixed is not None:
        cost = np.broadcast_to(fixed * hours, served_frac.shape)
    else:
        sums = _shed_sums_usd_per_mw(meter, terms.notice_hours, hours_per_month(use))
        by_year = sums[meter.grid.month_of_year - 1]
        drawn = np.take_along_axis(by_year, meter.power.library_year.T, axis=1).T
        cost = meter.power.level * drawn + meter.tariff.adder_usd_per_mwh * hours
    mw = use.conversion.critical_mw(1.0) * use.load_factor_frac * use.conversion.pue_mean
    return terms.owner_frac * terms.depth_frac * mw * np.maximum(cost, 0.0) * served_frac


def shed_share_of_mean(use: AiUse, meter: Meter) -> FloatArray:
    """Return what shedding saves as hours of the mean price, shape (month,) [h].

    Mean over library years at base level, from the whole load: the saving of a month is about this
    times the load shed times the mean price at the meter; exactly so in expectation where the
    tariff has no adder.
    """
    assert use.flexibility is not None
    hours = np.minimum(hours_per_month(use), meter.grid.hours)
    if meter.tariff.fixed_price_usd_per_mwh is not None:
        return hours
    sums = _shed_sums_usd_per_mw(meter, use.flexibility.notice_hours, hours_per_month(use))
    means = np.array([m.mean() for m in meter.power.library.hourly_usd_per_mwh])
    month = meter.grid.month_of_year - 1
    adder = meter.tariff.adder_usd_per_mwh
    cost = sums.mean(axis=1)[month] + adder * hours
    share: FloatArray = np.maximum(cost, 0.0) / (means[month] + adder)
    return share


def _shed_sums_usd_per_mw(meter: Meter, notice_hours: int, hours: float) -> FloatArray:
    """Return the index cost of the hours chosen, shape (calendar month, library year) [USD/MW]."""
    months = meter.power.library.hourly_usd_per_mwh
    out = np.empty((12, months[0].shape[0]))
    for m, prices in enumerate(months):
        known = np.full_like(prices, -np.inf)
        known[:, notice_hours:] = prices[:, : prices.shape[1] - notice_hours]
        order = np.argsort(-known, axis=1, kind="stable")
        dearest = np.take_along_axis(prices, order, axis=1)
        share = np.clip(hours - np.arange(prices.shape[1]), 0.0, 1.0)
        out[m] = dearest @ share
    return out
