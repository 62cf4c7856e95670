"""The sliders: label, unit and range of every input that can be moved."""

from __future__ import annotations

from typing import Any

from rerack.scenario import Scenario
from rerack.study.change import CHANGE_LIMITS, Change, current
from rerack.web.endpoint import Query
from rerack.web.models import Lever

#: Name -> label, unit, lowest and highest of the slider as factors on the file's value.
_SHOWN = {
    "bitcoin_usd": ("Bitcoin", "USD", 0.3, 2.5),
    "hashprice_usd_per_ph_day": ("Hashprice", "USD/PH/day", 0.4, 2.0),
    "power_usd_per_mwh": ("Power", "USD/MWh", 0.4, 2.5),
    "rent_factor": ("Rent", "× offered", 0.5, 2.0),
    "capex_factor": ("Capex", "× given", 0.5, 2.0),
    "uptime_frac": ("Rig uptime", "share", 0.5, 1.0),
}


def levers(scenario: Scenario) -> list[Lever]:
    """Return the sliders of a prepared scenario."""
    made = []
    for name, value in current(scenario).items():
        label, unit, low, high = _SHOWN[name]
        least, most = CHANGE_LIMITS[name]
        top = 1.0 if name == "uptime_frac" else high * value
        made.append(
            Lever(
                name=name,
                label=label,
                unit=unit,
                value=value,
                low=max(low * value, least),
                high=min(top, most),
                least=least,
                most=most,
            )
        )
    return made


#: The same as parameters of a query.
LEVER_QUERY = tuple(
    Query(
        name=name,
        about=f"{_SHOWN[name][0]} [{_SHOWN[name][1]}]; the file's where left out.",
        kind="number",
        low=low,
        high=high,
    )
    for name, (low, high) in CHANGE_LIMITS.items()
)


def change_of(values: Any) -> Change:
    """Return the change that checked parameters ask for."""
    return Change(**{name: values[name] for name in CHANGE_LIMITS if values[name] is not None})
