"""Dispatching a site-year the fast way loads neither numba nor HiGHS."""

from __future__ import annotations

import subprocess
import sys

import pytest

import rerack.dispatch

PROGRAM = """
import sys
from rerack.assets import Site, Tariff
from rerack.dispatch import solve
import numpy as np
solve(Site(name="s", interconnect_mw=1.0, halls=(), tariff=Tariff()), np.ones(2), 40.0)
print(sorted({"numba", "highspy"} & set(sys.modules)))
"""


def test_fast_dispatch_loads_no_heavy_module() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_public_name_loads() -> None:
    for name in rerack.dispatch.__all__:
        assert callable(getattr(rerack.dispatch, name))
    with pytest.raises(AttributeError, match="no attribute 'dispatcher'"):
        _ = rerack.dispatch.dispatcher
