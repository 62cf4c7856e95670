"""Cost per coin under each definition that miners publish; never rank two on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require

Definition = Literal["power", "power_net", "direct", "cash", "with_depreciation"]


@dataclass(frozen=True, kw_only=True)
class CoinCost:
    """Cost per coin by one definition.

    Parameters
    ----------
    definition : str
        Short name of the definition.
    formula : str
        What is summed, in words.
    cost_usd_per_btc : FloatArray
        Cost [USD/BTC], shape (scenario,).
    """

    definition: Definition
    formula: str
    cost_usd_per_btc: FloatArray


def coin_costs(
    *,
    mined_btc: ArrayLike,
    power_usd: ArrayLike,
    power_credit_usd: ArrayLike,
    other_opex_usd: ArrayLike,
    sga_usd: ArrayLike,
    depreciation_usd: ArrayLike,
) -> tuple[CoinCost, ...]:
    """Return the cost per coin by every public definition, from the narrowest to the widest.

    Parameters
    ----------
    mined_btc : array_like
        Coins mined in the period [BTC], above 0, shape (scenario,) or a number.
    power_usd : array_like
        Power bought for mining [USD], before credits.
    power_credit_usd : array_like
        Credits for curtailment and demand response [USD], 0 or more.
    other_opex_usd : array_like
        Hosting, repair, staff on site, pool fee [USD].
    sga_usd : array_like
        Selling, general and administrative cost in cash [USD].
    depreciation_usd : array_like
        Depreciation of rigs and site [USD].

    Returns
    -------
    tuple of CoinCost
        "power", "power_net", "direct", "cash", "with_depreciation".

    Raises
    ------
    InputError
        A scenario mines no coins: it has no cost per coin.

    Notes
    -----
    With P power, K credits, O other opex, S SG&A, D depreciation and N coins: P/N, (P-K)/N,
    (P-K+O)/N, (P-K+O+S)/N, (P-K+O+S+D)/N. Published figures follow one or another of these; what a
    company files decides which.

    Examples
    --------
    >>> rows = coin_costs(mined_btc=2.0, power_usd=100.0, power_credit_usd=20.0,
    ...                   other_opex_usd=10.0, sga_usd=30.0, depreciation_usd=60.0)
    >>> [(row.definition, row.cost_usd_per_btc.item()) for row in rows][:3]
    [('power', 50.0), ('power_net', 40.0), ('direct', 45.0)]
    >>> rows[-1].formula
    '(power - power credits + other opex + SG&A + depreciation) / coins mined'
    """
    coins = np.atleast_1d(as_finite(mined_btc, "mined_btc"))
    require(
        bool((coins > 0.0).all()),
        "mined_btc",
        given=f"{coins.min(initial=np.inf):g}",
        allowed="above 0 in every scenario",
        cure="Leave out scenarios and periods that mine no coins.",
    )
    power = as_finite(power_usd, "power_usd")
    net = power - as_finite(power_credit_usd, "power_credit_usd")
    direct = net + as_finite(other_opex_usd, "other_opex_usd")
    cash = direct + as_finite(sga_usd, "sga_usd")
    full = cash + as_finite(depreciation_usd, "depreciation_usd")
    rows: tuple[tuple[Definition, str, FloatArray], ...] = (
        ("power", "power", power),
        ("power_net", "(power - power credits)", net),
        ("direct", "(power - power credits + other opex)", direct),
        ("cash", "(power - power credits + other opex + SG&A)", cash),
        (
            "with_depreciation",
            "(power - power credits + other opex + SG&A + depreciation)",
            full,
        ),
    )
    return tuple(
        CoinCost(definition=name, formula=f"{text} / coins mined", cost_usd_per_btc=cost / coins)
        for name, text, cost in rows
    )
