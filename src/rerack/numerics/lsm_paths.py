"""A stopping problem on sampled paths: what each way of stopping pays, and what is known when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import FloatArray, IntArray, as_finite, require

BoolArray = NDArray[np.bool_]
#: Step -> values on every path, shape (path, column).
StepFunction = Callable[[int], FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class StoppingPaths:
    """Stop once, at one of several dates and in one of several ways, or never.

    Parameters
    ----------
    steps : int
        Last step; step 0 is the start.
    never : ndarray, shape (path,)
        Present value if never stopped, known at `steps`.
    claim : ndarray, shape (path, date, choice)
        Present value on this path if stopped at the date by the choice. It may depend on what
        comes after the date.
    date_steps : ndarray of int, shape (date,)
        Step of each date, ascending.
    known_after : ndarray of int, shape (choice,)
        Steps after its date until a claim is known (as well as it is hedged); 0 for a payoff that
        is known when stopping.
    basis : callable
        Step -> functions of the state at that step, shape (path, term); the first is 1.
    hedges : callable
        Step s -> surprises between s and s + 1, each times a function of the state at s, shape
        (path, column); the same columns at every step. Each must have conditional mean zero
        *exactly* given everything known at s: the upper bound stands and falls with it.
    accrued : ndarray, shape (path, step), or None
        What is earned by each step whatever is decided from there on, known at that step; it is
        taken off before regressing, because what lies behind only adds noise. None for nothing.
    eligible : ndarray of bool, shape (path, date), or None
        Where stopping may be considered; None for everywhere. Known at the date.

    Raises
    ------
    InputError
        Shapes differ, dates out of order, or a number is not finite.
    """

    steps: int
    never: FloatArray
    claim: FloatArray
    date_steps: IntArray
    known_after: IntArray
    basis: StepFunction
    hedges: StepFunction
    accrued: FloatArray | None = None
    eligible: BoolArray | None = None

    def __post_init__(self) -> None:
        as_finite(self.never, "never", ndim=1)
        as_finite(self.claim, "claim", ndim=3)
        paths, dates, choices = self.claim.shape
        require(
            self.never.shape == (paths,) and paths > 0,
            "never",
            given=f"shape {self.never.shape}",
            allowed=f"({paths},), one or more paths",
        )
        require(
            self.date_steps.shape == (dates,)
            and bool((np.diff(self.date_steps) > 0).all())
            and (dates == 0 or 0 <= self.date_steps[0] <= self.date_steps[-1] <= self.steps),
            "date_steps",
            given=self.date_steps.tolist(),
            allowed=f"{dates} ascending steps from 0 to {self.steps}",
        )
        require(
            self.known_after.shape == (choices,) and bool((self.known_after >= 0).all()),
            "known_after",
            given=self.known_after.tolist(),
            allowed=f"{choices} numbers, 0 or more",
        )
        require(
            self.accrued is None or self.accrued.shape == (paths, self.steps + 1),
            "accrued",
            given="another shape",
            allowed=f"({paths}, {self.steps + 1})",
        )
        require(
            self.eligible is None or self.eligible.shape == (paths, dates),
            "eligible",
            given="another shape",
            allowed=f"({paths}, {dates})",
        )

    def may_stop(self, date: int) -> BoolArray:
        """Return where stopping at `date` may be considered, shape (path,)."""
        if self.eligible is None:
            return np.ones(self.never.shape, dtype=np.bool_)
        return self.eligible[:, date]

    def still_to_come(self, values: FloatArray, step: int) -> FloatArray:
        """Return `values`, shape (path, column), less what is accrued by `step`."""
        return values if self.accrued is None else values - self.accrued[:, step, None]

    def open_claims(self, step: int) -> list[tuple[int, int]]:
        """Return (date, choice) of the claims that are made by `step` but not yet known there."""
        known = np.minimum(self.date_steps[:, None] + self.known_after, self.steps)
        date, choice = np.nonzero((self.date_steps <= step)[:, None] & (step < known))
        return list(zip(date.tolist(), choice.tolist(), strict=True))
