"""The power terms of section ``site`` beyond price and block, to `DeskTerms`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rerack.assets import Battery, Site, Tariff
from rerack.assets.generation import Generator
from rerack.assets.operating_points import RATED, HallOperation, OperatingPoint
from rerack.assets.programmes import (
    AiFlexibility,
    AncillaryService,
    DemandResponse,
    SiteProgrammes,
)
from rerack.assets.tariff_terms import CoincidentPeak, DemandCharge, ExportTerms, MinimumTake
from rerack.assets.time_of_use import TimeOfUse, TimeOfUsePeriod
from rerack.base.checks import require
from rerack.dispatch.desk_cooled import CooledLoad
from rerack.dispatch.desk_profile import RenewableUnit, read_year_shares
from rerack.dispatch.desk_terms import DeskTerms
from rerack.scenario.build.cooling import build_cooling
from rerack.scenario.build.placed import Placed
from rerack.scenario.schema.power import PeriodSection
from rerack.scenario.schema.power_assets import (
    BatterySection,
    EngineSection,
    OperationSection,
    RenewableSection,
)
from rerack.scenario.schema.power_programmes import AncillarySection, DemandResponseSection
from rerack.scenario.schema.site import SiteSection, TariffSection

_ALL_MONTHS = tuple(range(1, 13))
#: Keys under ``site.power`` beyond price and block.
_TARIFF_KEYS = (
    "losses", "time_of_use", "demand_charge", "coincident_peak", "minimum_take", "export",
)  # fmt: skip
#: Keys under ``site`` beyond price and block.
_SITE_KEYS = ("ai", "battery", "generation", "programmes")


def build_desk(section: SiteSection, site: Site | None, placed: Placed) -> DeskTerms:
    """Return what dispatch values beyond price, block and rigs.

    Parameters
    ----------
    section : SiteSection
        The validated section.
    site : Site or None
        The site already built, None where it was refused.
    placed : Placed
        Collects what the domain objects refuse.
    """
    keys = desk_keys(section)
    if site is None or not keys:
        return DeskTerms()
    terms = DeskTerms(
        programmes=_programmes(section, placed),
        renewables=_renewables(section, placed),
        firm_load_mw=0.0 if section.ai is None else section.ai.load or 0.0,
        zone=section.clock or "UTC",
        capacity_usd_per_mwh={
            name: p.price
            for name, p in (section.programmes or {}).items()
            if isinstance(p, AncillarySection) and p.price is not None
        },
        keys=keys,
    )
    with placed.at("site", "power"):
        terms = replace(terms, tariff=build_full_tariff(section.power, site.tariff))
    cooled = _cooled(section, site, placed)
    if cooled is not None:
        terms = replace(terms, cooled=cooled)
    if section.battery is not None:
        with placed.at("site", "battery"):
            terms = replace(terms, battery=build_battery(section.battery))
    return terms


def _cooled(section: SiteSection, site: Site, placed: Placed) -> CooledLoad | None:
    """Return the AI load that follows the weather; one that cannot be fed at its worst is refused.

    Notes
    -----
    The interconnect has to carry the worst hour of the weather even where the hours dispatched
    leave it out: the site is built for it.
    """
    ai = section.ai
    if ai is None or ai.cooling is None or ai.critical is None:
        return None
    built = build_cooling(ai.cooling, ("site", "ai", "cooling"), placed)
    if built is None:
        return None
    load = None
    with placed.at("site", "ai", "cooling", "weather"):
        load = CooledLoad(
            critical_mw=ai.critical, pue=built.year.pue, start=built.start, name=built.name
        )
    if load is not None:
        with placed.at("site", "ai", "critical"):
            require(
                load.design_mw <= site.interconnect_mw,
                "critical",
                given=f"{ai.critical:g} MW critical, {load.design_mw:.4g} MW utility in the worst "
                f"hour (PUE {built.year.pue_design:.3f})",
                allowed=f"up to the interconnect, {site.interconnect_mw:g} MW utility, in every "
                "hour",
                cure="Lower the load, choose another cooling, or raise the interconnect.",
            )
    return load


def desk_keys(section: SiteSection) -> tuple[str, ...]:
    """Return the keys of a file of power beyond price and block, in the order of the schema."""
    found = [f"site.power.{k}" for k in _TARIFF_KEYS if getattr(section.power, k) is not None]
    found += [
        f"site.halls.{name}.rigs.operation"
        for name, hall in section.halls.items()
        if hall.rigs is not None and hall.rigs.operation is not None
    ]
    return (*found, *(f"site.{k}" for k in _SITE_KEYS if getattr(section, k) is not None))


def build_full_tariff(section: TariffSection, plain: Tariff) -> Tariff:
    """Return the tariff with all its terms; `plain` has price and block."""
    demand, peak, take, export = (
        section.demand_charge, section.coincident_peak, section.minimum_take, section.export,
    )  # fmt: skip
    return replace(
        plain,
        losses_frac=section.losses or 0.0,
        time_of_use=None if section.time_of_use is None else TimeOfUse(
            periods=tuple(build_period(n, p) for n, p in section.time_of_use.items())
        ),
        demand_charge=None if demand is None else DemandCharge(
            charge_usd_per_kw_month=demand.charge
        ),
        coincident_peak=None if peak is None else CoincidentPeak(
            charge_usd_per_mw_year=peak.charge,
            months=peak.months or (6, 7, 8, 9),
            stop_hours=peak.stop,
            missed_frac=peak.missed,
        ),
        minimum_take=None if take is None else MinimumTake(
            contract_mw=take.contract, take_frac=take.share, shortfall_usd_per_mwh=take.shortfall
        ),
        export=None if export is None else ExportTerms(
            limit_mw=export.limit, discount_usd_per_mwh=export.discount
        ),
    )  # fmt: skip


def build_period(name: str, section: PeriodSection) -> TimeOfUsePeriod:
    """Return one time-of-use period; what is left out is always."""
    first, end = section.hours or (0, 24)
    return TimeOfUsePeriod(
        name=name,
        rate_usd_per_mwh=section.rate,
        months=section.months or _ALL_MONTHS,
        weekdays=section.days or tuple(range(7)),
        first_hour=first,
        end_hour=end,
    )


def build_battery(section: BatterySection) -> Battery:
    """Return the battery, the losses of the round trip shared by both ways."""
    one_way = section.efficiency**0.5
    return Battery(
        charge_mw=section.power,
        discharge_mw=section.power,
        energy_mwh=section.energy,
        charge_efficiency_frac=one_way,
        discharge_efficiency_frac=one_way,
        initial_frac=section.initial,
        final_frac=section.final,
        throughput_cost_usd_per_mwh=section.wear,
        self_discharge_frac_per_month=section.self_discharge,
        response_s=section.response,
    )


def _programmes(section: SiteSection, placed: Placed) -> SiteProgrammes:
    """Return what can be built, each part refused at its own key."""
    parts = SiteProgrammes()
    for name, how in _operations(section):
        with placed.at("site", "halls", name, "rigs", "operation"):
            parts = replace(parts, operations=(*parts.operations, _operation(name, how)))
    flexible = None if section.ai is None else section.ai.flexible
    if flexible is not None:
        with placed.at("site", "ai", "flexible"):
            ai = AiFlexibility(
                depth_frac=flexible.depth,
                limit_hours=flexible.limit,
                compensation_usd_per_mwh=flexible.compensation,
                notice_hours=flexible.notice,
            )
            parts = replace(parts, ai=ai)
    for name, unit in (section.generation or {}).items():
        if isinstance(unit, EngineSection):
            with placed.at("site", "generation", name):
                parts = replace(parts, generators=(*parts.generators, _engine(name, unit)))
    for name, offer in (section.programmes or {}).items():
        with placed.at("site", "programmes", name):
            if isinstance(offer, DemandResponseSection):
                response = (*parts.demand_response, _response(name, offer))
                parts = replace(parts, demand_response=response)
            else:
                parts = replace(parts, ancillary=(*parts.ancillary, _service(name, offer)))
    return parts


def _renewables(section: SiteSection, placed: Placed) -> tuple[RenewableUnit, ...]:
    """Return sun and wind; a profile is found relative to the file that names it."""
    units: list[RenewableUnit] = []
    for name, unit in (section.generation or {}).items():
        if not isinstance(unit, RenewableSection):
            continue
        here = ("site", "generation", name, "profile")
        year = None
        with placed.at(*here):
            if unit.profile is not None:
                year = read_year_shares(placed.folder(here) / unit.profile)
        units.append(RenewableUnit(name=name, capacity_mw=unit.capacity, year_frac=year))
    return tuple(units)


def _operations(section: SiteSection) -> Iterator[tuple[str, OperationSection]]:
    for name, hall in section.halls.items():
        if hall.rigs is not None and hall.rigs.operation is not None:
            yield name, hall.rigs.operation


def _operation(hall: str, section: OperationSection) -> HallOperation:
    points = (
        OperatingPoint(power_frac=p.power, hashrate_frac=p.hashrate)
        for p in section.points.values()
    )
    return HallOperation(
        hall=hall,
        points=(RATED, *points),
        idle_frac=section.idle,
        start_usd_per_mw=section.start_cost,
        stop_usd_per_mw=section.stop_cost,
        restore_mw_per_hour=section.restore,
        min_up_hours=section.min_run,
        inlet_limit_c=section.inlet_limit,
        response_s=section.response,
    )


def _engine(name: str, section: EngineSection) -> Generator:
    return Generator(
        name=name,
        capacity_mw=section.capacity,
        fuel_usd_per_mwh=section.fuel,
        heat_rate_mwh_per_mwh=section.heat_rate,
        variable_om_usd_per_mwh=section.variable_om,
        permit_hours=section.permit,
        min_load_frac=section.min_load,
        start_usd=section.start_cost,
        min_up_hours=section.min_run,
    )


def _response(name: str, section: DemandResponseSection) -> DemandResponse:
    first, end = section.hours or (0, 24)
    return DemandResponse(
        name=name,
        baseline_mw=section.baseline,
        enrolled_mw=section.enrolled,
        energy_usd_per_mwh=section.energy,
        standing_usd_per_kw_month=section.standing,
        limit_hours=section.limit,
        limit_calls=section.calls,
        call_hours=section.longest,
        notice_hours=section.notice,
        months=section.months or _ALL_MONTHS,
        first_hour=first,
        end_hour=end,
    )


def _service(name: str, section: AncillarySection) -> AncillaryService:
    return AncillaryService(
        name=name,
        share_frac=section.share,
        call_probability_frac=section.call_probability,
        call_hours=section.call_length,
        response_s=section.response,
        energy_usd_per_mwh=section.energy,
    )
