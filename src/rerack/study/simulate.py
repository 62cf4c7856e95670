"""One block of scenarios: from market draws to every plan's cash."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rerack.assets import Tariff
from rerack.base.checks import FloatArray
from rerack.base.streams import Streams
from rerack.dispatch import PriceDuration
from rerack.markets import Outlook, PriceLibrary, build_outlook
from rerack.network import NetworkOutlook, network_path
from rerack.numerics.device import Device
from rerack.planning import Meter, Plan, PlanBlock, PolicyPlan, World, evaluate
from rerack.planning.policy import FittedPlan, JudgedSite, fit_plan, judge_site
from rerack.planning.power.rates import RatedDuration
from rerack.planning.power.site_power import SitePower
from rerack.planning.power.terms import NO_POWER, PlanPower
from rerack.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What every block of a study shares.

    Parameters
    ----------
    scenario : Scenario
        The study.
    streams : Streams
        Random streams of its seed.
    library : PriceLibrary
        Hourly weather years.
    duration : PriceDuration
        The library, sorted and prefix-summed once.
    curve_usd_per_mwh : ndarray
        Its duration curve.
    power : PlanPower
        Power terms that plans value.
    tariff : Tariff or None
        The whole tariff; None where the site's own has all there is.
    rated : RatedDuration or None
        The library cut by time-of-use rate.
    flat_usd_per_mwh : ndarray or None
        The library as one array, where anything is valued hour by hour.
    device : {"cpu", "gpu"}
        Where that is valued.
    """

    scenario: Scenario
    streams: Streams
    library: PriceLibrary
    duration: PriceDuration
    curve_usd_per_mwh: FloatArray
    power: PlanPower = NO_POWER
    tariff: Tariff | None = None
    rated: RatedDuration | None = None
    flat_usd_per_mwh: FloatArray | None = None
    device: Device = "cpu"


def build_world(
    prepared: Prepared, first: int, count: int, network: NetworkOutlook | None = None
) -> World:
    """Draw scenarios ``first .. first+count-1`` and set the site in them.

    Parameters
    ----------
    prepared : Prepared
        The study.
    first, count : int
        Scenarios.
    network : NetworkOutlook or None
        The network on these scenarios where it is known already.
    """
    scenario = prepared.scenario
    outlook = draw_outlook(prepared, first, count)
    if network is None:
        network = network_path(scenario.network, outlook)
    return place_site(prepared, outlook, network)


def draw_outlook(prepared: Prepared, first: int, count: int) -> Outlook:
    """Draw the market of scenarios ``first .. first+count-1``."""
    scenario = prepared.scenario
    return build_outlook(
        scenario.market,
        scenario.grid,
        prepared.streams,
        paths=count,
        first_path=first,
        library=prepared.library,
    )


def place_site(prepared: Prepared, outlook: Outlook, network: NetworkOutlook) -> World:
    """Set the site in scenarios; rents fall by what conversions elsewhere leave of them."""
    scenario = prepared.scenario
    if network.lease_left_frac is not None:
        outlook = replace(outlook, lease_index=outlook.lease_index * network.lease_left_frac)
    meter = Meter(
        grid=scenario.grid,
        tariff=_tariff(scenario.site.tariff, prepared.tariff),
        power=outlook.power,
        duration=prepared.duration,
        rated=prepared.rated,
    )
    site_power = None
    if prepared.flat_usd_per_mwh is not None:
        site_power = SitePower(
            site=scenario.site,
            power=prepared.power,
            meter=meter,
            flat_usd_per_mwh=prepared.flat_usd_per_mwh,
            device=prepared.device,
        )
    return World(
        site=scenario.site,
        offers=scenario.offers,
        outlook=outlook,
        network=network,
        meter=meter,
        terms=scenario.finance,
        power=prepared.power,
        site_power=site_power,
    )


def _tariff(price: Tariff, whole: Tariff | None) -> Tariff:
    """Return the whole tariff at the site's price, which sensitivities move."""
    if whole is None:
        return price
    return replace(
        whole,
        adder_usd_per_mwh=price.adder_usd_per_mwh,
        fixed_price_usd_per_mwh=price.fixed_price_usd_per_mwh,
    )


#: Number of the first scenario that policies are fitted on: beyond every study's own, so that what
#: a rule earns is out of sample. A multiple of the streams' block.
FIT_FIRST_SCENARIO = 10_000_000


def fit_policies(prepared: Prepared, *, threads: int = 1) -> tuple[Plan | FittedPlan, ...]:
    """Return the study's plans, those of kind ``policy`` with their rules.

    Parameters
    ----------
    prepared : Prepared
        The study.
    threads : int
        Halls that are fitted at once.

    Notes
    -----
    The rules depend on the seed and on the plan's ``paths`` alone, not on how many scenarios are
    studied or by how many threads.
    """
    return tuple(
        fit_plan(
            plan,
            build_world(prepared, FIT_FIRST_SCENARIO, plan.paths),
            prepared.scenario.market,
            threads=threads,
        )
        if isinstance(plan, PolicyPlan)
        else plan
        for plan in prepared.scenario.plans
    )


@dataclass(frozen=True, kw_only=True)
class Block:
    """What is kept of a block once its plans are evaluated.

    Parameters
    ----------
    plans : tuple of PlanBlock
        In the order in which they were asked for.
    drivers : dict of str to ndarray
        Paths by driver name, shape (scenario, month).
    judged : tuple of JudgedSite or None
        Bounds of each plan's value where it is a policy, else None.
    """

    plans: tuple[PlanBlock, ...]
    drivers: dict[str, FloatArray]
    judged: tuple[JudgedSite | None, ...]


def run_block(
    prepared: Prepared, plans: tuple[Plan | FittedPlan, ...], first: int, count: int
) -> Block:
    """Evaluate every plan on the same scenarios: common random numbers.

    The world of a block is dropped here, so that memory does not grow with its scenarios' detail.
    """
    world = build_world(prepared, first, count)
    return Block(
        plans=evaluate_plans(plans, world, keep_accounts=True),
        drivers=driver_paths(world),
        judged=judge_plans(plans, world),
    )


def evaluate_plans(
    plans: tuple[Plan | FittedPlan, ...], world: World, *, keep_accounts: bool
) -> tuple[PlanBlock, ...]:
    """Evaluate every plan on one world; parameters as in `rerack.planning.evaluate`."""
    return tuple(evaluate(plan, world, keep_accounts=keep_accounts) for plan in plans)


def judge_plans(
    plans: tuple[Plan | FittedPlan, ...], world: World
) -> tuple[JudgedSite | None, ...]:
    """Return both bounds of every policy on a world; None for other plans."""
    return tuple(
        judge_site(plan.site, world) if isinstance(plan, FittedPlan) else None for plan in plans
    )


def driver_paths(world: World) -> dict[str, FloatArray]:
    """Return the paths that the report's fans show, by driver name."""
    return {
        "btc_price_usd": world.outlook.btc_price_usd,
        "hashprice_usd_per_ph_day": world.network.hashprice_usd_per_ph_day,
        "network_hashrate_eh_s": world.network.hashrate_eh_s,
        "power_price_usd_per_mwh": world.meter.mean_usd_per_mwh(),
        "lease_rate_index": world.outlook.lease_index,
        "gpu_price_index": world.outlook.gpu_index,
    }
