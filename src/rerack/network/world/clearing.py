"""Hashprice and online hashrate that agree with one another, for a given price and reward."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, frozen_array, require
from rerack.network.world.arrays import CohortArrays, cohort_arrays
from rerack.network.world.state import World
from rerack.numerics.monotone_root import monotone_root

#: Revenue of the network is ``0.144 x reward x price``, in kUSD a day: 144 blocks, and EH/s for
#: PH/s, so that hashprice times hashrate gives it without another factor.
BLOCKS_PER_DAY_KILO = 0.144


@dataclass(frozen=True, kw_only=True, eq=False)
class Equilibrium:
    """Hashprice at which what runs is what it pays to run.

    Parameters
    ----------
    online_eh_s : array, shape (cohort,)
        Hashrate online of each cohort of the world [EH/s].
    hashprice_usd_per_ph_day : float
        Hashprice [USD/PH/day], difficulty having followed.
    hashrate_eh_s : float
        Sum of `online_eh_s` [EH/s].
    iterations : int
        Evaluations of the world's supply.
    residual_frac : float
        ln(hashprice x hashrate / revenue).
    """

    online_eh_s: FloatArray
    hashprice_usd_per_ph_day: float
    hashrate_eh_s: float
    iterations: int
    residual_frac: float


def equilibrium(world: World, price_usd: float, reward_btc: float) -> Equilibrium:
    """Return the hashprice and the hashrate of each cohort once difficulty has followed.

    Parameters
    ----------
    world : World
        Cohorts; nobody buys, moves or scraps.
    price_usd : float
        Bitcoin price [USD/BTC], above 0.
    reward_btc : float
        Subsidy and fees [BTC per block], above 0.

    Returns
    -------
    Equilibrium
        The only one: supply does not fall with hashprice, so the left side below rises.

    Raises
    ------
    InputError
        A price or reward that is not above 0 and finite.
    SolverError
        No root to 1e-12, which a world with hashrate does not give.

    Notes
    -----
    With revenue R = 0.144 price reward and supply H(h), the sum over cohorts of ::

        max(floor, installed x Phi((ln h - a) / s)),
        a = ln(0.024 J/TH x median power price / (1 - pool fee))

    it solves ln h + ln H(h) = ln R: model.md section 8.1. No switching cost is in it, other than in
    `simulate`. Not for the weeks before difficulty has followed: see `rerack.chain.run_epochs`.

    Examples
    --------
    >>> from rerack.network.world import equilibrium, world_of
    >>> found = equilibrium(world_of("2025-12"), 85_000.0, 3.145)
    >>> round(found.hashprice_usd_per_ph_day * found.hashrate_eh_s / (0.144 * 3.145 * 85e3), 9)
    1.0
    """
    for name, value in (("price_usd", price_usd), ("reward_btc", reward_btc)):
        ok = math.isfinite(value) and value > 0.0
        require(ok, name, given=value, allowed="a finite number above 0")
    cohorts = cohort_arrays(world)
    log_revenue = math.log(BLOCKS_PER_DAY_KILO * reward_btc * price_usd)

    def excess(log_hashprice: float) -> tuple[float, float]:
        online, rise = supply(cohorts, log_hashprice)
        total = float(online.sum())
        if total <= 0.0:
            # So far below every cost that nothing is left of the tails: the root lies above.
            return -1e3, 1.0
        return log_hashprice + math.log(total) - log_revenue, 1.0 + float(rise.sum()) / total

    root = monotone_root(excess, log_revenue - math.log(world.installed_eh_s), tolerance=1e-12)
    online, _ = supply(cohorts, root.x)
    return Equilibrium(
        online_eh_s=frozen_array(online),
        hashprice_usd_per_ph_day=math.exp(root.x),
        hashrate_eh_s=float(online.sum()),
        iterations=root.iterations,
        residual_frac=root.residual,
    )


def supply(cohorts: CohortArrays, log_hashprice: float) -> tuple[FloatArray, FloatArray]:
    """Return what runs at a hashprice, and how fast it rises with its logarithm.

    Parameters
    ----------
    cohorts : CohortArrays
        From `cohort_arrays`.
    log_hashprice : float
        Logarithm of hashprice [USD/PH/day].

    Returns
    -------
    online_eh_s : array, shape (cohort,)
        Hashrate online [EH/s].
    rise_eh_s : array, shape (cohort,)
        Derivative with respect to log hashprice [EH/s].
    """
    z = (log_hashprice - cohorts.log_half) / cohorts.spread
    running = cohorts.installed_eh_s * normal_cdf(z)
    density = cohorts.installed_eh_s * np.exp(-0.5 * z * z) / (math.sqrt(2.0 * math.pi))
    rise = np.where(running > cohorts.floor_eh_s, density / cohorts.spread, 0.0)
    return np.maximum(running, cohorts.floor_eh_s), rise


def normal_cdf(z: FloatArray) -> FloatArray:
    """Return the standard normal distribution function, exact to rounding in the lower tail."""
    return np.array([0.5 * math.erfc(-v / math.sqrt(2.0)) for v in z.ravel()]).reshape(z.shape)
