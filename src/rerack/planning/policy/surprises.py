"""What is new in each month and has mean zero whatever came before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.base.streams import Streams
from rerack.markets import MarketSpec
from rerack.markets.correlation import correlated_shocks
from rerack.planning.world import World

#: Scenarios that are worked on at a time, so that they stay in a core's own cache; a multiple of
#: the block of the random streams.
_BLOCK = 256


def month_major(
    shape: tuple[int, int], columns: int, rows: Callable[[slice], Sequence[FloatArray]]
) -> FloatArray:
    """Return columns side by side, shape (scenario, month, column), worked out block by block.

    Each month of each column is contiguous, since the regressions go month by month.

    Parameters
    ----------
    shape : tuple of int
        (scenarios, months).
    columns : int
        Number of columns.
    rows : callable
        Scenarios of a block -> its columns, each of shape (scenario, month).
    """
    scenarios, months = shape
    out = np.empty((months, columns, scenarios))
    for start in range(0, scenarios, _BLOCK):
        block = slice(start, min(start + _BLOCK, scenarios))
        for k, values in enumerate(rows(block)):
            out[:, k, block] = values.T
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


def surprises_of(world: World, market: MarketSpec, weather: FloatArray | None = None) -> Surprises:
    """Return the surprises that drove `world`, drawn again from its seed.

    Parameters
    ----------
    world : World
        Drawn with `market`.
    market : MarketSpec
        The models and correlations that it was drawn with.
    weather : ndarray, shape (scenario, month), or None
        From `weather_surprise`; None where weather is no chance.

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
    names = ["network", "lease", "power", "fees"]
    if market.bitcoin.model != "bootstrap":
        names += ["bitcoin", "bitcoin and network", "bitcoin twice"]
    if weather is not None:
        names.append("weather")

    def rows(block: slice) -> list[FloatArray]:
        found = _drawn_again(world, market, block)
        if weather is not None:
            found["weather"] = weather[block]
        return [found[name] for name in names]

    return Surprises(names=tuple(names), values=month_major(world.shape, len(names), rows))


def _drawn_again(world: World, market: MarketSpec, block: slice) -> dict[str, FloatArray]:
    """Return the surprises of some scenarios by name, each of shape (scenario, month)."""
    outlook = world.outlook
    shocks = correlated_shocks(
        market.correlation,
        Streams(outlook.seed),
        paths=block.stop - block.start,
        months=world.shape[1],
        first_path=outlook.first_path + block.start,
        drivers=("bitcoin", "network", "lease", "power", "fees"),
    )
    require(
        np.array_equal(shocks["network"], outlook.network_shock[block]),
        "policy: market",
        given="other shocks than the scenarios were drawn with",
        allowed="the market specification that the world was built from",
        cure="Pass the MarketSpec of this scenario.",
    )
    bitcoin, network = shocks["bitcoin"], shocks["network"]
    shocks["bitcoin and network"] = bitcoin * network - _related(market)
    if market.bitcoin.model == "jump":
        shocks["bitcoin twice"] = _price_ratio(outlook.btc_price_usd[block], market)
    else:
        shocks["bitcoin twice"] = bitcoin * bitcoin - 1.0
    return shocks


def _related(market: MarketSpec) -> float:
    """Return the correlation of the shocks to Bitcoin and network."""
    pairs = {frozenset(pair[:2]): pair[2] for pair in market.correlation.pairs}
    return float(pairs.get(frozenset(("bitcoin", "network")), 0.0))


def _price_ratio(price: FloatArray, market: MarketSpec) -> FloatArray:
    """Return each month's price over what was expected of it a month before, less 1."""
    growth = (1.0 + market.bitcoin.growth_frac_per_year) ** (1.0 / 12.0)
    ratio = np.zeros_like(price)
    ratio[:, 1:] = price[:, 1:] / (price[:, :-1] * growth) - 1.0
    return ratio
