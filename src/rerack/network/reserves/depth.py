"""What a sale does to the price: impact by a power of its size, and how it fades."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, require, require_between

#: Nodes of the mean over a sale: exact to rounding for impacts below one half.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_DAYS_FOREVER: Final = 1e9


@dataclass(frozen=True, kw_only=True)
class CoinMarket:
    """Depth of the market in coins.

    Parameters
    ----------
    volume_btc_per_day : float
        Coins that change hands in a day [BTC].
    volatility_frac : float
        Standard deviation of a day's log return.
    coefficient_frac : float
        Y, the impact of selling a day's volume in daily standard deviations.
    exponent_frac : float
        delta: 0.5 is the square-root law, 1 linear impact.
    half_life_days : float
        Time in which the impact of a finished sale halves [day]; inf keeps it for ever.

    Raises
    ------
    InputError
        A number out of range.

    Notes
    -----
    Sales that follow one another are one sale of size Q, and ::

        ln(price / price without sales) = -Y sigma (Q / V)^delta

    holds along its whole course (Donier & Bonart 2015, doi:10.1142/S2382626615500082: on more than
    a million orders of Bitcoin, delta near one half over four decades of size; Toth et al. 2011,
    doi:10.1103/PhysRevX.1.021006). Old sales count less, so that impact halves in `half_life_days`;
    the same paper finds an almost complete decay where the order was not informed. Y is of order 1.

    Examples
    --------
    >>> market = CoinMarket(volume_btc_per_day=150_000.0, volatility_frac=0.025)
    >>> round(float(market.impact(np.array(30_000.0))), 4)
    0.0112
    """

    volume_btc_per_day: float
    volatility_frac: float
    coefficient_frac: float = 1.0
    exponent_frac: float = 0.5
    half_life_days: float = 10.0

    def __post_init__(self) -> None:
        require(
            0.0 < self.volume_btc_per_day <= 1e9,
            "market.volume_btc_per_day",
            given=self.volume_btc_per_day,
            allowed="above 0, up to 1e9",
            cure="A market without volume takes no coins.",
        )
        require_between(self.volatility_frac, 0.0, 1.0, "market.volatility_frac")
        require_between(self.coefficient_frac, 0.0, 100.0, "market.coefficient_frac")
        require_between(self.exponent_frac, 0.1, 1.0, "market.exponent_frac")
        require_between(self.half_life_days, 0.01, math.inf, "market.half_life_days")

    def impact(self, sold_btc: FloatArray) -> FloatArray:
        """Return -ln(price / price without sales) after a sale, any shape."""
        scale = self.coefficient_frac * self.volatility_frac
        fall: FloatArray = scale * (sold_btc / self.volume_btc_per_day) ** self.exponent_frac
        return fall

    def mean_factor(self, first_btc: FloatArray, last_btc: FloatArray) -> FloatArray:
        """Return the mean of price / price without sales while a sale grows from first to last.

        Parameters
        ----------
        first_btc, last_btc : array
            Size before and after, the same shape [BTC].

        Notes
        -----
        Integrated over the square root of the size, in which the square-root law is smooth.
        """
        low, high = np.sqrt(first_btc), np.sqrt(last_btc)
        roots = 0.5 * ((high + low)[..., None] + (high - low)[..., None] * _NODES)
        values = np.exp(-self.impact(roots * roots)) * roots
        total = low + high
        mean = np.divide(
            (values * _WEIGHTS).sum(axis=-1), total, out=np.ones_like(total), where=total > 0.0
        )
        factor: FloatArray = mean
        return factor

    def kept_frac(self, days: float) -> float:
        """Return how much an old sale still counts after some days."""
        return math.exp(-self._rate * days)

    def fresh_frac(self, days: float) -> float:
        """Return how much an even sale over the last days counts at their end."""
        faded = self._rate * days
        return -math.expm1(-faded) / faded if faded > 1e-12 else 1.0

    @property
    def _rate(self) -> float:
        """Return the speed at which a sale's size is forgotten, so that its impact halves."""
        life = min(self.half_life_days, _DAYS_FOREVER)
        return math.log(2.0) / (self.exponent_frac * life)
