"""What a population of miners sells of its coins, why, and what that does to the price."""

from __future__ import annotations

import shlex
from dataclasses import replace

from rerack.report.format import printable
from rerack.report.tables import written
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.server import Server

#: Steps over which the example's sale was published: two days.
_SPAN = 2
#: Market depths that can be asked for [BTC/day].
_LEAST_VOLUME, _MOST_VOLUME = 1e3, 1e7


def reserves_panel(server: Server) -> PanelSpec | None:
    """Return the panel of coins that are sold, or None where no reserves file is served."""
    study = server.reserves
    if study is None:
        return None
    steps = study.days.size
    return PanelSpec(
        name="reserves",
        view="finance",
        title="Coins that miners sell",
        about="What the miners of the reserves file sell, why, and what it does to the price; it "
        "does not follow the sliders.",
        make=_make,
        moves=False,
        selectors=(
            Selector(
                name="volume_btc_per_day",
                label="Market depth",
                about="Coins that change hands in a day.",
                low=_LEAST_VOLUME,
                high=_MOST_VOLUME,
                default=study.market.volume_btc_per_day,
                unit="BTC/day",
            ),
            Selector(
                name="span",
                label="Heaviest",
                about="Steps of the span in which most is sold.",
                low=1,
                high=steps,
                default=min(_SPAN, steps),
                unit="steps",
                whole=True,
            ),
        ),
    )


def _make(asking: Asking) -> Panel:
    from rerack.network.reserves import run_reserves
    from rerack.network.reserves.tables import class_table, heaviest_span, step_table
    from rerack.report import reserves_figures as figures
    from rerack.report import reserves_words as words

    study = asking.server.reserves
    assert study is not None  # else there is no such panel
    volume, span = float(asking.values["volume_btc_per_day"]), int(asking.values["span"])
    asking.step("clearing the market, step by step")
    found = run_reserves(
        study.miners,
        replace(study.market, volume_btc_per_day=volume),
        price_usd=study.price_usd,
        btc_per_ph_day=study.btc_per_ph_day,
        days=study.days,
    )
    heaviest = heaviest_span(found, span)
    steps = step_table(found, study.labels)
    miners = class_table(found, study.miners, study.classes)
    file = shlex.quote(printable(study.path.name))
    depth = shlex.quote(f"depth.volume={volume:g} BTC/day")
    command = f"rerack reserves {file} --set {depth} --span {span}"
    return panel(
        words.finding(found, heaviest, study.labels),
        facts=f"{study.name} · {len(study.miners)} miners, {found.paths} price paths",
        reasons=words.reasons(found, heaviest, study.inputs),
        charts={
            "sales": (figures.sales_figure(steps, heaviest), f"{command} --table steps --csv"),
            "price": (figures.price_figure(steps), f"{command} --table steps --csv"),
            "miners": (figures.miners_figure(miners), f"{command} --table miners --csv"),
        },
        sheets=(
            panel_sheet(
                "Miners",
                "BTC over all steps, mean of price paths; money at the end",
                words.class_sheet(miners),
                f"{command} --table miners --csv",
            ),
            panel_sheet(
                "Inputs of the reserves file",
                "every number with its standing",
                written(words.input_columns(study.inputs)),
                f"{command} --table inputs --csv",
            ),
        ),
    )
