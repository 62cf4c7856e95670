"""What a plan is: which hall becomes what, decided when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from rerack.assets import Site
from rerack.base.checks import require, require_between


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One hall's conversion.

    Parameters
    ----------
    hall : str
        Hall name.
    use : str
        Offer name.
    decide_month : int
        Month of the binding decision, counted from the study start.
    """

    hall: str
    use: str
    decide_month: int

    def __post_init__(self) -> None:
        require_between(self.decide_month, 0, 600, f"plan, hall {self.hall}: decide_month")


@dataclass(frozen=True, kw_only=True)
class FixedPlan:
    """A plan whose dates are known at the start; halls it does not name keep mining.

    Parameters
    ----------
    name : str
        Name shown to people.
    kind : {"keep", "now", "staged"}
        Keep mining, convert everything at once, or by hall and date.
    assignments : tuple of Assignment
        At most one a hall.
    """

    name: str
    kind: Literal["keep", "now", "staged"]
    assignments: tuple[Assignment, ...] = ()

    def __post_init__(self) -> None:
        halls = [a.hall for a in self.assignments]
        require(
            len(set(halls)) == len(halls),
            f"plan {self.name}",
            given=f"halls {halls}",
            allowed="each hall once: a conversion cannot be undone",
        )


@dataclass(frozen=True, kw_only=True)
class ThresholdPlan:
    """Convert the next hall once AI has beaten mining by a ratio for some months running.

    Parameters
    ----------
    name : str
        Name shown to people.
    use : str
        Offer that the halls go to.
    halls : tuple of str
        Halls in the order of conversion.
    ratio : float
        AI margin per utility MW over mining margin per utility MW that must be exceeded.
    months : int
        Consecutive months that it must be exceeded; the count restarts after each decision.
    """

    name: str
    use: str
    halls: tuple[str, ...]
    ratio: float
    months: int
    kind: Literal["threshold"] = "threshold"

    def __post_init__(self) -> None:
        require_between(self.ratio, 0.0, 1e6, f"plan {self.name}: ratio")
        require_between(self.months, 1, 240, f"plan {self.name}: months")
        require(
            len(set(self.halls)) == len(self.halls) > 0,
            f"plan {self.name}: halls",
            given=self.halls,
            allowed="one or more halls, each once",
        )


#: Fewest scenarios to fit a policy on: below, its regressions have more terms than they can bear.
LEAST_PATHS = 512


@dataclass(frozen=True, kw_only=True)
class PolicyPlan:
    """Convert each hall when, and to what, a fitted rule says.

    Parameters
    ----------
    name : str
        Name shown to people.
    uses : tuple of str
        Offers that the halls may go to; the rule chooses among them.
    halls : tuple of str
        Halls that may be converted.
    every_months : int
        Months between decisions.
    crews : int or None
        Halls that may be under conversion at once; None for any number.
    ai_mw : float or None
        Utility MW that may ever be converted [MW utility]; None for all.
    paths : int
        Scenarios to fit on, beyond those of the study.
    """

    name: str
    uses: tuple[str, ...]
    halls: tuple[str, ...]
    every_months: int = 3
    crews: int | None = None
    ai_mw: float | None = None
    paths: int = 2048
    kind: Literal["policy"] = "policy"

    def __post_init__(self) -> None:
        here = f"plan {self.name}"
        require_between(self.every_months, 1, 120, f"{here}: every_months")
        require_between(self.paths, LEAST_PATHS, 1_000_000, f"{here}: paths")
        for what, names in (("halls", self.halls), ("uses", self.uses)):
            require(
                len(set(names)) == len(names) > 0,
                f"{here}: {what}",
                given=names,
                allowed=f"one or more {what}, each once",
            )
        if self.crews is not None:
            require_between(self.crews, 1, 1000, f"{here}: crews")
        if self.ai_mw is not None:
            require_between(self.ai_mw, 0.0, 1e6, f"{here}: ai_mw")


Plan = FixedPlan | ThresholdPlan | PolicyPlan


def keep_mining() -> FixedPlan:
    """Return the plan that converts nothing."""
    return FixedPlan(name="keep mining", kind="keep")


def convert_now(
    site: Site, use: str, *, decide_month: int = 0, most_mw: float = math.inf
) -> FixedPlan:
    """Return the plan that decides every hall of `site` for offer `use` at once.

    Parameters
    ----------
    site : Site
        The site.
    use : str
        Offer name.
    decide_month : int
        First month in which the offer may be signed.
    most_mw : float
        Utility MW that the deal can fill [MW utility]: halls are taken in order while they fit.
    """
    taken: list[Assignment] = []
    room_mw = most_mw
    for hall in site.halls:
        if hall.utility_mw <= room_mw:
            taken.append(Assignment(hall=hall.name, use=use, decide_month=decide_month))
            room_mw -= hall.utility_mw
    return FixedPlan(name="convert everything now", kind="now", assignments=tuple(taken))
