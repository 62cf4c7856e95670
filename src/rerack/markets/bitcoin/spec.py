"""Which Bitcoin price model a study uses, and its two numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rerack.base.checks import require, require_between

#: Names of the price models.
MODELS: Final = ("gbm", "jump", "regime", "bootstrap")


@dataclass(frozen=True, kw_only=True)
class BitcoinSpec:
    """A model of the Bitcoin price.

    Parameters
    ----------
    price_usd : float
        Price in the first month [USD/BTC], nominal.
    model : str
        ``gbm`` (geometric Brownian motion), ``jump`` (Merton), ``regime`` (calm and wild months
        that persist) or ``bootstrap`` (blocks of the built-in monthly history).
    growth_frac_per_year : float
        Growth of the *expected* price: ``E[S_t] = price * (1 + growth)^t`` exactly, whatever the
        model. The median grows more slowly, by half the variance.
    volatility_frac : float or None
        Standard deviation of the yearly log return; None takes the calibrated value of the model.
        Shocks of every kind (jumps, regimes, past returns) are scaled to it.

    Examples
    --------
    >>> BitcoinSpec(price_usd=85_000.0).model
    'gbm'
    """

    price_usd: float
    model: str = "gbm"
    growth_frac_per_year: float = 0.0
    volatility_frac: float | None = None

    def __post_init__(self) -> None:
        require(
            self.model in MODELS,
            "bitcoin.model",
            given=repr(self.model),
            allowed=", ".join(MODELS),
            cure="Name one of the models.",
        )
        require_between(self.price_usd, 1e-6, 1e12, "bitcoin.price_usd")
        require_between(self.growth_frac_per_year, -0.9, 10.0, "bitcoin.growth_frac_per_year")
        if self.volatility_frac is not None:
            require_between(self.volatility_frac, 0.0, 5.0, "bitcoin.volatility_frac")
