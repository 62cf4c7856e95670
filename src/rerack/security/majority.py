"""Double spend by a majority: how long it takes and what it costs, in closed form."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rerack.base.checks import require, require_between

#: Confirmations up to which sums are taken.
MAX_CONFIRMATIONS = 100_000


@dataclass(frozen=True, kw_only=True)
class MajorityRace:
    """Length and cost of a double spend by an attacker with more hashrate than the honest.

    Parameters
    ----------
    confirmations : int
        Honest blocks e for which the merchant waits.
    hashrate_ratio : float
        Attacker's hashrate over the honest, A, above 1.
    mean_intervals : float
        Mean length t of the attack in block intervals of the honest network (10 minutes at the
        difficulty of before).
    gross_rewards : float
        Gross cost of the hashing, A t, in block rewards, if hashing costs what it earns.

    Notes
    -----
    The attacker mines A t blocks on average and they end up in the chain, so at the full value of a
    reward the net cost is zero: only friction and a fall of the price make an attack cost something
    (`net_cost_usd`).
    """

    confirmations: int
    hashrate_ratio: float
    mean_intervals: float
    gross_rewards: float

    def net_cost_usd(
        self, block_reward_usd: float, *, friction_frac: float, price_fall_frac: float
    ) -> float:
        """Return what the attack costs after the attacker has sold the rewards it mined.

        Parameters
        ----------
        block_reward_usd : float
            Subsidy and fees of a block before the attack [USD], 0 or more.
        friction_frac : float
            Hashing that costs more than it earns, as a share: rent premium, poor rigs; 0 or more.
        price_fall_frac : float
            Fall of the coin price until the rewards can be sold, 0 to 1.

        Returns
        -------
        float
            ``(kappa + Delta) A t p_block`` [USD] (Budish 2025, doi:10.1093/qje/qjae033).
        """
        require_between(block_reward_usd, 0.0, 1e15, "block_reward_usd")
        require_between(friction_frac, 0.0, 1e3, "friction_frac")
        require_between(price_fall_frac, 0.0, 1.0, "price_fall_frac")
        return (friction_frac + price_fall_frac) * self.gross_rewards * block_reward_usd


def majority_double_spend(confirmations: int, hashrate_ratio: float) -> MajorityRace:
    r"""Return the mean length and gross cost of a majority's double spend.

    Parameters
    ----------
    confirmations : int
        Honest blocks e for which the merchant waits, 1 to 100,000.
    hashrate_ratio : float
        Attacker's hashrate over the honest, A, above 1.

    Raises
    ------
    InputError
        An argument is out of range; at A of 1 or less the mean length is infinite.

    Notes
    -----
    The attacker forks at the block of the payment and publishes once it is strictly ahead and the
    merchant has e honest blocks. The e-th honest block comes after e intervals on average; the
    attacker then has K blocks, negative binomial with success probability p = 1/(1+A):

        P(K = k) = C(k + e - 1, k) p^e (1 - p)^k

    If K <= e it still has to gain e + 1 - K blocks, at A - 1 an interval on average (Wald):

        t = e + E[(e + 1 - K)^+] / (A - 1),    gross cost A t

    Derived here, and equal to the simulation of `simulate_majority`. The difficulty is taken not to
    change during the attack, which must be short against two weeks. For an attacker with less than
    the honest hashrate use `rerack.chain.double_spend_probability`.

    Examples
    --------
    >>> race = majority_double_spend(6, 1.25)
    >>> round(race.mean_intervals, 2), round(race.gross_rewards, 1)
    (11.37, 14.2)
    """
    require_race(confirmations, hashrate_ratio)
    e, p = confirmations, 1.0 / (1.0 + hashrate_ratio)
    # From K = e downwards, the largest term first; p^e itself would underflow for long waits.
    log_term = math.lgamma(2 * e) - math.lgamma(e) - math.lgamma(e + 1)
    term = math.exp(log_term + e * (math.log(p) + math.log1p(-p)))
    deficit = 0.0
    for k in range(e, -1, -1):
        deficit += (e + 1 - k) * term
        if k == 0 or term * (e + 1) <= 1e-18 * deficit:
            break
        term *= k / ((k + e - 1) * (1.0 - p))
    intervals = e + deficit / (hashrate_ratio - 1.0)
    return MajorityRace(
        confirmations=e,
        hashrate_ratio=hashrate_ratio,
        mean_intervals=intervals,
        gross_rewards=hashrate_ratio * intervals,
    )


def require_race(confirmations: int, hashrate_ratio: float) -> None:
    """Refuse a race that does not end, or that is not one."""
    require(
        isinstance(confirmations, int) and 1 <= confirmations <= MAX_CONFIRMATIONS,
        "confirmations",
        given=confirmations,
        allowed=f"a whole number, 1 to {MAX_CONFIRMATIONS}",
    )
    require(
        1.0 < hashrate_ratio <= 1e6,
        "hashrate_ratio",
        given=hashrate_ratio,
        allowed="above 1, up to 1e6",
        cure="For an attacker with less than the honest use chain.double_spend_probability.",
    )
