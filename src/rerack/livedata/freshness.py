"""How old a series is, in words that never pass the stale for fresh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import require
from rerack.livedata.cache import Record
from rerack.livedata.observations import Observations

_HOUR = np.timedelta64(1, "h")


@dataclass(frozen=True, kw_only=True)
class Age:
    """Age of a cached series at a moment.

    Parameters
    ----------
    since_fetch_hours : float
        Since it was fetched [h].
    since_last_hours : float
        Since the start of its last observation [h]; negative for prices of tomorrow.
    stale : bool
        Whether it may no longer stand for today.
    words : str
        The same for people.
    """

    since_fetch_hours: float
    since_last_hours: float
    stale: bool
    words: str


def age_of(record: Record, seen: Observations, now: np.datetime64) -> Age:
    """Return the age of a series.

    Parameters
    ----------
    record : Record
        Facts of the cached series.
    seen : Observations
        Its observations, one or more.
    now : numpy.datetime64
        The moment asked about, UTC.

    Notes
    -----
    Stale is a series fetched longer ago than twice the source's interval, or whose last
    observation is older than the source's usual delay (`fresh_hours`).
    """
    require(len(seen) >= 1, record.name, given="no observation", allowed="1 or more")
    fetched = float((now - np.datetime64(record.fetched_at, "s")) / _HOUR)
    last = float((now - seen.times[-1]) / _HOUR)
    require(
        fetched > -1.0,
        f"{record.name}.fetched_at",
        given=f"{record.fetched_at}, which lies ahead",
        allowed="a moment in the past",
        cure="Set this machine's clock, then fetch again.",
    )
    old_fetch = fetched > 2.0 * record.update_hours
    old_value = last > record.fresh_hours
    updates = f"source updates {_every(record.update_hours)}"
    words = f"fetched {_span(fetched)} ago, last {record.step} {_span(last)} old; {updates}: "
    return Age(
        since_fetch_hours=fetched,
        since_last_hours=last,
        stale=old_fetch or old_value,
        words=words + ("STALE" if old_fetch or old_value else "fresh"),
    )


def _span(hours: float) -> str:
    if hours < 0:
        return f"{_span(-hours)} ahead, not"
    if hours < 2:
        return f"{60 * hours:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"


def _every(hours: float) -> str:
    named = {24.0: "daily", 720.0: "monthly"}
    return named.get(hours, f"every {hours:g} hours")
