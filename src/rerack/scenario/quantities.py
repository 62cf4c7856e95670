"""The types that schema fields are made of: each reads one text and knows its unit and bounds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from rerack.base.errors import InputError
from rerack.base.timegrid import parse_month
from rerack.base.units import KINDS, WHOLE_DIGITS, parse_quantity

#: Type that every refusal of a rule carries; `rerack.scenario.errors` reads its context.
RULE_ERROR = "rerack_rule"

#: No quantity is longer; the unit parser's patterns are not meant for longer texts.
_LONGEST = 80

_BASIS_CURE = (
    "Say which MW it is: utility (at the meter), gross (IT and cooling) or critical (IT only); "
    "here {basis} is needed."
)


def refusal(allowed: str, cure: str) -> PydanticCustomError:
    """Return the exception by which a rule refuses a value."""
    return PydanticCustomError(RULE_ERROR, "refused", {"allowed": allowed, "cure": cure})


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """Reads a field's value with `read` and describes itself to JSON Schema.

    Parameters
    ----------
    read : callable
        From the YAML value to the canonical value; refuses with `refusal`.
    schema : tuple of (str, object)
        JSON Schema of what may be written.
    written_unit : str
        Unit to write after the canonical value (times 100 for ``%``); empty for text and pure
        numbers.
    """

    read: Callable[[Any], Any]
    schema: tuple[tuple[str, Any], ...]
    written_unit: str = ""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Tell pydantic to let `read` do all the work."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return what may be written, not what it becomes."""
        return dict(self.schema)


def quantity(
    kind: str,
    *,
    basis: str = "",
    low: float = -math.inf,
    high: float = math.inf,
    whole: bool = False,
    example: str = "",
) -> Rule:
    """Return the rule of a quantity with a unit.

    Parameters
    ----------
    kind : str
        A key of `rerack.base.units.KINDS`.
    basis : str
        Word that must follow where a megawatt could mean three things.
    low, high : float
        Inclusive bounds in the unit of `kind`.
    whole : bool
        Whether it must come out as a whole number, as months do.
    example : str
        What to show in messages and schemas; the kind's own if empty.
    """
    target = KINDS[kind]
    unit = f"{target.unit} {basis}".strip()
    bounds = _bounds_text(low, high, kind, unit)
    example = example or _example(kind, basis)
    allowed = f"a quantity in {unit} or convertible to it, such as {example!r}"

    def read(given: Any) -> float | int:
        if isinstance(given, bool) or not isinstance(given, str | int | float):
            raise refusal(allowed, "Write a number with its unit.")
        if len(str(given)) > _LONGEST:
            raise refusal(allowed, "Write a number with its unit, nothing else.")
        try:
            found = parse_quantity(str(given), kind)
        except InputError as error:
            problem = error.problems[0]
            raise refusal(allowed, problem.cure) from None
        if basis and found.basis != basis:
            raise refusal(allowed, _BASIS_CURE.format(basis=basis))
        if not (low <= found.value <= high and math.isfinite(found.value)):
            raise refusal(bounds, "Correct the value.")
        if not whole:
            return found.value
        if abs(found.value - round(found.value)) > 1e-9:
            raise refusal(f"a whole number of {target.unit}s", "Round it.")
        return round(found.value)

    return Rule(read=read, schema=_quantity_schema(kind, basis, bounds, example), written_unit=unit)


def _example(kind: str, basis: str) -> str:
    words = KINDS[kind].example.split()
    if words[-1] in KINDS[kind].basis:
        words = words[:-1]
    return " ".join([*words, basis]).strip()


def _bounds_text(low: float, high: float, kind: str, unit: str) -> str:
    scale = 100.0 if kind.startswith("frac") else 1.0
    unit = f"{unit}s" if unit in ("month", "year") else unit
    if math.isinf(high):
        return f"{low * scale:g} {unit} or more"
    return f"{low * scale:g} to {high * scale:g} {unit}"


def _quantity_schema(
    kind: str, basis: str, bounds: str, example: str
) -> tuple[tuple[str, Any], ...]:
    tail = rf" {basis}" if basis else ""
    number = rf"^\s*[+-]?({WHOLE_DIGITS}\.?\d*|\.\d+)([eE][+-]?\d+)?(?![\d,])"
    bare = kind == "frac"
    rest = ".*" if bare else r"\s*\S.*"
    return (
        ("type", ["string", "number"] if bare else "string"),
        ("pattern", rf"{number}{rest}{tail}\s*$"),
        ("examples", [example]),
        ("x-unit", f"{KINDS[kind].unit} {basis}".strip()),
        ("x-allowed", bounds if "inf" not in bounds else "any"),
    )


def number(*, low: float = -math.inf, high: float = math.inf, integer: bool = False) -> Rule:
    """Return the rule of a pure number."""
    word = "a whole number" if integer else "a number"
    bounds = f"{word}, {_bounds_text(low, high, '', '')}".replace(" or more", "or more").strip()
    kinds = int if integer else (int, float)

    def read(given: Any) -> float | int:
        if isinstance(given, bool) or not isinstance(given, kinds):
            raise refusal(bounds, "Write the number without a unit and without quotes.")
        if not low <= given <= high:
            raise refusal(bounds, "Correct the value.")
        return given if integer else float(given)

    schema: list[tuple[str, Any]] = [("type", "integer" if integer else "number")]
    if not math.isinf(low):
        schema.append(("minimum", low))
    if not math.isinf(high):
        schema.append(("maximum", high))
    return Rule(read=read, schema=tuple(schema))


