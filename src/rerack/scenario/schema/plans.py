"""Section ``plans``: which hall becomes what, decided when or by which rule."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rerack.planning.plans import LEAST_PATHS
from rerack.scenario.quantities import Month, Name, UtilityMw, number, quantity
from rerack.scenario.schema.base import Section, default, key, optional

Ratio = Annotated[float, number(low=0.0, high=1e6)]
Crews = Annotated[int, number(low=1, high=1000, integer=True)]
DecisionMonths = Annotated[int, quantity("months", low=1, high=120, whole=True, example="3 months")]
FitPaths = Annotated[int, number(low=LEAST_PATHS, high=1_000_000, integer=True)]
WaitMonths = Annotated[int, number(low=1, high=240, integer=True)]


class StepSection(Section):
    """One hall's conversion."""

    use: Name = key("Offer that the hall goes to.")
    decide: Month = key("Month of the binding decision.")


class StagedPlanSection(Section):
    """A plan whose dates are known at the start; halls it does not name keep mining."""

    kind: Literal["staged"] = key("Dates fixed hall by hall.")
    halls: dict[Name, StepSection] = Field(min_length=1, description="Conversions by hall.")


class ThresholdPlanSection(Section):
    """Convert the next hall once AI has beaten mining for some months running."""

    kind: Literal["threshold"] = key("A rule instead of dates.")
    use: Name = key("Offer that the halls go to.")
    halls: list[Name] = Field(min_length=1, description="Halls in the order of conversion.")
    ratio: Ratio = default(
        1.5, "AI margin over mining margin that must be exceeded.", "estimated: a margin for error"
    )
    months: WaitMonths = default(6, "Months running that it must be exceeded.", "two quarters")


class PolicyPlanSection(Section):
    """Convert each hall when, and to what, the best rule found says: regression Monte Carlo."""

    kind: Literal["policy"] = key("The best rule found, instead of dates.")
    uses: list[Name] = Field(min_length=1, description="Offers that the rule chooses among.")
    halls: list[Name] = Field(min_length=1, description="Halls that may be converted.")
    every: DecisionMonths = default(3, "Time between decisions.", "quarters, as boards meet")
    crews: Crews | None = optional("Halls under conversion at once; any number if left out.")
    ai: UtilityMw | None = optional("MW that may ever be converted; all if left out.")
    paths: FitPaths = default(
        2048, "Scenarios that the rule is fitted on.", "more change the value by under 0.1 %"
    )


class NowPlanSection(Section):
    """Which offer the plan "convert everything now" takes, instead of the first."""

    kind: Literal["now"] = key("All halls in the first month.")
    use: Name = key("Offer that all halls go to.")


PlanSection = Annotated[
    StagedPlanSection | ThresholdPlanSection | PolicyPlanSection | NowPlanSection,
    Field(discriminator="kind"),
]
