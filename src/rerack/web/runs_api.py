"""Endpoints about runs that are kept: listing, tables, figures, explanation, deletion."""

from __future__ import annotations

import math
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from rerack.base.errors import StoreError
from rerack.report.figures import FIGURES, figure
from rerack.report.tables import plain
from rerack.study import compare_inputs, compare_plans, list_runs
from rerack.study.register import SITE
from rerack.study.run_lock import lock_owner
from rerack.web.endpoint import Asked, Endpoint, Query
from rerack.web.models import (
    Compared,
    ExplainNode,
    RunDetail,
    RunPage,
    RunRow,
    TablePage,
)
from rerack.web.paging import PAGE, PER_PAGE, bounds, table_page
from rerack.web.server import Server, require_known

if TYPE_CHECKING:
    from rerack.study.explanation.node import Node

#: A run's name: no separators, so that it cannot lead out of the folder of runs.
RUN_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,120}"
RUN = Query(name="run", about="Name of the run.", pattern=RUN_NAME)
_OTHER = Query(name="other", about="Name of the run to compare with.", pattern=RUN_NAME)
_TABLE = Query(name="table", about="Name of the table.", pattern=r"[a-z_]{1,40}")
_FIGURE = Query(name="figure", about="Name of the figure.", choices=tuple(FIGURES))
_PLAN = Query(name="plan", about="Plan to draw; the answer where left out.", pattern=r"[^<>]{1,60}")
_WHAT = Query(
    name="what", about="Figure to explain, such as npv.", pattern=r"[^<>]{1,120}", default="npv"
)
#: Statuses where a run is not there, or not whole.
GONE = (404, 409)


def run_endpoints(server: Server) -> list[Endpoint]:
    """Return the endpoints about the runs of `server`."""

    async def listing(asked: Asked) -> RunPage:
        rows = list(reversed(await server.work(lambda: list_runs(server.settings.runs, kind=SITE))))
        return RunPage(
            items=[RunRow(**row) for row in rows[bounds(asked.values)]],
            total=len(rows),
            page=asked.values["page"],
            per_page=asked.values["per_page"],
        )

    async def detail(asked: Asked) -> RunDetail:
        run = server.open_run(asked.values["run"])
        return RunDetail(
            run=asked.values["run"],
            meta=_finite(run.meta),
            tables=list(run.names()),
            figures=list(FIGURES),
        )

    async def delete(asked: Asked) -> Response:
        folder = server.run_folder(asked.values["run"])
        await server.work(lambda: _remove(folder))
        return Response(status_code=204)

    async def table(asked: Asked) -> TablePage:
        run = server.open_run(asked.values["run"])
        name = asked.values["table"]
        require_known(name, run.names(), "table")
        return table_page(name, await server.work(lambda: run.table(name)), asked.values)

    async def drawn(asked: Asked) -> Response:
        run = server.open_run(asked.values["run"])
        made = await server.work(lambda: figure(run, asked.values["figure"], asked.values["plan"]))
        return JSONResponse(plain(made))

    async def explained(asked: Asked) -> ExplainNode:
        # It knows how to explain every kind of run, which takes long to import.
        from rerack.study import explain

        run = server.open_run(asked.values["run"])
        return _node(await server.work(lambda: explain(run, asked.values["what"])))

    async def compared(asked: Asked) -> Compared:
        first = server.open_run(asked.values["run"])
        second = server.open_run(asked.values["other"])
        whole = {"page": 1, "per_page": 1_000}
        return Compared(
            inputs=table_page("inputs", compare_inputs(first, second), whole),
            plans=table_page("plans", compare_plans(first, second), whole),
        )

    one = partial(Endpoint, tag="runs", path_values=(RUN,), errors=GONE)
    base = "/api/v1/runs/{run}"
    return [
        Endpoint(
            method="GET",
            path="/api/v1/runs",
            summary="Runs that are kept, newest first.",
            tag="runs",
            handler=listing,
            query=(PAGE, PER_PAGE),
            answer=RunPage,
        ),
        one(
            method="GET",
            path=base,
            summary="One run.",
            handler=detail,
            answer=RunDetail,
        ),
        one(
            method="DELETE",
            path=base,
            summary="Delete a run and its files.",
            handler=delete,
            status=204,
        ),
        Endpoint(
            method="GET",
            path=f"{base}/tables/{{table}}",
            summary="Rows of a table.",
            tag="runs",
            handler=table,
            path_values=(RUN, _TABLE),
            query=(PAGE, PER_PAGE),
            answer=TablePage,
            errors=GONE,
        ),
        Endpoint(
            method="GET",
            path=f"{base}/figures/{{figure}}",
            summary="A figure as plotly takes it.",
            tag="runs",
            handler=drawn,
            path_values=(RUN, _FIGURE),
            query=(_PLAN,),
            media="application/json",
            errors=GONE,
        ),
        one(
            method="GET",
            path=f"{base}/explain",
            summary="The tree behind a figure, down to inputs and sources.",
            handler=explained,
            query=(_WHAT,),
            answer=ExplainNode,
        ),
        Endpoint(
            method="GET",
            path=f"{base}/compare/{{other}}",
            summary="Inputs that differ between two runs, and what that did to the plans.",
            tag="runs",
            handler=compared,
            path_values=(RUN, _OTHER),
            answer=Compared,
            errors=GONE,
        ),
    ]


def _remove(folder: Path) -> None:
    """Remove a run and its files; one that is being made is refused."""
    owner = lock_owner(folder)
    if owner is not None:
        raise StoreError(
            f"{folder.name}: process {owner['pid']} on {owner['host']} is making this run. "
            "Cancel its job, or end that process, then delete it."
        )
    shutil.rmtree(folder)


def _node(node: Node) -> ExplainNode:
    value = node.value
    if isinstance(value, float) and not math.isfinite(value):
        value = "none"
    return ExplainNode(
        label=node.label,
        value=value,
        unit=node.unit,
        formula=node.formula,
        source=node.source,
        children=[_node(child) for child in node.children],
    )


def _finite(value: Any) -> Any:
    """Return plain data in which a number that is none is null."""
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
