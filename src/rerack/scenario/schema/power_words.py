"""How power terms are written: months, days and hours as spans, heat, temperature, seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from rerack.base.errors import InputError
from rerack.base.units import parse_quantity
from rerack.scenario.quantities import Rule, quantity, refusal

#: Energy of a million British thermal units; reference: NIST SP 811, appendix B.8 (Btu IT).
MWH_PER_MMBTU = 0.293_071_07

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = re.compile(r"\s*(\d{1,2})\s*-\s*(\d{1,2})\s*\Z")
_TEMPERATURE = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?C\s*\Z")
_LONGEST = 80


def _text(given: Any, allowed: str) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise refusal(allowed, "Write it as one text.")
    if len(str(given)) > _LONGEST:
        raise refusal(allowed, "Write nothing else.")
    return str(given)


def _spans(names: Sequence[str], allowed: str) -> Rule:
    """Return the rule of spans of a cycle of names, such as ``Jun-Sep`` or ``Mon-Fri, Sun``."""

    def read(given: Any) -> tuple[int, ...]:
        found: list[int] = []
        for part in _text(given, allowed).split(","):
            ends = [end.strip().capitalize() for end in part.split("-")]
            if not 1 <= len(ends) <= 2 or any(end not in names for end in ends):
                raise refusal(allowed, f"Use the names {', '.join(names)}.")
            first, last = names.index(ends[0]), names.index(ends[-1])
            count = (last - first) % len(names) + 1
            found += [(first + k) % len(names) for k in range(count)]
        if len(set(found)) != len(found):
            raise refusal(allowed, "Name each once.")
        return tuple(sorted(found))

    example = allowed.partition("such as ")[2].split(" or ")[0]
    return Rule(read=read, schema=(("type", "string"), ("examples", [example])))


_MONTH_SPANS = _spans(_MONTHS, "months such as Jun-Sep or Jan, Jul-Aug")
_DAY_SPANS = _spans(_DAYS, "days such as Mon-Fri or Sat, Sun")
_HOURS_ALLOWED = "hours of the local clock such as 16-21, from the first up to the second, 0 to 24"


def _read_months(given: Any) -> tuple[int, ...]:
    return tuple(1 + month for month in _MONTH_SPANS.read(given))


def _read_hours(given: Any) -> tuple[int, int]:
    match = _HOURS.match(_text(given, _HOURS_ALLOWED))
    if match is None:
        raise refusal(_HOURS_ALLOWED, "Write two whole hours with a dash between.")
    first, end = int(match[1]), int(match[2])
    if not (first <= 23 and 1 <= end <= 24 and first != end):
        raise refusal(_HOURS_ALLOWED, "Correct the hours; 0-24 is the whole day.")
    return first, end


def _read_temperature(given: Any) -> float:
    allowed = "a temperature such as '35 C', -40 to 80"
    match = _TEMPERATURE.match(_text(given, allowed))
    if match is None or not -40.0 <= float(match[1]) <= 80.0:
        raise refusal(allowed, "Write degrees Celsius.")
    return float(match[1])


def _heat(kind: str, *, low: float, high: float, unit: str, example: str) -> Rule:
    """Return the rule of a quantity in which heat may be said in MMBtu."""
    bounds = f"{low:g} to {high:g} {unit}, or the same with MMBtu of heat, such as {example!r}"

    def read(given: Any) -> float:
        text = _text(given, bounds)
        try:
            found = parse_quantity(text.replace("MMBtu", "MWh"), kind).value
        except InputError as error:
            raise refusal(bounds, error.problems[0].cure) from None
        if "/MMBtu" in text:
            found /= MWH_PER_MMBTU
        elif "MMBtu" in text:
            found *= MWH_PER_MMBTU
        if not low <= found <= high:
            raise refusal(bounds, "Correct the value.")
        return found

    schema = (("type", "string"), ("examples", [example]), ("x-unit", unit))
    return Rule(read=read, schema=schema, written_unit=unit)


def _seconds() -> Rule:
    hours = quantity("hours", low=0.0, high=24.0, example="10 s")

    def read(given: Any) -> float:
        # Rounded, so that 10 s is 10.0 and can be compared with a service that asks for 10 s.
        return round(3600.0 * float(hours.read(given)), 6)

    return Rule(read=read, schema=hours.schema, written_unit="s")


Months = Annotated[tuple[int, ...], Rule(read=_read_months, schema=_MONTH_SPANS.schema)]
Days = Annotated[tuple[int, ...], _DAY_SPANS]
ClockHours = Annotated[
    tuple[int, int],
    Rule(read=_read_hours, schema=(("type", "string"), ("examples", ["16-21"]))),
]
Celsius = Annotated[
    float,
    Rule(
        read=_read_temperature,
        schema=(("type", "string"), ("examples", ["35 C"])),
        written_unit="C",
    ),
]
Seconds = Annotated[float, _seconds()]
FuelPrice = Annotated[
    float, _heat("usd_per_mwh", low=0.0, high=1e4, unit="USD/MWh", example="3 USD/MMBtu")
]
HeatRate = Annotated[
    float, _heat("frac", low=1.0, high=20.0, unit="MWh/MWh", example="8 MMBtu/MWh")
]
WholeHours = Annotated[int, quantity("hours", low=0, high=8784, whole=True, example="100 h")]
RunHours = Annotated[int, quantity("hours", low=1, high=168, whole=True, example="4 h")]
StopHours = Annotated[float, quantity("hours", low=0.0, high=744.0, example="75 h")]
NoticeHours = Annotated[float, quantity("hours", low=0.0, high=8784.0, example="2 h")]
CallHours = Annotated[float, quantity("hours", low=0.0, high=168.0, example="1 h")]
RateUsdPerMwh = Annotated[float, quantity("usd_per_mwh", low=0.0, high=1e5)]
UsdPerUtilityKwMonth = Annotated[
    float,
    quantity(
        "usd_per_kw_month",
        basis="utility",
        low=0.0,
        high=1e3,
        example="9 USD/kW-month utility",
    ),
]
UsdPerUtilityMw = Annotated[
    float, quantity("usd_per_mw", basis="utility", low=0.0, high=1e6, example="4 USD/MW utility")
]
UsdOnce = Annotated[float, quantity("usd", low=0.0, high=1e7, example="500 USD")]
PeakUsdPerMwYear = Annotated[
    float,
    quantity(
        "usd_per_mw_year",
        basis="utility",
        low=0.0,
        high=1e7,
        example="65 USD/kW-year utility",
    ),
]
StoredMwh = Annotated[float, quantity("mwh", low=0.0, high=1e7, example="200 MWh")]
Efficiency = Annotated[float, quantity("frac", low=0.0025, high=1.0, example="86 %")]
SelfDischarge = Annotated[float, quantity("frac", low=0.0, high=0.5, example="2 %")]
LossShare = Annotated[float, quantity("frac", low=0.0, high=0.5, example="2 %")]
PowerShare = Annotated[float, quantity("frac", low=0.001, high=1.0, example="60 %")]
HashShare = Annotated[float, quantity("frac", low=0.0, high=1.5, example="70 %")]
IdleShare = Annotated[float, quantity("frac", low=0.0, high=0.5, example="3 %")]
