"""What is new in each month and has mean zero whatever came before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.base.streams import Streams
from rerack.markets import MarketSpec
from rerack.markets.correlation import correlated_shocks
from rerack.planning.world import World

#: Scenarios that are turned at a time, so that they stay in a core's own cache.
_BLOCK = 64


def month_major(columns: Sequence[FloatArray]) -> FloatArray:
    """Return columns of shape (scenario, month) as one array (scenario, month, column).

    Each month of each column is contiguous, since the regressions go month by month.
    """
    scenarios, months = columns[0].shape
    out = np.empty((months, len(columns), scenarios))
    for start in range(0, scenarios, _BLOCK):
        block = slice(start, start + _BLOCK)
        for k, values in enumerate(columns):
            out[:, k, block] = values[block].T
    return out.transpose(2, 0, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Surprises:
    """Monthly surprises of a world, by name.

    Parameters
    ----------
    names : tuple of str
        Names, in the order of the last axis.
    values : ndarray, shape (scenario, month, name)
        Column m holds what happens between months m - 1 and m; column 0 is unused.
    """

    names: tuple[str, ...]
    values: FloatArray

    def at(self, month: int) -> FloatArray:
        """Return what happens between `month` and the next, shape (scenario, name)."""
        return self.values[:, month + 1]

    @classmethod
    def of(cls, by_name: dict[str, FloatArray]) -> Surprises:
        """Take surprises of shape (scenario, month) by name."""
        return cls(names=tuple(by_name), values=month_major(list(by_name.values())))


def surprises_of(world: World, market: MarketSpec) -> dict[str, FloatArray]:
    """Return the surprises that drove `world` by name, each of shape (scenario, month).

    They are drawn again from its seed.

    Parameters
    ----------
    world : World
        Drawn with `market`.
    market : MarketSpec
        The models and correlations that it was drawn with.

    Raises
    ------
    InputError
        The network shocks drawn again are not those of the world: it was drawn otherwise.

    Notes
    -----
    Standard normals z of Bitcoin (b), network (n), lease and power level, and their products
    ``b^2 - 1`` and ``b n - rho``, rho their correlation. Under ``jump`` the second is the
    martingale ratio of the price less 1, jumps included. Under ``regime`` the switching, and
    everywhere fees and weather, stay unhedged: the upper bound then allows foresight of them and is
    the wider. Under ``bootstrap`` no surprise of known mean exists and Bitcoin is left out.
    """
    outlook = world.outlook
    scenarios, months = world.shape
    shocks = correlated_shocks(
        market.correlation,
        Streams(outlook.seed),
        paths=scenarios,
        months=months,
        first_path=outlook.first_path,
        drivers=("bitcoin", "network", "lease", "power", "fees"),
    )
    require(
        np.array_equal(shocks["network"], outlook.network_shock),
        "policy: market",
        given="other shocks than the scenarios were drawn with",
        allowed="the market specification that the world was built from",
        cure="Pass the MarketSpec of this scenario.",
    )
    names = {name: shocks[name] for name in ("network", "lease", "power", "fees")}
    if market.bitcoin.model == "bootstrap":
        return names
    bitcoin, network = shocks["bitcoin"], shocks["network"]
    names["bitcoin"] = bitcoin
    names["bitcoin and network"] = bitcoin * network - _related(market)
    if market.bitcoin.model == "jump":
        names["bitcoin twice"] = _price_ratio(world, market)
    else:
        names["bitcoin twice"] = bitcoin * bitcoin - 1.0
    return names


def _related(market: MarketSpec) -> float:
    """Return the correlation of the shocks to Bitcoin and network."""
    pairs = {frozenset(pair[:2]): pair[2] for pair in market.correlation.pairs}
    return float(pairs.get(frozenset(("bitcoin", "network")), 0.0))


def _price_ratio(world: World, market: MarketSpec) -> FloatArray:
    """Return each month's price over what was expected of it a month before, less 1."""
    price = world.outlook.btc_price_usd
    growth = (1.0 + market.bitcoin.growth_frac_per_year) ** (1.0 / 12.0)
    ratio = np.zeros_like(price)
    ratio[:, 1:] = price[:, 1:] / (price[:, :-1] * growth) - 1.0
    return ratio
