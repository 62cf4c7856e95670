"""Transaction fees per block: a mean-reverting logarithm."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rerack.base.checks import FloatArray, require_between
from rerack.markets.parameters import packaged
from rerack.markets.paths import decay_per_month, ornstein_uhlenbeck


@dataclass(frozen=True, kw_only=True)
class FeesSpec:
    """A model of the fees in a block.

    Parameters
    ----------
    level_btc_per_block : float
        Fees in the first month [BTC per block].
    long_run_btc_per_block : float or None
        Expected fees far ahead; None keeps the expectation at the level of the first month.
    half_life_months : float
        Months in which half of a deviation is gone.
    volatility_frac : float
        Standard deviation of the monthly log shock, times sqrt(12).

    Examples
    --------
    >>> FeesSpec(level_btc_per_block=0.02).long_run_btc_per_block is None
    True
    """

    level_btc_per_block: float = 0.02
    long_run_btc_per_block: float | None = None
    half_life_months: float = field(default_factory=lambda: packaged("fees")["half_life_months"])
    volatility_frac: float = field(default_factory=lambda: packaged("fees")["volatility_frac"])

    def __post_init__(self) -> None:
        require_between(self.level_btc_per_block, 1e-9, 1e4, "fees.level_btc_per_block")
        if self.long_run_btc_per_block is not None:
            require_between(self.long_run_btc_per_block, 1e-9, 1e4, "fees.long_run_btc_per_block")
        require_between(self.half_life_months, 0.01, 1e4, "fees.half_life_months")
        require_between(self.volatility_frac, 0.0, 20.0, "fees.volatility_frac")


def simulate_fees(spec: FeesSpec, shocks: FloatArray) -> FloatArray:
    """Return fees along each path.

    Parameters
    ----------
    spec : FeesSpec
        The model.
    shocks : array, shape (scenario, month)
        Standard normals; column t moves month t - 1 to month t, column 0 is unused.

    Returns
    -------
    array, shape (scenario, month)
        Fees [BTC per block], above 0; month 0 holds the level.

    Notes
    -----
    ``F_t = m_t exp(x_t - Var(x_t)/2)``, x an Ornstein-Uhlenbeck process from 0 and m_t the path of
    the expectation, whose logarithm relaxes from level to long run at the same speed. Hence
    ``E[F_t] = m_t`` exactly. Fees carry no trend: nobody knows whether they will replace the
    subsidy, so a study that needs them to must say so in ``long_run_btc_per_block``.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(simulate_fees(FeesSpec(level_btc_per_block=0.02), np.zeros((1, 3)))[0, 0]), 6)
    0.02
    """
    phi = decay_per_month(spec.half_life_months)
    x, variance = ornstein_uhlenbeck(shocks, phi, spec.volatility_frac / np.sqrt(12.0))
    target = spec.long_run_btc_per_block or spec.level_btc_per_block
    relaxed = phi ** np.arange(shocks.shape[1])
    log_mean = np.log(target) + relaxed * np.log(spec.level_btc_per_block / target)
    fees: FloatArray = np.exp(log_mean + x - variance / 2.0)
    return fees
