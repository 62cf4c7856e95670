"""The inputs that sensitivities move, one function each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rerack.assets import AiUse, CapexItem, Conversion, GpuCloud, Lease
from rerack.network import NetworkSpec
from rerack.network.cohort_network import with_progress
from rerack.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Lever:
    """One input that the tornado moves.

    Parameters
    ----------
    name : str
        Shown to people.
    change : callable
        Returns the scenario with the input multiplied (or moved) by a factor.
    low, high : float
        The two factors tried.
    label : callable
        Text of a factor.
    """

    name: str
    change: Callable[[Scenario, float], Scenario]
    low: float
    high: float
    label: Callable[[Scenario, float], str]


def bitcoin_price(scenario: Scenario, factor: float) -> Scenario:
    """Multiply the starting Bitcoin price, at the difficulty of the day."""
    market = scenario.market
    bitcoin = replace(market.bitcoin, price_usd=market.bitcoin.price_usd * factor)
    return replace(scenario, market=replace(market, bitcoin=bitcoin))


def power_level(scenario: Scenario, factor: float) -> Scenario:
    """Multiply the index price of power, or the fixed price where there is one."""
    tariff = scenario.site.tariff
    if tariff.fixed_price_usd_per_mwh is not None:
        fixed = tariff.fixed_price_usd_per_mwh * factor
        return replace(
            scenario,
            site=replace(scenario.site, tariff=replace(tariff, fixed_price_usd_per_mwh=fixed)),
        )
    power = scenario.market.power
    assert power.level_usd_per_mwh is not None  # set when the study was prepared
    power = replace(power, level_usd_per_mwh=power.level_usd_per_mwh * factor)
    return replace(scenario, market=replace(scenario.market, power=power))


def lease_rate(scenario: Scenario, factor: float) -> Scenario:
    """Multiply every offer's rent or GPU-hour price, and what is paid of it in advance."""
    offers = {name: _paid(use, factor) for name, use in scenario.offers.items()}
    return replace(scenario, offers=offers)


def _paid(use: AiUse, factor: float) -> AiUse:
    advance = use.prepayment
    if advance is not None:
        advance = replace(advance, usd_per_kw=advance.usd_per_kw * factor)
    if isinstance(use, Lease):
        rate = use.rate_usd_per_kw_month * factor
        return replace(use, rate_usd_per_kw_month=rate, prepayment=advance)
    price = use.price_usd_per_gpu_hour * factor
    return replace(use, price_usd_per_gpu_hour=price, prepayment=advance)


def conversion_cost(scenario: Scenario, factor: float) -> Scenario:
    """Multiply every component of conversion capex and GPU servers."""
    offers = {}
    for name, use in scenario.offers.items():
        capex = tuple(_scaled(item, factor) for item in use.conversion.capex)
        changed = replace(use, conversion=replace(use.conversion, capex=capex))
        if isinstance(changed, GpuCloud):
            changed = replace(changed, gpu_usd_per_mw=changed.gpu_usd_per_mw * factor)
        offers[name] = changed
    return replace(scenario, offers=offers)


def _scaled(item: CapexItem, factor: float) -> CapexItem:
    return replace(item, usd_per_mw=item.usd_per_mw * factor)


def conversion_delay(scenario: Scenario, months: float) -> Scenario:
    """Lengthen the lead time; the hall is dark for the added months."""
    offers = {
        name: replace(use, conversion=_delayed(use.conversion, int(months)))
        for name, use in scenario.offers.items()
    }
    return replace(scenario, offers=offers)


def _delayed(conversion: Conversion, months: int) -> Conversion:
    dark = conversion.dark_months + months
    return replace(
        conversion, lead_months=conversion.lead_months + months, dark_months=max(dark, 0)
    )


def network_progress(scenario: Scenario, factor: float) -> Scenario:
    """Multiply the yearly progress of mining efficiency, which drives the fall of hashprice."""
    network = scenario.network
    if not isinstance(network, NetworkSpec):
        return replace(scenario, network=with_progress(network, factor))
    progress = network.progress_frac_per_year * factor
    return replace(scenario, network=replace(network, progress_frac_per_year=progress))


def discount_rate(scenario: Scenario, points: float) -> Scenario:
    """Move the discount rate by `points` (0.02 is two percentage points)."""
    terms = scenario.finance
    rate = terms.discount_rate_frac_per_year + points
    return replace(scenario, finance=replace(terms, discount_rate_frac_per_year=rate))


def _times(base: Callable[[Scenario], float], form: str) -> Callable[[Scenario, float], str]:
    return lambda scenario, factor: form.format(base(scenario) * factor)


LEVERS = (
    Lever(
        name="Bitcoin price",
        change=bitcoin_price,
        low=0.7,
        high=1.3,
        label=_times(lambda s: s.market.bitcoin.price_usd, "{:,.0f} USD"),
    ),
    Lever(
        name="rent or GPU-hour price",
        change=lease_rate,
        low=0.8,
        high=1.2,
        label=lambda _, f: f"{f - 1:+.0%}",
    ),
    Lever(
        name="conversion cost",
        change=conversion_cost,
        low=0.8,
        high=1.4,
        label=lambda _, f: f"{f - 1:+.0%}",
    ),
    Lever(
        name="power price",
        change=power_level,
        low=0.75,
        high=1.25,
        label=lambda _, f: f"{f - 1:+.0%}",
    ),
    Lever(
        name="mining efficiency progress",
        change=network_progress,
        low=0.5,
        high=1.5,
        label=lambda s, f: f"{s.network.progress_frac_per_year * f:.1%}/year",
    ),
    Lever(
        name="delay of service",
        change=conversion_delay,
        low=0,
        high=12,
        label=lambda _, m: f"{m:.0f} months",
    ),
    Lever(
        name="discount rate",
        change=discount_rate,
        low=-0.02,
        high=0.02,
        label=lambda s, p: f"{s.finance.discount_rate_frac_per_year + p:.1%}",
    ),
)
