"""The inflation index that operating and construction costs follow."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray


def growth_path(frac_per_year: float, months: int) -> FloatArray:
    """Return ``(1 + g)^(m/12)`` for m = 0 .. months-1, shape (month,)."""
    return np.asarray((1.0 + frac_per_year) ** (np.arange(months) / 12.0))
