"""Two-state Markov switching: calm and wild months, each of which tends to go on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require_between
from rerack.base.streams import Streams


@dataclass(frozen=True, kw_only=True)
class RegimeModel:
    """Parameters by state, calm then wild; a step is a month.

    Parameters
    ----------
    mean_frac : (float, float)
        Mean monthly log return of each state; only the difference matters, since the growth of
        the expectation is set elsewhere.
    sd_frac : (float, float)
        Standard deviation of the monthly log return of each state.
    stay_frac : (float, float)
        Probability that the state lasts another month.
    """

    mean_frac: tuple[float, float]
    sd_frac: tuple[float, float]
    stay_frac: tuple[float, float]

    def __post_init__(self) -> None:
        for k in range(2):
            require_between(self.mean_frac[k], -2.0, 2.0, f"regime.mean_frac[{k}]")
            require_between(self.sd_frac[k], 0.0, 2.0, f"regime.sd_frac[{k}]")
            require_between(self.stay_frac[k], 0.0, 1.0 - 1e-9, f"regime.stay_frac[{k}]")

    @property
    def stationary_frac(self) -> tuple[float, float]:
        """Long-run share of months in each state."""
        leave_calm, leave_wild = 1.0 - self.stay_frac[0], 1.0 - self.stay_frac[1]
        calm = leave_wild / (leave_calm + leave_wild)
        return calm, 1.0 - calm

    @property
    def volatility_frac(self) -> float:
        """Standard deviation of a stationary month's log return, times sqrt(12)."""
        calm, wild = self.stationary_frac
        spread = self.mean_frac[0] - self.mean_frac[1]
        variance = calm * self.sd_frac[0] ** 2 + wild * self.sd_frac[1] ** 2
        return math.sqrt(12.0 * (variance + calm * wild * spread**2))

    def scaled(self, volatility_frac: float) -> RegimeModel:
        """Return the model with means and deviations scaled to the given yearly volatility."""
        ratio = volatility_frac / self.volatility_frac
        return RegimeModel(
            mean_frac=(self.mean_frac[0] * ratio, self.mean_frac[1] * ratio),
            sd_frac=(self.sd_frac[0] * ratio, self.sd_frac[1] * ratio),
            stay_frac=self.stay_frac,
        )


def regime_martingale(
    model: RegimeModel, shocks: FloatArray, streams: Streams, *, first_path: int = 0
) -> FloatArray:
    """Return paths of mean 1.

    Parameters
    ----------
    model : RegimeModel
        The two states; month 0 is drawn from their long-run shares.
    shocks : array, shape (scenario, month)
        Standard normals; column 0 is unused.
    streams : Streams
        States draw from stream ``bitcoin.regime``.
    first_path : int
        Index of the first path, a multiple of 64.

    Returns
    -------
    array, shape (scenario, month)
        Martingale seen from month 0, 1 in that month.

    Notes
    -----
    Month t's return is normal with the mean and deviation of that month's state. The expectation
    ``pi' (P M)^t 1`` with ``M = diag exp(mean + sd^2/2)`` is divided out month by month, so the
    mean is 1 exactly. Given the state it is not: a wild month bodes otherwise than a calm one.
    Reference: Hamilton 1989, doi:10.2307/1912559.
    """
    paths, months = shocks.shape
    uniforms = streams.uniforms(
        "bitcoin.regime", paths=paths, shape=(months,), first_path=first_path
    )
    mean, sd, stay = (np.array(v) for v in (model.mean_frac, model.sd_frac, model.stay_frac))
    state = (uniforms[:, 0] >= model.stationary_frac[0]).astype(np.int64)
    log_walk = np.zeros((paths, months))
    for t in range(1, months):
        state = np.where(uniforms[:, t] < stay[state], state, 1 - state)
        log_walk[:, t] = log_walk[:, t - 1] + mean[state] + sd[state] * shocks[:, t]
    walk: FloatArray = np.exp(log_walk - expected_log(model, months))
    return walk


def expected_log(model: RegimeModel, months: int) -> FloatArray:
    """Return the logarithm of the expected uncorrected price, 0 in month 0, shape (month,)."""
    stay = model.stay_frac
    switch = np.array([[stay[0], 1.0 - stay[0]], [1.0 - stay[1], stay[1]]])
    growth = np.exp(np.array(model.mean_frac) + np.array(model.sd_frac) ** 2 / 2.0)
    weight = np.array(model.stationary_frac)
    out = np.zeros(months)
    for t in range(1, months):
        weight = (weight @ switch) * growth
        total = weight.sum()
        out[t] = out[t - 1] + math.log(total)
        weight /= total
    return out
