"""A site file as a site of a company: its plans of other names stand for the cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from rerack.planning.company import CompanySite
from rerack.planning.plans import FixedPlan, Plan, PolicyPlan, keep_mining
from rerack.scenario.company.schema import CompanySiteSection
from rerack.scenario.loading import load
from rerack.scenario.model import InputRow, Scenario
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import nearest

_FIGURES = ("utility", "price", "adder", "hashrate", "rigs", "interconnect")


class Notes(Protocol):
    """Where problems and inputs are noted, and the months that a site file must share."""

    path: Path
    market: Scenario
    rows: list[InputRow]

    def add(
        self, path: YamlPath, given: str, allowed: str, cure: str, *, key: bool = False
    ) -> None:
        """Note a problem."""


def site_from_file(notes: Notes, name: str, section: CompanySiteSection) -> CompanySite | None:
    """Return a site of a company from its site file; None where the file cannot be used.

    Parameters
    ----------
    notes : Notes
        Takes what is wrong.
    name : str
        Name of the site in the company file.
    section : CompanySiteSection
        The section that names the file.

    Notes
    -----
    Site, offers and plans are the file's; its market and finance are those of the company.
    """
    at: YamlPath = ("sites", name)
    for key in _FIGURES:
        if getattr(section, key) is not None:
            notes.add((*at, key), "figures beside a site file", "one of them", "Remove one.")
    study = _study(notes, at, section)
    if study is None:
        return None
    keep = keep_mining()
    signed = _named_plan(notes, (*at, "signed"), section.signed, study, keep)
    announced = _named_plan(notes, (*at, "announced"), section.announced, study, signed)
    notes.rows += _rows(name, study)
    first, both = _megawatts(signed, study), _megawatts(announced, study)
    return CompanySite(
        site=replace(study.site, name=name),
        offers=study.offers,
        plans={"mining": keep, "signed": signed, "announced": announced},
        signed_mw=first[0],
        announced_mw=max(0.0, both[0] - first[0]),
        signed_utility_mw=first[1],
        announced_utility_mw=max(0.0, both[1] - first[1]),
    )


def _study(notes: Notes, at: YamlPath, section: CompanySiteSection) -> Scenario | None:
    assert section.file is not None  # the caller has looked
    file = notes.path.parent / section.file
    if not file.is_file():
        given = f"{section.file}: no such file"
        allowed = "a site file, its path relative to this file"
        notes.add((*at, "file"), given, allowed, "Check the path.")
        return None
    study, market = load(file), notes.market
    if study.grid.labels != market.grid.labels:
        notes.add(
            (*at, "file"),
            f"{study.grid.labels[0]} and {study.grid.months} months",
            f"{market.grid.labels[0]} and {market.grid.months} months, as the market",
            "Give both files the same study.start and study.horizon.",
        )
        return None
    return study


def _named_plan(
    notes: Notes, at: YamlPath, named: str | None, study: Scenario, otherwise: Plan
) -> Plan:
    if named is None:
        return otherwise
    known = {p.name: p for p in study.plans if not isinstance(p, PolicyPlan)}
    if named in known:
        return known[named]
    allowed = f"a plan of the site file, no policy: {', '.join(known)}"
    notes.add(at, f"unknown plan {named!r}", allowed, nearest(named, known))
    return otherwise


def _megawatts(plan: Plan, study: Scenario) -> tuple[float, float]:
    """Return critical and utility MW that a plan of a site file converts."""
    pairs: list[tuple[str, str]] = []
    if isinstance(plan, FixedPlan):
        pairs = [(a.hall, a.use) for a in plan.assignments]
    elif plan.kind == "threshold":
        pairs = [(hall, plan.use) for hall in plan.halls]
    utility = {h.name: h.utility_mw for h in study.site.halls}
    critical = sum(study.offers[use].conversion.critical_mw(utility[hall]) for hall, use in pairs)
    return critical, sum(utility[hall] for hall, _ in pairs)


def _rows(name: str, study: Scenario) -> Iterator[InputRow]:
    """Yield the inputs of a site file that a company uses: its site, offers and plans."""
    for row in study.inputs:
        if row.path.split(".")[0] in ("site", "offers", "plans"):
            yield replace(row, path=f"sites.{name}.{row.path}")