_NAME = re.compile(r"[^.\n\t\"'<>{}\[\]]{1,60}\Z")
_DIFFICULTY = re.compile(rf"\s*({WHOLE_DIGITS}\.?\d*(?:[eE]\+?\d+)?)\s*([kMGTPE]?)\s*\Z")
_DIFFICULTY_ALLOWED = "a difficulty of 1 or more, such as '148.1953 T' or 148195300000000"
_SUFFIX = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}


def _read_name(given: Any) -> str:
    text = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    if text != text.strip() or not text.isprintable() or not _NAME.match(text):
        raise refusal(
            "a name of 1 to 60 characters without dots, quotes, braces or angle brackets",
            "Shorten or rename it; put a name that looks like a number in quotes.",
        )
    return text


def _read_text(given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise refusal("a text", "Put it in quotes.")
    text = str(given)
    if not text.isprintable():
        raise refusal(
            "a text on one line, of printable characters", "Remove the control characters."
        )
    return text


def _read_month(given: Any) -> str:
    allowed = "a month such as 2026-01"
    if not isinstance(given, str):
        raise refusal(allowed, "Write YYYY-MM.")
    try:
        year, month = parse_month(given, "month")
    except InputError:
        raise refusal(allowed, "Write YYYY-MM.") from None
    if not 2009 <= year <= 2200:
        raise refusal("a month from 2009-01 to 2200-12", "Correct the year.")
    return f"{year:04d}-{month:02d}"


def _read_difficulty(given: Any) -> float:
    cure = "Write a plain number or one with the suffix T."
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise refusal(_DIFFICULTY_ALLOWED, cure)
    match = _DIFFICULTY.match(str(given)[:_LONGEST])
    value = float(match[1].replace(",", "")) * _SUFFIX[match[2]] if match else 0.0
    if not 1.0 <= value < math.inf:
        raise refusal(_DIFFICULTY_ALLOWED, cure)
    return value


def _read_months_or_never(given: Any) -> int:
    if given == "never":
        return 0
    months = quantity("months", low=1, high=600, whole=True).read(given)
    return int(months)


_MONTH_SCHEMA = (("type", "string"), ("pattern", r"^\d{4}-\d{2}$"), ("examples", ["2026-01"]))

Name = Annotated[str, Rule(read=_read_name, schema=(("type", "string"), ("maxLength", 60)))]
Text = Annotated[str, Rule(read=_read_text, schema=(("type", "string"),))]
Month = Annotated[str, Rule(read=_read_month, schema=_MONTH_SCHEMA)]
Difficulty = Annotated[
    float,
    Rule(
        read=_read_difficulty,
        schema=(("type", ["string", "number"]), ("examples", ["148.1953 T"])),
    ),
]
MonthsOrNever = Annotated[
    int,
    Rule(
        read=_read_months_or_never,
        schema=(("type", "string"), ("examples", ["5 years", "never"])),
        written_unit="month",
    ),
]

UtilityMw = Annotated[float, quantity("mw", basis="utility", low=0.0, high=1e5)]
DurationMonths = Annotated[int, quantity("months", low=0, high=600, whole=True)]
PositiveMonths = Annotated[int, quantity("months", low=1, high=600, whole=True, example="10 years")]
Share = Annotated[float, quantity("frac", low=0.0, high=1.0, example="80 %")]
Volatility = Annotated[float, quantity("frac", low=0.0, high=5.0, example="55 %")]
GrowthPerYear = Annotated[
    float, quantity("frac_per_year", low=-0.5, high=1.0, example="2.5 %/year")
]
CoinPriceUsd = Annotated[float, quantity("usd", low=1e-6, high=1e12, example="85,000 USD")]
UsdPerYear = Annotated[float, quantity("usd_per_year", low=0.0, high=1e11)]
UsdPerMwh = Annotated[float, quantity("usd_per_mwh", low=-1e3, high=1e4)]
OmPerMwh = Annotated[float, quantity("usd_per_mwh", low=0.0, high=1e4)]
UsdPerUtilityMwYear = Annotated[
    float, quantity("usd_per_mw_year", basis="utility", low=0.0, high=1e8)
]
UsdPerCriticalMw = Annotated[float, quantity("usd_per_mw", basis="critical", low=0.0, high=1e9)]
UsdPerCriticalKwMonth = Annotated[
    float, quantity("usd_per_kw_month", basis="critical", low=0.0, high=1e5)
]
JoulePerTh = Annotated[float, quantity("j_per_th", low=0.1, high=1e5)]
ThPerSecond = Annotated[float, quantity("th_s", low=1e-6)]
Watt = Annotated[float, quantity("w", low=1e-3)]
KwPerGpu = Annotated[float, quantity("kw", low=0.01, high=100.0)]
UsdPerGpuHour = Annotated[float, quantity("usd_per_gpu_hour", low=0.0, high=1e4)]
BtcPerBlock = Annotated[float, quantity("btc_per_block", low=0.0, high=1e3)]
Count = Annotated[int, number(low=0, integer=True)]
