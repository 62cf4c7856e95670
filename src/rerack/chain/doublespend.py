"""Double-spend odds of an attacker with a share of the hashrate, exact and by the whitepaper."""

from __future__ import annotations

import math
from typing import Final, Literal

from rerack.base.checks import require, require_between
from rerack.chain.integers import require_int

Method = Literal["exact", "nakamoto"]

#: Confirmations up to which odds are computed: some 19,000 years of blocks.
MAX_CONFIRMATIONS: Final = 10**9

#: Sums stop once a term adds less than this share: terms shrink from the first, all positive.
_NEGLIGIBLE = 1e-18
#: From here on an asymptotic series in 1/n is exact to the last digit of a float.
_ASYMPTOTIC_FROM = 64


def double_spend_probability(q: float, confirmations: int, method: Method = "exact") -> float:
    """Return the probability that an attacker replaces a payment with so many confirmations.

    Parameters
    ----------
    q : float
        Attacker's share of all hashrate, 0 to 1.
    confirmations : int
        Blocks z that bury the payment before the merchant delivers, 0 to 1e9.
    method : {"exact", "nakamoto"}
        The exact law, or the Poisson approximation of the whitepaper (too low, see Notes).

    Returns
    -------
    float
        Probability; 1 at z = 0 and wherever the attacker has half or more.

    Raises
    ------
    InputError
        If an argument is out of range.

    Notes
    -----
    Exact, with p = 1 - q (Grunspan and Perez-Marco 2017, arXiv:1702.04421; Rosenfeld 2014,
    arXiv:1402.2009)::

        P(z) = I_{4pq}(z, 1/2) = 2 * sum_{k<z} C(z+k-1, k) q^z p^k

    Nakamoto (Bitcoin whitepaper, section 11), with lambda = z q / p::

        P(z) = 1 - sum_{k<=z} Poisson(k; lambda) * (1 - (q/p)^(z-k))

    which replaces the negative binomial number of blocks that the attacker finds by a Poisson
    number and so understates the risk. Both let the race go on for ever and count a tie as success,
    which equals one block mined in advance by an attacker who must get strictly ahead. Do not use
    it for an attacker with other costs or gains than the race itself, such as one who rents
    hashrate by the hour.

    Examples
    --------
    >>> round(double_spend_probability(0.1, 6), 5)
    0.00059
    >>> round(double_spend_probability(0.1, 6, method="nakamoto"), 7)
    0.0002428
    """
    require_between(q, 0.0, 1.0, "q")
    require_int(confirmations, 0, MAX_CONFIRMATIONS, "confirmations")
    _require_method(method)
    if confirmations == 0 or q >= 0.5:
        return 1.0
    if q == 0.0:
        return 0.0
    odds = _exact(q, confirmations) if method == "exact" else _nakamoto(q, confirmations)
    return min(odds, 1.0)


def confirmations_for(q: float, risk: float, method: Method = "exact") -> int:
    """Return the fewest confirmations that keep the double-spend probability below a risk.

    Parameters
    ----------
    q : float
        Attacker's share of all hashrate, 0 or more and below 0.5.
    risk : float
        Probability that must not be reached, above 0 and below 1.
    method : {"exact", "nakamoto"}
        As in `double_spend_probability`.

    Returns
    -------
    int
        Smallest z with P(z) < `risk`.

    Raises
    ------
    InputError
        If `q` is half or more (no number is enough) or so near it that 1e9 blocks are too few.

    Examples
    --------
    >>> confirmations_for(0.1, 0.001), confirmations_for(0.1, 0.001, method="nakamoto")
    (6, 5)
    """
    require(
        0.0 <= q < 0.5,
        "q",
        given=str(q),
        allowed="0 or more and below 0.5",
        cure="Against half of the hashrate no number of confirmations is enough.",
    )
    require(0.0 < risk < 1.0, "risk", given=str(risk), allowed="above 0 and below 1")
    _require_method(method)
    low, high = 0, 1
    while double_spend_probability(q, high, method) >= risk:
        require(
            high < MAX_CONFIRMATIONS,
            "q",
            given=f"{q} at risk {risk}",
            allowed=f"a pair that {MAX_CONFIRMATIONS} confirmations satisfy",
            cure="Lower q or accept a higher risk.",
        )
        low, high = high, min(2 * high, MAX_CONFIRMATIONS)
    while high - low > 1:
        middle = (low + high) // 2
        if double_spend_probability(q, middle, method) < risk:
            high = middle
        else:
            low = middle
    return high


