"""Cost per coin of the first year of mining on, under each public definition."""

from __future__ import annotations

import numpy as np

from rerack.finance import coin_costs
from rerack.planning import LINES, SITE_LINES, World
from rerack.scenario import Scenario
from rerack.study.merge import Merged
from rerack.study.store import Table

#: Straight-line life of rigs that stand at the start, used by the widest definition only [months].
RIG_LIFE_MONTHS = 60


def coin_cost_table(merged: Merged, scenario: Scenario, world: World) -> Table:
    """Return the site's cost per coin if it mines on, mean cost over mean coins of year one.

    Notes
    -----
    Depreciation is economic: the fleet's replacement cost at the first month's rig price for equal
    hashrate, over `RIG_LIFE_MONTHS`. Credits are the settlement of a fixed-price block where it
    earned, and the income of grid services.
    """
    keep = merged.plans[0]
    coins = float(keep.coins_mean_btc[:, :12].sum())
    empty = np.asarray([], dtype=str)
    if coins <= 0.0:
        return {"definition": empty, "usd_per_btc": np.asarray([]), "formula": empty}
    lines = keep.line_mean_usd[:, :, :12].sum(axis=(0, 2))
    paid = {name: -float(lines[LINES.index(name)]) for name in LINES if name not in SITE_LINES}
    credit = max(0.0, float(lines[LINES.index("block settlement")]))
    credit += max(0.0, -paid["grid services"])
    power = paid["mining power"] + paid["demand charge"] + paid["coincident peak"]
    rig_usd_per_th = float(world.network.rig_price_usd_per_th[:, 0].mean())
    fleet_th = sum(
        h.utility_mw * 1e6 / h.rigs.efficiency_j_per_th
        for h in scenario.site.halls
        if h.rigs is not None
    )
    months = min(12, scenario.grid.months)
    rows = coin_costs(
        mined_btc=[coins],
        power_usd=[power],
        power_credit_usd=[credit],
        other_opex_usd=[paid["mining operations"]],
        sga_usd=[-float(lines[LINES.index("overhead")])],
        depreciation_usd=[fleet_th * rig_usd_per_th * months / RIG_LIFE_MONTHS],
    )
    return {
        "definition": np.asarray([r.definition for r in rows], dtype=str),
        "usd_per_btc": np.asarray([float(r.cost_usd_per_btc[0]) for r in rows]),
        "formula": np.asarray([r.formula for r in rows], dtype=str),
    }
