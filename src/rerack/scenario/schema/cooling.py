"""How heat leaves a load: section ``cooling`` of topology and site files."""

from __future__ import annotations

from typing import Annotated, Literal

from rerack.scenario.quantities import Text, quantity
from rerack.scenario.schema.base import Section, key

#: A load that something cools, in critical megawatts.
CooledMw = Annotated[float, quantity("mw", basis="critical", low=0.0, high=1e5)]


class CoolingSection(Section):
    """How heat leaves, and the weather that it meets."""

    type: Literal["air economiser", "evaporative", "chiller", "liquid"] = key("Type of plant.")
    weather: Text = key(
        "CSV of hours: dry_bulb_c and wet_bulb_c, dew_point_c or humidity_frac; ts_utc if known."
    )
