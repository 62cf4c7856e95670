"""What a rule says when two parts of a scenario cannot both hold."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.timegrid import MonthGrid
from rerack.scenario.places import YamlPath
from rerack.scenario.schema.study import StudySection


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """Two parts of a scenario that cannot both hold.

    Parameters
    ----------
    path : YamlPath
        The part to mend.
    given, allowed, cure : str
        As in `rerack.base.errors.Problem`.
    at_key : bool
        Whether the message points at the key instead of its value.
    """

    path: YamlPath
    given: str
    allowed: str
    cure: str
    at_key: bool = False


def grid_of(study: StudySection) -> MonthGrid:
    """Return the months of a study."""
    return MonthGrid.parse(study.start, study.horizon)


def span_text(grid: MonthGrid) -> str:
    """Return first and last month as messages name them.

    Examples
    --------
    >>> span_text(MonthGrid(start_year=2026, start_month=1, months=240))
    '2026-01 to 2045-12'
    """
    return f"{grid.labels[0]} to {grid.labels[-1]}"
