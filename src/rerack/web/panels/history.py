"""What mining paid since 2017, why that changed, and how sudden exits were paid for."""

from __future__ import annotations

from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.server import Server

#: Best month of the boom of 2021; rig and power price that `rerack history` takes.
_BOOM, _EFFICIENCY_J_PER_TH, _POWER_USD_PER_MWH = "2021-10", 30.0, 45.0


def history_panel(_server: Server) -> PanelSpec:
    """Return the panel of mining's past."""
    from rerack.network.history import mining_history

    months = tuple((label, label) for label in mining_history(None).labels)
    return PanelSpec(
        name="history",
        view="network",
        title="What mining paid, and why that changed",
        about="Margin since 2017 by cause, from chain facts; it does not follow the sliders.",
        make=_make,
        moves=False,
        selectors=(
            Selector(
                name="since",
                label="From",
                about="Month that is compared.",
                choices=months[:-1],
                default=_BOOM,
            ),
            Selector(
                name="efficiency_j_per_th",
                label="Rig",
                about="Efficiency of the rig whose margin is shown.",
                low=5.0,
                high=200.0,
                default=_EFFICIENCY_J_PER_TH,
                unit="J/TH",
            ),
            Selector(
                name="rig_power_usd_per_mwh",
                label="Power price",
                about="What the rig pays for power throughout.",
                low=0.0,
                high=500.0,
                default=_POWER_USD_PER_MWH,
                unit="USD/MWh",
            ),
        ),
    )


def _make(asking: Asking) -> Panel:
    from rerack.network.history import explain_margin, mining_history, shock_of, trace_shock
    from rerack.network.history.margin import month_of
    from rerack.report import history_figures as figures
    from rerack.report import history_tables as tables
    from rerack.report import history_words as words

    rig = float(asking.values["efficiency_j_per_th"])
    power = float(asking.values["rig_power_usd_per_mwh"])
    history = mining_history(None)
    first, last = str(asking.values["since"]), history.labels[-1]
    before, after = (
        month_of(history, month, efficiency_j_per_th=rig, power_usd_per_mwh=power)
        for month in (first, last)
    )
    change = explain_margin(before, after)
    months = tables.month_columns(history, rig, power)
    basis = words.basis_words(rig, power)
    command = f'rerack history --efficiency "{rig:g} J/TH" --power "{power:g} USD/MWh"'
    compared = f"{command} --from {first} --to {last} --table causes --csv"
    ban = figures.shock_figure(trace_shock(shock_of("ban-2021")))
    return panel(
        words.history_headline(change, first, last),
        facts=basis,
        reasons={"parts": words.CAVEAT},
        charts={
            "margin": (figures.margin_figure(months, basis), f"{command} --csv"),
            "causes": (figures.cause_figure(change, first, last), compared),
            "ban": (ban, "rerack history --shock ban-2021 --csv"),
        },
        sheets=(
            panel_sheet(
                "Causes",
                "share of revenue, USD/MWh and USD/PH/day of hashprice; they sum to the whole",
                tables.cause_sheet(change),
                compared,
            ),
        ),
    )
