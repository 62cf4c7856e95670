"""Mean cash flow by line and year, from the monthly table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import FloatArray, require
from rerack.report.source import RunTables, chosen_plan

#: Lines of the statement in order, by the group that a chart shows together.
GROUPS: dict[str, tuple[str, ...]] = {
    "mining, after power and operations": (
        "mining revenue",
        "mining power",
        "demand charge",
        "coincident peak",
        "grid services",
        "mining operations",
        "block settlement",
        "minimum take",
        "generation",
        "battery",
    ),
    "AI / HPC, after power and operations": (
        "AI revenue",
        "AI power",
        "AI operations",
        "SLA credits",
        "AI curtailment",
        "delay damages",
        "default recoveries",
        "termination fees",
    ),
    "rigs, conversion, GPU servers": ("rigs", "conversion capex", "GPU servers"),
    "overhead and tax": ("overhead", "tax", "working capital"),
    "tenants' money": ("tenant money held",),
    "debt": ("loan drawn", "interest", "principal", "debt reserve", "notes converted"),
    "treasury": ("coins kept", "coins sold"),
}

_KNOWN = tuple(line for lines in GROUPS.values() for line in lines)


@dataclass(frozen=True, kw_only=True)
class YearlyCash:
    """Mean cash flow of one plan, summed over halls.

    Parameters
    ----------
    years : tuple of str
        Calendar years.
    lines : tuple of str
        Lines of the statement that occur, in statement order; unknown ones follow.
    mean_usd : ndarray
        Cash in is positive [USD], shape (line, year).
    """

    years: tuple[str, ...]
    lines: tuple[str, ...]
    mean_usd: FloatArray

    def __post_init__(self) -> None:
        require(
            self.mean_usd.shape == (len(self.lines), len(self.years)),
            "mean_usd",
            given=self.mean_usd.shape,
            allowed="one row a line and one column a year",
        )


def yearly_cash(run: RunTables, plan: str | None = None) -> YearlyCash:
    """Sum the mean monthly cash flow of `plan` over halls and months of a year.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Plan; the recommended one by default.
    """
    table = run.table("cashflow")
    here = table["plan"] == chosen_plan(run, plan)
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for line, year, usd in _runs(
        table["line"][here], table["month"][here], table["mean_usd"][here]
    ):
        sums[line, year] += usd
    found = {line for line, _ in sums}
    lines = [n for n in _KNOWN if n in found] + sorted(found - set(_KNOWN))
    years = sorted({year for _, year in sums})
    mean_usd = np.array([[sums.get((n, y), 0.0) for y in years] for n in lines])
    return YearlyCash(
        years=tuple(years),
        lines=tuple(lines),
        mean_usd=mean_usd.reshape(len(lines), len(years)),
    )


def _runs(
    line: NDArray[Any], month: NDArray[Any], usd: FloatArray
) -> Iterator[tuple[str, str, float]]:
    """Yield line, year and sum of each run of rows that have both in common.

    NumPy would sort a hundred thousand texts to group them; the months of a line follow each other,
    so that their runs are few.
    """
    year = month.astype("U4")
    if not len(line):
        return
    new = np.flatnonzero((line[1:] != line[:-1]) | (year[1:] != year[:-1])) + 1
    starts = np.concatenate([[0], new])
    yield from zip(
        line[starts].tolist(),
        year[starts].tolist(),
        np.add.reduceat(usd, starts).tolist(),
        strict=True,
    )


def grouped(cash: YearlyCash) -> dict[str, FloatArray]:
    """Return group -> mean cash flow by year [USD], shape (year,); unknown lines are ``other``."""
    out: dict[str, FloatArray] = {}
    for group, lines in {
        **GROUPS,
        "other": tuple(n for n in cash.lines if n not in _KNOWN),
    }.items():
        members = [k for k, name in enumerate(cash.lines) if name in lines]
        if members:
            out[group] = cash.mean_usd[members].sum(axis=0)
    return out
