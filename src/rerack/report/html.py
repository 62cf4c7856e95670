"""The report: one HTML file that opens without a network and runs nothing but its own script."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rerack.report.answer import answer, best_uses
from rerack.report.figures import FIGURES, figure
from rerack.report.figures.loop import loop_figure
from rerack.report.figures.region import first_policy
from rerack.report.finance_sheets import covenants_sheet, statements_sheet
from rerack.report.format import printable, quantity
from rerack.report.loop_words import (
    LOOP_TABLES,
    calculator_sheet,
    calculator_words,
    headline,
    plan_sheet,
    residual_words,
)
from rerack.report.page import chart, render_page, write_page
from rerack.report.plant_sheets import plant_sections
from rerack.report.policy_figures import converted_figure
from rerack.report.policy_sheets import (
    left_out_sheet,
    option_sheet,
    policy_sheet,
    power_sheet,
)
from rerack.report.sheets import (
    coin_sheet,
    explain_command,
    inputs_sheet,
    means_note,
    money_note,
    plans_sheet,
    rigs_sheet,
    run_title,
)
from rerack.report.source import CheckedRun, RunTables, answer_plan, check_run

#: Chart -> the figure that ``rerack explain`` takes apart; a chart of rows is in `explained`.
_EXPLAINED = {
    "plan": "npv",
    "uses": "npv",
    "npv": "npv",
    "cashflow": "npv",
    "decisions": "gain",
    "region": "gain",
    "converted": "gain",
    "tornado": "gain",
    "capex": "capex",
    "hashprice": "hashprice",
    "closed_loop": "gain",
}


def write_report(run: RunTables, path: str | Path) -> Path:
    """Write the report of a run to `path`, all or nothing.

    Parameters
    ----------
    run : RunTables
        A finished run.
    path : str or Path
        File to write; its folder is made if need be.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    StoreError
        The file cannot be written, or plotly.js is not installed.
    """
    return write_page(report_html(run), path)


def report_html(run: RunTables) -> str:
    """Return the report of a run as one HTML document.

    Parameters
    ----------
    run : RunTables
        A finished run.

    Notes
    -----
    Names from a scenario cannot run: the template escapes every value, JSON escapes what could
    close its element, charts escape markup, and a content security policy admits only the two
    scripts whose hashes it lists.
    """
    checked = check_run(run)
    drawn = {name: figure(checked, name) for name in FIGURES}
    policy = first_policy(checked)
    if policy is not None:
        drawn["converted"] = converted_figure(checked, policy)
    if checked.meta.get("closed_loop"):
        drawn["closed_loop"] = loop_figure(checked.table("loop_paths"))
    plants, sections = plant_sections(checked)
    charts = {
        name: chart(name, made, explain_command(checked, explained(checked, name)))
        for name, made in drawn.items()
    }
    words = _words(checked) | {"plants": sections}
    return render_page("report.html.j2", drawn | plants, charts=charts, **words)


def explained(run: CheckedRun, name: str) -> str:
    """Return the number behind a chart that ``rerack explain`` takes apart."""
    if name == "per_kwh":
        _, ai = best_uses(run)
        uses = [ai["use"]] if ai else run.table("per_kwh")["use"].tolist()
        return f"per_kwh:{uses[0]}" if uses else "--inputs"
    if name == "duration":
        halls = run.table("strikes")["hall"].tolist()
        return f"strike:{halls[0]}" if halls else "--inputs"
    return _EXPLAINED[name]


def _words(run: CheckedRun) -> dict[str, Any]:
    plans, unit = plans_sheet(run, full=True)
    best = answer_plan(run)
    return {
        "title": printable(f"{run.meta['name']}: {run.meta['site']}"),
        "facts": printable(run_title(run)),
        "meta": {k: printable(v) for k, v in run.meta.items() if k != "halls"},
        "halls": ", ".join(_hall_words(hall) for hall in run.meta["halls"]),
        "answer": answer(run),
        "plans": plans,
        "best": [p == best for p in run.table("plans")["plan"]],
        "money": money_note(run, unit),
        "means": means_note(run),
        "rigs": rigs_sheet(run),
        "coins": coin_sheet(run),
        "covenants": covenants_sheet(run),
        "statements": statements_sheet(run),
        "policies": policy_sheet(run),
        "options": option_sheet(run),
        "power_sooner": power_sheet(run),
        "left_out": left_out_sheet(run),
        "inputs": inputs_sheet(run),
        "loop": _loop(run),
    }


def _loop(run: CheckedRun) -> dict[str, Any] | None:
    """Return the words and tables of a closed loop, or None where it was not closed."""
    if not run.meta.get("closed_loop"):
        return None
    tables = {name: run.table(name) for name in LOOP_TABLES}
    return {
        "headline": headline(tables),
        "residual": residual_words(tables),
        "calculator": calculator_words(tables),
        "plans": plan_sheet(tables),
        "methods": calculator_sheet(tables),
    }


def _hall_words(hall: Mapping[str, Any]) -> str:
    size = quantity(float(hall["utility_mw"]), "mw", "utility")
    return printable(f"{hall['name']} ({size}, {hall['rigs']})")
