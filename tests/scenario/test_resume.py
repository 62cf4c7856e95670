"""A run that is stopped loses no finished block and ends as one that never was, byte for byte."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest

from rerack.base.errors import StoreError
from rerack.planning import Plan
from rerack.scenario import load
from rerack.study import folder as folder_module
from rerack.study import list_runs, resume_run, run_to_folder, stopped_run
from rerack.study.block_codec import decode_block, encode_block
from rerack.study.block_store import BlockStore
from rerack.study.drivers import MemoryDrivers, month_slices
from rerack.study.node_codec import DamagedBytesError
from rerack.study.pipeline import prepare, run_study
from rerack.study.run_lock import LOCK, lock_owner, process_start, working_on
from rerack.study.simulate import fit_policies, run_block

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml"
RERACK = str(Path(sys.executable).parent / "rerack")
#: A small study of five blocks, the last one short.
SCENARIOS = 1050
OVERRIDES = ("study.horizon=3 years",)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the example, so that tests may change it."""
    path = tmp_path_factory.mktemp("site") / "site.yaml"
    path.write_text(EXAMPLE.read_text())
    return path


@pytest.fixture(scope="module")
def whole(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run once with nothing to stop it, on one thread."""
    parent = tmp_path_factory.mktemp("whole")
    run = run_to_folder(load(site, scenarios=SCENARIOS, overrides=OVERRIDES), parent, threads=1)
    assert run.folder is not None
    return run.folder


def assert_same_run(a: Path, b: Path) -> None:
    """Assert that two run folders hold the same tables, byte for byte, and the same manifest."""
    tables = sorted(p.name for p in a.glob("*.parquet"))
    assert sorted(p.name for p in b.glob("*.parquet")) == tables
    for name in tables:
        assert (a / name).read_bytes() == (b / name).read_bytes(), name
    assert timeless(a) == timeless(b)


def timeless(folder: Path) -> dict[str, object]:
    """Return a manifest without place and times."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for key in ("created", "wall_s", "run_path", "run_id"):
        del manifest["meta"][key]
    return dict(manifest)


def stopped_after(blocks: int, site: Path, parent: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start a run that breaks off once it has kept some blocks."""
    keep = BlockStore.keep

    def keep_some(store: BlockStore, index: int, content: bytes) -> None:
        if index >= blocks:
            raise KeyboardInterrupt
        keep(store, index, content)

    with monkeypatch.context() as patch:
        patch.setattr(BlockStore, "keep", keep_some)
        with pytest.raises(KeyboardInterrupt):
            run_to_folder(load(site, scenarios=SCENARIOS, overrides=OVERRIDES), parent, threads=2)
    return stopped_run("latest", parent)


def test_a_stopped_run_ends_the_same(
    site: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stopped_after(2, site, tmp_path, monkeypatch)
    (row,) = list_runs(tmp_path)
    assert (row["state"], row["blocks"], row["scenarios"]) == ("incomplete", "2 of 5", SCENARIOS)
    worked: list[str] = []
    resume_run(folder, threads=3, progress=lambda _, what: worked.append(what))
    assert "2 of 5 blocks of scenarios kept" in worked
    assert_same_run(whole, folder)
    assert not (folder / "blocks").exists()
    assert not (folder / LOCK).exists()


def test_in_memory_equals_the_folder(site: Path, whole: Path) -> None:
    run = run_study(load(site, scenarios=SCENARIOS, overrides=OVERRIDES), threads=3)
    kept = folder_module.Run.open(whole)
    for name in kept.names():
        for column, values in run.table(name).items():
            read = kept.table(name)[column]
            assert np.array_equal(values, read, equal_nan=values.dtype.kind == "f"), name


@pytest.mark.parametrize("damage", ["flipped", "truncated", "empty", "foreign"])
def test_a_damaged_block_is_named_and_worked_out_again(
    damage: str, site: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stopped_after(3, site, tmp_path, monkeypatch)
    block = folder / "blocks" / "000001.block"
    content = bytearray(block.read_bytes())
    if damage == "flipped":
        content[len(content) // 2] ^= 4
    short = {"truncated": len(content) - 1, "empty": 0}.get(damage, len(content))
    block.write_bytes(b"PK\x03\x04" if damage == "foreign" else bytes(content[:short]))
    said: list[str] = []
    resume_run(folder, say=said.append)
    (message,) = said
    assert "000001.block" in message
    assert "worked out again" in message
    assert_same_run(whole, folder)


def test_a_block_damaged_before_it_is_merged_stops_the_run(
    site: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = BlockStore.keep

    def keep_badly(store: BlockStore, index: int, content: bytes) -> None:
        keep(store, index, content[:-1] if index == 1 else content)

    with monkeypatch.context() as patch:
        patch.setattr(BlockStore, "keep", keep_badly)
        with pytest.raises(StoreError, match=r"000001\.block: truncated.*rerack resume"):
            run_to_folder(load(site, scenarios=SCENARIOS, overrides=OVERRIDES), tmp_path)
    folder = stopped_run("latest", tmp_path)
    resume_run(folder)
    assert_same_run(whole, folder)


def test_a_changed_study_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "mine.yaml"
    site.write_text(EXAMPLE.read_text())
    folder = stopped_after(1, site, tmp_path / "runs", monkeypatch)
    site.write_text(site.read_text() + "\n# changed\n")
    with pytest.raises(StoreError, match=r"mine\.yaml: changed since the run started"):
        resume_run(folder)
    site.unlink()
    with pytest.raises(StoreError, match=r"mine\.yaml: No such file"):
        resume_run(folder)
    site.write_text(EXAMPLE.read_text())
    text = (folder / "scenario.yaml").read_text()
    (folder / "scenario.yaml").write_text(text.replace("seed: ", "seed: 1"))
    with pytest.raises(StoreError, match=r"scenario\.yaml: changed"):
        resume_run(folder)


def test_changed_versions_are_refused_by_name(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rerack.study import order as order_module

    folder = stopped_after(1, site, tmp_path, monkeypatch)
    monkeypatch.setattr(order_module, "source_digest", lambda: "f" * 64)
    with pytest.raises(StoreError, match="rerack files: was"):
        resume_run(folder)
    monkeypatch.undo()
    found = order_module.surroundings()
    elsewhere = {"numpy": "9.9", "processor": "0 another fma"}
    monkeypatch.setattr(order_module, "surroundings", lambda _device="cpu": found | elsewhere)
    with pytest.raises(StoreError, match=r"numpy: was .*is 9\.9(.|\n)*processor: was .*another"):
        resume_run(folder)


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", "null"])
def test_a_damaged_order_is_named(
    text: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stopped_after(1, site, tmp_path, monkeypatch)
    (folder / "order.json").write_text(text)
    with pytest.raises(StoreError, match=r"order\.json: damaged"):
        resume_run(folder)
    assert list_runs(tmp_path)[0]["blocks"] == "none"


def test_an_order_with_a_flipped_bit_is_named(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stopped_after(1, site, tmp_path, monkeypatch)
    order = folder / "order.json"
    order.write_text(order.read_text().replace('"seed": 7', '"seed": 3'))
    with pytest.raises(StoreError, match=r"order\.json: its checksum differs"):
        resume_run(folder)


def test_two_processes_never_work_on_one_run(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stopped_after(1, site, tmp_path, monkeypatch)
    with working_on(folder):
        assert list_runs(tmp_path)[0]["state"] == "running"
        with pytest.raises(StoreError, match=f"process {os.getpid()} on .* is working"):
            resume_run(folder)
    assert list_runs(tmp_path)[0]["state"] == "incomplete"


def test_a_lock_outlives_its_owner_only_in_name(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    lock = {"host": os.uname().nodename, "pid": child.pid, "started": process_start(child.pid)}
    (tmp_path / LOCK).write_text(json.dumps(lock))
    assert lock_owner(tmp_path) is not None
    # Another process that was given the same number later.
    (tmp_path / LOCK).write_text(json.dumps(lock | {"started": "1"}))
    assert lock_owner(tmp_path) is None
    (tmp_path / LOCK).write_text(json.dumps(lock))
    child.communicate(b"\n")
    assert lock_owner(tmp_path) is None
    (tmp_path / LOCK).write_text(json.dumps(lock | {"host": "elsewhere"}))
    assert lock_owner(tmp_path) is not None
    (tmp_path / LOCK).write_text("{")
    with working_on(tmp_path):
        assert lock_owner(tmp_path) is not None
    assert not (tmp_path / LOCK).exists()


def test_a_block_decodes_to_its_own_bits(site: Path) -> None:
    prepared = prepare(load(site, scenarios=64, overrides=OVERRIDES))
    block = run_block(prepared, fit_policies(prepared), 0, 64)
    plans: tuple[Plan, ...] = prepared.scenario.plans
    content = encode_block(block)
    again = decode_block(content, plans)
    assert encode_block(again) == content
    assert again.plans[0].plan is plans[0]
    for name, paths in block.drivers.items():
        assert again.drivers[name].tobytes() == paths.tobytes()
    for position in range(0, len(content), 9973):
        broken = bytearray(content)
        broken[position] ^= 1 << (position % 8)
        with pytest.raises(DamagedBytesError):
            decode_block(bytes(broken), plans)


def test_what_is_no_part_of_a_block_is_not_decoded(site: Path) -> None:
    prepared = prepare(load(site, scenarios=2, overrides=OVERRIDES))
    block = run_block(prepared, fit_policies(prepared), 0, 2)
    with pytest.raises(TypeError, match="cannot hold Prepared"):
        encode_block(type(block)(plans=(prepared,), drivers={}, judged=(None,)))  # type: ignore[arg-type]


@pytest.mark.parametrize("scenarios", [3, 20_000])
@pytest.mark.parametrize("months", [1, 2, 11, 12, 13, 14, 24, 25, 240])
def test_months_are_read_in_runs_of_two_or_more(months: int, scenarios: int) -> None:
    paths = np.broadcast_to(np.zeros(1), (scenarios, months))
    slices = month_slices(MemoryDrivers(paths={"a": paths}))
    assert [m for first, stop in slices for m in range(first, stop)] == list(range(months))
    assert months == 1 or all(stop - first > 1 for first, stop in slices)


def _limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def test_a_full_disk_stops_cleanly_and_loses_nothing(
    site: Path, whole: Path, tmp_path: Path
) -> None:
    options = ["--scenarios", str(SCENARIOS), "--set", OVERRIDES[0]]
    done = subprocess.run(
        [RERACK, "run", str(site), *options, "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        preexec_fn=_limit_file_size,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "cannot write" in done.stderr
    assert "rerack resume" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("**/.*"))
    resumed = subprocess.run([RERACK, "resume", "--out", str(tmp_path)], check=False)
    assert resumed.returncode == 0
    assert_same_run(whole, next(tmp_path.iterdir()))


def killed_and_resumed(site: Path, parent: Path, processor_s: float) -> Path | None:
    """Kill a run after some processor time, resume it; None if nothing of it was stored yet.

    Processor time, because on a busy machine seconds of the clock say nothing about progress.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(site), str(parent), str(SCENARIOS)],
    )
    child = psutil.Process(process.pid)
    with suppress(psutil.NoSuchProcess):
        while process.poll() is None and sum(child.cpu_times()[:2]) < processor_s:
            time.sleep(0.002)
    process.kill()
    process.wait()
    stopped = [r for r in list_runs(parent) if r["state"] != "complete"]
    if not stopped:
        complete = list_runs(parent)
        return parent / str(complete[0]["run"]) if complete else None
    assert stopped[0]["state"] == "incomplete"
    if stopped[0]["blocks"] == "none":
        return None
    folder = parent / str(stopped[0]["run"])
    resume_run(folder, threads=random.Random(processor_s).choice((1, 2, 3)))
    return folder


