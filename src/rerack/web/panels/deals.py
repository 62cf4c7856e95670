"""The deal book: public contracts, this file's offers, power per kWh, companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rerack.report.deal_figures import deals_figure
from rerack.report.deal_words import (
    QUOTED,
    offers_sheet,
    offers_words,
    public_sheet,
    quoted_sheet,
    yields_sheet,
)
from rerack.report.figures import figure
from rerack.report.format import catalogued
from rerack.report.sheets import standing
from rerack.report.source import check_run
from rerack.report.tables import Written, written
from rerack.web.models import Panel, PanelSheet
from rerack.web.panel import Asking, PanelSpec, panel, panel_sheet
from rerack.web.panels.study import file_of, options_of
from rerack.web.server import Server

if TYPE_CHECKING:
    from rerack.scenario import Scenario
    from rerack.study.store import Table


def deals_panel(_server: Server) -> PanelSpec:
    """Return the panel of deals and companies."""
    return PanelSpec(
        name="deals",
        view="deals",
        title="Deal book",
        about="Public contracts of the catalogue, and this file's offers beside them.",
        make=_make,
        leads=True,
    )


def _make(asking: Asking) -> Panel:
    from rerack.study.deal_book import public_deals, site_deals
    from rerack.web.panels.companies import company_sheets

    asking.step("reading the catalogue")
    scenario = asking.server.live.changed(asking.change)
    public = public_deals()
    offers = site_deals(scenario) if scenario.offers else None
    drawn = deals_figure(public, offers)
    run = check_run(asking.server.live.answer(asking.change, refit=True))
    file = file_of(asking)
    return panel(
        drawn["layout"]["meta"]["title"],
        facts=f"{len(public['deal'])} public contracts; a figure that is not known is a dash",
        reasons={
            "kWh": "a MW-year has 8,760 MWh at full load; the value of a contract over them",
            "NOI": "net operating income, where it is public or follows from the file",
        },
        charts={
            "deals": (drawn, f"rerack deals; rerack deals {file}{options_of(asking)}"),
            "per_kwh": (figure(run, "per_kwh"), f"rerack explain RUN per_kwh:{_use(run)}"),
        },
        sheets=(
            *_offers(scenario, offers, file + options_of(asking)),
            *_catalogue(public),
            *company_sheets(asking.server),
            panel_sheet(
                "Companies",
                "latest figures of the catalogue by company, each with its date and source",
                companies(),
                "rerack catalog companies",
            ),
        ),
    )


def _offers(scenario: Scenario, offers: Table | None, file: str) -> tuple[PanelSheet, ...]:
    """Return the file's own offers in the columns of the deal book, where it has any."""
    if offers is None:
        return ()
    said = " ".join(offers_words(scenario.offers).split())
    sheet = written(offers_sheet(offers))
    return (panel_sheet("This file's offers", said, sheet, f"rerack deals {file}"),)


def _catalogue(public: Table) -> tuple[PanelSheet, ...]:
    """Return what the catalogue knows of deals: contracts, time to power, sums, yields."""
    from rerack.study.deal_book import time_to_power
    from rerack.study.deal_totals import quoted_totals
    from rerack.study.deal_yields import deal_yields

    power = time_to_power()
    return (
        panel_sheet(
            "Public contracts",
            "bn USD, MUSD per MW and year of the MW named, support in bn USD",
            written(public_sheet(public)),
            "rerack deals",
        ),
        panel_sheet(
            "Months to power by route",
            "months from decision to power; published figures are bounds",
            written({k: power[k] for k in ("route", "months", "published", "source")}),
            "rerack deals --time-to-power",
        ),
        panel_sheet(
            "Sums that are quoted, beside the catalogue's",
            "bn USD of contracts announced by the date, each once, options left out; no quoted "
            "sum came with a list or a definition",
            written(quoted_sheet(quoted_totals(public)), right=QUOTED),
            "rerack deals --quoted",
        ),
        panel_sheet(
            "Yields and cap rates of public deals",
            "per critical MW; value is income over the exit cap rates of the catalogue",
            written(yields_sheet(deal_yields(public))),
            "rerack deals --yields",
        ),
    )


def _use(run: Any) -> str:
    uses = run.table("per_kwh")["use"].tolist()
    return str(uses[-1]) if uses else ""


#: Words of the catalogue that are abbreviations.
_SHORT = {word.lower(): word for word in ("AI", "BTC", "EV", "GPU", "HPC", "MW", "USD")}


def _named(metric: str) -> str:
    """Return a metric of the catalogue in words."""
    return " ".join(_SHORT.get(word, word) for word in metric.split("_"))


def companies() -> Written:
    """Return the catalogue's newest figure of every company and metric."""
    from rerack.catalog import load

    newest: dict[tuple[str, str], Any] = {}
    for row in load("companies"):
        key = (row.text("company"), row.text("metric"))
        if key not in newest or row.as_of >= newest[key].as_of:
            newest[key] = row
    rows = [newest[key] for key in sorted(newest)]
    told = [_told(row) for row in rows]
    return written(
        {
            "company": [r.text("company") for r in rows],
            "figure": [_named(r.text("metric")) for r in rows],
            "period": [str(r["period"] or "") for r in rows],
            "value": [value for value, _ in told],
            "unit": [unit for _, unit in told],
            "standing": [standing(r.status) for r in rows],
            "source": [r.text("source") for r in rows],
        },
        right=("value",),
    )


def _told(row: Any) -> tuple[str, str]:
    """Return value and unit of a figure of the catalogue; a dash where it is not known."""
    unit = str(row["unit"] or "")
    if not isinstance(row["value"], float):
        return "–", catalogued(0.0, unit)[1]
    return catalogued(row["value"], unit)
