"""How owners decide: when to stop, to scrap, to buy, to move, to convert."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import require_between


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """Rules that all owners share. Every default is an estimate unless said otherwise.

    Parameters
    ----------
    pool_fee_frac : float
        Share of income that pools keep.
    stop_band_frac : float
        Half-width of the band within which nobody switches: a rig stops when hashprice is this far
        below its break-even, and starts again when it is as far above.
    scrap_half_life_months : float
        Months in which half of the idle rigs are sold out of the network or scrapped: the slow
        exit that makes the response to bad news weaker than to good.
    wear_frac_per_year : float
        Share of all rigs that die in a year.
    entry_delay_months : int
        Months from order to power, 1 to 24.
    entry_width_frac : float
        A region builds at full speed where a rig's value exceeds its cost by this share of the
        cost, and not at all where it does not exceed it.
    site_usd_per_mw : float
        What a new place for rigs costs [USD/MW].
    discount_frac_per_year : float
        Rate at which buyers discount.
    decline_frac_per_year : float
        Rate at which they believe hashprice falls, besides the next halving.
    life_years : float
        Longest life that they count with.
    foundry_mw_per_month : float
        Rigs that foundries can make in a month, in MW of their load: new chips are wafers, and a
        wafer is a load that falls with progress per hash, hence more hashes.
    foundry_growth_frac_per_year : float
        Growth of that while rigs sell at their least price.
    foundry_response_per_year : float
        Elasticity of that growth: foundries grow by this times ln(rig price / least price) a year
        on top.
    rig_floor_usd_per_th : float
        Least price of a new rig at the world's date [USD/TH].
    progress_frac_per_year : float
        Rate at which that floor falls, real.
    inflation_frac_per_year : float
        Growth of power prices and other costs in dollars.
    power_error_frac, foundry_error_frac : float
        Standard deviation, over scenarios, of the log of the level of all power prices and of the
        foundries' output: what is not known about them. 0 takes the estimates as certain.
    """

    pool_fee_frac: float = 0.01
    stop_band_frac: float = 0.05
    scrap_half_life_months: float = 24.0
    wear_frac_per_year: float = 0.03
    entry_delay_months: int = 4
    entry_width_frac: float = 0.5
    site_usd_per_mw: float = 350_000.0
    discount_frac_per_year: float = 0.15
    decline_frac_per_year: float = 0.2
    life_years: float = 5.0
    foundry_mw_per_month: float = 450.0
    foundry_growth_frac_per_year: float = 0.03
    foundry_response_per_year: float = 0.3
    rig_floor_usd_per_th: float = 8.0
    progress_frac_per_year: float = 0.14
    inflation_frac_per_year: float = 0.025
    power_error_frac: float = 0.1
    foundry_error_frac: float = 0.25

    def __post_init__(self) -> None:
        for name, low, high in _LIMITS:
            require_between(getattr(self, name), low, high, f"behaviour.{name}")


@dataclass(frozen=True, kw_only=True)
class AiDemand:
    """What AI pays for a miner's megawatt, and how fast it can take it.

    Parameters
    ----------
    rent_usd_per_mw_year : float
        Rent of a utility MW before anything has converted, at the market's lease index of 1, power
        passed through [USD/MW/year].
    capex_usd_per_mw : float
        What the owner spends to convert a utility MW [USD/MW].
    charge_frac_per_year : float
        Yearly charge on that: return and depreciation.
    depth_mw : float
        Converted MW that matter to rents.
    elasticity : float
        Rent falls as ``(1 + converted / depth)^-elasticity``.
    premium_frac : float
        AI must beat mining by this share before anybody converts.
    convert_frac_per_month : float
        Largest share of the convertible sites that convert in a month.
    limit_mw_per_month : float
        Most that crews and transformers allow in a month, all over the world [MW].
    """

    rent_usd_per_mw_year: float
    capex_usd_per_mw: float
    charge_frac_per_year: float = 0.11
    depth_mw: float = 20_000.0
    elasticity: float = 0.5
    premium_frac: float = 0.25
    convert_frac_per_month: float = 0.03
    limit_mw_per_month: float = 150.0

    def __post_init__(self) -> None:
        for name, low, high in _AI_LIMITS:
            require_between(getattr(self, name), low, high, f"ai.{name}")


_LIMITS = (
    ("pool_fee_frac", 0.0, 0.5),
    ("stop_band_frac", 0.0, 0.9),
    ("scrap_half_life_months", 0.5, 1e6),
    ("wear_frac_per_year", 0.0, 0.9),
    ("entry_delay_months", 1, 24),
    ("entry_width_frac", 1e-3, 10.0),
    ("site_usd_per_mw", 0.0, 1e8),
    ("discount_frac_per_year", 1e-3, 2.0),
    ("decline_frac_per_year", 1e-3, 2.0),
    ("life_years", 0.1, 30.0),
    ("foundry_mw_per_month", 0.0, 1e6),
    ("foundry_growth_frac_per_year", -0.9, 2.0),
    ("foundry_response_per_year", 0.0, 10.0),
    ("rig_floor_usd_per_th", 1e-3, 1e4),
    ("progress_frac_per_year", 0.0, 0.9),
    ("inflation_frac_per_year", -0.5, 1.0),
    ("power_error_frac", 0.0, 2.0),
    ("foundry_error_frac", 0.0, 2.0),
)
_AI_LIMITS = (
    ("rent_usd_per_mw_year", 0.0, 1e9),
    ("capex_usd_per_mw", 0.0, 1e9),
    ("charge_frac_per_year", 0.0, 2.0),
    ("depth_mw", 1.0, 1e9),
    ("elasticity", 0.0, 10.0),
    ("premium_frac", 0.0, 100.0),
    ("convert_frac_per_month", 0.0, 1.0),
    ("limit_mw_per_month", 0.0, 1e6),
)
