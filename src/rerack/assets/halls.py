"""A hall: the unit of conversion."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.assets.rigs import RigFleet
from rerack.base.checks import require_between


@dataclass(frozen=True, kw_only=True)
class Hall:
    """A building, or part of one, that is converted as a whole.

    Parameters
    ----------
    name : str
        Name, unique in the site.
    utility_mw : float
        Power that the hall may draw at the meter [MW utility].
    rigs : RigFleet or None
        Rigs that fill it at the start; None if it stands empty.
    """

    name: str
    utility_mw: float
    rigs: RigFleet | None = None

    def __post_init__(self) -> None:
        require_between(self.utility_mw, 0.0, 1e5, f"hall {self.name}: utility_mw")
