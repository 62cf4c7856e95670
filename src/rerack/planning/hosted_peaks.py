"""What the AI load of a hall draws at the meter, and what it adds to the charges for peaks."""

from __future__ import annotations

import numpy as np

from rerack.assets import AiUse, Lease
from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.planning.hosting import HostingCash
from rerack.planning.meter import Meter


def hosted_mw(use: AiUse, cash: HostingCash, grid: MonthGrid) -> FloatArray:
    """Return the mean AI load at the meter per utility MW of a hall, shape (scenario, month).

    Notes
    -----
    ``served share · load factor · PUE of the month / design PUE``.
    """
    conversion = use.conversion
    pue = conversion.pue_of(grid.month_of_year)
    return np.asarray(cash.served_frac * use.load_factor_frac * pue / conversion.pue_design)


def hosted_peaks(use: AiUse, drawn_mw_per_mw: FloatArray, meter: Meter) -> dict[str, FloatArray]:
    """Return the owner's charges for the peaks of an AI load by line of the ledger [USD/MW].

    Parameters
    ----------
    use : Lease or GpuCloud
        The offer.
    drawn_mw_per_mw : ndarray, shape (scenario, month)
        From `hosted_mw`.
    meter : Meter
        Charges.

    Returns
    -------
    dict of str to ndarray, shape (scenario, month)
        Positive costs; nothing where the tenant bears the bill or no peak is charged.
    """
    borne = use.owner_power_frac if isinstance(use, Lease) else 1.0
    charges = {
        "demand charge": meter.demand_usd_per_mw(),
        "coincident peak": meter.coincident_usd_per_mw(),
    }
    return {
        line: drawn_mw_per_mw * charge * borne
        for line, charge in charges.items()
        if borne and charge.any()
    }
