"""The reliability section of a run's report, and its line on the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rerack.report.figures.frame import Figure
from rerack.report.format import money, number, printable, share
from rerack.report.one_line import one_line_svg
from rerack.report.page import Chart, chart
from rerack.report.plant_blocks import profile_of, topology_of
from rerack.report.reliability_figures import outage_figure, year_figure
from rerack.report.reliability_words import nines
from rerack.report.sheets import explain_command
from rerack.report.source import CheckedRun, rows, select
from rerack.report.tables import Written, written

if TYPE_CHECKING:
    from markupsafe import Markup

_CAUSES = 8


@dataclass(frozen=True, kw_only=True)
class PlantSection:
    """A topology of a run as the page shows it.

    Parameters
    ----------
    heading, facts : str
        Finding, and what was evaluated.
    diagram : Markup
        One-line diagram as SVG.
    charts : tuple of Chart
        Outages by length, and minutes lost in a year.
    offers, causes : Written
        What it means for each offer that uses it, and what fails.
    """

    heading: str
    facts: str
    diagram: Markup
    charts: tuple[Chart, ...]
    offers: Written
    causes: Written


def plant_sections(run: CheckedRun) -> tuple[dict[str, Figure], list[PlantSection]]:
    """Return the figures of every topology of a run by name, and its sections of the page.

    Parameters
    ----------
    run : CheckedRun
        A finished run.

    Notes
    -----
    Topologies that are equal are shown once, with every offer that uses them.
    """
    figures: dict[str, Figure] = {}
    sections = []
    by_label: dict[str, list[dict[str, Any]]] = {}
    for row in rows(run.table("reliability")):
        by_label.setdefault(row["topology"], []).append(row)
    for number_of, (label, offers) in enumerate(by_label.items(), start=1):
        profile = profile_of(run, label)
        own = {
            f"outages_{number_of}": outage_figure(profile),
            f"year_{number_of}": year_figure(profile),
        }
        figures |= own
        sections.append(_section(run, label, offers, own))
    return figures, sections


def plant_words(run: CheckedRun) -> str:
    """Return what each offer's plant delivers in a sentence; nothing where none is described."""
    return printable("; ".join(_words(row) for row in rows(run.table("reliability"))))


def _words(row: dict[str, Any]) -> str:
    text = (
        f"{row['offer']} runs {nines(row['unavailability_frac'])} of the time "
        f"({row['topology']}), misses its {100.0 * row['promised_frac']:.7g} % in "
        f"{share(row['promise_missed_frac'])} of years"
    )
    if row["expected_credit_frac"] > 0.0:
        text += f" and credits {_of_rent(row)}"
    return text


def _section(
    run: CheckedRun, label: str, offers: list[dict[str, Any]], figures: dict[str, Figure]
) -> PlantSection:
    # Loaded here: other users of this package need no templates.
    from markupsafe import Markup

    one = offers[0]
    causes = select(run.table("outage_causes"), topology=label)
    topology = topology_of(run, label, critical_mw=one["critical_mw"])
    explain = explain_command(run, f"availability:{one['offer']}")
    return PlantSection(
        heading=printable(_heading(label, one)),
        facts=printable(_facts(one)),
        diagram=Markup(one_line_svg(topology)),
        charts=tuple(chart(name, made, explain) for name, made in figures.items()),
        offers=_offers_sheet(offers),
        causes=written(
            {name: causes[name][:_CAUSES] for name in ("cause", "minutes_per_year", "share_frac")},
            headings={"minutes_per_year": "min/year", "share_frac": "share"},
            formats={"share_frac": share},
        ),
    )


def _heading(label: str, row: dict[str, Any]) -> str:
    text = (
        f"{label}: {nines(row['unavailability_frac'])} in the long run, "
        f"{number(row['minutes_lost_per_year'])} min lost a year in "
        f"{number(row['outages_per_year'])} outages"
    )
    if row["outages_per_year"] > 0.0:
        text += f" of {number(row['mean_outage_hours'])} h on average"
    return text


def _facts(row: dict[str, Any]) -> str:
    text = f"{row['source']}; one plant of {number(row['critical_mw'])} MW critical"
    if row["capex_usd_per_mw"] > 0.0:
        text += f", {number(row['capex_usd_per_mw'] / 1e6)} MUSD/MW critical by the catalogue"
    text += f"; {row['components_unverified']} of {row['components']} components rest on unverified"
    return f"{text} figures"


def _offers_sheet(offers: list[dict[str, Any]]) -> Written:
    return written(
        {
            "offer": [r["offer"] for r in offers],
            "plants in the largest hall": [r["plants"] for r in offers],
            "promised": [f"{100.0 * r['promised_frac']:.7g} %" for r in offers],
            "missed in": [f"{share(r['promise_missed_frac'])} of years" for r in offers],
            "credits": [r["schedule"] for r in offers],
            "expected credits": [_credits(r) for r in offers],
            "tenant may leave in": [f"{share(r['exit_frac_per_year'])} of years" for r in offers],
        }
    )


def _credits(row: dict[str, Any]) -> str:
    if row["expected_credit_frac"] == 0.0:
        return "none"
    usd = money(row["credits_usd_per_mw_year"])
    return f"{_of_rent(row)}, {usd} a year per MW critical"


def _of_rent(row: dict[str, Any]) -> str:
    return f"{number(100.0 * row['expected_credit_frac'], 2)} % of rent"
