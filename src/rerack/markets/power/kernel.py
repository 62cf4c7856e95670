"""Compiled recursions; the plain ones in `recursions` are their twins."""

from __future__ import annotations

from rerack.markets.power import recursions
from rerack.numerics.jit import kernel

autoregressive = kernel(recursions.autoregressive)
daily_cycle = kernel(recursions.daily_cycle)
