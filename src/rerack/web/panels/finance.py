"""Statements, debt, covenants and treasury of a plan."""

from __future__ import annotations

import math

from rerack.report.cash import yearly_cash
from rerack.report.finance_figures import breach_figure, debt_figure, treasury_figure
from rerack.report.finance_sheets import covenants_sheet, statements_sheet
from rerack.report.format import cover
from rerack.report.sheets import cash_sheet, explain_command
from rerack.report.source import check_run, chosen_plan, plan_row
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.server import Server


def plan_selector(server: Server) -> Selector:
    """Return the choice of a plan, the answer at first."""
    names = [p.name for p in server.scenario.plans]
    return Selector(
        name="plan",
        label="Plan",
        about="Plan to show; the answer where left out.",
        choices=(("", "the answer"), *((name, name) for name in names)),
        default="",
    )


def finance_panel(server: Server) -> PanelSpec:
    """Return the panel of a plan's finances."""
    return PanelSpec(
        name="finance",
        view="finance",
        title="Debt, covenants, statements",
        about="Means over scenarios, month by month and by calendar year.",
        make=_make,
        leads=True,
        selectors=(plan_selector(server),),
    )


def _make(asking: Asking) -> Panel:
    asking.step("evaluating the plans")
    run = check_run(asking.server.live.answer(asking.change, refit=True))
    plan = chosen_plan(run, asking.values["plan"] or None)
    row = plan_row(run, plan)
    dscr = explain_command(run, "dscr")
    charts = {
        "debt": (debt_figure(run, plan), dscr),
        "breach": (breach_figure(run, plan), dscr),
    }
    treasury = treasury_figure(run, plan)
    if treasury is not None:
        charts["treasury"] = (treasury, explain_command(run, "npv"))
    covenants, statements = covenants_sheet(run), statements_sheet(run, plan)
    sheets = [
        panel_sheet(
            "Cash flow by line",
            f"Plan “{plan}”: MUSD, mean over scenarios by calendar year, not discounted; cash out "
            "in parentheses",
            cash_sheet(yearly_cash(run, plan)),
            explain_command(run, "npv"),
        )
    ]
    if covenants is not None:
        sheets.append(
            panel_sheet("Covenants of every plan", "share of scenarios in breach", covenants, dscr)
        )
    if statements is not None:
        measure = (
            f"Plan “{statements[1]}”: MUSD, mean over scenarios; a year's sums, the balance sheet "
            "at its end; negative in parentheses"
        )
        sheets.append(panel_sheet("Statements", measure, statements[0]))
    worst = float(row["worst_dscr"])
    said = f"; the worst DSCR is {cover(worst)}" if math.isfinite(worst) else ""
    return panel(
        f"{charts['debt'][0]['layout']['meta']['title']}{said}",
        facts=f"plan “{plan}”, {run.meta['scenarios']} scenarios",
        charts=charts,
        sheets=tuple(sheets),
    )
