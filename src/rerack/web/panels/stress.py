"""How well the plans hold: named blows, regret, and the rent at which converting starts to pay."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from rerack.report import robust_figures as figures
from rerack.report.format import printable
from rerack.report.robust_words import blows_sheet
from rerack.report.source import answer_plan, check_run
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.panels.study import file_of, options_of, prepared_of
from rerack.web.server import Server

if TYPE_CHECKING:
    from rerack.study.robustness import Stressed

#: Scenarios of every stress.
_SCENARIOS = 32


def stress_panel(server: Server) -> PanelSpec:
    """Return the panel of stresses; the rent of an offer, where there is one, can be sought."""
    site, offers = server.scenario.site, tuple(server.scenario.offers)
    mined = tuple(hall.name for hall in site.halls if hall.rigs is not None)
    halls = mined or tuple(hall.name for hall in site.halls)
    asked = (
        _choice("offer", "Rent sought for", "Offer whose rent of indifference is sought.", offers),
        _choice("hall", "in hall", "Hall that it is sought for.", halls),
    )
    return PanelSpec(
        name="stress",
        view="decision",
        title="How well the plans hold",
        about=f"Every plan under named blows; {_SCENARIOS} scenarios at most, rules as fitted.",
        make=_make,
        selectors=asked if offers else (),
    )


def _choice(name: str, label: str, about: str, values: tuple[str, ...]) -> Selector:
    choices = tuple((value, value) for value in values)
    default = values[0] if values else None
    return Selector(name=name, label=label, about=about, choices=choices, default=default)


def _make(asking: Asking) -> Panel:
    from rerack.study.robustness import regret_table, stress_study, stress_table

    prepared = prepared_of(asking)
    count = min(_SCENARIOS, prepared.scenario.scenarios)
    command = f"rerack stress {file_of(asking)}{options_of(asking)} --scenarios {count}"
    asking.step("putting plans under stress")
    found = stress_study(prepared, scenarios=count)
    drawn = figures.stress_figure(stress_table(found))
    regret = figures.regret_figure(regret_table(found))
    charts = {
        "stress": (drawn, f"{command} --table stress --csv"),
        "regret": (regret, f"{command} --table regret --csv"),
    }
    charts |= _indifference(asking, command)
    recommended = answer_plan(check_run(asking.server.live.answer(asking.change, refit=True)))
    return panel(
        drawn["layout"]["meta"]["title"],
        facts=f"{count} scenarios, the same under every stress{_unlike(found, recommended)}",
        charts=charts,
        sheets=(
            panel_sheet(
                "What each stress is",
                "and the plan of largest mean NPV under it",
                blows_sheet(found),
                f"{command} --table stress --csv",
            ),
        ),
    )


def _unlike(found: Stressed, recommended: str) -> str:
    """Say why another plan than the recommended one is best as expected, where it is."""
    best = found.plans[int(found.npv_usd[0].mean(axis=1).argmax())].name
    if best == recommended:
        return ""
    return (
        f"; plain means, which keep the luck of so few: the gain of “{recommended}”, which is "
        "recommended above, leaves it out (a control variate)"
    )


def _indifference(asking: Asking, command: str) -> dict[str, Any]:
    from rerack.study.robustness import indifference_table

    offer, hall = (asking.values.get(name) for name in ("offer", "hall"))
    if offer is None:
        return {}
    asking.step("seeking the rent of indifference")
    table = indifference_table(prepared_of(asking), offer=offer, hall=hall)
    chosen = " ".join(shlex.quote(printable(t)) for t in ("--offer", offer, "--hall", str(hall)))
    explain = f"{command} {chosen} --table indifference --csv"
    return {"indifference": (figures.indifference_figure(table), explain)}
