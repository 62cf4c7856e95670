"""What a large sale does to the price it gets: the square-root law."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rerack.base.checks import require_between

#: Mean of the root of what has been sold over the root of all: the integral of sqrt(x), 0 to 1.
MEAN_OVER_END = 2.0 / 3.0


@dataclass(frozen=True, kw_only=True)
class SquareRootImpact:
    """Terms of the square-root law of market impact.

    Parameters
    ----------
    daily_volume_btc : float
        Coins that the market trades in a day [BTC], above 0.
    daily_volatility_frac : float
        Standard deviation of a day's relative price change [-], 0 or more.
    coefficient_frac : float
        Y, the fall of the price once a day's volume is sold, in daily volatilities [-].

    Notes
    -----
    The sale of Q coins has moved the price by ``Y sigma sqrt(q / V)`` when q of them are sold,
    whatever time it takes: volatility and volume grow alike with time, and it cancels. Coins so
    fetch less by ``2/3 Y sigma sqrt(Q / V)`` in the mean. Y is near one for assets of every kind:
    Toth et al. 2011, Physical Review X 1, 021006, doi:10.1103/PhysRevX.1.021006; for Bitcoin:
    Donier and Bonart 2015, Market Microstructure and Liquidity 1, 1550008,
    doi:10.1142/S2382626615500082. A month's sale is one sale, and the next month's begins anew. It
    is an average over many orders; in a crash the market is thinner than its mean volume says.

    Examples
    --------
    >>> terms = SquareRootImpact(daily_volume_btc=40_000.0, daily_volatility_frac=0.03)
    >>> round(terms.price_given_up_frac(12_000.0), 5)
    0.01095
    """

    daily_volume_btc: float
    daily_volatility_frac: float
    coefficient_frac: float = 1.0

    def __post_init__(self) -> None:
        require_between(self.daily_volume_btc, 1e-9, math.inf, "daily_volume_btc")
        require_between(self.daily_volatility_frac, 0.0, 1.0, "daily_volatility_frac")
        require_between(self.coefficient_frac, 0.0, 10.0, "coefficient_frac")

    @property
    def per_root_coin_frac(self) -> float:
        """Mean share of the price that a sale of one coin gives up; it grows with its root."""
        end = self.coefficient_frac * self.daily_volatility_frac / math.sqrt(self.daily_volume_btc)
        return MEAN_OVER_END * end

    def price_given_up_frac(self, sold_btc: float) -> float:
        """Return the mean share of the price that a month's sale gives up, at most all of it.

        Parameters
        ----------
        sold_btc : float
            Coins sold in the month [BTC], 0 or more.
        """
        require_between(sold_btc, 0.0, math.inf, "sold_btc")
        return min(1.0, self.per_root_coin_frac * math.sqrt(sold_btc))
