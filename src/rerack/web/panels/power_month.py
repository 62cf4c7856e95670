"""One month of one scenario dispatched hour by hour, as a panel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import InputError
from rerack.dispatch.bill_statement import Bill
from rerack.dispatch.desk_power import dispatch_site, site_bill
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_schedule import SiteSchedule
from rerack.dispatch.desk_terms import DeskTerms
from rerack.markets.files import HourlySeries
from rerack.planning import World
from rerack.report.desk_figures import schedule_figures
from rerack.report.desk_power_figures import bill_figure, power_figures
from rerack.report.desk_power_words import bill_written, power_written, records_written
from rerack.report.desk_words import schedule_written
from rerack.report.figures import Figure
from rerack.report.format import money, quantity, share
from rerack.report.hour_figures import day_figure
from rerack.scenario import Scenario
from rerack.web.models import Panel, PanelSheet
from rerack.web.panel import Asking, panel, panel_sheet
from rerack.web.panels.study import file_of, options_of, prepared_of


def month_panel(asking: Asking) -> Panel:
    """Return the panel of the month and scenario that are asked for."""
    from rerack.study.simulate import build_world

    prepared = prepared_of(asking)
    scenario = prepared.scenario
    month = scenario.grid.labels.index(asking.values["month"])
    asking.step("drawing the scenario's prices")
    # Streams begin at multiples of their block: the row is the last of those drawn.
    row = int(asking.values["scenario"])
    world = build_world(prepared, 0, row + 1)
    series = month_prices(world, row, month, scenario)
    hashprice = float(world.network.hashprice_usd_per_ph_day[row, month])
    asking.step("dispatching the month")
    found, left_out = _dispatched(scenario, series, hashprice)
    charts, sheets = _parts(found, scenario, series)
    explain = (
        f"rerack dispatch {file_of(asking)} --prices PRICES.csv "
        f'--hashprice "{hashprice:.6g} USD/PH/day"{options_of(asking)} --csv'
    )
    price = series.prices_usd_per_mwh
    reasons = {
        "prices": f"index mean {quantity(float(price.mean()), 'usd_per_mwh')}, highest hour "
        f"{quantity(float(price.max()), 'usd_per_mwh')}, from {scenario.market.power.series}",
        "hashprice": quantity(hashprice, "usd_per_ph_day"),
        "rigs": "those of the file, before any conversion and without later replacement",
    }
    return panel(
        _headline(found, asking.values["month"]),
        facts=f"{asking.values['month']}, scenario {asking.values['scenario']}, "
        f"{price.size} hours known beforehand",
        reasons=reasons | ({"left out": left_out} if left_out else {}),
        charts={name: (made, explain) for name, made in charts.items()},
        sheets=sheets,
    )


#: What the columns of a month's table are.
_MONTH = "Index price USD/MWh, hashprice USD/PH/day; run: energy drawn over energy available"


def month_prices(world: World, row: int, month: int, scenario: Scenario) -> HourlySeries:
    """Return the hourly index prices of a scenario's month [USD/MWh].

    A February of a leap year has the hours of the library's own, 28 days.
    """
    power = world.outlook.power
    of_year = int(scenario.grid.month_of_year[month]) - 1
    year = int(power.library_year[row, month])
    hours = power.library.hourly_usd_per_mwh[of_year][year]
    prices: FloatArray = hours * float(power.level[row, month])
    return HourlySeries(
        name=f"{power.library.name} {scenario.grid.labels[month]}",
        start=np.datetime64(f"{scenario.grid.labels[month]}-01T00", "h"),
        prices_usd_per_mwh=prices,
    )


def _dispatched(
    scenario: Scenario, series: HourlySeries, hashprice: float
) -> tuple[SiteSchedule | PowerSchedule, str]:
    """Return the schedule, and what of the file needs series that it does not carry."""
    try:
        return (
            dispatch_site(
                scenario.site, _desk(scenario), series, hashprice, block_end=block_end(scenario)
            ),
            "",
        )
    except InputError as error:
        simple = DeskTerms(tariff=scenario.site.tariff)
        found = dispatch_site(
            scenario.site, simple, series, hashprice, block_end=block_end(scenario)
        )
        return found, f"{error.problems[0].where} needs a series: {error.problems[0].cure}"


def _desk(scenario: Scenario) -> DeskTerms:
    """Return the whole tariff with the index price terms where the sliders have put them."""
    tariff = scenario.site.tariff
    if scenario.desk.tariff is None:
        return scenario.desk
    moved = replace(
        scenario.desk.tariff,
        adder_usd_per_mwh=tariff.adder_usd_per_mwh,
        fixed_price_usd_per_mwh=tariff.fixed_price_usd_per_mwh,
    )
    return replace(scenario.desk, tariff=moved)


def block_end(scenario: Scenario) -> Any:
    """Return the hour from which the fixed-price block is out of contract, or None."""
    block = scenario.site.tariff.block
    if block is None:
        return None
    start = np.datetime64(scenario.grid.labels[0], "M")
    return (start + block.months).astype("datetime64[h]")


def _parts(
    found: SiteSchedule | PowerSchedule, scenario: Scenario, series: HourlySeries
) -> tuple[dict[str, Figure], tuple[PanelSheet, ...]]:
    bill = _bill(found, scenario, series)
    lines = panel_sheet("Bill by part", "USD, cents exact, of the month", bill_written(bill))
    if isinstance(found, PowerSchedule):
        drawn = power_figures(found) | {"day": day_figure(found)}
        sheets = [
            panel_sheet(
                "The month",
                _MONTH,
                power_written(found, "month"),
            ),
            lines,
        ]
        records = records_written(found)
        if records.rows:
            sheets.append(panel_sheet("Programmes", "calls and payments", records))
        return drawn, tuple(sheets)
    drawn = schedule_figures(found) | {"day": day_figure(found), "bill": bill_figure(bill)}
    month = panel_sheet(
        "The month",
        _MONTH,
        schedule_written(found.table("month")),
    )
    return drawn, (month, lines)


def _bill(found: SiteSchedule | PowerSchedule, scenario: Scenario, series: HourlySeries) -> Bill:
    if isinstance(found, PowerSchedule):
        return found.bill
    return site_bill(
        scenario.desk.site(scenario.site),
        found,
        series,
        zone=scenario.desk.zone,
        block_end=block_end(scenario),
    )


def _headline(found: SiteSchedule | PowerSchedule, month: str) -> str:
    if isinstance(found, PowerSchedule):
        return f"The site nets {money(found.total_usd)} in {month}"
    net = money(float(found.net_usd.sum()))
    drawn = float(found.account.mining_mwh.sum() / max(found.outcome.available_mw.sum(), 1e-9))
    return f"Rigs draw {share(drawn)} of what they could in {month} and earn {net}"
