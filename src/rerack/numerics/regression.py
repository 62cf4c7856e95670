"""Linear least squares with many targets, safe where columns are equal or constant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray, as_finite, require

#: A column of which less than this share of squares is not explained by earlier ones is left out.
_CUTOFF = 1e-10
#: Multiplications of one block of `predict`.
_BLOCK_PRODUCTS = 200_000


def least_squares(
    designs: Sequence[FloatArray], targets: FloatArray, ridge: FloatArray | None = None
) -> FloatArray:
    """Return the coefficients that fit `targets` best.

    Parameters
    ----------
    designs : sequence of ndarray, shape (sample, column)
        Basis functions at each sample point, of like scale; side by side they are the design D.
    targets : ndarray, shape (sample, target)
        What is to be explained; every target shares the factorisation.
    ridge : ndarray, shape (column,), or None
        Penalty on the square of each coefficient, in samples; None for no penalty.

    Returns
    -------
    ndarray, shape (column, target)
        ``B = (D'D + diag(ridge))^-1 D'Y``; zero for columns that depend on earlier ones.

    Notes
    -----
    The normal equations are solved by a Cholesky factorisation that passes over dependent columns:
    at the first step of a simulation all columns are constant. Squaring the condition number costs
    half the digits: standardise the columns first (`Scale`). Not for ill-conditioned designs whose
    coefficients themselves matter.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    >>> least_squares([x], np.array([[1.0], [3.0], [5.0]])).round(12).ravel().tolist()
    [1.0, 2.0]
    """
    from rerack.numerics.regression_kernel import cross_products, solve_semidefinite

    columns = sum(design.shape[1] for design in designs)
    parts = tuple(np.ascontiguousarray(part.T) for part in (*designs, targets))
    products = cross_products(parts, columns)
    gram = products[:, :columns].copy()
    if ridge is not None:
        gram[np.diag_indices(columns)] += ridge
    return solve_semidefinite(gram, products[:, columns:].copy(), _CUTOFF)


def predict(design: FloatArray, coefficients: FloatArray) -> FloatArray:
    """Return ``design @ coefficients`` in blocks too small for the library to start threads.

    Parameters
    ----------
    design : ndarray, shape (sample, column)
        Basis functions.
    coefficients : ndarray, shape (column, target)
        From `least_squares`.

    Examples
    --------
    >>> predict(np.ones((3, 2)), np.array([[1.0], [2.0]])).ravel().tolist()
    [3.0, 3.0, 3.0]
    """
    out = np.empty((design.shape[0], coefficients.shape[1]))
    rows = max(1, _BLOCK_PRODUCTS // max(coefficients.size, 1))
    for start in range(0, design.shape[0], rows):
        np.matmul(design[start : start + rows], coefficients, out=out[start : start + rows])
    return out


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Centre and spread of each variable at each step, taken from one sample.

    Parameters
    ----------
    centre, spread : ndarray, shape (step, variable)
        Mean and standard deviation; spread is 1 where a variable does not vary.
    """

    centre: FloatArray
    spread: FloatArray

    @classmethod
    def of(cls, variables: FloatArray) -> Scale:
        """Measure `variables`, shape (path, step, variable)."""
        values = as_finite(variables, "variables", ndim=3)
        # Step by step: differences from the mean of all steps would be a copy of everything.
        steps = range(values.shape[1])
        centre = np.stack([values[:, step].mean(axis=0) for step in steps])
        spread = np.stack([values[:, step].std(axis=0) for step in steps])
        tiny = 1e-9 * (1.0 + np.abs(centre))
        return cls(centre=centre, spread=np.where(spread > tiny, spread, 1.0))

    def apply(self, variables: FloatArray, step: int, reach: float) -> FloatArray:
        """Return the variables of one step, centred, scaled, cut at `reach`, (path, variable)."""
        from rerack.numerics.regression_kernel import scale_and_clip

        # Each variable is kept contiguous, as `monomials` reads them.
        values = np.ascontiguousarray(variables[:, step].T)
        return scale_and_clip(values, self.centre[step], self.spread[step], reach).T

    def apply_steps(self, variables: FloatArray, steps: IntArray, reach: float) -> FloatArray:
        """Return what `apply` returns for each of several steps, shape (step, path, variable)."""
        values = variables.transpose(2, 1, 0)[:, steps]
        centre, spread = (part[steps].T[:, :, None] for part in (self.centre, self.spread))
        # Each variable is kept contiguous, as `monomials` reads them.
        return np.clip((values - centre) / spread, -reach, reach).transpose(1, 2, 0)


def monomials(
    values: FloatArray,
    exponents: IntArray,
    factors: FloatArray | None = None,
    factor_of: IntArray | None = None,
) -> FloatArray:
    """Return products of powers of the columns, each times a factor if factors are given.

    Parameters
    ----------
    values : ndarray, shape (sample, variable)
        Standardised variables.
    exponents : ndarray of int, shape (term, variable)
        Power of each variable in each term, 0 or more.
    factors : ndarray, shape (sample, factor), or None
        What terms are multiplied by.
    factor_of : ndarray of int, shape (term,), or None
        Column of `factors` for each term; -1 for none. None is none for all.

    Returns
    -------
    ndarray, shape (sample, term)
        ``prod_j values[:, j] ** exponents[t, j] * factors[:, factor_of[t]]``.

    Examples
    --------
    >>> monomials(np.array([[2.0, 3.0]]), np.array([[0, 0], [1, 0], [2, 1]])).tolist()
    [[1.0, 2.0, 12.0]]
    """
    require(
        exponents.ndim == 2 and exponents.shape[1] == values.shape[1],
        "exponents",
        given=f"shape {exponents.shape}",
        allowed=f"(terms, {values.shape[1]})",
    )
    from rerack.numerics.regression_kernel import fill_monomials

    # Terms are filled one by one, so each is kept contiguous.
    terms = np.empty((exponents.shape[0], values.shape[0]))
    fill_monomials(
        np.ascontiguousarray(values.T),
        exponents,
        np.zeros((0, values.shape[0])) if factors is None else np.ascontiguousarray(factors.T),
        np.full(exponents.shape[0], -1) if factor_of is None else factor_of,
        terms,
    )
    return terms.T
