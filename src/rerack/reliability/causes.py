"""What loses the load, alike sets of events added up: any two of thirty coolers are one cause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rerack.reliability.evaluate import CutSet

#: The number that tells a unit from those like it.
_UNIT = re.compile(r" \d+$")
#: Digits to which unavailabilities of alike sets agree.
_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Cut sets of the same kinds of equipment and the same unavailability.

    Parameters
    ----------
    events : tuple of str
        Names of the events; of kinds, without a unit's number, where there are several ways.
    ways : int
        How many sets there are.
    minutes_per_year : float
        Long-run time that all events of a set are down, summed over the sets [min/year].
    share_frac : float
        The same over the unavailability of the load; shares overlap, so they add up to 1 or more.
    """

    events: tuple[str, ...]
    ways: int
    minutes_per_year: float
    share_frac: float

    @property
    def name(self) -> str:
        """What people read.

        Examples
        --------
        >>> Cause(events=("chiller",) * 2, ways=325, minutes_per_year=1159.0, share_frac=0.6).name
        'chiller + chiller, 325 ways'
        """
        joined = " + ".join(self.events)
        return joined if self.ways == 1 else f"{joined}, {self.ways:,} ways"


def largest_causes(cut_sets: Sequence[CutSet], count: int = 20) -> tuple[Cause, ...]:
    """Return the causes that lose most, alike cut sets added up.

    Parameters
    ----------
    cut_sets : sequence of CutSet
        From `evaluate`: a cause holds no more sets than were looked for.
    count : int
        How many causes at most.

    Notes
    -----
    Sets are alike where their events differ by the number at the end of a name only, and their
    unavailability does not differ. One by one the pairs of a large k of n are small, together they
    may be most of the time lost.
    """
    groups: dict[tuple[tuple[str, ...], str], list[CutSet]] = {}
    for cut in cut_sets:
        kinds = tuple(sorted(_UNIT.sub("", event) for event in cut.events))
        key = (kinds, f"{cut.unavailability_frac:.{_DIGITS}e}")
        groups.setdefault(key, []).append(cut)
    found = [
        Cause(
            events=kinds if len(alike) > 1 else alike[0].events,
            ways=len(alike),
            minutes_per_year=sum(cut.minutes_per_year for cut in alike),
            share_frac=sum(cut.share_frac for cut in alike),
        )
        for (kinds, _), alike in groups.items()
    ]
    return tuple(sorted(found, key=lambda c: -c.minutes_per_year)[:count])
