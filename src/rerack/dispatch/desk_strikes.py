"""The strike price of every rig model of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from rerack.assets import RigFleet
from rerack.base.checks import require_between
from rerack.catalog import load
from rerack.dispatch.strike import strike_usd_per_mwh


def strike_table(
    hashprice_usd_per_ph_day: float,
    *,
    pool_fee_frac: float = 0.0,
    variable_om_usd_per_mwh: float = 0.0,
    extend: Iterable[Path] = (),
) -> dict[str, Any]:
    """Return the catalogue's rigs by strike price, highest first.

    Parameters
    ----------
    hashprice_usd_per_ph_day : float
        Hashprice, above 0 [USD/PH/s/day].
    pool_fee_frac : float
        Share of income kept by the pool.
    variable_om_usd_per_mwh : float
        Operating cost that stops when the rigs stop [USD/MWh].
    extend : iterable of Path
        The user's own catalogue files of rigs.

    Returns
    -------
    dict
        Columns of shape (rig,), ``strike_usd_per_mwh`` and ``revenue_usd_per_mwh`` among them;
        rigs of unknown efficiency are left out.

    Raises
    ------
    InputError
        If a number is out of range, or a catalogue file is wrong.

    Notes
    -----
    Efficiency is the maker's, at the wall. Cooling and losses up to the meter, some per cent,
    lower the strike in proportion: give a site's own figure in its file.

    Examples
    --------
    >>> found = strike_table(35.0)
    >>> at = found["model"].tolist().index("S21 Pro")
    >>> float(found["efficiency_j_per_th"][at]), round(float(found["strike_usd_per_mwh"][at]), 1)
    (15.0, 97.2)
    """
    require_between(hashprice_usd_per_ph_day, 1e-6, 1e6, "hashprice_usd_per_ph_day")
    rigs = [row for row in load("rigs", extend=extend) if row["efficiency_j_per_th"] is not None]
    fleets = [
        RigFleet(
            model=str(row["model"]),
            efficiency_j_per_th=row.number("efficiency_j_per_th"),
            pool_fee_frac=pool_fee_frac,
            variable_om_usd_per_mwh=variable_om_usd_per_mwh,
        )
        for row in rigs
    ]
    strikes = np.array([strike_usd_per_mwh(f, hashprice_usd_per_ph_day) for f in fleets])
    order = np.argsort(-strikes, kind="stable")
    return {
        "model": np.array([f.model for f in fleets])[order],
        "maker": np.array([str(row["maker"]) for row in rigs])[order],
        "efficiency_j_per_th": np.array([f.efficiency_j_per_th for f in fleets])[order],
        "revenue_usd_per_mwh": (strikes + variable_om_usd_per_mwh)[order],
        "strike_usd_per_mwh": strikes[order],
        "status": np.array([str(row["status"]) for row in rigs])[order],
    }
