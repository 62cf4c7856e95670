"""What can be moved against a file, and what a move is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from rerack.assets import GpuCloud, Lease, Site
from rerack.base.checks import require_between
from rerack.chain import hashprice_usd_per_ph_day, subsidy_sat
from rerack.network import CohortNetwork
from rerack.network.cohort_network import with_difficulty
from rerack.scenario import Scenario
from rerack.study.levers import conversion_cost, lease_rate
from rerack.study.tables.rigs import spot_hashprice_usd_per_ph_day


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is moved against the file; None leaves an input as it is.

    Parameters
    ----------
    bitcoin_usd : float or None
        Price of a coin at the start [USD].
    hashprice_usd_per_ph_day : float or None
        Hashprice at the start [USD/PH/day]; difficulty follows from it and the coin's price.
    power_usd_per_mwh : float or None
        Mean index price at the start, or the fixed price where the tariff has one [USD/MWh].
    rent_factor : float or None
        Factor on every rent and price of a GPU-hour.
    capex_factor : float or None
        Factor on every cost of conversions and servers.
    uptime_frac : float or None
        Share of wanted hours in which rigs hash, of every hall.

    Examples
    --------
    >>> Change(bitcoin_usd=60_000.0).moved
    ('bitcoin_usd',)
    """

    bitcoin_usd: float | None = None
    hashprice_usd_per_ph_day: float | None = None
    power_usd_per_mwh: float | None = None
    rent_factor: float | None = None
    capex_factor: float | None = None
    uptime_frac: float | None = None

    def __post_init__(self) -> None:
        for name in self.moved:
            low, high = CHANGE_LIMITS[name]
            require_between(getattr(self, name), low, high, name, cure="Choose a value between.")

    @property
    def moved(self) -> tuple[str, ...]:
        """Names of the inputs that are moved."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) is not None)


#: Values that can be asked for, by name.
CHANGE_LIMITS = {
    "bitcoin_usd": (1_000.0, 10_000_000.0),
    "hashprice_usd_per_ph_day": (1.0, 1_000.0),
    "power_usd_per_mwh": (0.1, 1_000.0),
    "rent_factor": (0.05, 20.0),
    "capex_factor": (0.05, 20.0),
    "uptime_frac": (0.0, 1.0),
}


def current(scenario: Scenario) -> dict[str, float]:
    """Return where the inputs of a `Change` stand in a prepared scenario."""
    fixed = scenario.site.tariff.fixed_price_usd_per_mwh
    level = scenario.market.power.level_usd_per_mwh
    assert level is not None  # written out when the study was prepared
    uptimes = [h.rigs.uptime_frac for h in scenario.site.halls if h.rigs is not None]
    return {
        "bitcoin_usd": scenario.market.bitcoin.price_usd,
        "hashprice_usd_per_ph_day": spot_hashprice_usd_per_ph_day(scenario),
        "power_usd_per_mwh": level if fixed is None else fixed,
        "rent_factor": 1.0,
        "capex_factor": 1.0,
        "uptime_frac": max(uptimes, default=1.0),
    }


def standing(scenario: Scenario, change: Change) -> dict[str, float]:
    """Return where the inputs of a `Change` stand once it is made; factors are on the file's."""
    factors = ("rent_factor", "capex_factor")
    moved = {name: getattr(change, name) for name in factors if name in change.moved}
    return current(changed(scenario, change)) | moved


def changed(scenario: Scenario, change: Change) -> Scenario:
    """Return a prepared scenario with a change made."""
    market, site = scenario.market, scenario.site
    if change.bitcoin_usd is not None:
        market = replace(market, bitcoin=replace(market.bitcoin, price_usd=change.bitcoin_usd))
    if change.power_usd_per_mwh is not None:
        if site.tariff.fixed_price_usd_per_mwh is not None:
            tariff = replace(site.tariff, fixed_price_usd_per_mwh=change.power_usd_per_mwh)
            site = replace(site, tariff=tariff)
        else:
            power = replace(market.power, level_usd_per_mwh=change.power_usd_per_mwh)
            market = replace(market, power=power)
    if change.uptime_frac is not None:
        site = _with_uptime(site, change.uptime_frac)
    made = replace(scenario, market=market, site=site)
    if change.bitcoin_usd is not None and isinstance(made.network, CohortNetwork):
        # What runs at the difficulty of the day depends on the price.
        made = _at_difficulty(made, made.network.start_difficulty)
    if change.hashprice_usd_per_ph_day is not None:
        made = _at_difficulty(made, start_difficulty(made, change.hashprice_usd_per_ph_day))
    if change.rent_factor is not None:
        made = _written_rents(lease_rate(made, change.rent_factor))
    if change.capex_factor is not None:
        made = conversion_cost(made, change.capex_factor)
    return made


