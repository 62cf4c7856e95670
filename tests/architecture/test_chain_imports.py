"""The chain package is light to import and lists what it offers."""

from __future__ import annotations

import subprocess
import sys

import rerack.chain


def test_importing_the_package_loads_neither_numba_nor_scipy() -> None:
    code = (
        "import sys, rerack.chain; print(sorted({'numba', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_listed_name_exists_and_explains_itself() -> None:
    assert sorted(rerack.chain.__all__) == list(rerack.chain.__all__)
    for name in rerack.chain.__all__:
        assert (getattr(rerack.chain, name).__doc__ or "").strip(), name
