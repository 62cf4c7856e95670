"""The world's hashrate along the study's scenarios, and what typed-in growth would have said."""

from __future__ import annotations

import numpy as np

from rerack.report import network_words as words
from rerack.report.calculator_figures import calculator_figure
from rerack.report.network_figures import network_figures
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, panel, panel_sheet
from rerack.web.panels.study import (
    WORLD_MONTHS,
    WORLD_SCENARIOS,
    file_of,
    options_of,
    prepared_of,
    world_of,
)
from rerack.web.server import Server

#: Rates that people type in, beside what the past shows [1/year].
_TYPED_FRAC_PER_YEAR = (0.0, 0.2)


def network_panel(_server: Server) -> PanelSpec:
    """Return the panel of the world's hashrate."""
    return PanelSpec(
        name="network",
        view="network",
        title="Who mines, where, with what",
        about=f"The catalogue's world of cohorts on {WORLD_SCENARIOS} scenarios of this study, "
        f"up to {WORLD_MONTHS // 12} years.",
        make=_world,
        leads=True,
    )


def calculator_panel(_server: Server) -> PanelSpec:
    """Return the panel that sets typed-in growth against a network that reacts."""
    return PanelSpec(
        name="calculator",
        view="network",
        title="Closed loop against a calculator",
        about="Hashprice where miners react to what they are paid, and where difficulty grows at "
        "a rate that somebody typed in.",
        make=_calculator,
    )


def _world(asking: Asking) -> Panel:
    from rerack.network.world.tables import rig_table, year_table

    found = world_of(asking)
    asking.step("drawing")
    scenario = asking.server.scenario
    explain = "rerack network NETWORK.yaml --table years --csv"
    return panel(
        words.headline(found),
        facts=words.facts(found, scenario.name, scenario.seed),
        reasons=words.reasons(found),
        charts={name: (made, explain) for name, made in network_figures(found).items()},
        sheets=(
            panel_sheet(
                "Years", "means and quantiles of scenarios", words.sheet(year_table(found))
            ),
            panel_sheet(
                "Payback of a rig bought at the start",
                "months, by power price, mean of scenarios",
                words.sheet(rig_table(found)),
            ),
            panel_sheet(
                "Assumptions of the world",
                "every number taken, with its standing",
                words.assumptions_sheet(found.world.assumptions),
                "rerack network NETWORK.yaml --assumptions",
            ),
        ),
    )


def _calculator(asking: Asking) -> Panel:
    from rerack.network import network_path
    from rerack.network.cohort_network import as_a_whole
    from rerack.network.typed_growth import past_growth_frac_per_year, typed_growth_path
    from rerack.study.simulate import draw_outlook

    found = world_of(asking)
    prepared = prepared_of(asking)
    scenario, months = prepared.scenario, found.grid.months
    asking.step("typing in growth")
    outlook = draw_outlook(prepared, 0, found.paths)
    spec = as_a_whole(scenario.network)
    paths = {"the world of cohorts": found.hashprice_usd_per_ph_day.mean(axis=0)}
    own = network_path(scenario.network, outlook).hashprice_usd_per_ph_day
    paths["this study's network"] = own[:, :months].mean(axis=0)
    for growth in (*_TYPED_FRAC_PER_YEAR, past_growth_frac_per_year()):
        made = typed_growth_path(spec, outlook, growth).hashprice_usd_per_ph_day
        name = f"growth of {100.0 * growth:.0f} %/year"
        paths[name] = np.asarray(made[:, :months].mean(axis=0))
    made_figure = calculator_figure(found.grid.labels, paths)
    command = f"rerack run {file_of(asking)} --closed-loop{options_of(asking)}"
    return panel(
        made_figure["layout"]["meta"]["title"],
        facts=f"{found.paths} scenarios; the last rate is that of difficulty between the "
        "catalogue's last two worlds",
        reasons={
            "whole loop": f"{command} lets all convertible sites of the world choose as this one "
            "and reports what the calculator's error costs"
        },
        charts={"calculator": (made_figure, command)},
    )