def _at_difficulty(scenario: Scenario, difficulty: float) -> Scenario:
    """Return a scenario whose network starts at a difficulty, at the price and fees of the day."""
    network = with_difficulty(
        scenario.network,
        difficulty,
        price_usd=scenario.market.bitcoin.price_usd,
        fees_btc=scenario.market.fees.level_btc_per_block,
    )
    return replace(scenario, network=network)


def _written_rents(scenario: Scenario) -> Scenario:
    """Return rents as they stand once written to a file, whose numbers have 15 figures."""
    offers = {
        name: replace(use, rate_usd_per_kw_month=_as_written(use.rate_usd_per_kw_month))
        if isinstance(use, Lease)
        else replace(use, price_usd_per_gpu_hour=_as_written(use.price_usd_per_gpu_hour))
        for name, use in scenario.offers.items()
    }
    return replace(scenario, offers=offers)


def _as_written(value: float) -> float:
    return float(f"{value:.15g}")


def start_difficulty(scenario: Scenario, usd_per_ph_day: float) -> float:
    """Return the difficulty at which a scenario starts at a hashprice [USD/PH/day].

    Examples
    --------
    Hashprice is inversely proportional to difficulty, so one evaluation gives it.
    """
    at_one = hashprice_usd_per_ph_day(
        scenario.market.bitcoin.price_usd,
        1.0,
        subsidy_sat(scenario.network.start_height) / 1e8,
        scenario.market.fees.level_btc_per_block,
    )
    return float(at_one) / usd_per_ph_day


def overrides_of(scenario: Scenario, change: Change) -> Iterator[str]:
    """Yield what a change is in the scenario file, each ``key=value`` as ``--set`` takes it."""
    made = changed(scenario, change)
    if change.bitcoin_usd is not None:
        yield f"market.bitcoin.price={made.market.bitcoin.price_usd!r} USD"
    if change.hashprice_usd_per_ph_day is not None:
        yield f"market.network.difficulty={made.network.start_difficulty!r}"
    if change.power_usd_per_mwh is not None:
        fixed = made.site.tariff.fixed_price_usd_per_mwh is not None
        key = "site.power.fixed" if fixed else "market.power.level"
        yield f"{key}={change.power_usd_per_mwh!r} USD/MWh"
    if change.uptime_frac is not None:
        for hall in made.site.halls:
            if hall.rigs is not None:
                yield f"site.halls.{hall.name}.rigs.uptime={change.uptime_frac!r}"
    if change.rent_factor is not None:
        for name, use in made.offers.items():
            if isinstance(use, Lease):
                yield f"offers.{name}.rate={use.rate_usd_per_kw_month!r} USD/kW-month critical"
            else:
                yield f"offers.{name}.price={use.price_usd_per_gpu_hour!r} USD/GPU-hour"
    if change.capex_factor is not None:
        for name, use in made.offers.items():
            for item in use.conversion.capex:
                key = f"offers.{name}.conversion.capex.{item.component}.cost"
                yield f"{key}={item.usd_per_mw!r} USD/MW critical"
            if isinstance(use, GpuCloud):
                yield f"offers.{name}.gpu_cost={use.gpu_usd_per_mw!r} USD/MW critical"


def _with_uptime(site: Site, uptime_frac: float) -> Site:
    halls = tuple(
        h if h.rigs is None else replace(h, rigs=replace(h.rigs, uptime_frac=uptime_frac))
        for h in site.halls
    )
    return replace(site, halls=halls)
