"""Reading the package's own dated facts: figures of December 2025, pool shares of some months."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from rerack.base.errors import InputError

#: Share below which the built-in table leaves a pool out; it then counts as unknown.
SMALLEST_POOL_FRAC = 0.005


@cache
def _rows(name: str) -> tuple[Mapping[str, str], ...]:
    text = files("rerack.security").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def fact(name: str, month: str = "december_2025") -> float:
    """Return a figure of a month's file by name, in the unit that its row gives.

    Raises
    ------
    InputError
        The file has no figure of that name.
    """
    found = [row for row in _rows(month) if row["name"] == name]
    if not found:
        raise InputError.of(
            f"security facts of {month}",
            given=repr(name),
            allowed=", ".join(row["name"] for row in _rows(month)),
            cure="Correct the name.",
        )
    return float(found[0]["value"])


def assumptions() -> dict[str, list[str]]:
    """Return the columns name, value, unit, as_of, status, source, note of December 2025.

    Examples
    --------
    >>> table = assumptions()
    >>> table["status"][table["name"].index("supply_elasticity")]
    'unverified'
    """
    rows = _rows("december_2025")
    return {
        column: [row[column] for row in rows]
        for column in ("name", "value", "unit", "as_of", "status", "source", "note")
    }


def pool_shares(month: str) -> dict[str, float]:
    """Return the share of blocks by pool in a month, to three digits.

    Parameters
    ----------
    month : str
        One of `pool_months()`, such as ``"2025-12"``.

    Returns
    -------
    dict of str to float
        Pools with half a percent or more; "unknown" where blocks could not be attributed.

    Notes
    -----
    Counted from coinbase tags (GitHub sorukumar/bitcoin-mining-pools, BSD-2-Clause). A month has
    some 4,400 blocks, so a share of 10 % carries a sampling error of 0.45 points.

    Examples
    --------
    >>> pool_shares("2025-12")["foundryusa"]
    0.271
    """
    found = {
        row["pool"]: float(row["share_frac"])
        for row in _rows("pool_shares")
        if row["month"] == month
    }
    if not found:
        raise InputError.of(
            "month",
            given=repr(month),
            allowed=", ".join(pool_months()),
            cure="Choose one of these months, or count blocks of your own.",
        )
    return found


def pool_months() -> tuple[str, ...]:
    """Return the months for which pool shares are built in, the earliest first.

    Examples
    --------
    >>> pool_months()[-2:]
    ('2025-12', '2026-03')
    """
    return tuple(sorted({row["month"] for row in _rows("pool_shares")}))
