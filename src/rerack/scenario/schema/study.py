"""Section ``study``: what is run, over which months, with which seed."""

from __future__ import annotations

from typing import Annotated

from rerack.scenario.quantities import Count, GrowthPerYear, Month, Name, number, quantity
from rerack.scenario.schema.base import Section, default, key

HorizonMonths = Annotated[int, quantity("months", low=1, high=600, whole=True, example="20 years")]
ScenarioCount = Annotated[int, number(low=1, high=100_000, integer=True)]


class StudySection(Section):
    """What is run."""

    name: Name = key("Name of the study, shown in every report.")
    start: Month = key("First month, YYYY-MM; all money is dated from here.")
    horizon: HorizonMonths = default(240, "Length of the study.", "twenty years")
    scenarios: ScenarioCount = default(1000, "Number of scenarios.", "standard errors near 1 %")
    seed: Count = default(7, "Seed of all random streams.", "any integer replays the study")
    discount_rate: GrowthPerYear = default(
        0.09, "Nominal discount rate of the owner, effective annual.", "house view, not a fact"
    )
    inflation: GrowthPerYear = default(
        0.025, "Growth of operating, overhead and construction cost.", "house view, not a fact"
    )
