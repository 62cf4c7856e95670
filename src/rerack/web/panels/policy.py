"""Policy plans: when they convert, which market makes them, what the right to wait is worth."""

from __future__ import annotations

from rerack.planning import PolicyPlan
from rerack.report.figures.region import region_figure
from rerack.report.policy_figures import converted_figure, values_sheet
from rerack.report.sheets import explain_command
from rerack.report.source import check_run
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.server import Server


def policy_panel(server: Server) -> PanelSpec | None:
    """Return the panel of the policy plans, or None where the file has none."""
    names = [p.name for p in server.scenario.plans if isinstance(p, PolicyPlan)]
    if not names:
        return None
    years = dict.fromkeys(label[:4] for label in server.scenario.grid.labels)
    return PanelSpec(
        name="policy",
        view="decision",
        title="The rule behind the policy",
        about="When the rule converts, in which market, and what the right to wait is worth.",
        make=_make,
        selectors=(
            Selector(
                name="rule",
                label="Plan",
                about="Plan of kind policy.",
                choices=tuple((name, name) for name in names),
                default=names[0],
            ),
            Selector(
                name="year",
                label="Decisions of",
                about="Calendar year of the decisions in the exercise region.",
                choices=(("", "the busiest year"), *((year, year) for year in years)),
                default="",
            ),
        ),
    )


def _make(asking: Asking) -> Panel:
    asking.step("evaluating the plans")
    run = check_run(asking.server.live.answer(asking.change, refit=True))
    plan, year = asking.values["rule"], asking.values["year"]
    explain = explain_command(run, "gain")
    charts = {"converted": (converted_figure(run, plan), explain)}
    charts["region"] = (region_figure(run, plan, year or None), explain)
    return panel(
        charts["converted"][0]["layout"]["meta"]["title"],
        facts=f"plan “{plan}”, {run.meta['scenarios']} scenarios; the rule was fitted on others",
        charts=charts,
        sheets=(
            panel_sheet(
                "What the right to decide later is worth",
                "MUSD, mean over scenarios with its standard error",
                values_sheet(run, plan),
                explain,
            ),
        ),
    )
