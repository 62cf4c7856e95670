"""Cutting planes: the lowest point of a convex function known by some values and slopes."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import SolverError


class CuttingPlanes:
    """A model from below of a convex function on a box, one plane for each point evaluated.

    Parameters
    ----------
    highest : ndarray
        Upper ends of the box, whose lower ends are 0, shape (variable,).

    Notes
    -----
    Variables are scaled by the box, values by the steepest side of the first plane. Planes stay
    loaded, so a new one costs a warm solve.

    Examples
    --------
    >>> planes = CuttingPlanes(np.array([4.0]))
    >>> planes.add(np.array([0.0]), 5.0, np.array([-1.0]))
    >>> planes.add(np.array([4.0]), 3.0, np.array([1.0]))
    >>> point, least = planes.lowest()
    >>> point.tolist(), least
    ([3.0], 2.0)
    """

    def __init__(self, highest: FloatArray) -> None:
        self._scale = highest
        self._unit = 0.0
        self._columns = np.arange(highest.size + 1, dtype=np.int32)
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.addVars(highest.size, np.zeros(highest.size), np.ones(highest.size))
        solver.addVar(-highspy.kHighsInf, highspy.kHighsInf)
        solver.changeColCost(highest.size, 1.0)
        self._solver = solver

    def add(self, point: FloatArray, value: float, slope: FloatArray) -> None:
        """Add the plane ``value + slope (x - point)``."""
        steep = slope * self._scale
        if self._unit == 0.0:
            self._unit = max(float(np.abs(steep).max()), 1.0)
        row = np.append(-steep / self._unit, 1.0)
        least = (value - float(slope @ point)) / self._unit
        self._solver.addRow(least, highspy.kHighsInf, row.size, self._columns, row)

    def lowest(self) -> tuple[FloatArray, float]:
        """Return the lowest point of all planes together and its value."""
        self._solver.run()
        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"HiGHS did not find the lowest point of the planes: {status}")
        values = np.asarray(self._solver.getSolution().col_value, dtype=np.float64)
        return values[:-1] * self._scale, float(values[-1]) * self._unit
