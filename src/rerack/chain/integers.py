"""The gate for consensus integers: exact arithmetic starts with refusing whatever is not an int."""

from __future__ import annotations

from rerack.base.checks import require


def require_int(value: int, low: int, high: int | None, where: str) -> None:
    """Raise `InputError` unless `value` is a Python int in ``low <= value <= high``.

    Booleans, floats and NumPy integers are refused: a float has lost digits of a 256-bit target
    before it arrives, and a NumPy integer wraps around silently.

    Parameters
    ----------
    value : int
        The number to check.
    low : int
        Smallest value accepted.
    high : int or None
        Largest value accepted; None for no limit.
    where : str
        Name of the parameter for the message.

    Raises
    ------
    InputError
        If `value` is of another type or out of range.

    Examples
    --------
    >>> require_int(840_000, 0, None, "height")
    >>> require_int(True, 0, None, "height")
    Traceback (most recent call last):
    rerack.base.errors.InputError: height: given True; allowed: an integer, 0 or more. Pass an int.
    """
    is_int = isinstance(value, int) and not isinstance(value, bool)
    allowed = f"an integer, {low} or more" if high is None else f"an integer from {low} to {high}"
    in_range = is_int and value >= low and (high is None or value <= high)
    require(in_range, where, given=repr(value), allowed=allowed, cure="Pass an int.")
