"""A cluster gives the bits that threads give, and loses nothing when it loses its parts.

Scheduler and workers are processes of their own, talking over TCP on 127.0.0.1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.scenario.cluster_machines import Machines

from rerack.base.errors import ClusterError, InputError
from rerack.scenario import Scenario, load
from rerack.study import list_runs, resume_run, run_to_folder, stopped_run
from rerack.study.cluster import Cluster, open_cluster
from rerack.study.cluster_blocks import ClusterWorkers, SentStudy, work_blocks
from rerack.study.pipeline import prepare

pytest.importorskip("distributed", reason="needs the extra `cluster`")

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml"
OVERRIDES = ("study.horizon=3 years",)
#: Enough for a worker to start, too little for it to prepare any study.
SMALL = "180MB"
quiet = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """Start a scheduler and two workers."""
    made = Machines(tmp_path)
    yield made
    made.close()


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Machines]:
    """Start a scheduler that has no workers yet."""
    made = Machines(tmp_path, workers=())
    yield made
    made.close()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Run on one thread of this process: what every cluster must give."""
    parent = tmp_path_factory.mktemp("threads")
    return tables(run_to_folder(study(), parent, threads=1).folder)


def study() -> Scenario:
    """Load a small study of five blocks."""
    return load(EXAMPLE, scenarios=1050, overrides=OVERRIDES)


def tables(folder: Path | None) -> dict[str, bytes]:
    """Return all tables of a run as bytes."""
    assert folder is not None
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


@quiet
def test_a_cluster_that_loses_a_worker_gives_what_threads_give(
    machines: Machines, alone: dict[str, bytes], tmp_path: Path
) -> None:
    killed: list[float] = []

    def lose_a_worker(share: float, what: str) -> None:
        if what.startswith("1 of 5") and not killed:
            machines.kill("first")
            killed.append(share)

    with open_cluster(machines.address) as cluster:
        far = run_to_folder(
            study(),
            tmp_path / "cluster",
            workers=ClusterWorkers(cluster=cluster),
            progress=lose_a_worker,
        )
    assert killed
    assert tables(far.folder) == alone


@pytest.mark.slow
@quiet
def test_a_result_lost_before_it_is_fetched_is_worked_out_again(
    machines: Machines,
    alone: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcome = Cluster._outcome
    lost: list[str] = []

    def lose_it(cluster: Cluster, future: Any, item: Any, divide: Any) -> Any:
        if not lost:
            holders = cluster.client.who_has([future])[future.key]
            workers = cluster.client.scheduler_info()["workers"]
            (name,) = (str(workers[address]["name"]) for address in holders)
            machines.kill(name)
            lost.append(name)
        return outcome(cluster, future, item, divide)

    monkeypatch.setattr(Cluster, "_outcome", lose_it)
    with open_cluster(machines.address) as cluster:
        far = run_to_folder(study(), tmp_path / "cluster", workers=ClusterWorkers(cluster=cluster))
    assert lost in (["first"], ["second"])
    assert tables(far.folder) == alone


@pytest.mark.slow
@quiet
def test_a_dead_scheduler_stops_cleanly_and_resume_goes_on(
    machines: Machines, alone: dict[str, bytes], tmp_path: Path
) -> None:
    def lose_the_scheduler(share: float, what: str) -> None:
        if what.startswith("1 of"):
            machines.kill("scheduler")

    with (
        pytest.raises(ClusterError, match=r"does not answer any more.*rerack resume"),
        open_cluster(machines.address) as cluster,
    ):
        run_to_folder(
            study(),
            tmp_path / "cluster",
            workers=ClusterWorkers(cluster=cluster),
            progress=lose_the_scheduler,
        )
    (row,) = list_runs(tmp_path / "cluster")
    assert row["state"] == "incomplete"
    assert int(str(row["blocks"]).split()[0]) >= 1
    resumed = resume_run(stopped_run("latest", tmp_path / "cluster"))
    assert tables(resumed.folder) == alone


def ran_out(machines: Machines, name: str) -> int:
    """Return how often a worker was ended because it exceeded its memory, by its nanny's log."""
    return machines.log(name).read_text().count("memory budget")


@pytest.mark.slow
@quiet
def test_a_worker_without_the_memory_leaves_its_work_to_another(
    scheduler: Machines, alone: dict[str, bytes], tmp_path: Path
) -> None:
    scheduler.add_worker("small", "--nanny", "--memory-limit", SMALL)
    with open_cluster(scheduler.address) as cluster:
        # The small worker is there first, so that it is given work; then help comes.
        scheduler.add_worker("large")
        cluster.client.wait_for_workers(2, timeout=300)
        far = run_to_folder(study(), tmp_path / "cluster", workers=ClusterWorkers(cluster=cluster))
    assert ran_out(scheduler, "small") >= 1
    assert tables(far.folder) == alone


@pytest.mark.slow
@quiet
def test_workers_without_the_memory_end_in_words_and_resume_goes_on(
    scheduler: Machines, alone: dict[str, bytes], tmp_path: Path
) -> None:
    for name in ("small", "small too"):
        scheduler.add_worker(name, "--nanny", "--memory-limit", SMALL)
    with (
        pytest.raises(ClusterError, match=r"workers were lost.*memory.*rerack resume") as ended,
        open_cluster(scheduler.address) as cluster,
    ):
        run_to_folder(study(), tmp_path / "runs", workers=ClusterWorkers(cluster=cluster))
    assert ended.value.exit_code == 7
    assert ran_out(scheduler, "small") + ran_out(scheduler, "small too") >= 4
    assert list_runs(tmp_path / "runs")[0]["state"] == "incomplete"
    resumed = resume_run(stopped_run("latest", tmp_path / "runs"))
    assert tables(resumed.folder) == alone


@pytest.mark.slow
@quiet
def test_a_worker_that_rounds_otherwise_is_refused(scheduler: Machines, tmp_path: Path) -> None:
    scheduler.add_worker("other", OPENBLAS_CORETYPE="Prescott", NUMBA_CPU_NAME="generic")
    with (
        pytest.raises(ClusterError, match=r"a worker has (blas kernel|processor) "),
        open_cluster(scheduler.address) as cluster,
    ):
        run_to_folder(study(), tmp_path / "runs", workers=ClusterWorkers(cluster=cluster))


@dataclass(frozen=True)
class DamagingCluster:
    """Gives results with one byte changed, as a bad network would."""

    def threads(self) -> int:
        """Return one."""
        return 1

    def results(self, work: Any, items: list[Any], *, divide: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the first result, damaged."""
        (content,) = work(items[0])
        middle = len(content) // 2
        changed = bytes([content[middle] ^ 1])
        yield items[0], (content[:middle] + changed + content[middle + 1 :],)


def test_a_damaged_result_is_never_kept() -> None:
    prepared = prepare(load(EXAMPLE, scenarios=2, overrides=OVERRIDES))
    workers = ClusterWorkers(cluster=DamagingCluster())  # type: ignore[arg-type]
    with pytest.raises(ClusterError, match="block 0 came damaged from a worker"):
        list(workers.encoded(prepared, (), [0]))


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
    for name in ("numpy", "processor"):
        other = SentStudy(sent.text, sent.sha256, ((name, "0.1"),))
        with pytest.raises(ClusterError, match=rf"a worker has {name} .* runs with 0\.1"):
            work_blocks(other, (0,))
    other = SentStudy(sent.text, ("0" * 64,), sent.surroundings)
    with pytest.raises(ClusterError, match="data file differs"):
        work_blocks(other, (0,))
