"""Companies on the page of deals: the newest valuation that was kept, side by side."""

from __future__ import annotations

from rerack.base.errors import StoreError
from rerack.report.company_table import BASIS, of_run, side_by_side
from rerack.report.format import printable
from rerack.report.tables import written
from rerack.study.register import COMPANIES, list_runs, open_run
from rerack.web.models import PanelSheet
from rerack.web.panel import panel_sheet
from rerack.web.server import Server

#: Command that makes the valuation that the page shows.
_MAKE = "rerack company examples/companies"


def company_sheets(server: Server) -> tuple[PanelSheet, ...]:
    """Return the newest valuation among the server's runs, or how to make one.

    Parameters
    ----------
    server : Server
        Whose runs.
    """
    runs = server.settings.runs
    kept = [r for r in list_runs(runs, kind=COMPANIES) if r["state"] == "complete"]
    if not kept:
        return (_none(),)
    name = str(kept[-1]["run"])
    try:
        run = open_run(name, runs, kind=COMPANIES)
        compared, known = side_by_side(of_run(run), full=True), run.table("known")
    except StoreError as error:
        return (_none(printable(str(error))),)
    made = f"run {name}, {int(run.meta['scenarios']):,} scenarios, from {run.meta['start']}"
    return (
        panel_sheet("Companies valued", f"{BASIS}; {made}", compared, f"rerack explain {name}"),
        panel_sheet(
            "What is public, estimated and unknown",
            "names of each company's figures by standing",
            written(dict(known)),
            f"rerack explain {name} --inputs",
        ),
    )


def _none(why: str = "") -> PanelSheet:
    text = why or "no valuation is kept among this server's runs: the command makes one"
    return panel_sheet("Companies valued", text, written({"command": [_MAKE]}), _MAKE)
