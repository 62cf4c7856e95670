"""What can be wrong with a distribution that is written as cases with chances."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rerack.scenario.places import YamlPath
from rerack.scenario.rules.contradiction import Contradiction


def wrong_cases(path: YamlPath, cases: Sequence[tuple[int, float]]) -> Iterator[Contradiction]:
    """Refuse cases, of (months, chance), whose chances do not sum to one, or that stand twice."""
    total = math.fsum(chance for _, chance in cases)
    if cases and abs(total - 1.0) > 1e-9:
        yield Contradiction(
            path=path,
            given=f"chances that sum to {total:.6g}",
            allowed="chances that sum to 100 %",
            cure="Give what is left to a case of 0 months.",
            at_key=True,
        )
    if len({months for months, _ in cases}) < len(cases):
        yield Contradiction(
            path=path,
            given="two cases of the same months",
            allowed="each number of months once",
            cure="Add their chances up.",
            at_key=True,
        )
