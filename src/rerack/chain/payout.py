"""Mining income by payout scheme: what is expected, and how far a month can stray from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from rerack.base.checks import require, require_between
from rerack.base.errors import InputError
from rerack.chain.hashprice import btc_per_ph_day

Scheme = Literal["fpps", "pplns", "solo"]

_PH_PER_EH = 1e3


@dataclass(frozen=True, kw_only=True)
class PayoutIncome:
    """Income of one miner over a span of days.

    Parameters
    ----------
    expected_btc : float
        Expected income after the pool fee [BTC], 0 or more.
    deviation_btc : float
        Standard deviation of that income from the luck of finding blocks [BTC], 0 or more.

    Examples
    --------
    >>> PayoutIncome(expected_btc=2.0, deviation_btc=0.5).relative_deviation_frac
    0.25
    """

    expected_btc: float
    deviation_btc: float

    def __post_init__(self) -> None:
        require_between(self.expected_btc, 0.0, math.inf, "expected_btc")
        require_between(self.deviation_btc, 0.0, math.inf, "deviation_btc")

    @property
    def variance_btc2(self) -> float:
        """Variance of the income [BTC squared]."""
        return self.deviation_btc**2

    @property
    def relative_deviation_frac(self) -> float:
        """Standard deviation over expectation; 0 where nothing is expected."""
        return self.deviation_btc / self.expected_btc if self.expected_btc > 0.0 else 0.0


def payout_income(
    scheme: Scheme,
    *,
    hashrate_eh_s: float,
    difficulty: float,
    subsidy_btc: float,
    fees_btc: float,
    days: float,
    pool_fee_frac: float = 0.0,
    pool_hashrate_eh_s: float | None = None,
) -> PayoutIncome:
    """Return expected income and its deviation under a payout scheme.

    Parameters
    ----------
    scheme : {"fpps", "pplns", "solo"}
        FPPS: the pool pays every share its expected value, fees included, and bears the luck.
        PPLNS: the pool shares out the blocks that it finds. Solo: the miner's own blocks only.
    hashrate_eh_s : float
        Miner's hashrate [EH/s], 0 or more.
    difficulty : float
        Network difficulty, constant over the span.
    subsidy_btc : float
        Subsidy [BTC per block].
    fees_btc : float
        Fees [BTC per block], taken as constant: their own spread is left out.
    days : float
        Length of the span [days].
    pool_fee_frac : float
        Share of income that the pool keeps, 0 to 1.
    pool_hashrate_eh_s : float, optional
        Hashrate of the whole pool, the miner's included [EH/s]; for PPLNS only.

    Returns
    -------
    PayoutIncome
        Expectation and standard deviation [BTC].

    Raises
    ------
    InputError
        If a value is out of range, or the pool's hashrate is missing, needless, or too small.

    Notes
    -----
    Blocks arrive Poisson. With n = H * 86400 * days / (D * 2^32) blocks expected from the miner,
    R = subsidy + fees and fee f::

        expected = n R (1 - f)
        variance = 0 (FPPS), n (R (1 - f))^2 (solo), n (R (1 - f))^2 * H / H_pool (PPLNS)

    PPLNS holds for a miner who stays far longer than the window of N shares; one who comes and
    goes also carries the window's lag. Reference: Rosenfeld 2011, Analysis of Bitcoin Pooled
    Mining Reward Systems, arXiv:1112.4980.

    Examples
    --------
    >>> solo = payout_income("solo", hashrate_eh_s=1.0, difficulty=150e12, subsidy_btc=3.125,
    ...                      fees_btc=0.02, days=30)
    >>> round(solo.expected_btc, 3), round(solo.deviation_btc, 3)
    (12.653, 6.308)
    """
    require_between(hashrate_eh_s, 0.0, math.inf, "hashrate_eh_s")
    require_between(days, 0.0, math.inf, "days")
    require_between(pool_fee_frac, 0.0, 1.0, "pool_fee_frac")
    luck_share = _luck_share_frac(scheme, hashrate_eh_s, pool_hashrate_eh_s)
    ph_days = hashrate_eh_s * _PH_PER_EH * days
    expected_btc = btc_per_ph_day(difficulty, subsidy_btc, fees_btc) * ph_days
    reward_btc = subsidy_btc + fees_btc
    kept_frac = 1.0 - pool_fee_frac
    return PayoutIncome(
        expected_btc=expected_btc * kept_frac,
        # variance n R^2 = (n R) R
        deviation_btc=math.sqrt(expected_btc * reward_btc * luck_share) * kept_frac,
    )


def _luck_share_frac(scheme: Scheme, hashrate_eh_s: float, pool_eh_s: float | None) -> float:
    """Return the share of solo variance that the scheme leaves with the miner."""
    require(
        scheme in ("fpps", "pplns", "solo"),
        "scheme",
        given=repr(scheme),
        allowed="'fpps', 'pplns' or 'solo'",
        cure="Choose one of the three.",
    )
    if scheme != "pplns":
        require(
            pool_eh_s is None,
            "pool_hashrate_eh_s",
            given=str(pool_eh_s),
            allowed=f"nothing under {scheme}",
            cure="Leave it out.",
        )
        return 1.0 if scheme == "solo" else 0.0
    if pool_eh_s is None or not (0.0 < pool_eh_s < math.inf and pool_eh_s >= hashrate_eh_s):
        raise InputError.of(
            "pool_hashrate_eh_s",
            given=str(pool_eh_s),
            allowed="the pool's hashrate, above 0 and no less than the miner's",
            cure="Give the hashrate of the whole pool, this miner included.",
        )
    return hashrate_eh_s / pool_eh_s
