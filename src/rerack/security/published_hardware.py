"""Published costs of shares of the hardware: whether they fit each other and a flat price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rerack.chain.hashprice import network_hashrate_eh_s
from rerack.security.facts import fact
from rerack.security.state import TH_PER_EH

_MONTH: Final = "hardware_2024"
_SHARES: Final = (0.1, 0.3, 0.51)


@dataclass(frozen=True, kw_only=True)
class HardwareCheck:
    """Published costs of shares beside what one price for the whole network would give.

    Parameters
    ----------
    shares_frac : tuple of float
        Shares asked for.
    published_usd : tuple of float
        Published cost of each [USD].
    network_usd : tuple of float
        Worth of all others' hardware that each implies, published / (s/(1-s)) [USD].
    usd_per_th : float
        Price that the majority's figure implies at the hashrate of early 2024 [USD/TH].
    """

    shares_frac: tuple[float, ...]
    published_usd: tuple[float, ...]
    network_usd: tuple[float, ...]
    usd_per_th: float


def flat_hardware() -> HardwareCheck:
    """Return the check of Farokhnia and Goharshady's costs of shares of the hardware (2024).

    Returns
    -------
    HardwareCheck
        Three costs, and the worth of the network's hardware that each implies.

    Notes
    -----
    The three published costs imply 6.5 to 6.8 bn USD for the hardware of all others by the rule
    s/(1-s), so they rest on *one* price, of 12.9 USD/TH at 503.5 EH/s, whatever the amount bought:
    the price of used rigs, with no supply curve, no sites and no power. That is why they are a
    twentieth of what `attack_cost` asks.

    Examples
    --------
    >>> check = flat_hardware()
    >>> [round(usd / 1e9, 2) for usd in check.network_usd], round(check.usd_per_th, 1)
    ([6.75, 6.77, 6.5], 12.9)
    """
    published = tuple(fact(f"share_{round(100 * s)}_usd", _MONTH) for s in _SHARES)
    network = tuple(usd * (1.0 - s) / s for usd, s in zip(published, _SHARES, strict=True))
    hashrate_eh_s = network_hashrate_eh_s(fact("difficulty", "february_2024"))
    return HardwareCheck(
        shares_frac=_SHARES,
        published_usd=published,
        network_usd=network,
        usd_per_th=network[-1] / (hashrate_eh_s * TH_PER_EH),
    )