def _require_method(method: str) -> None:
    require(
        method in ("exact", "nakamoto"),
        "method",
        given=repr(method),
        allowed="'exact' or 'nakamoto'",
        cure="Choose one of the two.",
    )


def _exact(q: float, z: int) -> float:
    """Sum 2 C(z+k-1, k) q^z p^k from its largest term, k = z - 1, downwards.

    Every term is positive, so nothing cancels; Rosenfeld's ``1 - sum`` loses all digits once the
    result falls below 1e-16.
    """
    p = 1.0 - q
    n = z - 1
    # 4 p q = 1 - (1 - 2q)^2; through log1p the power keeps its digits for q near one half.
    log_4pq = math.log1p(-((1.0 - 2.0 * q) ** 2)) if q > 0.25 else math.log(4.0 * p * q)
    term = q * _central_binomial(n) * math.exp(n * log_4pq)
    total = 0.0
    for k in range(n, -1, -1):
        total += term
        term *= k / (p * (z + k - 1)) if k > 0 else 0.0
        if term <= _NEGLIGIBLE * total:
            break
    return 2.0 * total


def _central_binomial(n: int) -> float:
    """Return C(2n, n) / 4^n."""
    if n < _ASYMPTOTIC_FROM:
        return math.comb(2 * n, n) / (1 << 2 * n)
    x = 1.0 / n
    # Expansion of Gamma(n + 1/2) / (Gamma(n + 1) sqrt(pi)) in 1/n, DLMF 5.11.13.
    series = x**6 * 869.0 / 4194304.0 - x**5 * 399.0 / 262144.0 - x**4 * 21.0 / 32768.0
    series += x**3 * 5.0 / 1024.0 + x**2 / 128.0 - x / 8.0 + 1.0
    return series / math.sqrt(math.pi * n)


def _nakamoto(q: float, z: int) -> float:
    """Sum the whitepaper's two ways to win, both from k = z outwards, all terms positive."""
    p = 1.0 - q
    ratio = q / p
    # Poisson(z; z r) = e^{z (1 - r + ln r)} * z^z e^-z / z!, with 1 - r kept exact near r = 1.
    gap = (1.0 - 2.0 * q) / p
    log_ratio = math.log1p(-gap) if q > 0.25 else math.log(ratio)
    peak = math.exp(z * (gap + log_ratio)) * _stirling(z)
    total, term = 0.0, peak
    # Attacker k <= z blocks ahead of the merchant's last, then catches up: (q/p)^(z-k).
    for k in range(z, -1, -1):
        total += term
        term *= k / z
        if term <= _NEGLIGIBLE * total:
            break
    # Attacker already past the merchant's blocks: the Poisson tail k > z.
    k, term = z + 1, peak * z * ratio / (z + 1)
    while term > _NEGLIGIBLE * total:
        total += term
        k += 1
        term *= z * ratio / k
    return total


def _stirling(z: int) -> float:
    """Return z^z e^-z / z!."""
    if z < _ASYMPTOTIC_FROM:
        return float(z**z) * math.exp(-z) / math.factorial(z)
    x = 1.0 / z
    # Stirling's series for ln z!, DLMF 5.11.1.
    correction = x / 12.0 - x**3 / 360.0 + x**5 / 1260.0 - x**7 / 1680.0
    return math.exp(-correction) / math.sqrt(2.0 * math.pi * z)
