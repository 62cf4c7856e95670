"""Endpoints that hand out the files of a kept run: report, scenario, spreadsheet."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.responses import Response

from rerack.base.errors import StoreError
from rerack.report import report_html
from rerack.report.workbook import write_workbook
from rerack.study.run import Run
from rerack.web.endpoint import Asked, Endpoint
from rerack.web.runs_api import GONE, RUN
from rerack.web.server import Server

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def run_file_endpoints(server: Server) -> list[Endpoint]:
    """Return the endpoints of the files of the runs of `server`."""

    def opened(asked: Asked) -> tuple[Run, Path]:
        name = asked.values["run"]
        return server.open_run(name), server.run_folder(name)

    async def report(asked: Asked) -> Response:
        run, folder = opened(asked)
        return await server.work(lambda: _report(run, folder))

    async def scenario(asked: Asked) -> Response:
        _, folder = opened(asked)
        return await server.work(lambda: _scenario(folder))

    async def workbook(asked: Asked) -> Response:
        run = server.open_run(asked.values["run"])
        return await server.work(lambda: _workbook(run, asked.values["run"]))

    one = partial(Endpoint, tag="runs", path_values=(RUN,), errors=GONE)
    base = "/api/v1/runs/{run}"
    return [
        one(
            method="GET",
            path=f"{base}/report",
            summary="The run's report, one HTML file.",
            handler=report,
            media="text/html",
        ),
        one(
            method="GET",
            path=f"{base}/scenario",
            summary="The scenario that the run evaluated, as YAML.",
            handler=scenario,
            media="application/yaml",
        ),
        one(
            method="GET",
            path=f"{base}/workbook",
            summary="The run as a spreadsheet with live formulas.",
            handler=workbook,
            media=_XLSX,
        ),
    ]


def _workbook(run: Run, name: str) -> Response:
    """Return the workbook of a run; it is written to a file of its own, then sent."""
    with TemporaryDirectory() as folder:
        path = write_workbook(run, Path(folder) / "run.xlsx")
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=_XLSX, headers=headers)


def _report(run: Run, folder: Path) -> Response:
    """Return a run's report, made anew where none was written beside it.

    It carries its own policy, by hash; its inline scripts need this one to be wide.
    """
    kept = folder / "report.html"
    policy = (
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        "img-src data: blob:; sandbox allow-scripts"
    )
    content = kept.read_bytes() if kept.is_file() else report_html(run).encode()
    headers = {"Content-Security-Policy": policy}
    return Response(content, media_type="text/html", headers=headers)


def _scenario(folder: Path) -> Response:
    """Return the scenario that a run evaluated."""
    kept = folder / "scenario.yaml"
    if not kept.is_file():
        raise StoreError(f"{folder.name}: scenario.yaml is missing. Run it anew.")
    return Response(kept.read_bytes(), media_type="application/yaml")
