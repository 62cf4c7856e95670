"""What a hall saves by shedding load in dear hours under a flexible contract."""

from __future__ import annotations

import numpy as np

from rerack.assets import AiUse
from rerack.base.checks import FloatArray, IntArray
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
    hours. With notice of n hours it takes the hours whose index n hours *before* was highest, which
    a desk can do; without notice it sees the index of the hour. At one fixed price it takes the
    hours of the highest rate. It saves the price at the meter, losses, adder and rate included. A
    month in which that would cost money is left alone. Hours not used in a month are not carried
    over, which a contract by the year would allow: the saving is a lower bound of such a
    contract's.
    """
    terms = use.flexibility
    if terms is None or terms.hours_per_year == 0.0:
        return None
    hours = hours_per_month(use)
    fixed = meter.tariff.fixed_price_usd_per_mwh
    if fixed is not None:
        cost = _fixed_cost_usd_per_mw(meter, fixed, hours)
    else:
        index, beside = _shed_sums_usd_per_mw(meter, terms.notice_hours, hours)
        year = meter.power.library_year.T
        drawn = np.take_along_axis(index, year, axis=1).T
        cost = meter.gross_level * drawn + np.take_along_axis(beside, year, axis=1).T
    mw = use.conversion.critical_mw(1.0) * use.load_factor_frac * use.conversion.pue_mean
    return terms.owner_frac * terms.depth_frac * mw * np.maximum(cost, 0.0) * served_frac


def shed_share_of_mean(use: AiUse, meter: Meter) -> FloatArray:
    """Return what shedding saves as hours of the mean price, shape (month,) [h].

    Mean over library years at base level, from the whole load: the saving of a month is about this
    times the load shed times the mean price at the meter; exactly so in expectation where the
    tariff has neither adder nor rates by time of use.
    """
    assert use.flexibility is not None
    hours = hours_per_month(use)
    rate = 0.0 if meter.rated is None else meter.rated.mean_rate_usd_per_mwh()
    fixed = meter.tariff.fixed_price_usd_per_mwh
    if fixed is not None and meter.rated is None:
        return np.minimum(hours, meter.grid.hours)
    if fixed is not None:
        cost, mean = _fixed_cost_usd_per_mw(meter, fixed, hours), fixed + rate
    else:
        index, beside = _shed_sums_usd_per_mw(meter, use.flexibility.notice_hours, hours)
        bought = 1.0 / (1.0 - meter.tariff.losses_frac)
        means = np.array([m.mean() for m in meter.power.library.hourly_usd_per_mwh])
        cost = bought * index.mean(axis=1) + beside.mean(axis=1)
        mean = bought * means[meter.grid.month_of_year - 1] + meter.tariff.adder_usd_per_mwh + rate
    share: FloatArray = np.maximum(cost, 0.0) / mean
    return share


def _fixed_cost_usd_per_mw(meter: Meter, fixed_usd_per_mwh: float, hours: float) -> FloatArray:
    """Return the cost of a month's dearest hours at one price plus rates, (month,) [USD/MW]."""
    cost = fixed_usd_per_mwh * np.minimum(hours, meter.grid.hours)
    if meter.rated is None:
        return cost
    months = meter.power.library.hourly_usd_per_mwh
    for m, rates in enumerate(meter.rated.hourly_usd_per_mwh()):
        count = months[meter.grid.month_of_year[m] - 1].shape[1]
        cost[m] += np.sort(rates[:count])[::-1] @ _share(hours, count)
    return cost


def _shed_sums_usd_per_mw(
    meter: Meter, notice_hours: int, hours: float
) -> tuple[FloatArray, FloatArray]:
    """Return sums over the hours chosen by the index: of it, and of what comes on top.

    Both are (month, library year) [USD/MW]: the index at base level; adder and time-of-use rates.
    """
    months = meter.power.library.hourly_usd_per_mwh
    index = np.empty((12, months[0].shape[0]))
    orders: list[IntArray] = []
    for m, prices in enumerate(months):
        known = np.full_like(prices, -np.inf)
        known[:, notice_hours:] = prices[:, : prices.shape[1] - notice_hours]
        orders.append(np.argsort(-known, axis=1, kind="stable"))
        index[m] = np.take_along_axis(prices, orders[m], axis=1) @ _share(hours, prices.shape[1])
    adder = meter.tariff.adder_usd_per_mwh * np.minimum(hours, meter.grid.hours)
    calendar = meter.grid.month_of_year - 1
    beside = np.repeat(adder[:, None], index.shape[1], axis=1)
    if meter.rated is not None:
        for m, rates in enumerate(meter.rated.hourly_usd_per_mwh()):
            order = orders[calendar[m]]
            beside[m] += rates[order] @ _share(hours, order.shape[1])
    return index[calendar], beside


def _share(hours: float, count: int) -> FloatArray:
    """Return the share of each of `count` hours, in their order, that `hours` hours fill."""
    return np.clip(hours - np.arange(count), 0.0, 1.0)
