"""What a mining calculator assumes: difficulty that grows at a rate somebody typed in."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import require
from rerack.catalog import load
from rerack.chain import network_hashrate_eh_s
from rerack.markets import Outlook
from rerack.network.outlook import NetworkOutlook
from rerack.network.path import outlook_of
from rerack.network.spec import NetworkSpec

#: Beyond it a path of twenty years leaves the numbers that a double holds apart from one another.
MOST_FRAC_PER_YEAR = 5.0


def typed_growth_path(
    spec: NetworkSpec, outlook: Outlook, growth_frac_per_year: float
) -> NetworkOutlook:
    """Return the network of a calculator: hashrate grows at one rate, whatever it is paid.

    Parameters
    ----------
    spec : NetworkSpec
        The network at the start, and the rig market.
    outlook : Outlook
        Bitcoin price and fees; halvings come as hashrate makes them.
    growth_frac_per_year : float
        Growth of hashrate [1/year], above -1.

    Raises
    ------
    InputError
        A rate out of range.

    Notes
    -----
    ``H(m) = D 2^32 / 600 (1 + g)^(m/12)`` in every scenario: no reaction to price, to halvings, to
    anybody's exit. Not a model of the network: the yardstick that `rerack run --closed-loop`
    measures its error by.

    Examples
    --------
    >>> from rerack.base import MonthGrid, Streams
    >>> from rerack.markets import BitcoinSpec, MarketSpec, build_outlook
    >>> market = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0))
    >>> outlook = build_outlook(market, MonthGrid.parse("2026-01", 13), Streams(7), paths=1)
    >>> start = NetworkSpec(start_height=927_360, start_difficulty=148.1953e12)
    >>> path = typed_growth_path(start, outlook, 0.4)
    >>> round(float(path.hashrate_eh_s[0, 12] / path.hashrate_eh_s[0, 0]), 9)
    1.4
    """
    require(
        -0.99 <= growth_frac_per_year <= MOST_FRAC_PER_YEAR,
        "growth_frac_per_year",
        given=growth_frac_per_year,
        allowed=f"-0.99 to {MOST_FRAC_PER_YEAR:g}",
    )
    start_eh_s = network_hashrate_eh_s(spec.start_difficulty)
    path = start_eh_s * (1.0 + growth_frac_per_year) ** (np.arange(outlook.grid.months) / 12.0)
    return outlook_of(spec, outlook, np.repeat(path[None], outlook.paths, axis=0))


def past_growth_frac_per_year() -> float:
    """Return the growth of difficulty between the last two worlds of the catalogue [1/year].

    Returns
    -------
    float
        What a calculator's user who looks at the past would type in.

    Examples
    --------
    >>> round(past_growth_frac_per_year(), 2)
    0.42
    """
    facts = [r for r in load("cohorts") if r.text("part") == "chain"]
    known = {r.text("world"): r.number("value") for r in facts if r.text("metric") == "difficulty"}
    first, last = sorted(known)[-2:]
    (y0, m0), (y1, m1) = (map(int, text.split("-")) for text in (first, last))
    years = (12 * (y1 - y0) + m1 - m0) / 12.0
    return float((known[last] / known[first]) ** (1.0 / years) - 1.0)
