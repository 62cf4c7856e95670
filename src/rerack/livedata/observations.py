"""Observations in time: checked on the way in, gaps named, filled only by a chosen rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rerack.base.checks import BoolArray, FloatArray, frozen_array, require
from rerack.base.errors import DataError, SourceError
from rerack.livedata.catalogue import SeriesSpec
from rerack.numerics.gaps import FILL_RULES, fill_gaps

TimeArray = np.ndarray[Any, np.dtype[np.datetime64]]
_CODES = {"hour": "h", "day": "D", "month": "M"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Observations:
    """Values at rising times.

    Parameters
    ----------
    times : ndarray of datetime64[s]
        Start of each interval (UTC), or moment of a snapshot; shape (observation,).
    values : ndarray
        In the series' unit, finite, shape (observation,).
    filled : ndarray of bool
        Which values a fill rule made up; shape (observation,).
    """

    times: TimeArray
    values: FloatArray
    filled: BoolArray

    def __post_init__(self) -> None:
        times = np.asarray(self.times, dtype="datetime64[s]")
        values = np.asarray(self.values, dtype=np.float64)
        require(
            times.shape == values.shape == self.filled.shape and times.ndim == 1,
            "observations",
            given=f"shapes {times.shape}, {values.shape}, {self.filled.shape}",
            allowed="one value and one mark a time",
        )
        times.flags.writeable = False
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "values", frozen_array(values))

    def __len__(self) -> int:
        return len(self.times)


def checked(spec: SeriesSpec, times: TimeArray, values: FloatArray) -> Observations:
    """Return what a reader read, having refused everything that is not plainly right.

    Parameters
    ----------
    spec : SeriesSpec
        The series: its step and the range of its values.
    times : ndarray of datetime64
        Interval starts, UTC, shape (observation,).
    values : ndarray
        Values, shape (observation,).

    Raises
    ------
    SourceError
        Times that repeat, fall or lie off the step; values that are not finite or out of range.
    """
    times = np.asarray(times, dtype="datetime64[s]")
    values = np.asarray(values, dtype=np.float64)
    steps = np.diff(times).astype(np.int64)
    if (steps == 0).any():
        _refuse(spec, f"{times[1:][steps == 0][0]}Z twice", "each time once")
    if (steps < 0).any():
        _refuse(spec, f"{times[1:][steps < 0][0]}Z after a later time", "rising times")
    if spec.step in _CODES:
        off = times.astype(f"datetime64[{_CODES[spec.step]}]") != times
        if off.any():
            _refuse(spec, f"{times[off][0]}Z", f"the start of a whole {spec.step}, UTC")
    wrong = ~(np.isfinite(values) & (values >= spec.least) & (values <= spec.most))
    if wrong.any():
        allowed = f"from {spec.least:g} to {spec.most:g} {spec.unit}"
        _refuse(spec, f"{values[wrong][0]:g} at {times[wrong][0]}Z", allowed)
    return Observations(times=times, values=values, filled=np.zeros(len(times), dtype=np.bool_))


def _refuse(spec: SeriesSpec, given: str, allowed: str) -> None:
    raise SourceError(
        f"{spec.name} ({spec.source}): given {given}; allowed: {allowed}. The source has changed "
        "its format or is wrong today: nothing was kept. Look at its documentation before retrying."
    )


def gaps(spec: SeriesSpec, seen: Observations) -> tuple[tuple[str, int], ...]:
    """Return each gap as its first missing time and how many are missing; snapshots have none.

    Parameters
    ----------
    spec : SeriesSpec
        The series and its step.
    seen : Observations
        Checked observations.
    """
    if spec.step not in _CODES:
        return ()
    places = seen.times.astype(f"datetime64[{_CODES[spec.step]}]")
    steps = np.diff(places).astype(np.int64)
    return tuple((str(places[i] + 1), int(steps[i] - 1)) for i in np.flatnonzero(steps > 1))


def filled_by(
    spec: SeriesSpec, seen: Observations, rule: str, *, longest: int = 24
) -> Observations:
    """Return gap-free observations, the made-up ones marked.

    Parameters
    ----------
    spec : SeriesSpec
        The series and its step.
    seen : Observations
        Checked observations.
    rule : str
        ``none`` refuses any gap; ``linear`` draws a line over it; ``previous`` repeats the value
        before it.
    longest : int
        Longest gap that a rule may fill [steps]: a line over a month is no data.

    Raises
    ------
    DataError
        A gap and no rule, or a gap longer than `longest`; the message names them.
    """
    require(rule in FILL_RULES, "--fill", given=repr(rule), allowed=", ".join(FILL_RULES))
    missing = gaps(spec, seen)
    too_long = missing if rule == "none" else [g for g in missing if g[1] > longest]
    if too_long:
        shown = ", ".join(f"{n} from {first}" for first, n in too_long[:5])
        more = f" and {len(too_long) - 5} gaps more" if len(too_long) > 5 else ""
        raise DataError.of(
            spec.name,
            given=f"missing {spec.step}s: {shown}{more}",
            allowed="no gap" if rule == "none" else f"gaps of up to {longest} {spec.step}s",
            cure="`rerack data update` may bring them; else choose --fill linear or previous, "
            "which marks what it fills.",
        )
    if not missing:
        return seen
    code = _CODES[spec.step]
    places = seen.times.astype(f"datetime64[{code}]").astype(np.int64)
    whole, values, made_up = fill_gaps(places, seen.values, rule)
    before = np.searchsorted(places, whole, side="right") - 1
    return Observations(
        times=whole.astype(f"datetime64[{code}]").astype("datetime64[s]"),
        values=values,
        filled=made_up | seen.filled[before],
    )


def merged(before: Observations | None, after: Observations) -> tuple[Observations, int]:
    """Return both joined and how many earlier values the newer ones revise.

    Parameters
    ----------
    before : Observations or None
        What was kept.
    after : Observations
        What was fetched; it wins where both have a time.
    """
    if before is None or not len(before):
        return after, 0
    common, i, j = np.intersect1d(before.times, after.times, return_indices=True)
    revised = int((before.values[i] != after.values[j]).sum())
    kept = ~np.isin(before.times, common)
    times = np.concatenate([before.times[kept], after.times])
    order = np.argsort(times, kind="stable")
    return Observations(
        times=times[order],
        values=np.concatenate([before.values[kept], after.values])[order],
        filled=np.concatenate([before.filled[kept], after.filled])[order],
    ), revised
