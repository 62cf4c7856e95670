"""Inputs that a sweep varies: ranges and lists, in the units of the file."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import numpy as np

from rerack.base.errors import InputError, Problem
from rerack.scenario import Scenario

#: Combinations of one sweep.
MOST_STUDIES = 100_000
_FACTORS = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}
_NUMBER = re.compile(r"\s*([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(k|M|bn)?(?![A-Za-z])\s*(.*?)\s*")
_RANGE = re.compile(r"(?P<low>.+?)\.\.(?P<high>.+?):(?P<count>\d+)(?P<log>:log)?")


@dataclass(frozen=True, kw_only=True)
class SweepAxis:
    """One input and the values that it takes.

    Parameters
    ----------
    key : str
        YAML path.
    values : tuple of str
        As a file would give them.
    """

    key: str
    values: tuple[str, ...]

    def overrides(self) -> tuple[str, ...]:
        """Return each value as ``KEY=VALUE``."""
        return tuple(f"{self.key}={value}" for value in self.values)


def parse_axis(text: str, scenario: Scenario) -> SweepAxis:
    """Read one ``--vary``.

    Parameters
    ----------
    text : str
        ``KEY=A..B:N`` (N values evenly from A to B), ``KEY=A..B:N:log`` (evenly in the
        logarithm) or ``KEY=A,B,C``. Numbers take k, M and bn; one without a unit has the unit in
        which the file gives the key.
    scenario : Scenario
        The study that is varied.

    Raises
    ------
    InputError
        It cannot be read.
    """
    key, equals, asked = (part.strip() for part in text.partition("="))
    if not key or not equals or not asked:
        raise _wrong(text)
    unit = _unit_of(key, scenario)
    found = _RANGE.fullmatch(asked)
    if found is None:
        if ".." in asked:
            raise _wrong(text)
        items = [item.strip() for item in asked.split(",")]
        if not all(items) or len(set(items)) != len(items):
            raise _wrong(text)
        return SweepAxis(key=key, values=tuple(_written(item, unit) for item in items))
    return SweepAxis(key=key, values=_spaced(text, found, unit))


def _spaced(text: str, found: re.Match[str], unit: str) -> tuple[str, ...]:
    low, high = _NUMBER.fullmatch(found["low"]), _NUMBER.fullmatch(found["high"])
    count = int(found["count"])
    if low is None or high is None or not 2 <= count <= MOST_STUDIES:
        raise _wrong(text)
    # "3..8 USD/MWh": the unit stands once, behind the second number.
    given = high.group(3) or low.group(3)
    if low.group(3) not in ("", given):
        raise _wrong(text)
    a, b = _value(low), _value(high)
    if a == b or (found["log"] and min(a, b) <= 0.0):
        raise _wrong(text)
    spaced = np.geomspace(a, b, count) if found["log"] else np.linspace(a, b, count)
    return tuple(f"{value:.12g} {given or unit}".strip() for value in spaced)


def _written(item: str, unit: str) -> str:
    found = _NUMBER.fullmatch(item)
    if found is None or (found.group(2) is None and found.group(3)):
        return item
    return f"{_value(found):.12g} {found.group(3) or unit}".strip()


def _value(found: re.Match[str]) -> float:
    return float(found.group(1)) * _FACTORS[found.group(2) or ""]


def _unit_of(key: str, scenario: Scenario) -> str:
    """Return the unit in which the file gives a key; empty where it has none."""
    for row in scenario.inputs:
        if row.path == key:
            found = re.fullmatch(r"\s*[+-]?[\d.,]+(?:[eE][+-]?\d+)?\s*(.*)", row.value)
            return found.group(1).strip() if found else ""
    return ""


def _wrong(text: str) -> InputError:
    return InputError.of(
        "--vary",
        given=repr(text),
        allowed="KEY=A..B:N, KEY=A..B:N:log (A and B above 0, N from 2) or KEY=A,B,C, each once",
        cure="Write market.bitcoin.price=40k..160k:13, for example.",
    )


def parse_axes(texts: tuple[str, ...], scenario: Scenario) -> tuple[SweepAxis, ...]:
    """Read all axes; every problem is reported at once."""
    axes: list[SweepAxis] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            axes.append(parse_axis(text, scenario))
        except InputError as error:
            problems.extend(error.problems)
    keys = [axis.key for axis in axes]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        problems.append(
            Problem(
                where="--vary",
                given=f"{key} twice",
                allowed="each key once",
                cure="Join its values into one list.",
            )
        )
    count = int(np.prod([len(axis.values) for axis in axes], dtype=np.float64)) if axes else 0
    if not problems and not 1 <= count <= MOST_STUDIES:
        problems.append(
            Problem(
                where="--vary",
                given=f"{count:,} studies",
                allowed=f"1 to {MOST_STUDIES:,}",
                cure="Vary an input, in fewer values.",
            )
        )
    if problems:
        raise InputError(*problems)
    return tuple(axes)


def combinations(axes: tuple[SweepAxis, ...]) -> list[tuple[str, ...]]:
    """Return the values of each study, the last axis varying fastest."""
    return list(itertools.product(*(axis.values for axis in axes)))
