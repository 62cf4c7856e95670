"""Products of columns, their sums, and what solves for coefficients (compiled)."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def cross_products(columns: FloatArray, first: int) -> FloatArray:
    """Return ``columns[:, :first].T @ columns``, on one thread and in one order of summation.

    Parameters
    ----------
    columns : ndarray, shape (sample, column)
        Design and targets side by side, C-contiguous.
    first : int
        Number of design columns.

    Returns
    -------
    ndarray, shape (first, column)
        The Gram matrix and, behind it, the products with the targets.

    Notes
    -----
    A library's matrix product of this shape starts threads which, on a machine whose cores are
    busy, wait for each other a hundred times longer than they work; and its rounding depends on
    their number. Four samples and two columns at once save traffic on sums and samples.
    """
    samples, width = columns.shape
    out = np.zeros((first, width))
    whole = samples - samples % 4
    paired = first - first % 2
    for s in range(0, whole, 4):
        for i in range(0, paired, 2):
            a, b = columns[s, i], columns[s + 1, i]
            c, d = columns[s + 2, i], columns[s + 3, i]
            e, f = columns[s, i + 1], columns[s + 1, i + 1]
            g, h = columns[s + 2, i + 1], columns[s + 3, i + 1]
            for j in range(i, width):
                p, q = columns[s, j], columns[s + 1, j]
                r, t = columns[s + 2, j], columns[s + 3, j]
                out[i, j] += a * p + b * q + c * r + d * t
                out[i + 1, j] += e * p + f * q + g * r + h * t
        for i in range(paired, first):
            a, b = columns[s, i], columns[s + 1, i]
            c, d = columns[s + 2, i], columns[s + 3, i]
            for j in range(i, width):
                out[i, j] += (
                    a * columns[s, j]
                    + b * columns[s + 1, j]
                    + c * columns[s + 2, j]
                    + d * columns[s + 3, j]
                )
    for s in range(whole, samples):
        for i in range(first):
            a = columns[s, i]
            for j in range(i, width):
                out[i, j] += a * columns[s, j]
    for i in range(first):
        for j in range(i):
            out[i, j] = out[j, i]
    return out


@kernel
def solve_semidefinite(gram: FloatArray, rhs: FloatArray, cutoff: float) -> FloatArray:
    """Solve ``gram X = rhs`` by Cholesky, leaving out columns that depend on earlier ones.

    Parameters
    ----------
    gram : ndarray, shape (column, column)
        Symmetric, positive semi-definite; overwritten by its factor.
    rhs : ndarray, shape (column, target)
        Right-hand sides in the range of `gram`; overwritten.
    cutoff : float
        A pivot below this share of its diagonal element counts as zero.

    Returns
    -------
    ndarray, shape (column, target)
        The solution; zero in columns left out.
    """
    size, targets = rhs.shape
    for j in range(size):
        whole = gram[j, j]
        for k in range(j):
            gram[j, j] -= gram[j, k] * gram[j, k]
        if gram[j, j] <= cutoff * whole:
            for i in range(j, size):
                gram[i, j] = 0.0
            rhs[j] = 0.0
            continue
        gram[j, j] = np.sqrt(gram[j, j])
        for i in range(j + 1, size):
            total = gram[i, j]
            for k in range(j):
                total -= gram[i, k] * gram[j, k]
            gram[i, j] = total / gram[j, j]
        for t in range(targets):
            total = rhs[j, t]
            for k in range(j):
                total -= gram[j, k] * rhs[k, t]
            rhs[j, t] = total / gram[j, j]
    for j in range(size - 1, -1, -1):
        if gram[j, j] == 0.0:
            continue
        for t in range(targets):
            total = rhs[j, t]
            for k in range(j + 1, size):
                total -= gram[k, j] * rhs[k, t]
            rhs[j, t] = total / gram[j, j]
    return rhs


@kernel
def fill_monomials(values: FloatArray, exponents: IntArray, terms: FloatArray) -> None:
    """Multiply the rows of `terms` by powers of the columns of `values`.

    Parameters
    ----------
    values : ndarray, shape (sample, variable)
        Variables.
    exponents : ndarray of int, shape (term, variable)
        Power of each variable in each term.
    terms : ndarray, shape (term, sample)
        Ones on entry; overwritten by ``prod_j values[:, j] ** exponents[t, j]``, each power one
        multiplication at a time.
    """
    samples, variables = values.shape
    for t in range(exponents.shape[0]):
        for j in range(variables):
            for _ in range(exponents[t, j]):
                for s in range(samples):
                    terms[t, s] *= values[s, j]
