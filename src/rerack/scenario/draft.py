"""The parts of a scenario that are sound by themselves, so that rules can run beside errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rerack.scenario.quantities import Text, UtilityMw
from rerack.scenario.schema.finance import FinanceSection
from rerack.scenario.schema.market import MarketSection
from rerack.scenario.schema.offers import Offer
from rerack.scenario.schema.plans import PlanSection
from rerack.scenario.schema.power_assets import AiSection, Generation
from rerack.scenario.schema.power_programmes import Programme
from rerack.scenario.schema.site import HallSection, TariffSection
from rerack.scenario.schema.study import StudySection

_STUDY: TypeAdapter[Any] = TypeAdapter(StudySection)
_FINANCE: TypeAdapter[Any] = TypeAdapter(FinanceSection)
_MARKET: TypeAdapter[Any] = TypeAdapter(MarketSection)
_TARIFF: TypeAdapter[Any] = TypeAdapter(TariffSection)
_MEGAWATTS: TypeAdapter[Any] = TypeAdapter(UtilityMw)
_HALL: TypeAdapter[Any] = TypeAdapter(HallSection)
_OFFER: TypeAdapter[Any] = TypeAdapter(Offer)
_PLAN: TypeAdapter[Any] = TypeAdapter(PlanSection)
_CLOCK: TypeAdapter[Any] = TypeAdapter(Text)
_AI: TypeAdapter[Any] = TypeAdapter(AiSection)
_GENERATION: TypeAdapter[Any] = TypeAdapter(Generation)
_PROGRAMME: TypeAdapter[Any] = TypeAdapter(Programme)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Sections that could be read; None, or absent from its map, where one could not.

    Parameters
    ----------
    study, market, finance, tariff : section or None
        Whole sections.
    interconnect_mw : float or None
        Limit at the meter [MW utility].
    clock : str or None
        Time zone of the site.
    ai : section or None
        AI load.
    halls, offers, plans, generation, programmes : dict
        Entries that could be read, by name.
    hall_names, offer_names : tuple of str
        All names written, readable or not, so that a plan may refer to them.
    halls_complete : bool
        Whether every hall could be read.
    """

    study: StudySection | None
    market: MarketSection | None
    finance: FinanceSection | None
    tariff: TariffSection | None
    interconnect_mw: float | None
    clock: str | None
    ai: AiSection | None
    generation: dict[str, Any]
    programmes: dict[str, Any]
    halls: dict[str, HallSection]
    offers: dict[str, Any]
    plans: dict[str, Any]
    hall_names: tuple[str, ...]
    offer_names: tuple[str, ...]
    halls_complete: bool


def draft_of(data: Any) -> Draft:
    """Return what can be read of plain data; nothing is reported here."""
    site = _map(data, "site")
    halls = _map(site, "halls")
    read_halls = _readable(_HALL, halls)
    return Draft(
        study=_read(_STUDY, data.get("study")),
        market=_read(_MARKET, data.get("market")),
        finance=_read(_FINANCE, data.get("finance", {})),
        tariff=_read(_TARIFF, site.get("power", {})),
        interconnect_mw=_read(_MEGAWATTS, site.get("interconnect")),
        clock=_read(_CLOCK, site.get("clock")),
        ai=_read(_AI, site.get("ai")),
        generation=_readable(_GENERATION, _map(site, "generation")),
        programmes=_readable(_PROGRAMME, _map(site, "programmes")),
        halls=read_halls,
        offers=_readable(_OFFER, _map(data, "offers")),
        plans=_readable(_PLAN, _map(data, "plans")),
        hall_names=tuple(halls),
        offer_names=tuple(_map(data, "offers")),
        halls_complete=len(read_halls) == len(halls),
    )


def _map(data: Any, name: str) -> dict[str, Any]:
    inner = data.get(name) if isinstance(data, dict) else None
    return inner if isinstance(inner, dict) else {}


def _read(kind: TypeAdapter[Any], value: Any) -> Any:
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None


def _readable(kind: TypeAdapter[Any], entries: dict[str, Any]) -> dict[str, Any]:
    read = {name: _read(kind, value) for name, value in entries.items()}
    return {name: value for name, value in read.items() if value is not None}
