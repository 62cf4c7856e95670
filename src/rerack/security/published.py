"""A published cost of buying a majority, set beside the same figures from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rerack import catalog
from rerack.chain.hashprice import network_hashrate_eh_s
from rerack.security.facts import fact
from rerack.security.state import TH_PER_EH

_MONTH: Final = "february_2024"
#: Models of which MINE-MATCH gives a share of hashrate, with the fact's name.
_FLEET: Final = {
    "S19j Pro": "fleet_s19j_pro_frac",
    "S19": "fleet_s19_frac",
    "S19 XP": "fleet_s19_xp_frac",
}


@dataclass(frozen=True, kw_only=True)
class PurchaseCheck:
    """The published purchase, and what catalogue and difficulty say of it.

    Parameters
    ----------
    hashrate_eh_s : float
        Network hashrate of the month by difficulty [EH/s]: to match it is to hold half.
    published_usd : float
        Published cost of the rigs, a lower bound [USD].
    published_th_s : float
        Hashrate of a rig that the published number of machines implies [TH/s].
    published_usd_per_th : float
        Price that the published cost implies [USD/TH].
    market_usd_per_th : float
        Catalogue price nearest in date and class [USD/TH].
    flat_usd : float
        The same hashrate at that price, if buying did not raise it [USD].
    fleet_th_s : float
        Mean rig of the models whose share of hashrate the same publisher had estimated [TH/s].
    fleet_machines : float
        Number of such rigs that make the hashrate.
    same_markup_months : float
        Months of buying at which the supply curve at elasticity 1 asks the published price.
    double_spend_months : float
        The same for the published cost of the best double spend, 40 bn USD to earn one.
    """

    hashrate_eh_s: float
    published_usd: float
    published_th_s: float
    published_usd_per_th: float
    market_usd_per_th: float
    flat_usd: float
    fleet_th_s: float
    fleet_machines: float
    same_markup_months: float
    double_spend_months: float


def breaking_bft() -> PurchaseCheck:
    """Return the check of Coin Metrics' cost of a 51 % attack by purchase (February 2024).

    Returns
    -------
    PurchaseCheck
        Not a reproduction: the paper's table by model could not be read, so its totals are compared
        and the difference is explained.

    Notes
    -----
    "Breaking BFT" (Nuzzi, Waters & Andrade 2024, SSRN 4727999): about 7 million machines and over
    20 bn USD. At difficulty epoch 410 that is the whole hashrate of the month in machines of
    72 TH/s at 40 USD/TH. The catalogue's nearest price is half of that (index of July 2023, under
    25 J/TH), so the published figure holds a mark-up of two: a supply curve of elasticity 1 with
    the year's net growth as normal output has that mark-up when the purchase takes the months
    returned. The number of machines is higher than the publisher's own fleet estimate gives.

    Examples
    --------
    >>> check = breaking_bft()
    >>> round(check.hashrate_eh_s, 1), round(check.published_th_s)
    (503.5, 72)
    >>> round(check.published_usd_per_th), check.market_usd_per_th
    (40, 20.0)
    """
    hashrate_eh_s = network_hashrate_eh_s(fact("difficulty", _MONTH))
    growth = hashrate_eh_s - network_hashrate_eh_s(fact("difficulty_year_before", _MONTH))
    published_usd = fact("purchase_usd", _MONTH)
    per_th = published_usd / (hashrate_eh_s * TH_PER_EH)
    market = catalog.find(
        "rig_prices", item="under 25 J/TH", basis="index", as_of="2023-07"
    ).number("price_usd_per_th")
    fleet_th_s = _fleet_th_s()
    return PurchaseCheck(
        hashrate_eh_s=hashrate_eh_s,
        published_usd=published_usd,
        published_th_s=hashrate_eh_s * TH_PER_EH / fact("machines", _MONTH),
        published_usd_per_th=per_th,
        market_usd_per_th=market,
        flat_usd=market * hashrate_eh_s * TH_PER_EH,
        fleet_th_s=fleet_th_s,
        fleet_machines=hashrate_eh_s * TH_PER_EH / fleet_th_s,
        same_markup_months=_months(hashrate_eh_s, growth, published_usd, market),
        double_spend_months=_months(
            hashrate_eh_s, growth, fact("double_spend_usd", _MONTH), market
        ),
    )


def _months(hashrate_eh_s: float, growth_eh_s: float, cost_usd: float, market: float) -> float:
    """Return the months at which buying costs so much at elasticity 1: 1 + A / (F m) = mark-up."""
    markup = cost_usd / (hashrate_eh_s * TH_PER_EH) / market
    return hashrate_eh_s / (growth_eh_s / 12.0 * (markup - 1.0))


def _fleet_th_s() -> float:
    """Return the mean hashrate of a rig, weighted by machines: a harmonic mean over hashrate."""
    shares = {model: fact(name, _MONTH) for model, name in _FLEET.items()}
    machines = sum(
        share / catalog.find("rigs", model=model).number("hashrate_th_s")
        for model, share in shares.items()
    )
    return sum(shares.values()) / machines
