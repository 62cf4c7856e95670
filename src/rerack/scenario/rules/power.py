"""Rules on the terms that dispatch values: periods that overlap, names twice, loads too large."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from rerack.base.errors import InputError
from rerack.dispatch.tariff_calendar import HourCalendar
from rerack.scenario.build.power import build_period
from rerack.scenario.draft import Draft
from rerack.scenario.places import YamlPath
from rerack.scenario.rules.contradiction import Contradiction
from rerack.scenario.schema.power import PeriodSection
from rerack.scenario.schema.power_programmes import AncillarySection, DemandResponseSection

_POWER: YamlPath = ("site", "power")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: A clock hour of the year's pattern: month 1 to 12, weekday 0 to 6, hour 0 to 23.
Cell = tuple[int, int, int]


def periods_overlap(draft: Draft) -> Iterator[Contradiction]:
    """Refuse two time-of-use periods that hold in one hour."""
    cells = _period_cells(draft)
    for position, (second, mine) in enumerate(cells):
        for first, theirs in cells[:position]:
            both = sorted(mine & theirs)
            if both:
                yield Contradiction(
                    path=(*_POWER, "time_of_use", second),
                    given=f"a period that overlaps {first!r} on {_said(both[0])} and "
                    f"{len(both) - 1:,} more hours of the weekly pattern by month",
                    allowed="periods that do not overlap",
                    cure="Change months, days or hours of one of them.",
                    at_key=True,
                )


def periods_leave_gaps(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a time-of-use schedule that says nothing of some hour."""
    cells = _period_cells(draft)
    if not cells:
        return
    everything = set(product(range(1, 13), range(7), range(24)))
    left = sorted(everything.difference(*(mine for _, mine in cells)))
    if left:
        yield Contradiction(
            path=(*_POWER, "time_of_use"),
            given=f"no period on {_said(left[0])} and {len(left) - 1:,} more hours of the weekly "
            "pattern by month",
            allowed="periods that cover every hour of every day of every month",
            cure="Add a period for the hours left over, at 0 USD/MWh if they cost nothing.",
            at_key=True,
        )


def terms_beside_fixed(draft: Draft) -> Iterator[Contradiction]:
    """Refuse losses and export beside a fixed price, which is all-in and no index."""
    tariff = draft.tariff
    if tariff is None or tariff.fixed is None:
        return
    for name in ("losses", "export"):
        if getattr(tariff, name) is not None:
            yield Contradiction(
                path=(*_POWER, name),
                given=f"`{name}` beside a fixed price",
                allowed=f"`{name}` with purchases at the index",
                cure="Remove it, or buy at the index plus an adder.",
                at_key=True,
            )


def unknown_clock(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a time zone that does not exist."""
    if draft.clock is None:
        return
    try:
        HourCalendar(start_utc="2024-01-01T00", hours=1, zone=draft.clock)
    except InputError as error:
        problem = error.problems[0]
        yield Contradiction(
            path=("site", "clock"),
            given=problem.given,
            allowed=problem.allowed,
            cure=problem.cure,
        )


def ai_over_interconnect(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an AI load that the interconnect cannot carry."""
    if draft.ai is None or draft.ai.load is None or draft.interconnect_mw is None:
        return
    if draft.ai.load > draft.interconnect_mw:
        yield Contradiction(
            path=("site", "ai", "load"),
            given=f"{draft.ai.load:g} MW utility behind {draft.interconnect_mw:g} MW utility",
            allowed="up to the interconnect",
            cure="Lower the load or raise the interconnect.",
        )


def ai_load_said_once(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an AI load that is neither constant at the meter nor critical with its cooling."""
    if draft.ai is None:
        return
    said = {name for name in ("load", "critical", "cooling") if getattr(draft.ai, name) is not None}
    if said not in ({"load"}, {"critical", "cooling"}):
        yield Contradiction(
            path=("site", "ai"),
            given=" and ".join(f"`{name}`" for name in sorted(said)) or "no load",
            allowed="`load` alone, or `critical` with `cooling`",
            cure="Give the load at the meter, or the critical load and what cools it.",
            at_key=True,
        )


def generation_and_programme_alike(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a programme with the name of a generator: series are given by name."""
    for name in draft.programmes:
        if name in draft.generation:
            yield Contradiction(
                path=("site", "programmes", name),
                given=f"{name!r}, the name of a generator",
                allowed="names that generation does not use",
                cure="Rename one of them.",
                at_key=True,
            )


def enrolled_over_baseline(draft: Draft) -> Iterator[Contradiction]:
    """Refuse demand response that owes more than the site draws."""
    for name, offer in draft.programmes.items():
        if isinstance(offer, DemandResponseSection) and offer.enrolled > offer.baseline:
            yield Contradiction(
                path=("site", "programmes", name, "enrolled"),
                given=f"{offer.enrolled:g} MW, above the baseline",
                allowed=f"0 to the baseline, {offer.baseline:g} MW",
                cure="Correct one of the two.",
            )


def reserve_without_hall(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a reserve that no hall answers in time."""
    if not draft.halls_complete:
        return
    known = [
        h.rigs.operation.response
        for h in draft.halls.values()
        if h.rigs is not None
        and h.rigs.operation is not None
        and h.rigs.operation.response is not None
    ]
    for name, offer in draft.programmes.items():
        if isinstance(offer, AncillarySection) and not any(r <= offer.response for r in known):
            best = f"halls answer in {min(known):g} s" if known else "no hall states `response`"
            yield Contradiction(
                path=("site", "programmes", name, "response"),
                given=f"{offer.response:g} s; {best}",
                allowed="a service that the rigs of some hall can answer",
                cure="State `response` under `rigs.operation` of the halls that take part.",
            )


def _period_cells(draft: Draft) -> list[tuple[str, set[Cell]]]:
    found = {} if draft.tariff is None else draft.tariff.time_of_use or {}
    return [(name, _cells(name, section)) for name, section in found.items()]


def _cells(name: str, section: PeriodSection) -> set[Cell]:
    period = build_period(name, section)
    return set(product(period.months, period.weekdays, period.hours_of_day))


def _said(cell: Cell) -> str:
    month, weekday, hour = cell
    return f"{_MONTHS[month - 1]} {_DAYS[weekday]} {hour:02d}:00"
