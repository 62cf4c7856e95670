"""The inflation index that operating and construction costs follow."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from rerack.base.checks import FloatArray, frozen_array


@lru_cache(maxsize=16)
def growth_path(frac_per_year: float, months: int) -> FloatArray:
    """Return ``(1 + g)^(m/12)`` for m = 0 .. months-1, shape (month,), read-only."""
    return frozen_array(np.asarray((1.0 + frac_per_year) ** (np.arange(months) / 12.0)))
