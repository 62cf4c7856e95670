"""The GPU route equals the processor's: in numba's simulator here, on a device where one is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.crosscheck.gpu_cases import ON_CPU, SITE, TOLERANCE, answers, gpu_answers, site_cases

from rerack.base.checks import FloatArray
from rerack.numerics.device import device_problem
from rerack.study import Run

ROOT = Path(__file__).resolve().parents[2]
NO_DEVICE = device_problem()
#: numba runs kernels as the Python that they are.
SIMULATOR = {"NUMBA_ENABLE_CUDASIM": "1", "NUMBA_DISABLE_JIT": "1"}


def simulated(*arguments: str) -> None:
    """Run Python with numba's CUDA simulator in place of a device."""
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | SIMULATOR,
        check=True,
        capture_output=True,
        timeout=300,
    )


def assert_equal(found: dict[str, FloatArray]) -> None:
    """Compare every answer of a GPU with the processor's, to the tolerance that docs state."""
    ours = answers(ON_CPU, "cpu")
    assert set(found) == {*ours, *(f"{name} by 2" for name in ours)}
    for name, values in found.items():
        mine = ours[name.removesuffix(" by 2")]
        assert np.abs(mine).max() > 0.1, name
        assert np.abs(values - mine).max() <= TOLERANCE * np.abs(mine).max(), name


def test_the_simulated_device_equals_the_processor(tmp_path: Path) -> None:
    simulated("-m", "tests.crosscheck.gpu_cases", str(tmp_path / "found.npz"))
    with np.load(tmp_path / "found.npz") as found:
        assert_equal(dict(found))


@pytest.mark.skipif(bool(NO_DEVICE), reason=NO_DEVICE)
def test_the_device_equals_the_processor() -> None:
    assert_equal(gpu_answers())


#: Compiles the kernels once more, with ``a * b + c`` rounded once, as a GPU's compiler may do it.
FUSED = """
import sys
import numba
import numpy as np
import rerack.numerics.jit as jit
ours = jit.kernel
def fused(function):
    if function.__module__.startswith(("rerack.planning.power", "rerack.dispatch.storage",
                                       "rerack.numerics.concave", "rerack.dispatch.duration")):
        return numba.njit(nogil=True, fastmath={"contract"})(function)
    return ours(function)
jit.kernel = fused
from tests.crosscheck.gpu_cases import ON_CPU, answers
np.savez(sys.argv[1], **answers(ON_CPU, "cpu"))
"""


@pytest.mark.slow
def test_fused_rounding_stays_within_the_tolerance(tmp_path: Path) -> None:
    path = tmp_path / "found.npz"
    subprocess.run([sys.executable, "-c", FUSED, path], cwd=ROOT, check=True, timeout=300)
    ours = answers(ON_CPU, "cpu")
    with np.load(path) as found:
        moved = {name: np.abs(found[name] - ours[name]).max() for name in ours}
    assert max(moved.values()) > 0.0, "this processor fuses nothing"
    for name, most in moved.items():
        assert most <= TOLERANCE * np.abs(ours[name]).max(), name


@pytest.mark.slow
@pytest.mark.skipif(find_spec("numba_cuda") is None, reason="numba-cuda is not installed")
def test_the_kernels_compile_for_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Needs NVIDIA's compiler, which comes with the extra, but no device."""
    import numba
    from numba import cuda
    from numba.cuda import dispatcher

    from rerack.dispatch import duration_gpu
    from rerack.planning.power import site_power_gpu

    class Device:
        compute_capability = (9, 0)

    # Compiling a function that a kernel calls asks the device what it can do.
    monkeypatch.setattr(dispatcher, "get_current_device", Device)
    rows = np.zeros((2, 2), order="F")
    scratch: dict[str, tuple[Any, ...]] = {
        "battery": (rows, rows.astype(np.int64)),
        "generation": (rows,),
        "response": (rows,),
    }
    calls = [
        (getattr(site_power_gpu, f"{name}_threads"), (*given, given[-1], *scratch[name]))
        for name, given in site_cases().values()
    ]
    prices, level, strike = np.zeros(2), np.zeros((2, 2)), np.zeros((2, 2, 2))
    numbers, year = np.zeros(2, np.int64), np.zeros((2, 2), np.int64)
    searched = (prices, prices, numbers, numbers, numbers, numbers, year, level, 1.0)
    calls.append((duration_gpu.duration_threads, (*searched, strike, strike, strike)))
    for kernel, given in calls:
        types = tuple(numba.typeof(value) for value in given)
        text, _ = cuda.compile_ptx(kernel.py_func, types, cc=(9, 0))
        assert ".visible .entry" in text


@pytest.mark.slow
def test_a_run_on_the_simulated_device_is_the_run_on_the_processor(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(SITE)
    folders = {}
    for device in ("gpu", "cpu"):
        out = tmp_path / device
        command = "from rerack.cli.main import main; main()"
        simulated(
            "-c", command, "run", f"{tmp_path}/site.yaml", "--out", str(out), "--device", device,
            "--threads", "1",
        )  # fmt: skip
        (folders[device],) = (path for path in out.iterdir() if path.is_dir())
    runs = {device: Run.open(folder) for device, folder in folders.items()}
    for name, table in runs["cpu"].tables.items():
        for column, values in table.items():
            theirs = runs["gpu"].table(name)[column]
            assert np.array_equal(values, theirs, equal_nan=values.dtype.kind == "f"), name
    assert runs["gpu"].meta["versions"]["gpu"] == "simulator"
    assert json.loads((folders["gpu"] / "order.json").read_text())["device"] == "gpu"
