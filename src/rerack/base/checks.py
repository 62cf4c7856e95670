"""Guards that domain objects and public functions use to refuse bad numbers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rerack.base.errors import InputError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def require(
    ok: bool, where: str, *, given: object, allowed: str, cure: str = "Correct the value."
) -> None:
    """Raise `InputError` at `where` unless `ok`."""
    if not ok:
        raise InputError.of(where, given=str(given), allowed=allowed, cure=cure)


def require_between(
    value: float, low: float, high: float, where: str, *, cure: str = "Correct the value."
) -> None:
    """Raise `InputError` unless ``low <= value <= high`` (NaN is refused)."""
    if not (low <= value <= high):
        allowed = f"{low:g} or more" if math.isinf(high) else f"from {low:g} to {high:g}"
        raise InputError.of(where, given=f"{value}", allowed=allowed, cure=cure)


def as_finite(values: ArrayLike, where: str, *, ndim: int | None = None) -> FloatArray:
    """Return `values` as a float array; NaN or infinity raises with the first bad index."""
    array = np.asarray(values, dtype=np.float64)
    if ndim is not None:
        require(
            array.ndim == ndim,
            where,
            given=f"{array.ndim} dimensions",
            allowed=f"{ndim} dimensions",
        )
    good = np.isfinite(array)
    if not good.all():
        index = tuple(int(i) for i in np.argwhere(~good)[0])
        raise InputError.of(
            f"{where}{list(index)}",
            given=str(array[index]),
            allowed="finite numbers",
            cure="Fill or drop the missing values before passing them in.",
        )
    return array


def frozen_array(values: FloatArray) -> FloatArray:
    """Return a read-only view, so that an immutable object stays immutable."""
    view = values.view()
    view.flags.writeable = False
    return view
