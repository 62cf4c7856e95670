"""Section ``site.programmes``: what the site has promised to the grid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rerack.scenario.quantities import Share, UtilityMw, number
from rerack.scenario.schema.base import Section, default, key, optional
from rerack.scenario.schema.power_words import (
    CallHours,
    ClockHours,
    Months,
    NoticeHours,
    RateUsdPerMwh,
    RunHours,
    Seconds,
    UsdPerUtilityKwMonth,
    WholeHours,
)

Calls = Annotated[int, number(low=0, high=8784, integer=True)]


class DemandResponseSection(Section):
    """Payment for holding import under a cap in a limited number of calls."""

    kind: Literal["demand_response"] = key("Kind of programme.")
    baseline: UtilityMw = key("Import that the programme takes for normal.")
    enrolled: UtilityMw = key("Reduction owed in a call.")
    energy: RateUsdPerMwh = key("Paid per enrolled MW and hour of call.")
    standing: UsdPerUtilityKwMonth = default(0.0, "Paid for being enrolled.", "none given")
    limit: WholeHours = key("Most hours of call in the hours dispatched.")
    calls: Calls = key("Most calls in the hours dispatched.")
    longest: RunHours = key("Longest call.")
    notice: NoticeHours = default(0.0, "Time between notice and call.", "none given")
    months: Months | None = optional("Months in which calls are possible; all if left out.")
    hours: ClockHours | None = optional("Local hours in which they are; all if left out.")


class AncillarySection(Section):
    """A reserve sold by the hour: running rigs that stand ready to drop; AI load never does."""

    kind: Literal["ancillary"] = key("Kind of programme.")
    share: Share = key("Largest share of a qualifying hall's running power that may be offered.")
    call_probability: Share = key("Probability that an offered MW is called in an hour.")
    call_length: CallHours = key("Mean length of a call, restoring included.")
    response: Seconds = key("Time in which the load must have dropped.")
    energy: RateUsdPerMwh = default(0.0, "Paid per MWh not drawn in a call.", "none given")
    price: RateUsdPerMwh | None = optional(
        "Capacity price per MW and hour; by hour with `rerack dispatch --series NAME=FILE`."
    )


Programme = Annotated[DemandResponseSection | AncillarySection, Field(discriminator="kind")]
