"""The one decorator for compiled kernels: cached on disk, free of the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a module-level function with numba, `cache=True`, `nogil=True`, exact arithmetic.

    Never apply it to one closure twice: numba's cache would mix the two up.
    """
    compile_it = cast("Callable[..., Any]", numba.njit(cache=True, nogil=True, fastmath=False))
    return cast("Callable[P, R]", compile_it(function))
