"""Figures carry the tables' numbers, and plotly accepts every one."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.report import FIGURES, figure
from rerack.report.cash import grouped, yearly_cash
from rerack.report.figures.npv import density
from rerack.report.figures.region import _texts as region_texts
from rerack.report.hour_figures import _ticks as day_ticks
from rerack.report.robust_figures import regret_figure
from rerack.report.security_figures import capital_figure, hour_figure


def _made() -> Any:
    """Load the builder of made-up runs that stands beside this file."""
    path = Path(__file__).with_name("test_report_made_run.py")
    spec = importlib.util.spec_from_file_location("report_made_run", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made_run = _made().made_run


RUNS = {
    "whole": {},
    "long": {"months": 240},
    "no AI": {"ai": False},
    "hostile": {"label": "</script><b onclick=alert(1)>&amp;%{x}"},
}


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("name", FIGURES)
def test_plotly_accepts_it_and_it_is_plain_json(name: str, kind: str) -> None:
    import plotly.graph_objects as go

    made = figure(made_run(**RUNS[kind]), name)
    go.Figure(made)
    text = json.dumps(made, allow_nan=False)
    assert set(made) == {"data", "layout"}
    # Markup of a name reaches the chart as text only; meta is plain text for the page to escape.
    drawn = json.dumps([made["data"], {**made["layout"], "meta": None}])
    assert "<b onclick" not in drawn
    meta = made["layout"]["meta"]
    assert len(meta["title"]) > 10
    assert meta["subtitle"]
    assert "NaN" not in text
    assert all(len(row) == len(meta["table"]["heads"]) for row in meta["table"]["rows"])


def test_an_unknown_figure_or_plan_names_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean tornado"):
        figure(made_run(), "tornados")
    with pytest.raises(InputError, match="Did you mean staged"):
        figure(made_run(), "uses", "stage")


def test_uses_stack_up_to_the_site() -> None:
    made = figure(made_run(), "uses")
    assert {trace["stackgroup"] for trace in made["data"]} == {"mw"}
    total = np.sum([trace["y"] for trace in made["data"]], axis=0)
    np.testing.assert_allclose(total, 400.0, rtol=1e-12)
    assert made["layout"]["meta"]["title"] == (
        "AI reaches 200 MW utility in 2027-07; 190 MW still mine at the end"
    )


def test_the_plan_changes_what_is_drawn() -> None:
    kept = figure(made_run(), "uses", "keep mining")
    assert [t["name"] for t in kept["data"]] == ["mining", "idle"]
    assert kept["layout"]["meta"]["title"].startswith("No hall converts")


def test_the_waterfall_ends_at_the_sum_of_both_payers() -> None:
    owner, tenant = figure(made_run(), "capex")["data"][:2]
    assert owner["x"][-1] == pytest.approx(4.1 + 2.2 + 0.63)
    assert tenant["base"][-1] + tenant["x"][-1] == pytest.approx(6.93 + 2.09)
    # The tenant's part starts where the owner's ends, each component where the one before ends.
    assert tenant["base"] == pytest.approx(np.add(owner["base"], owner["x"]))
    for k in range(1, 4):
        before = owner["base"][k - 1] + owner["x"][k - 1] + tenant["x"][k - 1]
        assert owner["base"][k] == pytest.approx(before)


def test_cash_of_lines_groups_and_table_is_one_sum() -> None:
    run = made_run()
    cash = yearly_cash(run)
    table = run.table("cashflow")
    whole = table["mean_usd"][table["plan"] == "staged"].sum()
    assert cash.mean_usd.sum() == pytest.approx(whole, rel=1e-12)
    assert sum(v.sum() for v in grouped(cash).values()) == pytest.approx(whole, rel=1e-12)
    net = figure(run, "cashflow")["data"][-1]
    assert sum(net["y"]) * 1e6 == pytest.approx(whole, rel=1e-12)


def test_a_line_that_nobody_knows_still_counts() -> None:
    run = made_run()
    lines = np.array(run.tables["cashflow"]["line"])
    run.tables["cashflow"]["line"] = np.where(lines == "tax", "tithe", lines)
    cash = yearly_cash(run)
    assert cash.lines[-1] == "tithe"
    assert grouped(cash)["other"].sum() == pytest.approx(-2e6 * 48)


def test_tornado_is_sorted_and_marks_what_turns() -> None:
    low, high = figure(made_run(), "tornado")["data"]
    assert [name.split("<br>")[0] for name in low["y"]] == [
        "✗ BTC price",
        "lease rate",
        "power adder",
    ]
    assert high["base"] + high["x"][0] == pytest.approx(-0.4)
    assert high["marker"]["color"][0] != low["marker"]["color"][0]


def test_tornado_names_the_runner_up_where_keeping_wins() -> None:
    run = made_run()
    run.meta["answer_plan"] = "keep mining"
    assert (
        "NPV of “staged” less “keep mining”"
        in (figure(run, "tornado")["layout"]["meta"]["subtitle"])
    )


def test_decisions_of_a_hall_add_up_to_all_scenarios() -> None:
    made = figure(made_run(), "decisions")
    (heat,) = made["data"]
    np.testing.assert_allclose(np.sum(heat["z"], axis=1), 100.0)
    assert heat["x"][-1] == "never"
    assert made["layout"]["meta"]["title"].endswith("3 in some, 1 in none")


def test_duration_leaves_rare_spikes_out_and_says_so() -> None:
    made = figure(made_run(), "duration")
    assert made["layout"]["yaxis"]["range"][1] == pytest.approx(120.0)
    assert "above 120 USD/MWh not shown" in made["layout"]["meta"]["subtitle"]
    # Two halls with the same rigs are one line.
    assert len(made["layout"]["shapes"]) == 2


def test_equal_scenarios_become_a_line() -> None:
    run = made_run(ai=False)
    run.tables["scenarios"]["npv_usd"] = [1e8] * 200
    (stem,) = figure(run, "npv")["data"]
    assert stem["x"] == [100.0, 100.0]


def test_density_of_normal_draws_is_the_normal_curve() -> None:
    draws = np.random.default_rng(3).standard_normal(20_000)
    at, iqr = np.linspace(-2, 2, 41), float(np.subtract(*np.quantile(draws, [0.75, 0.25])))
    np.testing.assert_allclose(
        density(draws, at, float(draws.std()), iqr), np.exp(-0.5 * at**2), atol=0.05
    )


def test_two_cases_on_one_side_are_told_by_the_longer_bar() -> None:
    run = made_run()
    table = run.tables["tornado"]
    base = float(np.asarray(table["base_delta_usd"])[0])
    table["low_delta_usd"] = [base - 1e6, *list(table["low_delta_usd"])[1:]]
    table["high_delta_usd"] = [base - 3e6, *list(table["high_delta_usd"])[1:]]
    name = table["input"][0]
    low, high = figure(run, "tornado")["data"]
    at = next(k for k, y in enumerate(low["y"]) if name.split()[0] in y)
    assert low["text"][at] == ""
    assert " … " in high["text"][at]
    others = [t for k, t in enumerate(low["text"]) if k != at]
    assert all(others)


def test_a_cell_without_room_for_its_text_has_none() -> None:
    frac = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, np.nan]])
    texts = region_texts(frac, np.array([10.0, 30.0, 31.0, 60.0]), np.array([0.8, 0.81, 1.2]))
    assert texts == [["", "20 %"], ["", ""], ["", ""]]


def test_a_map_without_regret_is_not_red() -> None:
    table = {
        "plan": np.array(["keep mining"]),
        "as expected": np.array([0.0]),
        "worst_usd": np.array([0.0]),
        "mean_scenario_usd": np.array([0.0]),
    }
    trace = regret_figure(table)["data"][0]
    assert trace["zmin"] == 0.0
    assert trace["zmax"] > 0.0


def test_the_band_of_a_cost_curve_has_no_name_in_a_legend() -> None:
    months = ["2026-01", "2026-07"]
    curve = {"route": ["mix"] * 2, "month": months, "reached_p50_frac": [0.51] * 2}
    curve |= {f"capex_{q}_usd": [1e9, 2e9] for q in ("p5", "p50", "p95")}
    curve |= {"running_p50_usd_per_hour": [771_501.0] * 2, "acquire_p50_months": [12.0] * 2}
    curve["holders_taken"] = [0, 0]
    drawn = capital_figure(curve, "made", 0.51)
    assert [t.get("showlegend", True) for t in drawn["data"]] == [False, False, True]
    assert "772,000 USD" in hour_figure(curve, "made")["layout"]["meta"]["title"]


def test_both_axes_of_a_day_have_round_steps_at_the_same_heights() -> None:
    left, right = day_ticks([np.array([960.0, -240.0])], [np.array([37.6, 12.0])])
    assert left == {"range": [-400.0, 1000.0], "dtick": 200.0}
    assert right == {"range": [-20.0, 50.0], "dtick": 10.0}
