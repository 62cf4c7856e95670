"""Asking for a GPU: refused with the cure where there is none, or nothing to do for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from click.testing import CliRunner
from tests.crosscheck.gpu_cases import SITE

from rerack.base.errors import InputError, StoreError
from rerack.cli.main import cli
from rerack.dispatch import PriceDuration, margins
from rerack.numerics import device
from rerack.numerics.device import Device, device_problem, threads_for
from rerack.scenario import load
from rerack.study import order, run_to_folder
from rerack.study.device import check_device

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"
BATTERY = "site.battery={power: 100 MW utility, energy: 400 MWh}"
no_device = pytest.mark.skipif(not device_problem(), reason="there is a CUDA device")


@no_device
def test_a_run_names_what_is_missing_and_the_cure(tmp_path: Path) -> None:
    arguments = ["run", str(EXAMPLE), "--set", BATTERY, "--device", "gpu", "--out", str(tmp_path)]
    done = CliRunner().invoke(cli, arguments)
    assert isinstance(done.exception, InputError)
    assert done.exception.exit_code == 2
    assert "device: given gpu, but there is no CUDA device" in str(done.exception)
    assert "Install rerack[gpu] beside the driver, or take cpu." in str(done.exception)
    assert list(tmp_path.iterdir()) == []


@no_device
def test_the_dispatch_call_refuses_too() -> None:
    library = PriceDuration.build([np.ones((1, 2))] * 12)
    given: dict[str, Any] = {
        "month_of_year": np.array([1]),
        "library_year": np.array([[0]]),
        "level": np.ones((1, 1)),
        "adder_usd_per_mwh": 0.0,
        "strike_usd_per_mwh": np.ones((1, 1, 1)),
    }
    with pytest.raises(InputError, match="there is no CUDA device"):
        margins(library, **given, device="gpu")
    with pytest.raises(InputError, match="device: given 'tpu'; allowed: cpu or gpu"):
        margins(library, **given, device=cast("Device", "tpu"))


def test_a_site_on_which_a_gpu_would_idle_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "device_problem", lambda: "")
    with pytest.raises(InputError, match="a site without battery, generation or demand response"):
        check_device(load(EXAMPLE), "gpu")
    check_device(load(EXAMPLE, overrides=[BATTERY]), "gpu")
    check_device(load(EXAMPLE), "cpu")


def test_a_gpu_with_a_cluster_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "device_problem", lambda: "")
    scenario = load(EXAMPLE, overrides=[BATTERY])
    with pytest.raises(InputError, match="gpu, with a cluster"):
        run_to_folder(scenario, tmp_path, device="gpu", workers=cast("Any", object()))
    assert list(tmp_path.iterdir()) == []


@no_device
def test_a_run_begun_on_a_gpu_is_not_finished_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = load(EXAMPLE, overrides=[BATTERY])
    with monkeypatch.context() as there:
        there.setattr(order, "device_versions", lambda _: {"numba-cuda": "0.30.4", "gpu": "H100"})
        given = order.make_order(
            scenario, created="", closed_loop=False, option_values=False, device="gpu"
        )
    order.write_order(tmp_path, scenario, given)
    with pytest.raises(StoreError, match="gpu: was H100, is there is no CUDA"):
        order.ordered_scenario(tmp_path, order.read_order(tmp_path))


def test_threads_are_as_many_as_their_scratch_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = pytest.importorskip("numba.cuda")
    free = SimpleNamespace(get_memory_info=lambda: (1_000_000, 2_000_000))
    monkeypatch.setattr(cuda, "current_context", lambda: free)
    assert threads_for(50) == 50
    assert threads_for(400, scratch_bytes=1_000) == 400
    assert threads_for(5_000, scratch_bytes=1_000) == 500
    with pytest.raises(InputError, match="a device with 1 MiB free; allowed: 2 MiB or more"):
        threads_for(5_000, scratch_bytes=10_000)


def test_a_study_on_the_processor_never_loads_cuda(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(SITE)
    program = (
        "import sys; from rerack.scenario import load; from rerack.study import run_study;"
        "run_study(load(sys.argv[1]));"
        "print('numba' in sys.modules, any(n.startswith('numba.cuda') for n in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "site.yaml")],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == ["True", "False"]
