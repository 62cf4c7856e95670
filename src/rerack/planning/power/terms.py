"""What a plan values of power beyond price and block; what it cannot value, it refuses by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rerack.assets import Battery, Tariff
from rerack.assets.generation import Generator
from rerack.assets.operating_points import HallOperation
from rerack.assets.programmes import DemandResponse
from rerack.base.errors import InputError, Problem
from rerack.dispatch.desk_profile import RenewableUnit
from rerack.dispatch.desk_terms import DeskTerms
from rerack.planning.power.class_run import Reserve

_DISPATCH = "Take it out of the plan, and dispatch it with `rerack dispatch`."


@dataclass(frozen=True, kw_only=True)
class PlanPower:
    """Power terms of a plan.

    Parameters
    ----------
    operations : dict of str to HallOperation
        Operating points and idle draw, by hall.
    reserves : dict of str to Reserve
        Reserve that a hall's rigs can answer, by hall.
    battery : Battery or None
        Battery behind the meter.
    engines : tuple of Generator
        Engines by rising cost; none is committed, permits are hours a year.
    renewables : tuple of RenewableUnit
        Sun and wind with their output in the hours of a year.
    response : DemandResponse or None
        Demand response; its limits hold for a year.
    zone : str
        Time zone of the contract's clock.
    """

    operations: dict[str, HallOperation] = field(default_factory=dict)
    reserves: dict[str, Reserve] = field(default_factory=dict)
    battery: Battery | None = None
    engines: tuple[Generator, ...] = ()
    renewables: tuple[RenewableUnit, ...] = ()
    response: DemandResponse | None = None
    zone: str = "UTC"

    @property
    def couples_site(self) -> bool:
        """Whether anything depends on what all halls draw together."""
        generation = bool(self.engines or self.renewables)
        return self.battery is not None or generation or self.response is not None


NO_POWER = PlanPower()


def plan_power(desk: DeskTerms, tariff: Tariff) -> PlanPower:
    """Return what plans value of a site file's power terms.

    Parameters
    ----------
    desk : DeskTerms
        All terms of the file.
    tariff : Tariff
        The whole tariff.

    Raises
    ------
    InputError
        For every term that no plan here can value, with the reason: nothing is left out silently.
    """
    problems = [
        Problem(where=key, given=given, allowed=allowed, cure=cure or _DISPATCH)
        for key, given, allowed, cure in (*_alone(desk), *_together(desk, tariff))
    ]
    if problems:
        raise InputError(*problems)
    programmes = desk.programmes
    reserves: dict[str, Reserve] = {}
    for service in programmes.ancillary:
        reserve = Reserve(
            service=service, capacity_usd_per_mwh=desk.capacity_usd_per_mwh[service.name]
        )
        for how in programmes.operations:
            if how.response_s is not None and how.response_s <= service.response_s:
                reserves[how.hall] = reserve
    return PlanPower(
        operations={how.hall: how for how in programmes.operations},
        reserves=reserves,
        battery=desk.battery,
        engines=tuple(sorted(programmes.generators, key=lambda g: g.marginal_usd_per_mwh)),
        renewables=desk.renewables,
        response=next(iter(programmes.demand_response), None),
        zone=desk.zone,
    )


def _alone(desk: DeskTerms) -> Iterator[tuple[str, str, str, str]]:
    """Yield terms that a plan cannot value even by themselves."""
    programmes = desk.programmes
    if desk.firm_load_mw > 0.0 or desk.cooled is not None:
        size = f"{desk.firm_load_mw:g} MW"
        if desk.cooled is not None:
            size = f"{desk.cooled.critical_mw:g} MW critical"
        yield (
            "site.ai",
            f"an AI load of {size} without rent",
            "in a plan, AI load that comes from an offer and earns its rent",
            "Describe it as a hall with an offer, or leave it to `rerack dispatch`.",
        )
    for unit in desk.renewables:
        if unit.year_frac is None:
            yield (
                f"site.generation.{unit.name}",
                "sun or wind without its output by hour",
                "`profile`: one year of output over capacity, the same in every year of a plan",
                "Add it, or take the unit out of the plan.",
            )
    for engine in programmes.generators:
        if _tied(engine):
            yield (
                f"site.generation.{engine.name}",
                "least output, start cost or least run, which tie hours together",
                "engines that follow the hour, in a plan",
                "",
            )
    permits = sum(engine.permit_hours is not None for engine in programmes.generators)
    if permits and len(programmes.generators) > 1:
        yield (
            "site.generation",
            "an engine with a permit beside another: which of them runs when is one problem",
            "one engine where one has a permit, in a plan",
            "",
        )
    for how in programmes.operations:
        if how.couples_hours or how.inlet_limit_c is not None:
            yield (
                f"site.halls.{how.hall}.rigs.operation",
                "starts, restore, least hours or an inlet limit, which tie hours together or need "
                "temperatures by hour",
                "operating points, idle draw and response in a plan",
                "",
            )
    for service in programmes.ancillary:
        if service.name not in desk.capacity_usd_per_mwh:
            yield (
                f"site.programmes.{service.name}",
                "no capacity price",
                "`price`: one capacity price for all hours of a plan",
                "Add it.",
            )


def _tied(engine: Generator) -> bool:
    return engine.min_load_frac > 0.0 or engine.start_usd > 0.0 or engine.min_up_hours > 1


def _together(desk: DeskTerms, tariff: Tariff) -> Iterator[tuple[str, str, str, str]]:
    """Yield terms that a plan values one at a time only."""
    programmes = desk.programmes
    for kind, found in (
        ("demand response", programmes.demand_response),
        ("reserve", programmes.ancillary),
    ):
        if len(found) > 1:
            yield ("site.programmes", f"{len(found)} offers of {kind}", "one in a plan", "")
    site_wide = {
        "site.battery": desk.battery is not None,
        "site.generation": bool(programmes.generators or desk.renewables),
        "site.power.minimum_take": tariff.minimum_take is not None,
        "site.programmes (demand response)": bool(programmes.demand_response),
    }
    present = [key for key, there in site_wide.items() if there]
    if len(present) > 1:
        yield (
            present[0],
            f"it beside {', '.join(present[1:])}: each changes what the other is worth",
            "one of battery, generation, minimum take and demand response in a plan",
            "",
        )
    peaks = {
        "site.power.demand_charge": tariff.demand_charge is not None,
        "site.power.coincident_peak": tariff.coincident_peak is not None,
        "site.programmes (reserve)": bool(programmes.ancillary),
    }
    for key in present:
        beside = [name for name, there in peaks.items() if there]
        if key == "site.power.minimum_take":
            beside = [name for name in beside if name == "site.programmes (reserve)"]
        if beside:
            yield (
                key,
                f"it beside {', '.join(beside)}: it changes the peak, or what runs",
                "one or the other in a plan",
                "",
            )
