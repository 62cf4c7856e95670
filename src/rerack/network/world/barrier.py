"""Free entry as a ceiling on hashprice: the closed form that a hashrate model must respect."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require, require_between
from rerack.base.streams import Streams


@dataclass(frozen=True, kw_only=True)
class FreeEntry:
    """The reflecting barrier of hashprice and what follows from it.

    Parameters
    ----------
    discount_frac_per_year, growth_frac_per_year : float
        Discount rate r and drift alpha of the network's revenue, continuous [1/year].
    volatility_frac : float
        Standard deviation sigma of log revenue over a year.
    progress_frac_per_year : float
        Rate a at which a dollar buys more hash, continuous [1/year].
    beta : float
        Positive root of ``sigma^2/2 b (b - 1) + (alpha + a) b - (r + a) = 0``.
    barrier_frac_per_year : float
        Highest yearly revenue of a new unit over its price, ``(r - alpha) beta / (beta - 1)``.
    mean_log_gap : float
        Stationary mean of ln(barrier / hashprice): 1 / k, ``k = 2 (alpha + a - sigma^2/2) /
        sigma^2``; inf where it drifts away.
    near_frac : float
        Share of time within 10 % of the barrier, ``1 - 0.9^k``.
    """

    discount_frac_per_year: float
    growth_frac_per_year: float
    volatility_frac: float
    progress_frac_per_year: float
    beta: float
    barrier_frac_per_year: float
    mean_log_gap: float
    near_frac: float

    @property
    def payback_days(self) -> float:
        """Price over revenue at the barrier: the shortest static payback there is [day]."""
        return 365.25 / self.barrier_frac_per_year


def free_entry(
    *,
    discount_frac_per_year: float,
    growth_frac_per_year: float,
    volatility_frac: float,
    progress_frac_per_year: float,
) -> FreeEntry:
    """Return the barrier that free entry puts on hashprice.

    Parameters
    ----------
    discount_frac_per_year : float
        r, above `growth_frac_per_year`.
    growth_frac_per_year : float
        alpha, drift of revenue.
    volatility_frac : float
        sigma; 0 gives the deterministic limit r + a.
    progress_frac_per_year : float
        a; growth plus progress must be above 0.

    Returns
    -------
    FreeEntry
        The barrier.

    Raises
    ------
    InputError
        A rate out of range.

    Notes
    -----
    A dollar buys e^(a t) hash for ever, at no running cost; entry cannot be undone. Detrended
    hashprice p is reflected at the barrier, v(p) = p / (r - alpha) + B p^beta, v'(barrier) = 0 and
    v(barrier) = price. Irreversible investment as in Prat and Walter 2021
    (doi:10.1086/714445); derivation: docs/explanation/network-equilibrium.md. Not for a fleet with
    power cost: there the barrier lies higher, and rigs leave.

    Examples
    --------
    >>> row = free_entry(discount_frac_per_year=0.1, growth_frac_per_year=0.0,
    ...                  volatility_frac=0.75, progress_frac_per_year=0.77)
    >>> round(row.barrier_frac_per_year, 3), round(row.payback_days)
    (1.177, 310)
    """
    r, alpha, a, sigma = (
        discount_frac_per_year,
        growth_frac_per_year,
        progress_frac_per_year,
        volatility_frac,
    )
    require_between(volatility_frac, 0.0, 10.0, "volatility_frac")
    require(r > alpha, "discount_frac_per_year", given=r, allowed=f"more than the growth, {alpha}")
    drift = alpha + a
    require(drift > 0.0, "progress_frac_per_year", given=a, allowed=f"more than {-alpha}")
    half = 0.5 * sigma * sigma
    # The root written so that it stays exact as sigma goes to 0.
    slope = drift - half
    beta = 2.0 * (r + a) / (slope + math.sqrt(slope * slope + 4.0 * half * (r + a)))
    k = slope / half if half > 0.0 else math.inf
    return FreeEntry(
        discount_frac_per_year=r,
        growth_frac_per_year=alpha,
        volatility_frac=sigma,
        progress_frac_per_year=a,
        beta=beta,
        barrier_frac_per_year=(r - alpha) * beta / (beta - 1.0),
        mean_log_gap=1.0 / k if k > 0.0 else math.inf,
        near_frac=1.0 - 0.9**k if k > 0.0 else 0.0,
    )


def sampled_values(
    entry: FreeEntry, *, paths: int, years: float, steps_per_year: int, seed: int
) -> FloatArray:
    """Return the value of a unit bought at the barrier over its price, path by path.

    Parameters
    ----------
    entry : FreeEntry
        The barrier, with volatility above 0.
    paths : int
        Paths.
    years : float
        Horizon [year]; what comes later is added in closed form.
    steps_per_year : int
        Steps; the reflection is exact between them.
    seed : int
        0 or more.

    Returns
    -------
    array, shape (path,)
        Their mean is 1 if the barrier is right.

    Notes
    -----
    p = barrier x exp(X - max(0, running maximum of X)), X Brownian with drift alpha + a -
    sigma^2/2; the maximum within a step is drawn from its law between the two ends.
    """
    require_between(entry.volatility_frac, 1e-6, 10.0, "volatility_frac")
    streams = Streams(seed)
    steps = round(years * steps_per_year)
    dt = 1.0 / steps_per_year
    sigma, rate = entry.volatility_frac, entry.discount_frac_per_year + entry.progress_frac_per_year
    drift = entry.growth_frac_per_year + entry.progress_frac_per_year - 0.5 * sigma * sigma
    normals = streams.normals("free-entry", paths=paths, shape=(steps,))
    uniforms = streams.uniforms("free-entry-maximum", paths=paths, shape=(steps,))
    gap = np.zeros(paths)
    value = np.full(paths, 0.5 * dt)
    for n in range(1, steps + 1):
        move = drift * dt + sigma * math.sqrt(dt) * normals[:, n - 1]
        spread = -2.0 * sigma * sigma * dt * np.log1p(-uniforms[:, n - 1])
        highest = 0.5 * (move + np.sqrt(move * move + spread))
        gap = np.maximum(gap, highest) - move
        weight = dt if n < steps else 0.5 * dt
        value += weight * math.exp(-rate * n * dt) * np.exp(-gap)
    value *= entry.barrier_frac_per_year
    tail: FloatArray = math.exp(-rate * steps * dt) * value_over_price(entry, np.exp(-gap))
    return value + tail


def value_over_price(entry: FreeEntry, share: FloatArray) -> FloatArray:
    """Return v(p) over the price of a unit, for p a share of the barrier.

    Parameters
    ----------
    entry : FreeEntry
        The barrier.
    share : array
        p over the barrier, above 0 and at most 1.
    """
    forever = entry.barrier_frac_per_year / (
        entry.discount_frac_per_year - entry.growth_frac_per_year
    )
    value: FloatArray = forever * (share - share**entry.beta / entry.beta)
    return value
