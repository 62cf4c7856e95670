"""Whatever a file holds, the answer is a scenario or a refusal; what is set comes back."""

from __future__ import annotations

import dataclasses
import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rerack.base.errors import RerackError
from rerack.scenario import Scenario, load
from rerack.scenario.scalars import resolve

STARTER = files("rerack.scenario").joinpath("data", "starter_site.yaml").read_text("utf-8")
LINES = STARTER.splitlines()
NASTY = st.sampled_from(
    [
        "",
        "*a",
        "&a",
        "<<: x",
        "[",
        "{",
        "- ",
        "\t",
        "'",
        '"',
        "|",
        "!!int",
        "?",
        "%",
        "\x85",
        "1e999",
        "-0",
        "NaN",
        "yes",
        "9" * 30,
        "value",
        "{value: 1}",
        "{value: {value: 1}}",
        "extends: s.yaml",
        "\\ud800",
        '"\\ud800"',
        "null",
        "~",
        "0 MW utility",
        "1 %",
        "2026-13",
        "A",
        "shell",
    ]
)

quick = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
#: For laws that load twice.
few = settings(quick, max_examples=25)


def answer(raw: bytes, folder: Path) -> Scenario | None:
    """Return the scenario, or None where it was refused with every field of the message."""
    path = folder / "s.yaml"
    path.write_bytes(raw)
    try:
        return load(path)
    except RerackError as error:
        for problem in getattr(error, "problems", ()):
            assert problem.where
            assert problem.given
            assert problem.allowed
            assert problem.cure
        return None


@quick
@given(raw=st.binary(max_size=300))
def test_random_bytes_never_crash(raw: bytes, tmp_path: Path) -> None:
    assert answer(raw, tmp_path) is None


@quick
@given(
    position=st.integers(0, len(STARTER)),
    length=st.integers(0, 40),
    text=NASTY | st.text(max_size=9),
)
def test_mutated_starter_never_crashes(
    position: int, length: int, text: str, tmp_path: Path
) -> None:
    mutated = STARTER[:position] + text + STARTER[position + length :]
    found = answer(mutated.encode("utf-8", "surrogatepass"), tmp_path)
    assert found is None or found.site.halls


@quick
@given(line=st.integers(0, len(LINES) - 1), value=NASTY)
def test_every_value_may_be_wrong_without_a_crash(line: int, value: str, tmp_path: Path) -> None:
    key, colon, _ = LINES[line].partition(":")
    changed = [*LINES[:line], f"{key}{colon} {value}", *LINES[line + 1 :]]
    found = answer("\n".join(changed).encode(), tmp_path)
    assert found is None or found.site.halls


@quick
@given(line=st.integers(5, len(LINES) - 1), count=st.integers(1, 4))
def test_every_line_may_be_missing(line: int, count: int, tmp_path: Path) -> None:
    found = answer("\n".join([*LINES[:line], *LINES[line + count :]]).encode(), tmp_path)
    assert found is None or found.site.halls


@quick
@given(adder=st.floats(-900, 9_000), seed=st.integers(0, 10**17), scenarios=st.integers(1, 100_000))
def test_overrides_round_trip(adder: float, seed: int, scenarios: int, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(STARTER)
    scenario = load(
        path,
        overrides=[
            f"site.power.adder={adder!r} USD/MWh",
            f"study.seed={seed}",
            f"study.scenarios={scenarios}",
        ],
    )
    assert scenario.site.tariff.adder_usd_per_mwh == pytest.approx(adder, rel=1e-14, abs=1e-300)
    assert (scenario.seed, scenario.scenarios) == (seed, scenarios)
    again = tmp_path / "again.yaml"
    again.write_text(scenario.merged_text, encoding="utf-8")
    other = load(again)
    for field in ("name", "grid", "seed", "scenarios", "site", "offers", "plans", "finance"):
        assert getattr(other, field) == getattr(scenario, field)
    assert [dataclasses.replace(r, where="", source="") for r in other.inputs] == [
        dataclasses.replace(r, where="", source="") for r in scenario.inputs
    ]


@few
@given(name=st.text(min_size=1, max_size=20))
def test_any_name_survives_merging(name: str, tmp_path: Path) -> None:
    quoted = json.dumps(name)
    found = answer(STARTER.replace("name: My site", f"name: {quoted}", 1).encode(), tmp_path)
    if found is not None:
        again = answer(found.merged_text.encode(), tmp_path)
        assert again is not None
        assert again.name == found.name == name


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_read_as_written(number: float) -> None:
    assert resolve(repr(number)) == number


@given(number=st.integers(-(10**17), 10**17))
def test_integers_are_read_as_written(number: int) -> None:
    read = resolve(str(number))
    assert isinstance(read, int)
    assert read == number


@pytest.mark.parametrize(
    "text",
    ["no", "Yes", "on", "off", "12:30", "2026-01-01", "0o17", "017", "0x1f", "1_000", "1e999",
     ".inf", ".nan", "null", "~", "True", "+", "1 MW", "08", "-01.5"],
)  # fmt: skip
def test_what_is_not_beyond_doubt_stays_text(text: str) -> None:
    assert resolve(text) == text
