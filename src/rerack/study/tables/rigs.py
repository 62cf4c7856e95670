"""Which rigs of the catalogue still earn, at the study's first hashprice."""

from __future__ import annotations

import numpy as np

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
    rows = [r for r in load("rigs") if r["efficiency_j_per_th"] is not None]
    efficiency = np.asarray([r["efficiency_j_per_th"] for r in rows], dtype=np.float64)
    order = np.argsort(efficiency, kind="stable")
    strike = np.asarray(breakeven_usd_per_mwh(spot_usd_per_ph_day, efficiency))[order]
    table: Table = {
        "model": np.asarray([str(r["model"]) for r in rows])[order],
        "efficiency_j_per_th": efficiency[order],
        "strike_usd_per_mwh": strike,
    }
    for price in POWER_PRICES_USD_PER_MWH:
        table[f"earns_at_{price:.0f}"] = strike > price
    table["status"] = np.asarray([str(r["status"]) for r in rows])[order]
    return table
