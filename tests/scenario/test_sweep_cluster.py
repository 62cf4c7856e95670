"""A sweep gives the same files on threads and on any cluster, and may be read while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.scenario.cluster_machines import Machines

from rerack.base.errors import ClusterError
from rerack.scenario import Scenario, load
from rerack.study.cluster import open_cluster
from rerack.study.sweep.axes import SweepAxis, parse_axes
from rerack.study.sweep.folder import Sweep, open_sweep, resume_sweep, run_sweep

pytest.importorskip("distributed", reason="needs the extra `cluster`")

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml"
OVERRIDES = ("study.horizon=3 years",)
VARY = ("market.bitcoin.price=40k..160k:4", "site.power.adder=2,8")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(EXAMPLE, scenarios=64, overrides=OVERRIDES)


@pytest.fixture(scope="module")
def axes(scenario: Scenario) -> tuple[SweepAxis, ...]:
    return parse_axes(VARY, scenario)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    made = Machines(tmp_path)
    yield made
    made.close()


def files(sweep: Sweep) -> tuple[bytes, bytes]:
    """Return both files of results."""
    assert (sweep.done, sweep.studies, sweep.state) == (8, 8, "complete")
    return tuple((sweep.folder / f"results.{kind}").read_bytes() for kind in ("csv", "parquet"))  # type: ignore[return-value]


def test_the_files_are_the_same_for_any_workers(
    scenario: Scenario, axes: tuple[SweepAxis, ...], machines: Machines, tmp_path: Path
) -> None:
    one = files(run_sweep(scenario, axes, tmp_path / "one", threads=1))
    assert files(run_sweep(scenario, axes, tmp_path / "three", threads=3)) == one
    seen: list[tuple[int, str]] = []

    def lose_a_worker_and_read(share: float, what: str) -> None:
        if what.startswith("2 of"):
            machines.kill("first")
        (folder,) = (tmp_path / "cluster").iterdir()
        part = open_sweep(folder)
        assert not part.messages
        seen.append((part.done, part.state))

    with open_cluster(machines.address) as cluster:
        far = run_sweep(
            scenario, axes, tmp_path / "cluster", cluster=cluster, progress=lose_a_worker_and_read
        )
    assert files(far) == one
    assert seen == [(done, "running") for done in range(1, 9)]


def test_a_sweep_outlives_its_scheduler(
    scenario: Scenario, axes: tuple[SweepAxis, ...], machines: Machines, tmp_path: Path
) -> None:
    def lose_the_scheduler(share: float, what: str) -> None:
        if what.startswith("3 of"):
            machines.kill("scheduler")

    with (
        pytest.raises(ClusterError, match="does not answer any more"),
        open_cluster(machines.address) as cluster,
    ):
        run_sweep(
            scenario, axes, tmp_path / "cluster", cluster=cluster, progress=lose_the_scheduler
        )
    (folder,) = (tmp_path / "cluster").iterdir()
    part = open_sweep(folder)
    assert part.state == "incomplete"
    assert part.done >= 3
    whole = run_sweep(scenario, axes, tmp_path / "one", threads=1)
    assert files(resume_sweep(folder, threads=2)) == files(whole)
