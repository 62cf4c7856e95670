"""Shocks: hashrate that leaves and comes back by the day, and what the chain makes of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, IntArray, as_finite, frozen_array, require
from rerack.base.errors import InputError
from rerack.chain import trace_epochs
from rerack.network.history.facts import read_rows, reason_of

#: Difficulty over EH/s at which a block takes 600 s.
_DIFFICULTY_PER_EH_S: Final = 1e18 * 600.0 / 2.0**32
_COLUMNS: Final = ("date", "hashrate_eh_s")
_CURE: Final = "Name a shock that is built in, or mend the file."


@dataclass(frozen=True, kw_only=True, eq=False)
class HashrateShock:
    """A path of hashrate by the day, and the chain as it stood when it began.

    Parameters
    ----------
    name : str
        Name or file.
    dates : tuple of str
        First day of each period, ``YYYY-MM-DD``, rising.
    days : array, shape (period,)
        Length of each period [day].
    hashrate_eh_s : array, shape (period,)
        Mean hashrate of each period [EH/s], above 0.
    height : int
        Height of the next block at the start.
    difficulty : float
        Difficulty at the start.
    epoch_hours : float or None
        Hours since the last retarget; None where the height is the first of an epoch.
    """

    name: str
    dates: tuple[str, ...]
    days: FloatArray
    hashrate_eh_s: FloatArray
    height: int
    difficulty: float
    epoch_hours: float | None = None

    def __post_init__(self) -> None:
        for name in ("days", "hashrate_eh_s"):
            values = as_finite(getattr(self, name), f"shock.{name}")
            require(
                values.shape == (len(self.dates),) and bool((values > 0.0).all()),
                f"shock.{name}",
                given=values.tolist(),
                allowed="one number above 0 for each period",
            )
            object.__setattr__(self, name, frozen_array(values))


@dataclass(frozen=True, kw_only=True, eq=False)
class ShockTrace:
    """The epochs of a shock, the running one first; arrays of shape (epoch,).

    Parameters
    ----------
    shock : HashrateShock
        What was traced.
    start_height : array of int
        First height of each epoch.
    start_days : array
        Days from the start of the shock to the start of the epoch; the first is 0 or negative.
    difficulty : array
        Difficulty.
    change_frac : array
        Change at the start of the epoch; NaN for the first.
    block_interval_s : array
        Mean block interval [s]; NaN for the last, which is not over.
    hashrate_eh_s : array
        Mean hashrate of the epoch within the path [EH/s].
    pay_ratio : array
        Coins per PH/s and day over those of the first epoch: what the stayers are paid, price and
        fees being as they were. It moves only at a retarget.
    """

    shock: HashrateShock
    start_height: IntArray
    start_days: FloatArray
    difficulty: FloatArray
    change_frac: FloatArray
    block_interval_s: FloatArray
    hashrate_eh_s: FloatArray
    pay_ratio: FloatArray

    def start_dates(self) -> list[str]:
        """Return the day on which each epoch began, ``YYYY-MM-DD``."""
        first = np.datetime64(self.shock.dates[0], "h")
        hours = np.round(self.start_days * 24.0).astype("timedelta64[h]")
        return [str(day) for day in (first + hours).astype("datetime64[D]")]


def trace_shock(shock: HashrateShock) -> ShockTrace:
    """Return the retargets that a path of hashrate brings about.

    Parameters
    ----------
    shock : HashrateShock
        The path.

    Returns
    -------
    ShockTrace
        Epoch by epoch.

    Notes
    -----
    The chain's own clock (`rerack.chain.trace_epochs`). Blocks slow down on the day that hashrate
    leaves; difficulty, and with it the pay of those who stay, follows at the retarget only.

    Examples
    --------
    >>> found = trace_shock(shock_of("ban-2021"))
    >>> [round(100.0 * float(c)) for c in found.change_frac[2:6]]
    [-15, -6, -28, -4]
    """
    hours = shock.days * 24.0
    trace = trace_epochs(
        hashrate_eh_s=shock.hashrate_eh_s,
        hours=hours,
        start_height=shock.height,
        start_difficulty=shock.difficulty,
        epoch_elapsed_s=None if shock.epoch_hours is None else shock.epoch_hours * 3600.0,
    )
    unknown = np.full(1, np.nan)
    clock = np.concatenate(([0.0], np.cumsum(hours)))
    work = np.concatenate(([0.0], np.cumsum(hours * shock.hashrate_eh_s)))
    ends = np.append(trace.start_hour[1:], clock[-1])
    starts = np.maximum(trace.start_hour, 0.0)
    done = np.interp(ends, clock, work) - np.interp(starts, clock, work)
    return ShockTrace(
        shock=shock,
        start_height=trace.start_height,
        start_days=frozen_array(trace.start_hour / 24.0),
        difficulty=trace.difficulty,
        change_frac=frozen_array(np.concatenate([unknown, trace.change_frac])),
        block_interval_s=frozen_array(np.concatenate([trace.block_interval_s, unknown])),
        hashrate_eh_s=frozen_array(done / np.maximum(ends - starts, 1e-9)),
        pay_ratio=frozen_array(trace.difficulty[0] / trace.difficulty),
    )


def shock_names() -> tuple[str, ...]:
    """Return the names of the built-in shocks."""
    return tuple(dict.fromkeys(row["shock"] for row in read_rows("shocks.csv")))


def shock_of(name: str) -> HashrateShock:
    """Return a built-in shock by name, or one from a file of yours.

    Parameters
    ----------
    name : str
        ``"ban-2021"``, ``"storm-2026"``, or a CSV file with columns ``date`` (first day of a
        period) and ``hashrate_eh_s``; ``height``, ``difficulty`` and ``epoch_hours`` in its first
        row, else the shock begins with an epoch whose difficulty fits the first hashrate. The last
        period is as long as the one before it.

    Returns
    -------
    HashrateShock
        The path.

    Raises
    ------
    InputError
        An unknown name, or a file that cannot be read.
    """
    rows = [row for row in read_rows("shocks.csv") if row["shock"] == name]
    return _shock_from(rows or _file_rows(Path(name)), name)


def _file_rows(path: Path) -> list[dict[str, str]]:
    allowed = f"{', '.join(shock_names())}, or a CSV file with columns date and hashrate_eh_s"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.of(
            "--shock", given=f"{path}: {reason_of(error)}", allowed=allowed, cure=_CURE
        ) from None
    if len(rows) < 2 or not all(column in rows[0] for column in _COLUMNS):
        given = f"{len(rows)} rows of {', '.join(rows[0]) if rows else 'nothing'}"
        raise InputError.of(
            str(path), given=given, allowed=f"two rows or more; {allowed}", cure=_CURE
        )
    return rows


def _shock_from(rows: list[dict[str, str]], name: str) -> HashrateShock:
    dates = [row["date"] or "" for row in rows]
    hashrate = np.array([_value(r, "hashrate_eh_s", f"{name}, row {i + 2}", float("nan"))
                         for i, r in enumerate(rows)])  # fmt: skip
    try:
        days = np.diff(np.array(dates, dtype="datetime64[D]")).astype(np.float64)
    except ValueError as error:
        raise InputError.of(
            f"{name}, date", given=str(error), allowed="YYYY-MM-DD", cure=_CURE
        ) from None
    if not (days > 0.0).all():
        raise InputError.of(
            f"{name}, date", given="dates that do not rise", allowed="rising dates", cure=_CURE
        )
    head, where = rows[0], f"{name}, row 2"
    elapsed = _value(head, "epoch_hours", where, -1.0)
    return HashrateShock(
        name=name,
        dates=tuple(dates),
        days=np.append(days, days[-1]),
        hashrate_eh_s=hashrate,
        height=int(_value(head, "height", where, 931_392.0)),
        difficulty=_value(head, "difficulty", where, float(hashrate[0]) * _DIFFICULTY_PER_EH_S),
        epoch_hours=elapsed if elapsed >= 0.0 else None,
    )


def _value(row: dict[str, str], name: str, where: str, missing: float) -> float:
    text = row.get(name) or ""
    if not text:
        return missing
    try:
        return float(text)
    except ValueError:
        raise InputError.of(
            f"{where}, {name}", given=repr(text), allowed="a number", cure=_CURE
        ) from None
