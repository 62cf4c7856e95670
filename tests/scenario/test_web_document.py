"""The HTTP interface is what its OpenAPI document says: schemathesis asks a real server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

schemathesis = pytest.importorskip("schemathesis", reason="checks the document of the interface")
httpx = pytest.importorskip("httpx", reason="asks the server")
uvicorn = pytest.importorskip("uvicorn", reason="serves the dashboard")

from schemathesis.checks import positive_data_acceptance  # noqa: E402

from rerack.scenario import load  # noqa: E402
from rerack.study import run_to_folder  # noqa: E402
from rerack.web import ServeSettings, create_app  # noqa: E402

SITE = Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml"
#: Cases an endpoint; panels and runs take longer each.
FEW, MANY = 4, 20

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a folder of runs and the name of the run in it."""
    runs = tmp_path_factory.mktemp("described")
    run = run_to_folder(load(SITE, scenarios=8), runs)
    assert run.folder is not None
    return runs, run.folder.name


@pytest.fixture(scope="module")
def address(kept: tuple[Path, str]) -> Iterator[str]:
    """Address of a server that takes on little work."""
    made = ServeSettings(file=SITE, runs=kept[0], live_scenarios=8, most_scenarios=16, most_jobs=1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(create_app(made), log_level="warning", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def described(address: str, kept: tuple[Path, str]) -> Any:
    """Return the document, with names of what exists mixed into those that are made up."""
    made = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    known = {"run": kept[1], "other": kept[1], "table": "plans"}

    @made.hook
    def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> Any:
        named = sorted(set(path_parameters or ()) & set(known))
        if path_parameters is None or not named or context.operation.method.lower() == "delete":
            return path_parameters
        if any(len(str(path_parameters[name])) % 2 for name in named):
            return path_parameters
        return path_parameters | {name: known[name] for name in named}

    return made


def wrong(
    described: Any,
    path: str,
    cases: int,
    *,
    methods: str = "GET POST DELETE",
    left_out: tuple[Any, ...] = (positive_data_acceptance,),
) -> list[str]:
    """Return what of the answers to made-up requests is not as the document says.

    Where a site's own rules go beyond a schema, such as which plans a run has, a request that the
    schema takes may be refused; that check is left out there.
    """
    found = []
    asked = described.include(path_regex=path).get_all_operations()
    for operation in [one.ok() for one in asked]:
        if operation.method.upper() not in methods:
            continue

        @settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=cases)
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            case.call_and_validate(excluded_checks=left_out)

        try:
            ask()
        except Exception as error:  # every endpoint is asked, whatever another one did
            found.append(f"{operation.label}: {error}")
    return found


def test_what_is_served_answers_as_the_document_says(described: Any) -> None:
    assert wrong(described, "/(study|live|overrides|inputs)", MANY, left_out=()) == []
    assert wrong(described, "/(scenario|check)$", MANY) == []


def test_kept_runs_answer_as_the_document_says(described: Any) -> None:
    assert wrong(described, "/api/v1/runs", MANY, methods="GET DELETE") == []


def test_jobs_answer_as_the_document_says(described: Any) -> None:
    assert wrong(described, "/api/v1/jobs", MANY) == []
    assert wrong(described, "/api/v1/runs$", FEW, methods="POST") == []


def test_panels_answer_as_the_document_says(described: Any) -> None:
    assert wrong(described, "/api/v1/panels/", FEW) == []
