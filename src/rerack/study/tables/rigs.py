"""Which rigs of the catalogue still earn, at the study's first hashprice."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import FloatArray, frozen_array
from rerack.catalog import load
from rerack.chain import breakeven_usd_per_mwh, hashprice_usd_per_ph_day, subsidy_sat
from rerack.scenario import Scenario
from rerack.study.store import Table

#: Power prices that the table tests [USD/MWh]: 4, 5, 6 and 8 c/kWh.
POWER_PRICES_USD_PER_MWH = (40.0, 50.0, 60.0, 80.0)


def spot_hashprice_usd_per_ph_day(scenario: Scenario) -> float:
    """Return the hashprice of the study's first block: its price, difficulty, subsidy and fees.

    The outlook's first month is a mean, in which difficulty may already have moved once.
    """
    network = scenario.network
    return hashprice_usd_per_ph_day(
        scenario.market.bitcoin.price_usd,
        network.start_difficulty,
        subsidy_sat(network.start_height) / 1e8,
        scenario.market.fees.level_btc_per_block,
    )


def rigs_table(spot_usd_per_ph_day: float) -> Table:
    """Return every catalogue rig's break-even power price, best first, without fees or O&M."""
    model, efficiency, status = _rigs()
    strike = np.asarray(breakeven_usd_per_mwh(spot_usd_per_ph_day, efficiency))
    table: Table = {
        "model": model,
        "efficiency_j_per_th": efficiency,
        "strike_usd_per_mwh": strike,
    }
    for price in POWER_PRICES_USD_PER_MWH:
        table[f"earns_at_{price:.0f}"] = strike > price
    table["status"] = status
    return table


@cache
def _rigs() -> tuple[NDArray[np.str_], FloatArray, NDArray[np.str_]]:
    """Return model, efficiency and standing of the catalogue's rigs, most efficient first."""
    rows = [r for r in load("rigs") if r["efficiency_j_per_th"] is not None]
    efficiency = np.asarray([r["efficiency_j_per_th"] for r in rows], dtype=np.float64)
    order = np.argsort(efficiency, kind="stable")
    model = np.asarray([str(r["model"]) for r in rows])[order]
    status = np.asarray([str(r["status"]) for r in rows])[order]
    return model, frozen_array(efficiency[order]), status