#: The run that is killed, without the report, whose making takes longer than the study.
KILLED = f"""
import sys
from pathlib import Path
from rerack.scenario import load
from rerack.study import run_to_folder
site, parent, scenarios = sys.argv[1:]
scenario = load(site, scenarios=int(scenarios), overrides={OVERRIDES!r})
Path(parent).mkdir(exist_ok=True)
Path(parent, "started").touch()
run_to_folder(scenario, Path(parent), threads=2)
"""


def kill_at(moments: int, site: Path, whole: Path, tmp_path: Path) -> None:
    """Kill a run at random moments of its life and compare what resuming gives."""
    before = sum(psutil.Process().cpu_times()[2:4])
    subprocess.run(
        [sys.executable, "-c", KILLED, str(site), str(tmp_path / "timed"), str(SCENARIOS)],
        check=True,
    )
    life_s = sum(psutil.Process().cpu_times()[2:4]) - before
    compared = 0
    for i in range(moments):
        parent = tmp_path / f"killed {i}"
        # Moments spread over the whole life, each drawn within its own part of it.
        moment = (i + random.random()) / moments * life_s
        folder = killed_and_resumed(site, parent, moment)
        if folder is not None:
            compared += 1
            assert_same_run(whole, folder)
            shutil.rmtree(parent)
    assert compared > 0.2 * moments


def test_killed_at_some_moments(site: Path, whole: Path, tmp_path: Path) -> None:
    kill_at(6, site, whole, tmp_path)


@pytest.mark.slow
def test_killed_at_a_hundred_moments(site: Path, whole: Path, tmp_path: Path) -> None:
    kill_at(100, site, whole, tmp_path)
