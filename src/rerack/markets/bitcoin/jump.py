"""Merton's jump diffusion: a Brownian motion with normal jumps at Poisson times."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import FloatArray, require_between
from rerack.base.streams import Streams


@dataclass(frozen=True, kw_only=True)
class JumpModel:
    """Parameters of the jump diffusion.

    Parameters
    ----------
    diffusion_frac : float
        Standard deviation of the yearly log return without jumps.
    jumps_per_year : float
        Expected number of jumps in a year.
    jump_mean_frac, jump_sd_frac : float
        Mean and standard deviation of the log jump.
    """

    diffusion_frac: float
    jumps_per_year: float
    jump_mean_frac: float
    jump_sd_frac: float

    def __post_init__(self) -> None:
        require_between(self.diffusion_frac, 0.0, 5.0, "jump.diffusion_frac")
        require_between(self.jumps_per_year, 0.0, 366.0, "jump.jumps_per_year")
        require_between(self.jump_mean_frac, -2.0, 2.0, "jump.jump_mean_frac")
        require_between(self.jump_sd_frac, 0.0, 2.0, "jump.jump_sd_frac")

    @property
    def volatility_frac(self) -> float:
        """Standard deviation of the yearly log return, jumps included."""
        jumps = self.jumps_per_year * (self.jump_mean_frac**2 + self.jump_sd_frac**2)
        return math.sqrt(self.diffusion_frac**2 + jumps)

    def scaled(self, volatility_frac: float) -> JumpModel:
        """Return the model with diffusion and jumps scaled to the given yearly volatility."""
        ratio = volatility_frac / self.volatility_frac
        return replace(
            self,
            diffusion_frac=self.diffusion_frac * ratio,
            jump_mean_frac=self.jump_mean_frac * ratio,
            jump_sd_frac=self.jump_sd_frac * ratio,
        )


def jump_martingale(
    model: JumpModel, shocks: FloatArray, streams: Streams, *, first_path: int = 0
) -> FloatArray:
    """Return paths of mean 1.

    Parameters
    ----------
    model : JumpModel
        The jump diffusion.
    shocks : array, shape (scenario, month)
        Standard normals of the diffusion; column 0 is unused.
    streams : Streams
        Jumps draw from streams ``bitcoin.jumps`` and ``bitcoin.jump_size``.
    first_path : int
        Index of the first path, a multiple of 64.

    Returns
    -------
    array, shape (scenario, month)
        Martingale, 1 in month 0.

    Notes
    -----
    Log step ``s z - s^2/2 + N m + sqrt(N) d w - lambda (exp(m + d^2/2) - 1)``, N Poisson(lambda)
    and lambda a month's jumps: the sum of N normal jumps is normal given N.
    Reference: Merton 1976, doi:10.1016/0304-405X(76)90022-2. Only the diffusion correlates with
    other drivers. Calibrated jumps are many and small: over a month they nearly average out.
    """
    paths, months = shocks.shape
    rate = model.jumps_per_year / 12.0
    uniforms = streams.uniforms(
        "bitcoin.jumps", paths=paths, shape=(months,), first_path=first_path
    )
    sizes = streams.normals(
        "bitcoin.jump_size", paths=paths, shape=(months,), first_path=first_path
    )
    count = poisson_quantile(uniforms, rate)
    s = model.diffusion_frac / math.sqrt(12.0)
    mean, sd = model.jump_mean_frac, model.jump_sd_frac
    drift = -s * s / 2.0 - rate * math.expm1(mean + sd * sd / 2.0)
    steps = s * shocks + count * mean + np.sqrt(count) * sd * sizes + drift
    steps[:, 0] = 0.0
    walk: FloatArray = np.exp(np.cumsum(steps, axis=1))
    return walk


def poisson_quantile(uniforms: FloatArray, rate: float) -> FloatArray:
    """Return Poisson counts by inversion, one uniform each, so that a draw is never shifted.

    Parameters
    ----------
    uniforms : array
        Uniforms on [0, 1).
    rate : float
        Expected count, up to 700.

    Examples
    --------
    >>> poisson_quantile(np.array([0.1, 0.5, 0.99]), 1.0)
    array([0., 1., 4.])
    """
    length = int(rate + 12.0 * math.sqrt(rate) + 30.0)
    mass = np.empty(length)
    mass[0] = math.exp(-rate)
    for n in range(1, length):
        mass[n] = mass[n - 1] * rate / n
    counts: FloatArray = np.searchsorted(np.cumsum(mass), uniforms, side="right").astype(np.float64)
    return counts
