"""Compiled proceeds of a sale under square-root impact, and their inverse."""

from __future__ import annotations

import math

from rerack.numerics.jit import kernel


@kernel
def proceeds_of(coins: float, price: float, per_root: float) -> float:
    """Return the dollars that `coins` fetch, ``c p (1 - k sqrt(c))`` up to its highest value.

    The law makes proceeds fall beyond c = (2 / 3k)^2; nobody sells more than that in one month.
    """
    if coins <= 0.0:
        return 0.0
    if per_root > 0.0:
        coins = min(coins, most_sold(per_root))
    return coins * price * (1.0 - per_root * math.sqrt(coins))


@kernel
def most_sold(per_root: float) -> float:
    """Return the sale that fetches most, (2 / 3k)^2 coins; infinite without impact."""
    if per_root <= 0.0:
        return math.inf
    return (2.0 / (3.0 * per_root)) ** 2


@kernel
def coins_for(need: float, held: float, price: float, per_root: float) -> float:
    """Return the fewest coins that fetch `need` dollars, or as many as can be sold of `held`.

    Newton's method on the concave proceeds from below: it rises to the root and never passes it.
    """
    limit = min(held, most_sold(per_root))
    if need <= 0.0 or limit <= 0.0:
        return 0.0
    if proceeds_of(limit, price, per_root) <= need:
        return limit
    coins = need / price
    for _ in range(60):
        short = need - proceeds_of(coins, price, per_root)
        if short <= 1e-12 * need:
            break
        slope = price * (1.0 - 1.5 * per_root * math.sqrt(coins))
        coins = min(limit, coins + short / slope)
    return coins
