"""What a portfolio of companies and sites decides together, as `rerack portfolio` says it."""

from __future__ import annotations

import shlex

from rerack.report.format import printable
from rerack.report.tables import Written
from rerack.web.models import Panel, PanelSheet
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.server import Server

#: Longest time for a search that can be asked for, and what is asked at first, as the command [s].
# A search holds up every other panel of the server and cannot be left, so not the command's day.
_LEAST_LIMIT_S, _MOST_LIMIT_S, _LIMIT_S = 0.1, 600.0, 60.0
#: Decisions by node that a page shows.
_MOST_NODES = 24


def portfolio_panel(server: Server) -> PanelSpec | None:
    """Return the panel of a portfolio's decision, or None where no portfolio file is served."""
    if server.portfolio is None:
        return None
    return PanelSpec(
        name="portfolio",
        view="deals",
        title="Portfolio of companies and sites",
        about="Which halls of all sites go to which offer, when capital, crews and tenants are "
        "shared; as in the portfolio file, so it does not follow the sliders.",
        make=_make,
        moves=False,
        selectors=(
            Selector(
                name="limit_s",
                label="Search up to",
                about="Longest time for each search; the gap is stated.",
                low=_LEAST_LIMIT_S,
                high=_MOST_LIMIT_S,
                default=_LIMIT_S,
                unit="s",
            ),
        ),
    )


def _make(asking: Asking) -> Panel:
    from rerack.report import portfolio_words as words
    from rerack.study.portfolio import run_portfolio
    from rerack.study.tables import portfolio as tables

    study = asking.server.portfolio
    assert study is not None  # else there is no such panel
    limit = float(asking.values["limit_s"])
    run = run_portfolio(study, limit_s=limit, step=asking.step)
    conversions, limits = tables.conversions_table(run), tables.limits_table(run)
    nodes, value = tables.nodes_table(run), tables.value_table(run)
    sites = tables.sites_table(run)
    file = shlex.quote(printable(study.path.name))
    command = f"rerack portfolio {file} --limit {limit:g} --csv --table"
    sheets = (
        (
            "What is converted when",
            f"{words.HALLS}; every other hall mines on",
            words.conversions_sheet(conversions),
            f"{command} conversions",
        ),
        (
            "What shared limits are worth",
            "prices of the relaxed problem: a whole hall may need more than one unit; limits worth "
            "less than 0.005 USD a USD, or 1,000 USD a crew or MW, are left out",
            words.limits_sheet(limits),
            f"{command} limits",
        ),
        (
            "What the decision is worth",
            "over mining on everywhere, present value",
            words.value_sheet(value),
            f"{command} value",
        ),
        (
            "Each site together and alone",
            "gain over mining on, on the tree; alone, a site has its company's limits and the "
            "tenants to itself",
            words.sites_sheet(sites),
            f"{command} sites",
        ),
        (
            "Where something is decided",
            _nodes_measure(nodes["node"].size),
            words.nodes_sheet(nodes, _MOST_NODES),
            f"{command} nodes",
        ),
    )
    return panel(
        words.finding(run),
        facts=words.facts(run),
        reasons=words.reasons(run, {"value": value, "limits": limits, "sites": sites}),
        sheets=_filled(sheets),
    )


def _nodes_measure(rows: int) -> str:
    shown = (
        f"; first {_MOST_NODES} of {rows:,}, the command prints all" if rows > _MOST_NODES else ""
    )
    return f"state of the market by date: means of its scenarios, and its chance{shown}"


def _filled(sheets: tuple[tuple[str, str, Written, str], ...]) -> tuple[PanelSheet, ...]:
    """Return the tables that have rows: nothing may be converted, and no limit bind."""
    return tuple(panel_sheet(*sheet) for sheet in sheets if sheet[2].rows)
