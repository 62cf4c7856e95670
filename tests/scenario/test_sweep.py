"""Sweeps: axes in the units of the file, results readable while they come, resumed to the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from rerack.base.errors import InputError, ScenarioError, StoreError
from rerack.cli.main import cli
from rerack.scenario import Scenario, load
from rerack.study import run_study
from rerack.study.memory import parse_memory, threads_within
from rerack.study.sweep.axes import combinations, parse_axes, parse_axis
from rerack.study.sweep.folder import check_axes, open_sweep, resume_sweep, run_sweep
from rerack.study.sweep.results import SweepResults

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml"
OVERRIDES = ("study.horizon=3 years",)
VARY = ("market.bitcoin.price=40k,160k", "site.power.adder=2..8:2")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(EXAMPLE, scenarios=64, overrides=OVERRIDES)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("market.bitcoin.price=40k..160k:3", ("40000 USD", "100000 USD", "160000 USD")),
        ("site.power.adder=1..100:3:log", ("1 USD/MWh", "10 USD/MWh", "100 USD/MWh")),
        ("site.power.adder=2..8 USD/MWh:2", ("2 USD/MWh", "8 USD/MWh")),
        ("site.power.adder=2,5.5", ("2 USD/MWh", "5.5 USD/MWh")),
        ("site.power.adder=0.3 c/kWh,0.5 c/kWh", ("0.3 c/kWh", "0.5 c/kWh")),
        ("market.bitcoin.model=gbm,jump", ("gbm", "jump")),
    ],
)
def test_values_have_the_unit_of_the_file(
    text: str, values: tuple[str, ...], scenario: Scenario
) -> None:
    assert parse_axis(text, scenario).values == values


@pytest.mark.parametrize(
    "text",
    ["", "a", "=1", "a=", "a=1..2", "a=1..2:1", "a=2..2:3", "a=0..9:3:log", "a=x..y:3", "a=1,,2"],
)
def test_what_is_no_axis_is_refused(text: str, scenario: Scenario) -> None:
    with pytest.raises(InputError, match="--vary: given"):
        parse_axis(text, scenario)


def test_every_problem_is_said_before_anything_runs(scenario: Scenario) -> None:
    with pytest.raises(InputError) as caught:
        parse_axes(("a=1..2", "b=", "c=1,2", "c=3,4"), scenario)
    assert len(caught.value.problems) == 3
    axes = parse_axes(("site.power.adr=1,2", "market.bitcoin.price=-4,50k"), scenario)
    with pytest.raises(ScenarioError) as wrong:
        check_axes(scenario, axes, OVERRIDES)
    assert "adr" in str(wrong.value)
    assert "market.bitcoin.price" in str(wrong.value)
    with pytest.raises(InputError, match="1 to 100,000"):
        parse_axes(("a=1..2:1000", "b=1..2:1000"), scenario)


def test_a_sweep_is_its_studies_and_resumes_to_the_same_bytes(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    axes = parse_axes(VARY, scenario)
    whole = run_sweep(scenario, axes, tmp_path / "whole", threads=1)
    assert (whole.done, whole.studies, whole.state) == (4, 4, "complete")
    last = load(
        EXAMPLE,
        scenarios=64,
        overrides=(*OVERRIDES, "market.bitcoin.price=160000 USD", "site.power.adder=8 USD/MWh"),
    )
    plans = run_study(last, threads=1).table("plans")
    mine = whole.table["study"] == 3
    assert np.array_equal(whole.table["npv_mean_usd"][mine], plans["npv_mean_usd"])
    assert np.array_equal(whole.table["delta_se_usd"][mine], plans["delta_se_usd"])

    append = SweepResults.append
    kept: list[int] = []

    def stop_at_third(results: SweepResults, values: tuple[str, ...], rows: list) -> None:  # type: ignore[type-arg]
        if len(kept) == 2:
            raise KeyboardInterrupt
        kept.append(1)
        append(results, values, rows)

    with monkeypatch.context() as patch:
        patch.setattr(SweepResults, "append", stop_at_third)
        with pytest.raises(KeyboardInterrupt):
            run_sweep(scenario, axes, tmp_path / "stopped", threads=2)
    (folder,) = (tmp_path / "stopped").iterdir()
    part = open_sweep(folder)
    assert (part.done, part.state) == (2, "incomplete")
    results = folder / "results.csv"
    # The second study is half written, as after a loss of power.
    results.write_bytes(results.read_bytes()[:-10])
    torn = open_sweep(folder)
    assert torn.done == 1
    assert "not whole" in torn.messages[0]
    assert resume_sweep(folder, threads=2).done == 4
    assert (folder / "results.parquet").read_bytes() == (
        whole.folder / "results.parquet"
    ).read_bytes()


def test_a_refused_combination_says_why(tmp_path: Path) -> None:
    """Engines with starting costs are for the desk: said at once of a value, later of a mix."""
    engine = (
        "site:\n  generation:\n    engine: {kind: gas, capacity: 20 MW utility, "
        "heat_rate: 9 MMBtu/MWh, fuel: 3 USD/MMBtu}\n"
    )
    file = tmp_path / "site.yaml"
    file.write_text(EXAMPLE.read_text(encoding="utf-8").replace("site:\n", engine, 1))
    scenario = load(file, scenarios=8, overrides=OVERRIDES)
    axes = parse_axes(("site.generation.engine.start_cost=0 USD,500 USD",), scenario)
    with pytest.raises(ScenarioError, match="tie hours together"):
        check_axes(scenario, axes, OVERRIDES)
    made = run_sweep(scenario, axes, tmp_path / "sweeps", threads=1)
    assert (made.done, made.state) == (2, "complete")
    good, refused = made.table["study"] == 0, made.table["study"] == 1
    assert np.isfinite(made.table["npv_mean_usd"][good]).all()
    (said,) = made.table["problem"][refused]
    # File and line are those of the sweep's folder: the first line under the engine's name.
    name, line, *_ = said.split(":")
    kept = (made.folder / name).read_text(encoding="utf-8").splitlines()
    assert kept[int(line) - 2].strip() == "engine:"
    assert "tie hours together" in said


def test_a_damaged_list_of_axes_is_named(scenario: Scenario, tmp_path: Path) -> None:
    made = run_sweep(scenario, parse_axes(("market.bitcoin.price=50k",), scenario), tmp_path)
    (made.folder / "sweep.json").write_text("{}")
    with pytest.raises(StoreError, match=r"sweep\.json: damaged"):
        open_sweep(made.folder)


def test_from_the_command_line(tmp_path: Path) -> None:
    common = ["--scenarios", "8", "--set", OVERRIDES[0], "--out", str(tmp_path)]
    axis = ["--vary", "market.bitcoin.price=40k..160k:2"]
    dry = CliRunner().invoke(cli, ["sweep", str(EXAMPLE), *axis, *common, "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "2 studies" in dry.stderr
    assert not list(tmp_path.iterdir())
    page = tmp_path / "sweep.html"
    done = CliRunner().invoke(cli, ["sweep", str(EXAMPLE), *axis, *common, "--report", str(page)])
    assert done.exit_code == 0, done.output
    assert "2 of 2 studies, complete" in done.output
    assert "market.bitcoin.price, USD" in page.read_text()
    shown = CliRunner().invoke(cli, ["sweep", "show", "--out", str(tmp_path), "--json"])
    rows = json.loads(shown.output)
    assert {row["market.bitcoin.price"] for row in rows} == {"40000 USD", "160000 USD"}


def test_combinations_vary_the_last_axis_fastest(scenario: Scenario) -> None:
    found = combinations(parse_axes(VARY, scenario))
    assert [c[1] for c in found[:2]] == ["2 USD/MWh", "8 USD/MWh"]


@pytest.mark.parametrize("text", ["", "2", "2 G", "0GB", "-1GB", "2 PB", "many"])
def test_what_is_no_memory_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--memory"):
        parse_memory(text)


def test_a_budget_too_small_says_what_would_do() -> None:
    with pytest.raises(InputError, match=r"0\.90 GB or more"):
        threads_within(
            8 * 10**8, threads=4, block_bytes=3 * 10**8, before_bytes=5 * 10**8, kept_bytes=10**8
        )
