"""All positive real roots of many polynomials at once, each count certified."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, IntArray, as_finite, frozen_array
from rerack.numerics.roots_exact import positive_roots_exact

#: Roots a row may have before exact arithmetic takes over.
FAST_ROOTS = 16


@dataclass(frozen=True, kw_only=True)
class PositiveRoots:
    """Distinct positive roots of each row.

    Parameters
    ----------
    roots : FloatArray
        Rising roots, padded with NaN after the last, shape (row, K), K >= 1.
    count : IntArray
        Number of roots, shape (row,).
    """

    roots: FloatArray
    count: IntArray


def positive_roots(coefficients: ArrayLike) -> PositiveRoots:
    r"""Return every root on x > 0 of each polynomial sum_j c_j x^j.

    Parameters
    ----------
    coefficients : array_like
        Coefficients by rising power, shape (row, n + 1); finite, of any scale.

    Returns
    -------
    PositiveRoots
        Distinct roots; a multiple root appears once. A row of zeros has none. A root beyond the
        range of doubles is infinity or 0.

    Raises
    ------
    InputError
        A coefficient is NaN or infinite, or `coefficients` is not two-dimensional.

    Notes
    -----
    1. Where the partial sums of the coefficients, taken from either end, each change sign at most
       once, the number of roots below and above 1 is exact at once (Descartes' rule applied to
       p(x)/(1 - x); Norstrom 1972, A Sufficient Condition for a Unique Nonnegative Internal Rate
       of Return, Journal of Financial and Quantitative Analysis).
    2. Else (0, b) and, for the reversed polynomial, (0, 1/b) are halved until each piece is shown
       to hold no root or one, with p = P - N split by sign so that values at the ends bound p, p'
       and p'' inside, rounding included.
    3. A row that rounding leaves open (a root that touches zero, or nearly) goes to Sturm's
       theorem in exact arithmetic, `positive_roots_exact`. That is rare and slow: about half a
       minute at degree 240.

    The count belongs to the doubles as given: where two roots would merge but for the rounding of
    the input, rounding decides whether there are two, one or none.

    Examples
    --------
    >>> found = positive_roots([[-1.0, 2.0, 0.0], [-100.0, 230.0, -132.0], [1.0, 0.0, 1.0]])
    >>> found.count.tolist(), found.roots[1].round(6).tolist()
    ([1, 2, 0], [0.833333, 0.909091])
    """
    from rerack.numerics.roots_kernel import all_positive_roots

    rows = np.ascontiguousarray(as_finite(coefficients, "coefficients", ndim=2))
    roots = np.full((rows.shape[0], min(FAST_ROOTS, max(rows.shape[1] - 1, 1))), np.nan)
    count = np.zeros(rows.shape[0], dtype=np.int64)
    all_positive_roots(rows, roots, count)
    for s in np.flatnonzero(count < 0):
        exact = positive_roots_exact(rows[s].tolist())
        count[s] = len(exact)
        if count[s] > roots.shape[1]:
            wider = np.full((rows.shape[0], count[s] - roots.shape[1]), np.nan)
            roots = np.concatenate((roots, wider), axis=1)
        roots[s] = np.nan
        roots[s, : count[s]] = exact
    width = max(int(count.max(initial=1)), 1)
    ordered = np.sort(roots, axis=1)[:, :width]
    return PositiveRoots(roots=frozen_array(ordered), count=count)
