"""The network as an attacker finds it: hashrate, rigs, power, and who holds how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from rerack.base.checks import require, require_between

#: What a share of hashrate can be held by.
Holders = Literal["region", "owner", "pool"]

#: TH/s in an EH/s; PH/s in an EH/s. An EH/s at 1 J/TH draws 1 MW.
TH_PER_EH: Final = 1e6
PH_PER_EH: Final = 1e3


@dataclass(frozen=True, kw_only=True)
class RigSupply:
    """Where rigs can be had beyond the market price of one: how many, how fast, at what rise.

    Parameters
    ----------
    rig_efficiency_j_per_th : float
        Efficiency of a new rig [J/TH].
    output_eh_s_per_month : float
        New hashrate that all makers ship in a normal month [EH/s per month].
    supply_elasticity : float
        Price elasticity of that output, above 0: at 1 twice the output takes twice the price.
    idle_price_usd_per_th, idle_efficiency_j_per_th : float
        Price [USD/TH] and efficiency [J/TH] of rigs that stand idle.
    idle_months : float
        Time to gather and plug in idle rigs [month].
    rentable_eh_s : float
        Hashrate offered for rent [EH/s]; it mines for others until it is rented.
    rent_premium_frac : float
        What renters pay above the income of the hashrate, as a share of it.
    manufacture_usd_per_th : float
        Cost of a rig to its own maker [USD/TH].
    design_cost_usd : float
        Cost of a design of one's own [USD].
    design_months : float
        Time from decision to volume [month].
    site_usd_per_mw : float
        Cost of a mining site, without rigs [USD/MW utility].
    """

    rig_efficiency_j_per_th: float
    output_eh_s_per_month: float
    supply_elasticity: float
    idle_price_usd_per_th: float
    idle_efficiency_j_per_th: float
    idle_months: float
    rentable_eh_s: float
    rent_premium_frac: float
    manufacture_usd_per_th: float
    design_cost_usd: float
    design_months: float
    site_usd_per_mw: float

    def __post_init__(self) -> None:
        for name, low, high in _SUPPLY_LIMITS:
            require_between(getattr(self, name), low, high, f"supply.{name}")


_SUPPLY_LIMITS = (
    ("rig_efficiency_j_per_th", 0.01, 1e4),
    ("output_eh_s_per_month", 1e-9, 1e9),
    ("supply_elasticity", 0.01, 1e6),
    ("idle_price_usd_per_th", 0.0, 1e6),
    ("idle_efficiency_j_per_th", 0.01, 1e4),
    ("idle_months", 0.0, 600.0),
    ("rentable_eh_s", 0.0, 1e12),
    ("rent_premium_frac", -1.0, 100.0),
    ("manufacture_usd_per_th", 0.0, 1e6),
    ("design_cost_usd", 0.0, 1e13),
    ("design_months", 0.0, 600.0),
    ("site_usd_per_mw", 0.0, 1e9),
)


@dataclass(frozen=True, kw_only=True)
class NetworkState:
    """The network on a date, as far as an attack is concerned.

    Parameters
    ----------
    date : str
        Month or day of the figures.
    hashrate_eh_s : float
        Hashrate online [EH/s], above 0.
    efficiency_j_per_th : float
        Mean efficiency of what is online [J/TH].
    hashprice_usd_per_ph_day : float
        Income of hashrate [USD/PH/day].
    block_reward_usd : float
        Subsidy and fees of a block [USD].
    power_price_usd_per_mwh : float
        What the attacker, and the miners that it seizes, pay for power [USD/MWh].
    rig_price_usd_per_th : float
        Market price of a new rig [USD/TH].
    idle_eh_s : float
        Hashrate of rigs that exist and are switched off [EH/s].
    supply : RigSupply
        Quantities and prices beyond the market price.
    region_shares, owner_shares, pool_shares : mapping of str to float
        Shares of hashrate online by holder, each 0 to 1, together at most 1 in each mapping. What
        is missing to 1 is held by nobody known.

    Raises
    ------
    InputError
        A number is out of range, or shares exceed 1.
    """

    date: str
    hashrate_eh_s: float
    efficiency_j_per_th: float
    hashprice_usd_per_ph_day: float
    block_reward_usd: float
    power_price_usd_per_mwh: float
    rig_price_usd_per_th: float
    idle_eh_s: float
    supply: RigSupply
    region_shares: Mapping[str, float] = field(default_factory=dict)
    owner_shares: Mapping[str, float] = field(default_factory=dict)
    pool_shares: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(
            0.0 < self.hashrate_eh_s <= 1e12,
            "state.hashrate_eh_s",
            given=self.hashrate_eh_s,
            allowed="above 0",
            cure="A network without hashrate has no majority to buy.",
        )
        for name, low, high in _STATE_LIMITS:
            require_between(getattr(self, name), low, high, f"state.{name}")
        for name in ("region_shares", "owner_shares", "pool_shares"):
            shares = checked_shares(getattr(self, name), f"state.{name}")
            object.__setattr__(self, name, MappingProxyType(shares))

    def shares(self, by: Holders) -> Mapping[str, float]:
        """Return the shares of hashrate by kind of holder."""
        known = {
            "region": self.region_shares,
            "owner": self.owner_shares,
            "pool": self.pool_shares,
        }
        require(
            by in known,
            "by",
            given=repr(by),
            allowed="'region', 'owner' or 'pool'",
            cure="Choose one of the three.",
        )
        return known[by]


_STATE_LIMITS = (
    ("efficiency_j_per_th", 0.01, 1e4),
    ("hashprice_usd_per_ph_day", 0.0, 1e9),
    ("block_reward_usd", 0.0, 1e12),
    ("power_price_usd_per_mwh", 0.0, 1e5),
    ("rig_price_usd_per_th", 0.0, 1e6),
    ("idle_eh_s", 0.0, 1e12),
)


#: By how much shares rounded for publication may exceed 1 together.
_ROUNDING_FRAC = 1e-3


def checked_shares(shares: Mapping[str, float], where: str) -> dict[str, float]:
    """Return a copy of the shares, refused if one is outside 0 to 1 or they exceed 1 together.

    Raises
    ------
    InputError
        With the holder's name. What rounding of published shares adds to the sum is let pass.
    """
    for holder, share_frac in shares.items():
        require_between(share_frac, 0.0, 1.0, f"{where}, {holder}")
    total = sum(shares.values())
    require(
        total <= 1.0 + _ROUNDING_FRAC,
        where,
        given=f"shares that add up to {total:.4f}",
        allowed="at most 1",
        cure="Count each holder once.",
    )
    return dict(shares)
