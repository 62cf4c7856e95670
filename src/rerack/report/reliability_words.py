"""A topology's reliability in words and tables for the terminal and the page."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from rerack.reliability import Reliability, Topology
from rerack.reliability.assessment import Assessment
from rerack.reliability.causes import largest_causes
from rerack.reliability.cooling import PueYear, meter_mw
from rerack.reliability.design import Design, DesignAnswer
from rerack.reliability.shedding import SheddingValue
from rerack.reliability.sla import SlaOutlook
from rerack.report.format import money, number, printable, share
from rerack.report.reliability_figures import front_columns
from rerack.report.tables import table_text

if TYPE_CHECKING:
    from rerack.reliability.simulation import Simulation

_WIDTH = 96
_MINUTES_PER_YEAR = 525_600.0
_CAUSES = 6
#: Rows of the front shown on either side of the answer.
_NEIGHBOURS = 6


def nines(unavailability_frac: float) -> str:
    """Write an availability to the digits that its shortfall needs.

    Examples
    --------
    >>> nines(1.26e-5), nines(0.0151), nines(0.0)
    ('99.9987 %', '98.5 %', '100 %')
    """
    if unavailability_frac <= 0.0:
        return "100 %"
    places = max(0, -int(np.floor(np.log10(unavailability_frac))) - 1)
    return f"{100.0 * (1.0 - unavailability_frac):.{places}f} %"


def headline(topology: Topology, found: Reliability) -> str:
    """Return the answer in one line."""
    text = (
        f"{nines(found.unavailability)} in the long run: {number(found.minutes_lost_per_year)} min "
        f"a year, {number(found.outages_per_year)} outages a year"
    )
    if found.mean_outage_hours > 0.0:
        text += f" of {number(found.mean_outage_hours)} h on average"
    if found.capex_usd > 0.0:
        cost = number(found.capex_usd / topology.critical_mw / 1e6)
        text += f"; {cost} MUSD/MW critical"
    return f"{text}."


def summary_columns(assessed: Assessment) -> dict[str, list[Any]]:
    """Return one row with everything, for programs; of promise and credits what there is."""
    topology, found, outlook = assessed.topology, assessed.found, assessed.outlook
    row: dict[str, Any] = {
        "name": topology.name,
        "critical_mw": topology.critical_mw,
        "unavailability_frac": found.unavailability,
        "minutes_lost_per_year": found.minutes_lost_per_year,
        "outages_per_year": found.outages_per_year,
        "mean_outage_hours": found.mean_outage_hours,
        "median_outage_hours": outlook.profile.quantile_hours(0.5),
        "p95_outage_hours": outlook.profile.quantile_hours(0.95),
        "planned_minutes_per_year": outlook.profile.planned_minutes_per_year,
        "capex_usd": found.capex_usd,
    }
    for level, miss in zip(outlook.levels_frac, outlook.miss_frac, strict=True):
        row[f"miss_{100 * level:.7g}_frac".replace(".", "_")] = float(miss)
    if assessed.promised is not None:
        row["promised_frac"] = float(assessed.promised.levels_frac[0])
        row["promise_missed_frac"] = float(assessed.promised.miss_frac[0])
    if assessed.credits is not None:
        row["expected_credit_frac"] = assessed.credits.fee_frac
        row["credits_usd_per_year"] = assessed.credits.credits_usd_per_year
        row["exit_frac_per_year"] = assessed.credits.exit_frac_per_year
    return {name: [value] for name, value in row.items()}


def level_columns(outlook: SlaOutlook) -> dict[str, Any]:
    """Return the promised levels with the chance of missing each."""
    return {
        "availability_frac": outlook.levels_frac,
        "allowed_minutes_per_year": 60.0 * outlook.allowed_hours,
        "miss_frac": outlook.miss_frac,
    }


def cause_columns(found: Reliability) -> dict[str, list[Any]]:
    """Return the largest contributions, alike ones added up."""
    causes = largest_causes(found.cut_sets)
    return {
        "cause": [cause.name for cause in causes],
        "minutes_per_year": [cause.minutes_per_year for cause in causes],
        "share_frac": [cause.share_frac for cause in causes],
    }


def part_columns(topology: Topology) -> dict[str, list[Any]]:
    """Return the equipment with its figures and their sources."""
    parts = topology.components
    return {
        "component": [c.name for c, _ in parts],
        "count": [n for _, n in parts],
        "failure_rate_per_year": [c.failure_rate_per_year for c, _ in parts],
        "mttr_hours": [c.mttr_hours for c, _ in parts],
        "fail_to_start_frac": [c.fail_to_start_frac for c, _ in parts],
        "capex_usd": [c.capex_usd for c, _ in parts],
        "source": [c.source for c, _ in parts],
    }


def sla_words(assessed: Assessment, confidence_frac: float) -> str:
    """Return whether a promise is kept in a share of years, and what it costs."""
    assert assessed.promised is not None
    promised, allowed = (
        float(values[-1])
        for values in (assessed.promised.levels_frac, 60.0 * assessed.promised.allowed_hours)
    )
    miss = float(assessed.promised.miss_frac[-1])
    kept = miss <= 1.0 - confidence_frac
    text = (
        f"{100.0 * promised:.7g} % ({number(allowed)} min/year) is missed in "
        f"{share(miss)} of years: {'kept' if kept else 'NOT kept'} with "
        f"{share(confidence_frac)} confidence"
    )
    if assessed.found.unavailability > 1.0 - promised:
        text += ", but not in the long-run mean" if kept else ", nor in the long-run mean"
    credit = assessed.credits
    if credit is None:
        return f"{text}."
    text += f"; expected credits {money(credit.credits_usd_per_year)} a year"
    text += f" ({number(100.0 * credit.fee_frac, 2)} % of the fee)"
    if credit.exit_frac_per_year > 0.0:
        text += f", the tenant may leave in {share(credit.exit_frac_per_year)} of years"
    return f"{text}."


def cooling_words(name: str, year: PueYear, critical_mw: float) -> str:
    """Return PUE and what the load draws at the meter."""
    meter = meter_mw(critical_mw, year)
    return (
        f"{name}: PUE {year.pue_mean:.2f} on average, {year.pue_design:.2f} in the worst of "
        f"{year.pue.size:,} hours, {share(year.free_frac)} of heat without compressors; "
        f"{number(float(meter.mean()))} MW utility on average, {number(float(meter.max()))} at most"
    )


def check_words(found: Reliability, simulated: Simulation) -> str:
    """Return how exact answer and simulation compare."""
    error = simulated.unavailability_error_frac
    apart = abs(simulated.unavailability_frac - found.unavailability)
    errors = apart / error if error > 0.0 else 0.0
    return (
        f"simulation {number(simulated.unavailability_frac * _MINUTES_PER_YEAR)} ± "
        f"{number(1.96 * error * _MINUTES_PER_YEAR, 2)} min a year (95 %), "
        f"{number(errors, 2)} standard errors from the exact answer, {simulated.cycles:,} cycles"
    )


def reliability_text(
    topology: Topology, found: Reliability, outlook: SlaOutlook, reasons: dict[str, str]
) -> str:
    """Return the answer, the levels and the causes as lines for the terminal."""
    profile = outlook.profile
    levels: dict[str, Any] = {
        "availability": [f"{100 * level:.7g} %" for level in outlook.levels_frac],
        "allowed, min/year": 60.0 * outlook.allowed_hours,
        "missed in a given year": [share(float(m)) for m in outlook.miss_frac],
    }
    shown = largest_causes(found.cut_sets, _CAUSES)
    causes: dict[str, Any] = {
        "largest causes": [cause.name for cause in shown],
        "min/year": [cause.minutes_per_year for cause in shown],
        "share": [share(cause.share_frac) for cause in shown],
    }
    lengths = (
        f"half end within {number(profile.quantile_hours(0.5))} h, 95 % within "
        f"{number(profile.quantile_hours(0.95))} h"
    )
    if profile.planned_hours:
        lengths += f"; planned besides: {number(profile.planned_minutes_per_year)} min a year"
    said = {"outages": lengths, **reasons}
    lines = [
        f"{printable(topology.name)} · {number(topology.critical_mw)} MW critical",
        "",
        *textwrap.wrap(
            headline(topology, found), _WIDTH, initial_indent="  ", subsequent_indent="  "
        ),
        "",
        table_text(levels, width=_WIDTH, indent=2),
        "",
        table_text(causes, width=_WIDTH, indent=2),
        "",
        *_reasons(said),
    ]
    return "\n".join(lines)


def design_text(
    answer: DesignAnswer,
    *,
    availability_frac: float,
    confidence_frac: float,
    blocks: int,
    reasons: dict[str, str],
) -> str:
    """Return the cheapest design and the front as lines for the terminal."""
    best = answer.best
    head = (
        f"{number(blocks * best.critical_mw)} MW critical in {blocks} blocks of "
        f"{number(best.critical_mw)} MW · {100.0 * availability_frac:.7g} % in "
        f"{share(confidence_frac)} of years · {answer.tried:,} designs"
    )
    said = (
        f"{best.choice.label}: {number(best.capex_usd_per_mw / 1e6)} MUSD/MW critical "
        f"({money(blocks * best.capex_usd)} in all), "
        f"{nines(best.minutes_lost_per_year / _MINUTES_PER_YEAR)}, "
        f"{number(best.minutes_lost_per_year)} min a year; "
        f"misses {share(answer.miss_frac)} of years."
    )
    shown = _around(answer)
    columns = front_columns(shown)
    columns[""] = ["← answer" if d.choice == best.choice else "" for d in shown]
    lines = [
        head,
        "",
        *textwrap.wrap(said, _WIDTH, initial_indent="  ", subsequent_indent="  "),
        "",
        table_text(columns, width=_WIDTH, indent=2),
        "",
        *_reasons(reasons),
    ]
    return "\n".join(lines)


def _around(answer: DesignAnswer) -> tuple[Design, ...]:
    """Return the part of the front next to the answer; the answer may stand beside the front."""
    cost = answer.best.capex_usd
    others = [d for d in answer.front if d.choice != answer.best.choice]
    cheaper = [d for d in others if d.capex_usd <= cost][-_NEIGHBOURS:]
    dearer = [d for d in others if d.capex_usd > cost][:_NEIGHBOURS]
    return (*cheaper, answer.best, *dearer)


def shedding_words(value: SheddingValue) -> str:
    """Return what a sheddable load is worth."""
    if value.saved_usd <= 0.0:
        return value.reason
    return (
        f"{number(value.saved_usd_per_mw / 1e6)} MUSD per MW shed "
        f"({money(value.saved_usd)} a block): {value.reason}"
    )


def _reasons(said: dict[str, str]) -> list[str]:
    lines: list[str] = []
    for name, text in said.items():
        lines += textwrap.wrap(
            f"{name:<9}{text}", _WIDTH, initial_indent="  ", subsequent_indent=" " * 11
        )
    return lines
