"""The network of December 2025 from the catalogue and dated facts, every figure traceable."""

from __future__ import annotations

from functools import cache
from typing import Final

from rerack import catalog
from rerack.base.timegrid import MonthGrid
from rerack.chain.hashprice import hashprice_usd_per_ph_day, network_hashrate_eh_s
from rerack.network.progress import efficiency_path
from rerack.network.spec import NetworkSpec
from rerack.security.facts import fact, pool_shares
from rerack.security.state import NetworkState, RigSupply

#: Regions of the catalogue's latest shares, with the period of each.
_REGIONS: Final = {
    "United States": "2025-Q3",
    "Russia": "2025-Q3",
    "China": "2025-Q3",
    "Paraguay": "2025-Q3",
    "United Arab Emirates": "2025-Q3",
    "Oman": "2025-Q2",
    "Canada": "2025-Q2",
    "Kazakhstan": "2025-Q2",
}
#: Listed owners whose hashrate the catalogue has, with metric and period.
_OWNERS: Final = {
    "MARA": ("hashrate", "2025-Q3"),
    "CleanSpark": ("hashrate", "2025-Q3"),
    "IREN": ("hashrate", "FY2025"),
    "Riot": ("hashrate_deployed", "2025-Q3"),
    "American Bitcoin": ("hashrate", "2025-Q3"),
    "Cipher": ("hashrate", "2025-Q3"),
    "TeraWulf": ("hashrate_kept", "2025-Q3"),
}


@cache
def december_2025() -> NetworkState:
    """Return the network of December 2025.

    Returns
    -------
    NetworkState
        Difficulty epoch 460; hashprice at 85,000 USD; efficiency of the mid-2024 survey rolled
        forward by `rerack.network`; price of the S21 XP (Hashrate Index, 3 November 2025); pool
        shares of the month; regions of 2025 Q2 and Q3; listed owners of 2025 Q3.

    Notes
    -----
    Derived or assumed: normal output of rigs is the *net* growth of the year's hashrate, so it
    leaves out rigs that replaced others and is too low; idle rigs are those that went off since
    the peak of October 2025, a lower bound; what is rentable is NiceHash's share of blocks; the
    supply elasticity, the rent premium, the design and its time are assumptions
    (`rerack.security.facts.assumptions`).

    Examples
    --------
    >>> state = december_2025()
    >>> round(state.hashrate_eh_s), round(state.idle_eh_s), round(state.hashprice_usd_per_ph_day, 1)
    (1061, 56, 36.3)
    """
    hashrate_eh_s = network_hashrate_eh_s(fact("difficulty"))
    reward_btc = fact("subsidy_btc") + fact("fees_btc")
    return NetworkState(
        date="2025-12",
        hashrate_eh_s=hashrate_eh_s,
        efficiency_j_per_th=_fleet_efficiency_j_per_th(),
        hashprice_usd_per_ph_day=hashprice_usd_per_ph_day(
            fact("price_usd"), fact("difficulty"), fact("subsidy_btc"), fact("fees_btc")
        ),
        block_reward_usd=reward_btc * fact("price_usd"),
        power_price_usd_per_mwh=_median_power_usd_per_mwh(),
        rig_price_usd_per_th=_rig_price("S21 XP", "index"),
        idle_eh_s=network_hashrate_eh_s(fact("difficulty_peak")) - hashrate_eh_s,
        supply=_supply(hashrate_eh_s),
        region_shares={
            region: catalog.find(
                "regions", region=region, metric="hashrate_share", period=period
            ).number("value")
            for region, period in _REGIONS.items()
        },
        owner_shares={
            owner: catalog.find("companies", company=owner, metric=metric, period=period).number(
                "value"
            )
            / hashrate_eh_s
            for owner, (metric, period) in _OWNERS.items()
        },
        pool_shares=pool_shares("2025-12"),
    )


def _supply(hashrate_eh_s: float) -> RigSupply:
    year_before_eh_s = network_hashrate_eh_s(fact("difficulty_year_before"))
    return RigSupply(
        rig_efficiency_j_per_th=catalog.find("rigs", model="S21 XP").number("efficiency_j_per_th"),
        output_eh_s_per_month=(hashrate_eh_s - year_before_eh_s) / 12.0,
        supply_elasticity=fact("supply_elasticity"),
        idle_price_usd_per_th=_rig_price("M53 226T", "index"),
        # The catalogue's M53 row gives its 29 J/TH only in words.
        idle_efficiency_j_per_th=catalog.find("rigs", model="S19j Pro").number(
            "efficiency_j_per_th"
        ),
        idle_months=fact("idle_months"),
        rentable_eh_s=fact("rentable_frac") * hashrate_eh_s,
        rent_premium_frac=fact("rent_premium_frac"),
        manufacture_usd_per_th=_rig_price("S21+ Hyd", "asking"),
        design_cost_usd=fact("design_cost_usd"),
        design_months=fact("design_months"),
        site_usd_per_mw=catalog.find(
            "capex", use="mining_shell", component="all", estimate="CleanSpark turnkey sites"
        ).number("cost_usd_per_mw"),
    )


def _rig_price(item: str, basis: str) -> float:
    return catalog.find("rig_prices", item=item, basis=basis).number("price_usd_per_th")


def _median_power_usd_per_mwh() -> float:
    return catalog.find(
        "regions", region="world, surveyed firms", metric="power_price_median"
    ).number("value")


def _fleet_efficiency_j_per_th() -> float:
    spec = NetworkSpec(start_height=int(fact("start_height")), start_difficulty=fact("difficulty"))
    return float(efficiency_path(spec, MonthGrid.parse("2025-12", 1))[0])
