"""What arithmetic depends on beside versions: C library, instruction sets, the kernel of BLAS."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np


@cache
def arithmetic() -> dict[str, str]:
    """Return what decides how this machine rounds, by name, each short enough for a message.

    Returns
    -------
    dict of str to str
        ``machine``: system, architecture and C library (its `exp`, `log` and `pow`). ``processor``:
        the target that numba compiles for and the host's fused multiply-add, which the C library
        picks its functions by. ``numpy instructions``: what NumPy's loops were dispatched to.
        ``blas kernel``: that of the OpenBLAS that NumPy brings, where it has one.

    Notes
    -----
    Each is what is in effect: where `NUMBA_CPU_NAME`, `NUMBA_CPU_FEATURES`,
    `NPY_DISABLE_CPU_FEATURES` or `OPENBLAS_CORETYPE` are set, unlike processors can be made to
    round alike, and are then told to be so.
    """
    return {
        "machine": " ".join((platform.machine(), platform.system(), *platform.libc_ver())).strip(),
        "processor": _compiled_for(),
        "numpy instructions": _numpy_loops(),
        "blas kernel": _blas_kernel(),
    }


def _compiled_for() -> str:
    """Return numba's target and what of the host the C library looks at."""
    import llvmlite.binding as llvm

    settings = _numba_settings()
    host = llvm.get_host_cpu_features()
    name = settings["CPU_NAME"] or llvm.get_host_cpu_name()
    features = settings["CPU_FEATURES"] or ("" if settings["CPU_NAME"] else host.flatten())
    fused = "".join(f" {flag}" for flag in ("fma", "fma4", "avx2") if host.get(flag))
    return f"{_digest(features)} {name}{fused}"


def _numba_settings() -> Mapping[str, Any]:
    """Return numba's settings; without numba, whose import takes long, where the environment rules.

    A server looks for a study that it kept before it compiles anything.
    """
    if "numba" in sys.modules or Path(".numba_config.yaml").exists():
        from numba.core import config

        return vars(config)  # as the environment and that file say
    return {name: os.environ.get(f"NUMBA_{name}") for name in ("CPU_NAME", "CPU_FEATURES")}


def _numpy_loops() -> str:
    """Return a digest of the instructions that NumPy's functions were dispatched to, and these."""
    found = np.lib.introspect.opt_func_info()
    chosen = sorted(
        f"{name} {kind} {target['current']}"
        for name, kinds in found.items()
        for kind, target in kinds.items()
    )
    used = sorted({line.rpartition(" ")[2] for line in chosen})
    return f"{_digest(' '.join(chosen))} {' '.join(used)}"


def _blas_kernel() -> str:
    """Return the kernel that OpenBLAS picked, or ``unknown`` where NumPy brings no OpenBLAS."""
    folder = Path(np.__file__).resolve().parent
    places = (folder.parent / "numpy.libs", folder / ".dylibs")
    for file in sorted(f for place in places for f in place.glob("*openblas*")):
        library = ctypes.CDLL(os.fspath(file))
        for name in ("scipy_openblas_get_corename64_", "openblas_get_corename64_"):
            with suppress(AttributeError):
                told = getattr(library, name)
                told.restype = ctypes.c_char_p
                return str(told().decode())
    return "unknown"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
