"""Which drivers move together: monthly shocks with a given correlation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, require, require_between
from rerack.base.streams import Streams

#: Drivers in the order of the matrix; each has a random stream of its own name.
DRIVERS: Final = ("bitcoin", "fees", "network", "power", "lease", "gpu")

# Smallest eigenvalue taken as zero: three-digit correlations leave rounding of this size.
_ZERO: Final = 1e-9


@dataclass(frozen=True, kw_only=True)
class Correlation:
    """Correlations of the monthly shocks; pairs that are not named are uncorrelated.

    Parameters
    ----------
    pairs : tuple of (str, str, float)
        Two different drivers of `DRIVERS` and their correlation, -1 to 1.

    Raises
    ------
    InputError
        An unknown driver, a pair named twice, or pairs that no set of variables can have.

    Examples
    --------
    >>> Correlation(pairs=(("bitcoin", "lease", 0.3),)).matrix()[0, 4]
    np.float64(0.3)
    """

    pairs: tuple[tuple[str, str, float], ...] = ()

    def __post_init__(self) -> None:
        seen: set[frozenset[str]] = set()
        for first, second, value in self.pairs:
            where = f"correlation {first}/{second}"
            allowed = "two different drivers of " + ", ".join(DRIVERS)
            known = first in DRIVERS and second in DRIVERS and first != second
            require(known, where, given=f"{first}, {second}", allowed=allowed)
            require_between(value, -1.0, 1.0, where)
            pair = frozenset((first, second))
            require(pair not in seen, where, given="the pair twice", allowed="each pair once")
            seen.add(pair)
        lowest = float(np.linalg.eigvalsh(self.matrix())[0])
        named = ", ".join(f"{a}/{b} {v:g}" for a, b, v in self.pairs)
        require(
            lowest >= -_ZERO,
            "correlation",
            given=f"{named} (smallest eigenvalue {lowest:.3g})",
            allowed="pairs whose matrix is positive semi-definite",
            cure="Bring the named pairs closer to 0: drivers cannot be so related all at once.",
        )

    def matrix(self) -> FloatArray:
        """Return the matrix in the order of `DRIVERS`, shape (driver, driver)."""
        matrix = np.eye(len(DRIVERS))
        for first, second, value in self.pairs:
            i, j = DRIVERS.index(first), DRIVERS.index(second)
            matrix[i, j] = matrix[j, i] = value
        return matrix


def cholesky(matrix: FloatArray) -> FloatArray:
    """Return lower-triangular L with ``L L' = matrix``, for semi-definite matrices too.

    Parameters
    ----------
    matrix : array, shape (n, n)
        Symmetric, positive semi-definite.

    Returns
    -------
    array, shape (n, n)
        The factor; a zero pivot (a driver fixed by those before it) leaves its column zero.

    Notes
    -----
    NumPy's own refuses a zero pivot, such as a correlation of exactly 1. The triangular form keeps
    the first driver's shocks untouched by any correlation with later ones.
    """
    size = matrix.shape[0]
    factor = np.zeros_like(matrix)
    for j in range(size):
        rest = matrix[j:, j] - factor[j:, :j] @ factor[j, :j]
        if rest[0] > _ZERO:
            factor[j:, j] = rest / np.sqrt(rest[0])
    return factor


def correlated_shocks(
    correlation: Correlation,
    streams: Streams,
    *,
    paths: int,
    months: int,
    first_path: int = 0,
    drivers: tuple[str, ...] = DRIVERS,
) -> dict[str, FloatArray]:
    """Draw the monthly standard normals of every driver.

    Parameters
    ----------
    correlation : Correlation
        How drivers move together within a month.
    streams : Streams
        Random streams of the study; driver ``x`` draws from stream ``x``.
    paths, months : int
        Shape of each array.
    first_path : int
        Index of the first path, a multiple of 64.
    drivers : tuple of str
        Those that are wanted; each is the same whichever others are.

    Returns
    -------
    dict of arrays, shape (scenario, month)
        Standard normals by driver, independent in time.
    """
    factor = cholesky(correlation.matrix())
    shocks: dict[str, FloatArray] = {}
    raw: dict[str, FloatArray] = {}
    for name in drivers:
        row = factor[DRIVERS.index(name)]
        weights = [(w, other) for w, other in zip(row, DRIVERS, strict=True) if w != 0.0]
        for _, other in weights:
            if other not in raw:
                raw[other] = streams.normals(
                    other, paths=paths, shape=(months,), first_path=first_path
                )
        mixed = weights[0][0] * raw[weights[0][1]]
        for weight, other in weights[1:]:
            mixed += weight * raw[other]
        shocks[name] = mixed
    return shocks
