"""Hour by hour: what runs in one month of one scenario, what it pays, and the bill."""

from __future__ import annotations

from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Selector
from rerack.web.panels.study import months_of
from rerack.web.server import Server


def power_panel(server: Server) -> PanelSpec:
    """Return the panel that dispatches the site through one month."""
    scenario = server.scenario
    most = min(server.settings.live_scenarios, scenario.scenarios) - 1
    return PanelSpec(
        name="power",
        view="power",
        title="Hour by hour",
        about="Every rig and every hour of one month, on the prices of one scenario.",
        make=_make,
        leads=True,
        selectors=(
            Selector(
                name="month",
                label="Month",
                about="Month that is dispatched.",
                choices=months_of(scenario),
                default=scenario.grid.labels[0],
            ),
            Selector(
                name="scenario",
                label="Scenario",
                about="Scenario whose prices are taken, from 0.",
                low=0,
                high=most,
                default=0,
                whole=True,
            ),
        ),
    )


def _make(asking: Asking) -> Panel:
    from rerack.web.panels.power_month import month_panel

    return month_panel(asking)
