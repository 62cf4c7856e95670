"""Selfish mining: what withholding blocks earns, and from which share of hashrate it pays."""

from __future__ import annotations

from typing import Literal

from rerack.base.checks import require, require_between

Strategy = Literal["sm1", "optimal"]

#: Longest branch that the optimal strategy considers; see `selfish_revenue`.
DEFAULT_TRUNCATION = 90
#: Share of revenue above the honest one that counts as gain in the search for a threshold.
_GAIN = 1e-8


def selfish_revenue(
    alpha: float,
    gamma: float,
    strategy: Strategy = "sm1",
    *,
    truncation: int = DEFAULT_TRUNCATION,
) -> float:
    """Return the share of all blocks that a selfish miner ends up with.

    Parameters
    ----------
    alpha : float
        Attacker's share of hashrate, 0 to below 0.5.
    gamma : float
        Share of honest hashrate that mines on the attacker's branch when two branches tie, 0 to 1.
    strategy : {"sm1", "optimal"}
        Eyal and Sirer's fixed rule, or the best policy of the decision process.
    truncation : int
        Longest branch that "optimal" considers, 2 to 200. The result is a lower bound; at gamma 0
        going from 60 to 90 adds 3e-7 at a third of the hashrate, 2e-6 at 0.35 and 9e-5 at 0.4.
        Above 0.45 longer branches matter more, and it takes a minute.

    Returns
    -------
    float
        Attacker's blocks over all blocks of the final chain. Honest mining gives `alpha`.

    Raises
    ------
    InputError
        An argument is out of range; from half of the hashrate on the attacker can take every block.

    Notes
    -----
    SM1 (Eyal & Sirer 2014, doi:10.1007/978-3-662-45472-5_28, equation 8)::

        R = (a(1-a)^2 (4a + g(1-2a)) - a^3) / (1 - a(1 + (2-a)a))

    which is below `alpha` under the threshold, where the rule loses blocks. Optimal: Sapirshtein,
    Sompolinsky & Zohar 2016 (arXiv:1507.06183); see `selfish_process`. The share turns into money
    only after a retarget has shortened the interval between surviving blocks: for up to two weeks
    the attacker earns less than by honest mining (Grunspan & Perez-Marco 2018, arXiv:1805.08281).
    Do not use it for an attacker who wants to reverse payments: that is `majority_double_spend` and
    `rerack.chain.double_spend_probability`.

    Examples
    --------
    >>> round(selfish_revenue(0.35, 0.0), 5)
    0.36651
    """
    require(
        0.0 <= alpha < 0.5,
        "alpha",
        given=alpha,
        allowed="0 or more and below 0.5",
        cure="From half of the hashrate on an attacker can take every block.",
    )
    require_between(gamma, 0.0, 1.0, "gamma")
    require(
        strategy in ("sm1", "optimal"),
        "strategy",
        given=repr(strategy),
        allowed="'sm1' or 'optimal'",
        cure="Choose one of the two.",
    )
    if strategy == "sm1":
        return _sm1(alpha, gamma)
    require(
        isinstance(truncation, int) and 2 <= truncation <= 200,
        "truncation",
        given=truncation,
        allowed="a whole number, 2 to 200",
    )
    from rerack.numerics.mdp import best_ratio
    from rerack.security.selfish_mdp import selfish_process

    return best_ratio(selfish_process(alpha, gamma, truncation)).ratio


def selfish_threshold_frac(
    gamma: float, strategy: Strategy = "sm1", *, truncation: int = 60
) -> float:
    """Return the share of hashrate from which selfish mining beats honest mining.

    Parameters
    ----------
    gamma : float
        As in `selfish_revenue`.
    strategy : {"sm1", "optimal"}
        SM1 has a closed form; for "optimal" it is searched to 1e-4.
    truncation : int
        As in `selfish_revenue`.

    Returns
    -------
    float
        SM1: ``(1 - g) / (3 - 2g)`` (Eyal & Sirer 2014): 1/3, 1/4 and 0 at g = 0, 1/2 and 1.

    Examples
    --------
    >>> selfish_threshold_frac(0.5)
    0.25
    """
    require_between(gamma, 0.0, 1.0, "gamma")
    closed = (1.0 - gamma) / (3.0 - 2.0 * gamma)
    if strategy == "sm1":
        return closed
    # The best policy includes SM1's, so its threshold is no higher.
    low, high = 0.0, min(closed + 1e-4, 0.4999)
    while high - low > 1e-4:
        middle = 0.5 * (low + high)
        if selfish_revenue(middle, gamma, strategy, truncation=truncation) > middle + _GAIN:
            high = middle
        else:
            low = middle
    return high


def _sm1(a: float, g: float) -> float:
    return (a * (1 - a) ** 2 * (4 * a + g * (1 - 2 * a)) - a**3) / (1 - a * (1 + (2 - a) * a))
