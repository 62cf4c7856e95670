"""Paths of market drivers over all scenarios, a few months at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from rerack.base.checks import FloatArray

#: Values of a driver read at once, but at least these months of it.
_VALUES_AT_ONCE, _LEAST_MONTHS = 1 << 17, 12


class Drivers(Protocol):
    """Where driver paths can be had from."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the drivers."""

    @property
    def months_count(self) -> int:
        """Months of the study."""

    @property
    def scenarios_count(self) -> int:
        """Scenarios of the study."""

    def months(self, name: str, first: int, stop: int) -> FloatArray:
        """Return months ``first .. stop-1`` of a driver, shape (scenario, month)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class MemoryDrivers:
    """Paths in memory.

    Parameters
    ----------
    paths : dict of str to ndarray
        By driver name, shape (scenario, month).
    """

    paths: dict[str, FloatArray]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the drivers."""
        return tuple(self.paths)

    @property
    def months_count(self) -> int:
        """Months of the study."""
        return int(next(iter(self.paths.values())).shape[1])

    @property
    def scenarios_count(self) -> int:
        """Scenarios of the study."""
        return int(next(iter(self.paths.values())).shape[0])

    def months(self, name: str, first: int, stop: int) -> FloatArray:
        """Return months ``first .. stop-1`` of a driver, shape (scenario, month)."""
        return self.paths[name][:, first:stop]


@dataclass(frozen=True, kw_only=True)
class StoredPaths:
    """Where one driver lies in the file of one block, month by month.

    Parameters
    ----------
    file : Path
        The block's file.
    offset : int
        First byte; -1 where all is zero.
    months_count, scenarios : int
        Shape.
    """

    file: Path
    offset: int
    months_count: int
    scenarios: int

    def months(self, first: int, stop: int) -> FloatArray:
        """Return months ``first .. stop-1``, shape (scenario, month)."""
        if self.offset < 0:
            return np.zeros((self.scenarios, stop - first))
        values = np.fromfile(
            self.file,
            dtype="<f8",
            count=(stop - first) * self.scenarios,
            offset=self.offset + 8 * first * self.scenarios,
        )
        return values.reshape(stop - first, self.scenarios).T


@dataclass(frozen=True, kw_only=True)
class StoredDrivers:
    """Paths in the files of a run's blocks, which were checked when they were merged.

    Parameters
    ----------
    parts : dict of str to list of StoredPaths
        By driver name, in block order.
    """

    parts: dict[str, list[StoredPaths]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the drivers."""
        return tuple(self.parts)

    @property
    def months_count(self) -> int:
        """Months of the study."""
        return next(iter(self.parts.values()))[0].months_count

    @property
    def scenarios_count(self) -> int:
        """Scenarios of the study."""
        return sum(part.scenarios for part in next(iter(self.parts.values())))

    def months(self, name: str, first: int, stop: int) -> FloatArray:
        """Return months ``first .. stop-1`` of a driver, shape (scenario, month)."""
        parts = self.parts[name]
        scenarios = self.scenarios_count
        # One column too many: laid out as a part of whole paths is in memory, so that sums over
        # all of it are rounded in the same order.
        out = np.empty((scenarios, stop - first + 1))[:, : stop - first]
        row = 0
        for part in parts:
            out[row : row + part.scenarios] = part.months(first, stop)
            row += part.scenarios
        return out


def month_slices(drivers: Drivers) -> list[tuple[int, int]]:
    """Return (first, stop) of runs of months to read at once.

    Notes
    -----
    No run is a single month, unless the study is: NumPy sums a single column in another order, and
    a mean would depend on how it was read.
    """
    count = drivers.months_count
    step = max(_LEAST_MONTHS, _VALUES_AT_ONCE // drivers.scenarios_count)
    stops = [*range(step, count - 1, step), count]
    return list(zip([0, *stops[:-1]], stops, strict=True))
