"""Geometric Brownian motion: independent normal log returns."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import FloatArray, require_between
from rerack.markets.paths import log_walk


@dataclass(frozen=True, kw_only=True)
class GbmModel:
    """Parameters of the diffusion.

    Parameters
    ----------
    volatility_frac : float
        Standard deviation of the yearly log return.
    """

    volatility_frac: float

    def __post_init__(self) -> None:
        require_between(self.volatility_frac, 0.0, 5.0, "gbm.volatility_frac")

    def scaled(self, volatility_frac: float) -> GbmModel:
        """Return the model with the given yearly volatility."""
        return GbmModel(volatility_frac=volatility_frac)


def gbm_martingale(model: GbmModel, shocks: FloatArray) -> FloatArray:
    """Return paths of mean 1.

    Parameters
    ----------
    model : GbmModel
        The diffusion.
    shocks : array, shape (scenario, month)
        Standard normals; column 0 is unused.

    Returns
    -------
    array, shape (scenario, month)
        ``exp(sum(s z - s^2/2))``, ``s = volatility/sqrt(12)``; 1 in month 0.

    Notes
    -----
    Tails are too thin for Bitcoin and volatility does not cluster; prefer it where only the spread
    matters, and `regime` where the order of bad months does.
    """
    return log_walk(shocks, model.volatility_frac)
