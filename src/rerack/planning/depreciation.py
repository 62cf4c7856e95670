"""Names of depreciation methods, as a scenario file writes them."""

from __future__ import annotations

import re

from rerack.base.checks import FloatArray, require
from rerack.finance import macrs_rates, straight_line_rates

_NAME = re.compile(r"^(macrs_(3|5|7|15|20)|straight_line_([1-9]\d?))$")


def depreciation_rates(method: str) -> FloatArray:
    """Return yearly shares of cost for a method name.

    Parameters
    ----------
    method : str
        ``macrs_3``, ``macrs_5``, ``macrs_7``, ``macrs_15``, ``macrs_20``, or
        ``straight_line_N`` (N years).

    Returns
    -------
    ndarray, shape (year of service,)
        Shares that sum to one.

    Examples
    --------
    >>> depreciation_rates("straight_line_4").tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    match = _NAME.match(method)
    require(
        match is not None,
        "finance: depreciation",
        given=repr(method),
        allowed="macrs_3, macrs_5, macrs_7, macrs_15, macrs_20 or straight_line_N with N years",
    )
    assert match is not None  # for the type checker; require() has raised otherwise
    if match.group(2):
        return macrs_rates(int(match.group(2)))
    return straight_line_rates(int(match.group(3)))
