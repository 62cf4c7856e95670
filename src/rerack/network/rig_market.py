"""What a new rig costs: months of its own margin, with a floor."""

from __future__ import annotations

from typing import Final

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.network.progress import frontier_path, inflation_path, progress_factor
from rerack.network.spec import NetworkSpec

#: Mean length of a month [day].
DAYS_PER_MONTH: Final = 30.4375


def margin_usd_per_th_month(
    hashprice_usd_per_ph_day: FloatArray, j_per_th: FloatArray, power_usd_per_mwh: FloatArray
) -> FloatArray:
    """Return what a TH/s earns in a month after its power.

    Parameters
    ----------
    hashprice_usd_per_ph_day : array
        Hashprice [USD/PH/day].
    j_per_th : array
        Efficiency [J/TH], broadcast with hashprice.
    power_usd_per_mwh : array
        Power price [USD/MWh], broadcast with hashprice.

    Returns
    -------
    array
        Margin [USD/TH/month]: ``30.4375 / 1000 (hashprice - 0.024 J/TH power)``.

    Examples
    --------
    >>> float(margin_usd_per_th_month(np.array(53.41), np.array(17.5), np.array(45.0)).round(3))
    1.05
    """
    return DAYS_PER_MONTH / 1e3 * (hashprice_usd_per_ph_day - 0.024 * j_per_th * power_usd_per_mwh)


def rig_price_path(
    spec: NetworkSpec, grid: MonthGrid, hashprice_usd_per_ph_day: FloatArray
) -> FloatArray:
    """Return the price of the best rig on sale.

    Parameters
    ----------
    spec : NetworkSpec
        Multiple, floor, efficiency and reference power price.
    grid : MonthGrid
        Months.
    hashprice_usd_per_ph_day : array, shape (scenario, month)
        Hashprice [USD/PH/day].

    Returns
    -------
    array, shape (scenario, month)
        ``max(months of margin, floor)`` [USD/TH], nominal; the floor falls with progress and rises
        with inflation, and never reaches 0.

    Notes
    -----
    Sellers price to what the rig earns: 13 points from 2021 to 2025 lie between 11 and 29 months of
    margin. Supply is not modelled, so a boom does not stretch the multiple.
    """
    level = inflation_path(spec, grid)
    margin = margin_usd_per_th_month(
        hashprice_usd_per_ph_day,
        frontier_path(spec, grid),
        spec.reference_power_usd_per_mwh * level,
    )
    left = progress_factor(
        np.arange(grid.months) / 12.0, spec.progress_frac_per_year, spec.progress_halving_years
    )
    floor = np.maximum(spec.rig_floor_usd_per_th * left * level, 1e-6)
    price: FloatArray = np.maximum(spec.rig_margin_months * margin, floor)
    return price
