"""What decides how a machine rounds is told as it is in effect, not as the processor could."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from rerack.study.order import SHOWN
from rerack.study.processor import arithmetic

TELL = "import json; from rerack.study.processor import arithmetic; print(json.dumps(arithmetic()))"


def told(*, code: str = TELL, **environment: str) -> dict[str, str]:
    """Return what a process tells that runs in another environment."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_CPU", "NPY_"))}
    clean.pop("OPENBLAS_CORETYPE", None)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_each_setting_changes_what_it_decides_and_no_more() -> None:
    plain = told()
    assert plain == told()
    assert set(plain) == {"machine", "processor", "numpy instructions", "blas kernel"}
    changed = {"processor": {"NUMBA_CPU_NAME": "generic"}}
    if plain["blas kernel"] not in ("unknown", "Prescott"):
        changed["blas kernel"] = {"OPENBLAS_CORETYPE": "Prescott"}
    for name, environment in changed.items():
        other = told(**environment)
        assert {key for key in plain if other[key] != plain[key]} == {name}


@pytest.mark.parametrize(
    "settings", [{}, {"NUMBA_CPU_NAME": "generic"}, {"NUMBA_CPU_FEATURES": "+sse2"}]
)
def test_the_same_is_told_whether_numba_is_there_yet(settings: dict[str, str]) -> None:
    assert told(**settings) == told(code=f"import numba; {TELL}", **settings)


def test_numpy_without_some_instructions_is_told_apart() -> None:
    plain = told()["numpy instructions"]
    used = [word for word in plain.split()[1:] if "baseline" not in word]
    if not used:
        pytest.skip("NumPy uses no more than its baseline on this processor")
    assert told(NPY_DISABLE_CPU_FEATURES=" ".join(used))["numpy instructions"] != plain


def test_what_is_told_fits_into_a_message() -> None:
    assert all(0 < len(value) <= SHOWN + 10 for value in arithmetic().values())
