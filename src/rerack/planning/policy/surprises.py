"""What is new in each month and has mean zero whatever came before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.base.streams import Streams
from rerack.markets import MarketSpec
from rerack.markets.correlation import correlated_shocks
from rerack.planning.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class Surprises:
    """Monthly surprises of a world, by name.

    Parameters
    ----------
    by_name : dict of str to ndarray, shape (scenario, month)
        Column m holds what happens between months m - 1 and m; column 0 is unused.
    """

    by_name: dict[str, FloatArray]

    def at(self, month: int) -> dict[str, FloatArray]:
        """Return what happens between `month` and the next, by name, shape (scenario,)."""
        return {name: values[:, month + 1] for name, values in self.by_name.items()}

    def with_(self, name: str, values: FloatArray) -> Surprises:
        """Return the surprises with one more, shape (scenario, month)."""
        return Surprises(by_name={**self.by_name, name: np.asfortranarray(values)})

    @classmethod
    def of(cls, by_name: dict[str, FloatArray]) -> Surprises:
        """Keep each month contiguous, since the regressions go month by month."""
        return cls(by_name={n: np.asfortranarray(v) for n, v in by_name.items()})


def surprises_of(world: World, market: MarketSpec) -> Surprises:
    """Return the surprises that drove `world`, drawn again from its seed.

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
        return Surprises.of(names)
    bitcoin, network = shocks["bitcoin"], shocks["network"]
    names["bitcoin"] = bitcoin
    names["bitcoin and network"] = bitcoin * network - _related(market)
    if market.bitcoin.model == "jump":
        names["bitcoin twice"] = _price_ratio(world, market)
    else:
        names["bitcoin twice"] = bitcoin * bitcoin - 1.0
    return Surprises.of(names)


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
