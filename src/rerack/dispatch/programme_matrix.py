"""Columns and rows of a linear program, gathered as arrays and passed to HiGHS at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, IntArray
from rerack.base.errors import SolverError

#: A term of rows: columns (row,) or (row, term), and coefficients that broadcast to them.
Term = tuple[IntArray, ArrayLike]


@dataclass(frozen=True, kw_only=True, eq=False)
class Solved:
    """What HiGHS found.

    Parameters
    ----------
    value : ndarray
        Columns of the best solution.
    worth : ndarray
        What one more unit on the right-hand side of each row adds; zeros from a mixed-integer
        search.
    objective_usd, bound_usd : float
        Its objective, and what no solution exceeds [USD].
    """

    value: FloatArray
    worth: FloatArray
    objective_usd: float
    bound_usd: float

    @property
    def price(self) -> FloatArray:
        """Size of each row's multiplier, shape (row,)."""
        return np.abs(self.worth)


class InfeasibleError(SolverError):
    """No values of the variables keep all rows."""


class Program:
    """A maximisation under construction.

    Notes
    -----
    Variables come in blocks of any shape, rows in blocks of equal structure, so that no Python
    loop runs over hours.
    """

    def __init__(self) -> None:
        self._cost: list[FloatArray] = []
        self._lower: list[FloatArray] = []
        self._upper: list[FloatArray] = []
        self._integer: list[FloatArray] = []
        self._columns = 0
        self._rows = 0
        self._row_index: list[IntArray] = []
        self._column_index: list[IntArray] = []
        self._coefficient: list[FloatArray] = []
        self._row_lower: list[FloatArray] = []
        self._row_upper: list[FloatArray] = []

    @property
    def height(self) -> int:
        """Number of rows."""
        return self._rows

    def columns(
        self,
        shape: tuple[int, ...],
        *,
        cost: ArrayLike = 0.0,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        integer: bool = False,
    ) -> IntArray:
        """Add a block of variables and return their numbers in the block's shape."""
        size = int(np.prod(shape, dtype=np.int64))
        for store, given in ((self._cost, cost), (self._lower, lower), (self._upper, upper)):
            store.append(np.broadcast_to(np.asarray(given, dtype=np.float64), shape).ravel())
        self._integer.append(np.full(size, float(integer)))
        block = np.arange(self._columns, self._columns + size, dtype=np.int64).reshape(shape)
        self._columns += size
        return block

    def rows(
        self, terms: Sequence[Term], *, lower: ArrayLike = -np.inf, upper: ArrayLike = np.inf
    ) -> IntArray:
        """Add rows ``lower <= sum of terms <= upper`` and return their numbers."""
        count = terms[0][0].shape[0]
        for column, coefficient in terms:
            wide = column if column.ndim == 2 else column[:, np.newaxis]
            given = np.asarray(coefficient, dtype=np.float64)
            given = given[:, np.newaxis] if given.ndim == 1 else given
            values = np.broadcast_to(given, wide.shape).ravel()
            rows = np.arange(self._rows, self._rows + count, dtype=np.int64)
            # HiGHS refuses a column twice in a row; what does not count may stand for nothing.
            there = values != 0.0
            self._row_index.append(np.repeat(rows, wide.shape[1])[there])
            self._column_index.append(wide.ravel()[there])
            self._coefficient.append(values[there])
        for store, side in ((self._row_lower, lower), (self._row_upper, upper)):
            store.append(np.broadcast_to(np.asarray(side, dtype=np.float64), (count,)))
        self._rows += count
        return np.arange(self._rows - count, self._rows, dtype=np.int64)

    def solve(
        self, *, limit_s: float, gap_frac: float, tolerance: float, relaxed: bool = False
    ) -> Solved:
        """Maximise, integers relaxed or not, within a time limit and to a relative gap.

        Raises
        ------
        InfeasibleError
            If there is no solution.
        SolverError
            If HiGHS finds no solution, or does not prove a linear program optimal.
        """
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("time_limit", limit_s),
            ("mip_rel_gap", gap_frac),
            ("primal_feasibility_tolerance", tolerance),
            ("dual_feasibility_tolerance", tolerance),
            ("mip_feasibility_tolerance", tolerance),
        ):
            solver.setOptionValue(option, value)
        integers = not relaxed and bool(np.concatenate(self._integer).any())
        if solver.passModel(self._model(integers)) == highspy.HighsStatus.kError:
            raise SolverError("HiGHS refused the programme: its arrays are inconsistent")
        solver.run()
        status, info = solver.getModelStatus(), solver.getInfo()
        late = status == highspy.HighsModelStatus.kTimeLimit
        found = info.primal_solution_status == 2
        if status == highspy.HighsModelStatus.kInfeasible:
            raise InfeasibleError("HiGHS finds that no schedule keeps all limits")
        if not (status == highspy.HighsModelStatus.kOptimal or (integers and late and found)):
            raise SolverError(f"HiGHS did not solve the programme: {status}")
        objective = float(info.objective_function_value)
        bound = float(info.mip_dual_bound) if integers else objective
        solution = solver.getSolution()
        worth = np.zeros(self._rows)
        if not integers:
            worth = np.asarray(solution.row_dual, dtype=np.float64)
        return Solved(
            value=np.asarray(solution.col_value, dtype=np.float64),
            worth=worth,
            objective_usd=objective,
            bound_usd=max(bound, objective),
        )

    def _model(self, integers: bool) -> highspy.HighsLp:
        row = np.concatenate(self._row_index)
        column = np.concatenate(self._column_index)
        order = np.argsort(row, kind="stable")
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self._columns, self._rows
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = np.concatenate(self._cost)
        model.col_lower_ = np.concatenate(self._lower)
        model.col_upper_ = np.concatenate(self._upper)
        model.row_lower_ = np.concatenate(self._row_lower)
        model.row_upper_ = np.concatenate(self._row_upper)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=self._rows))])
        matrix.start_ = starts.astype(np.int32)
        matrix.index_ = column[order].astype(np.int32)
        matrix.value_ = np.concatenate(self._coefficient)[order]
        if integers:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[int(i)] for i in np.concatenate(self._integer)]
        return model
