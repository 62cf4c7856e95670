"""A conversion of a company file as a lease: its own terms, the catalogue's for what it lacks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from rerack.assets import CapexItem, Conversion, Lease
from rerack.assets.deal_terms import Prepayment
from rerack.catalog import Row
from rerack.scenario.company.schema import ConversionDealSection
from rerack.scenario.model import InputRow
from rerack.scenario.places import YamlPath, dotted

#: Availability, promised and delivered: the credits of these leases are not public, so none arise.
_AVAILABILITY = 0.9999


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a deal needs, resolved; None is what neither the file nor the catalogue knows.

    Parameters
    ----------
    values : dict of str to float or None
        ``critical`` [MW critical], ``term`` [month], ``rate`` and ``opex`` [USD/kW-month critical],
        ``capex`` and ``prepaid`` [USD/MW critical], ``pue_design`` [-]; only ``prepaid`` may lack.
    kind : str or None
        Kind of deal.
    found : dict of str to str
        Formula of what the catalogue gave, by key.
    row : Row or None
        Deal of the catalogue.
    """

    values: dict[str, float | None]
    kind: str | None
    found: dict[str, str]
    row: Row | None

    def missing(self) -> Iterator[str]:
        """Yield the keys that nothing gives."""
        if self.kind is None:
            yield "type"
        for key, value in self.values.items():
            if value is None and key != "prepaid":
                yield key

    def number(self, key: str) -> float:
        """Return a value that is known."""
        value = self.values[key]
        assert value is not None  # missing terms are reported before any is used
        return value


_UNITS = {
    "critical": "MW",
    "term": "month",
    "rate": "USD/kW-month",
    "opex": "USD/kW-month",
    "capex": "USD/MW",
    "prepaid": "USD/MW",
    "pue_design": "1",
}


def resolve(section: ConversionDealSection, row: Row | None) -> Terms:
    """Return the terms of a deal: those of the file, else those that follow from the catalogue.

    Parameters
    ----------
    section : ConversionDealSection
        The file's.
    row : Row or None
        The catalogue's deal, if the file names one.

    Notes
    -----
    The mean rent is ``value / term / critical MW``; operating cost is rent less net operating
    income, at the lower end where a range is published; cost is the middle of a published range;
    utility over critical MW is the published gross over critical MW. Where the file gives an
    escalator, the first rent and net operating income are the means over the mean growth within
    the term: rents still sum to the published value.
    """
    given = {key: getattr(section, key) for key in _UNITS}
    kind: str | None = section.type
    if row is None:
        return Terms(values=given, kind=kind, found={}, row=None)
    if kind is None and row.text("kind") != "unknown":
        kind = row.text("kind")
    values: dict[str, float | None] = dict(given)
    found: dict[str, str] = {}

    def fill(key: str, value: float | None, formula: str) -> None:
        if values[key] is None and value is not None:
            values[key], found[key] = value, formula

    fill("critical", _number(row, "critical_mw"), "critical MW")
    years, total = _number(row, "term_years"), _number(row, "value_usd")
    fill("term", None if years is None else 12.0 * years, "term")
    critical = _number(row, "critical_mw") or values["critical"]
    growth = _mean_growth(section.escalator, years if years else (values["term"] or 0.0) / 12.0)
    part = "" if growth == 1.0 else " / mean growth"
    if years is not None and total is not None and critical:
        rate = total / years / critical / 12e3 / growth
        fill("rate", rate, f"value / term / critical MW{part}")
    opex = _opex(row, values["rate"], critical, growth)
    fill("opex", opex, f"rent less net operating income{part}")
    low, high = _number(row, "capex_usd_per_mw"), _number(row, "capex_high_usd_per_mw")
    if low is not None:
        fill("capex", low if high is None else 0.5 * (low + high), "cost, middle of a range")
    paid = _number(row, "prepaid_usd")
    fill("prepaid", paid / critical if paid and critical else None, "prepayment / critical MW")
    gross = _number(row, "gross_mw")
    if gross is not None and _number(row, "critical_mw"):
        fill("pue_design", gross / row.number("critical_mw"), "gross / critical MW")
    return Terms(values=values, kind=kind, found=found, row=row)


def _mean_growth(escalator: float, years: float) -> float:
    """Return the mean rent of a term over its first rent [-]."""
    months = max(1, round(12.0 * years))
    return math.fsum((1.0 + escalator) ** (month // 12) for month in range(months)) / months


def _opex(row: Row, rate: float | None, critical: float | None, growth: float) -> float | None:
    if rate is None:
        return None
    yearly, margin = _number(row, "noi_usd_per_year"), _number(row, "noi_margin_frac")
    if yearly is not None and critical:
        return max(0.0, rate - yearly / critical / 12e3 / growth)
    return None if margin is None else rate * (1.0 - margin)


def _number(row: Row, column: str) -> float | None:
    value = row[column]
    return float(value) if isinstance(value, float) else None


def build_lease(
    name: str, section: ConversionDealSection, terms: Terms, *, lead_months: int
) -> Lease:
    """Return a deal as a use of a hall.

    Parameters
    ----------
    name : str
        Name of the deal.
    section : ConversionDealSection
        The file's terms.
    terms : Terms
        Complete terms.
    lead_months : int
        From decision to first service [months].

    Notes
    -----
    A GPU cloud under contract is a rent here too: its price is agreed for the term. Its servers are
    part of the cost, written off as the building is.
    """
    kind: Literal["powered_shell", "colocation"] = (
        "powered_shell" if terms.kind == "powered_shell" else "colocation"
    )
    design = terms.number("pue_design")
    return Lease(
        name=name,
        kind=kind,
        conversion=Conversion(
            capex=(
                CapexItem(
                    component="conversion",
                    usd_per_mw=terms.number("capex") * (1.0 - section.spent),
                ),
            ),
            lead_months=lead_months,
            dark_months=min(section.dark, lead_months),
            ramp_months=section.ramp,
            pue_design=design,
            pue_mean=min(section.pue_mean, design),
        ),
        rate_usd_per_kw_month=terms.number("rate"),
        escalator_frac_per_year=section.escalator,
        term_months=round(terms.number("term")),
        opex_usd_per_kw_month=terms.number("opex"),
        power_payer=section.power_payer,
        load_factor_frac=section.load_factor,
        sla_frac=_AVAILABILITY,
        availability_frac=_AVAILABILITY,
        renewal_frac=section.renewal,
        prepayment=_prepayment(section, terms),
    )


def _prepayment(section: ConversionDealSection, terms: Terms) -> Prepayment | None:
    paid = terms.values["prepaid"]
    if not paid:
        return None
    months = round(terms.number("term")) - section.credited_from
    return Prepayment(
        usd_per_kw=paid / 1e3,
        credit_after_months=section.credited_from,
        credit_over_months=max(1, months),
    )


def catalogue_rows(path: YamlPath, terms: Terms) -> Iterator[InputRow]:
    """Yield a row of the inputs table for each term that the catalogue gave."""
    row = terms.row
    if row is None:
        return
    for key, formula in terms.found.items():
        value: Any = terms.number(key)
        computed = "/" in formula or "less" in formula or "middle" in formula
        yield InputRow(
            path=dotted((*path, key)),
            value=f"{value:,.6g} {_UNITS[key]}".removesuffix(" 1"),
            canonical=float(value),
            unit=_UNITS[key],
            source=f"catalogue ai_deals, {row.label}: {formula}; {row.source}",
            # What is computed from an unverified figure is no better than it.
            status="derived" if computed and row.status != "unverified" else row.status,
            as_of=row.as_of,
            where="catalogue",
        )
