"""Products of columns, their sums, and what solves for coefficients (compiled)."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel

#: Samples that are brought side by side at a time, so that they stay in a core's own cache.
_BLOCK = 64
#: Samples of which all terms are made before the next.
_SAMPLES = 1024
#: Columns to which a row of sums is filled up: whole vectors leave no rest to add one by one.
_LANES = 8


@kernel
def cross_products(parts: tuple[FloatArray, ...], first: int) -> FloatArray:
    """Return ``columns[:first] @ columns.T``, on one thread and in one order of summation.

    Parameters
    ----------
    parts : tuple of ndarray, shape (column, sample)
        Design and targets, C-contiguous: together they are `columns`.
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
    their number. Each block of samples is turned to rows, so that sums of neighbouring columns are
    one vector; four samples at once save traffic on sums.
    """
    samples = parts[0].shape[1]
    width = 0
    for part in parts:
        width += part.shape[0]
    filled = -(-width // _LANES) * _LANES
    out = np.zeros((first, filled))
    block = np.zeros((_BLOCK, filled))
    for start in range(0, samples, _BLOCK):
        count = min(_BLOCK, samples - start)
        _rows_of(parts, start, count, block)
        _add_products(block[: -(-count // 4) * 4], out)
    for i in range(first):
        for j in range(i):
            out[i, j] = out[j, i]
    return out[:, :width].copy()


@kernel
def _rows_of(parts: tuple[FloatArray, ...], start: int, count: int, block: FloatArray) -> None:
    """Put `count` samples from `start` on into the rows of `block`; further rows become zero."""
    block[count:] = 0.0
    column = 0
    for part in parts:
        for i in range(part.shape[0]):
            values = part[i]
            for s in range(count):
                block[s, column] = values[start + s]
            column += 1


@kernel
def _add_products(block: FloatArray, out: FloatArray) -> None:
    """Add products of the rows of `block` to the upper triangle of `out`."""
    for s in range(0, block.shape[0], 4):
        for i in range(out.shape[0]):
            a, b, c, d = block[s, i], block[s + 1, i], block[s + 2, i], block[s + 3, i]
            begin = i // _LANES * _LANES
            # Rows of their own: with two indices the compiler would not see neighbours.
            p, q = block[s, begin:], block[s + 1, begin:]
            r, t = block[s + 2, begin:], block[s + 3, begin:]
            row = out[i, begin:]
            for j in range(row.size):
                row[j] += a * p[j] + b * q[j] + c * r[j] + d * t[j]


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
def fill_monomials(
    values: FloatArray,
    exponents: IntArray,
    factors: FloatArray,
    factor_of: IntArray,
    terms: FloatArray,
) -> None:
    """Fill the rows of `terms` with products of powers of variables, times a factor.

    Parameters
    ----------
    values : ndarray, shape (variable, sample)
        Variables.
    exponents : ndarray of int, shape (term, variable)
        Power of each variable in each term.
    factors : ndarray, shape (factor, sample)
        What products may be multiplied by.
    factor_of : ndarray of int, shape (term,)
        Factor of each term; -1 for none.
    terms : ndarray, shape (term, sample)
        Overwritten by ``prod_j values[j] ** exponents[t, j] * factors[factor_of[t]]``, one
        multiplication at a time.
    """
    samples = values.shape[1]
    for start in range(0, samples, _SAMPLES):
        stop = min(start + _SAMPLES, samples)
        for t in range(exponents.shape[0]):
            term = terms[t, start:stop]
            term[:] = 1.0
            for j in range(exponents.shape[1]):
                value = values[j, start:stop]
                for _ in range(exponents[t, j]):
                    for s in range(term.size):
                        term[s] *= value[s]
            if factor_of[t] >= 0:
                factor = factors[factor_of[t], start:stop]
                for s in range(term.size):
                    term[s] *= factor[s]


@kernel
def scale_and_clip(
    values: FloatArray, centre: FloatArray, spread: FloatArray, reach: float
) -> FloatArray:
    """Return ``(values - centre) / spread`` cut at ``+-reach``.

    Parameters
    ----------
    values : ndarray, shape (variable, sample)
        Variables.
    centre, spread : ndarray, shape (variable,)
        Scale of each.
    reach : float
        In spreads.
    """
    out = np.empty_like(values)
    for j in range(values.shape[0]):
        value, row = values[j], out[j]
        middle, width = centre[j], spread[j]
        for s in range(row.size):
            row[s] = min(max((value[s] - middle) / width, -reach), reach)
    return out
