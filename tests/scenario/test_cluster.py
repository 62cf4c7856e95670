"""A cluster gives the bits that threads give, and loses nothing when it loses its parts.

Scheduler and workers are processes of their own, talking over TCP on 127.0.0.1.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rerack.base.errors import ClusterError, InputError
from rerack.scenario import load
from rerack.study import list_runs, resume_run, run_to_folder, stopped_run
from rerack.study.cluster import open_cluster
from rerack.study.cluster_blocks import ClusterWorkers, SentStudy, work_blocks

pytest.importorskip("distributed", reason="needs the extra `cluster`")

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml"
OVERRIDES = ("study.horizon=3 years",)


class Machines:
    """A scheduler and two workers, each a process that a test may kill."""

    def __init__(self, folder: Path, *worker_options: str) -> None:
        self._folder, self._options = folder, worker_options
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        file = folder / "scheduler.json"
        self._start("scheduler", "distributed.cli.dask_scheduler", "--no-dashboard")
        deadline = time.monotonic() + 120
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        import json

        self.address = str(json.loads(file.read_text())["address"])
        for name in ("first", "second"):
            self.add_worker(name)

    def add_worker(self, name: str) -> None:
        """Start a worker."""
        options = self._options or ("--no-nanny",)
        self._start(
            name, "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard", *options
        )

    def _start(self, name: str, module: str, *options: str) -> None:
        command = [sys.executable, "-m", module, *options, "--host", "127.0.0.1"]
        file = str(self._folder / "scheduler.json")
        port = ["--port", "0"] if name == "scheduler" else []
        self.processes[name] = subprocess.Popen(
            [*command, "--scheduler-file", file, *port],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, name: str) -> None:
        """Kill one process at once."""
        self.processes[name].kill()
        self.processes[name].wait()

    def close(self) -> None:
        """Kill what is left."""
        for name in self.processes:
            self.kill(name)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """Start a cluster of processes."""
    made = Machines(tmp_path)
    yield made
    made.close()


def tables(folder: Path | None) -> dict[str, bytes]:
    """Return all tables of a run as bytes."""
    assert folder is not None
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cluster_that_loses_a_worker_gives_what_threads_give(
    machines: Machines, tmp_path: Path
) -> None:
    scenario = load(EXAMPLE, scenarios=1050, overrides=OVERRIDES)
    alone = run_to_folder(scenario, tmp_path / "threads", threads=1)
    killed: list[float] = []

    def lose_a_worker(share: float, what: str) -> None:
        if what.startswith("1 of 5") and not killed:
            machines.kill("first")
            killed.append(share)

    with open_cluster(machines.address) as cluster:
        far = run_to_folder(
            scenario,
            tmp_path / "cluster",
            workers=ClusterWorkers(cluster=cluster),
            progress=lose_a_worker,
        )
    assert killed
    assert tables(far.folder) == tables(alone.folder)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_dead_scheduler_stops_cleanly_and_resume_goes_on(
    machines: Machines, tmp_path: Path
) -> None:
    scenario = load(EXAMPLE, scenarios=4000, overrides=OVERRIDES)
    alone = run_to_folder(scenario, tmp_path / "threads", threads=1)

    def lose_the_scheduler(share: float, what: str) -> None:
        if what.startswith("3 of"):
            machines.kill("scheduler")

    with (
        pytest.raises(ClusterError, match=r"does not answer any more.*rerack resume"),
        open_cluster(machines.address) as cluster,
    ):
        run_to_folder(
            scenario,
            tmp_path / "cluster",
            workers=ClusterWorkers(cluster=cluster),
            progress=lose_the_scheduler,
        )
    (row,) = list_runs(tmp_path / "cluster")
    assert row["state"] == "incomplete"
    assert int(str(row["blocks"]).split()[0]) >= 3
    resumed = resume_run(stopped_run("latest", tmp_path / "cluster"))
    assert tables(resumed.folder) == tables(alone.folder)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_workers_without_the_memory_end_in_words(tmp_path: Path) -> None:
    made = Machines(tmp_path, "--nanny", "--memory-limit", "150MB")
    try:
        with (
            pytest.raises(ClusterError, match="workers"),
            open_cluster(made.address) as cluster,
        ):
            run_to_folder(
                load(EXAMPLE, scenarios=1050),
                tmp_path / "runs",
                workers=ClusterWorkers(cluster=cluster),
            )
    finally:
        made.close()
    assert list_runs(tmp_path / "runs")[0]["state"] == "incomplete"


@pytest.mark.parametrize("where", ["", "local", "local:0", "local:-1", "http://a:1", "tcp://a"])
def test_a_cluster_that_is_none_is_refused(where: str) -> None:
    with pytest.raises(InputError, match="allowed: local:N, tcp://host:port"), open_cluster(where):
        pass


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"rerack\[cluster\]"), open_cluster("local:2"):
        pass


def test_a_worker_with_another_version_refuses() -> None:
    sent = SentStudy.of(load(EXAMPLE, scenarios=2, overrides=OVERRIDES))
    other = SentStudy(sent.text, sent.sha256, (("numpy", "0.1"),))
    with pytest.raises(ClusterError, match=r"a worker has numpy .* runs with 0\.1"):
        work_blocks(other, (0,))
    other = SentStudy(sent.text, ("0" * 64,), sent.versions)
    with pytest.raises(ClusterError, match="data file differs"):
        work_blocks(other, (0,))
