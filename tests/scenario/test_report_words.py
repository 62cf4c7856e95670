"""The sentences and the terminal summary follow the tables."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from rerack.report import answer, summary
from rerack.report.moves import moves


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


def test_the_answer_names_halls_use_time_and_worth() -> None:
    told = answer(made_run())
    assert told.headline == (
        "Convert halls B and C (200 MW utility) to shell from 2026 Q3, in 90 % of scenarios; "
        "keep A and D mining (200 MW utility)."
    )
    assert told.gain == "+900 ± 30 MUSD against keep mining."
    assert "2.0 × mining per kWh (0.169 against 0.084 USD, utility)" in told.why
    assert "11 × the capex per MW" in told.why
    assert told.risk.startswith("P(NPV below keep mining) 7.0 %")
    assert told.flips == (
        "each alone: lease rate down 28 %, or BTC price up 60 %; "
        "not by power price (from 0.20 to 5.0 times its value)"
    )
    assert "LP agreement 1e-10" in told.checks
    assert "rerack explain runs/made-1 --inputs" in told.checks


def test_keeping_the_rigs_can_be_the_answer() -> None:
    run = made_run()
    run.meta["answer_plan"] = "keep mining"
    run.tables["plans"]["delta_mean_usd"] = [0.0, -0.65e9, -0.05e9]
    run.tables["plans"]["npv_mean_usd"] = [0.25e9, -0.4e9, 0.2e9]
    told = answer(run)
    assert told.headline == "Keep every hall mining (400 MW utility)."
    assert told.gain.startswith("The next best, staged, comes to −50.0 ± 30.0 MUSD against it.")
    assert "too close to call" in told.gain


def test_a_site_without_rigs_is_not_told_to_go_on_mining() -> None:
    run = made_run()
    table = run.tables["per_kwh"]
    for name, column in table.items():
        table[name] = column[1:]
    run.meta["answer_plan"] = "keep mining"
    told = answer(run)
    assert told.headline == "Convert no hall (400 MW utility)."
    assert "the site does not mine" in told.why
    assert "hashprice" not in told.risk
    run.meta["answer_plan"] = "staged"
    assert answer(run).headline.endswith("leave A and D as they are (200 MW utility).")


def test_a_rule_is_told_by_what_it_does_now_and_when_the_rest_follows() -> None:
    run = made_run()
    run.tables["plans"]["kind"][2] = "threshold"
    plan = run.tables["plans"]["plan"][2]
    run.meta["answer_plan"] = plan

    def decided(*months: str) -> str:
        rows = [("B", month, 1.0 / len(months)) for month in months]
        run.tables["decisions"] = {
            "plan": [plan] * len(rows),
            "hall": [hall for hall, _, _ in rows],
            "use": ["shell"] * len(rows),
            "month": [month for _, month, _ in rows],
            "share_frac": [part for _, _, part in rows],
        }
        return answer(run).headline

    start = str(run.meta["start"])
    assert decided(start) == (
        f"Convert hall B (100 MW utility) to shell now, as the rule of “{plan}” does in every "
        "scenario."
    )
    assert "the first in 2029 Q1, half of them by 2029 Q2" in decided(
        "2029-03", "2029-04", "2029-06"
    )
    assert "the first in 2029 Q1, half of them then too" in decided("2029-02", "2029-03", "2029-04")


def test_without_an_offer_the_words_say_so() -> None:
    told = answer(made_run(ai=False))
    assert told.gain == "No other plan was compared."
    assert told.why.startswith("no AI offer was compared")
    assert told.flips == "no other plan to change to"


def test_when_nothing_flips_the_range_searched_is_named() -> None:
    run = made_run()
    run.tables["flips"]["factor"] = [float("nan")] * 3
    assert answer(run).flips.startswith("not by lease rate (from 0.10 to 5.0 times its value), nor")


def test_a_missing_lp_comparison_is_not_called_agreement() -> None:
    run = made_run()
    run.meta["lp_gap"] = float("nan")
    assert answer(run).checks.startswith("not compared with an LP")


def test_mining_that_earns_nothing_is_not_divided_by() -> None:
    run = made_run()
    run.tables["per_kwh"]["revenue_usd_per_kwh"] = [0.0, 0.169, 0.52]
    assert "earns more per kWh than mining (0.169 against 0.000 USD" in answer(run).why


def test_a_hall_that_seldom_converts_is_no_move() -> None:
    (move,) = moves(made_run(), "staged")
    assert move.halls == ("B", "C")
    assert (move.first_month, move.share_frac) == ("2026-07", pytest.approx(0.9))


@pytest.mark.parametrize("width", [80, 90, 100])
@pytest.mark.parametrize("ai", [True, False])
def test_the_summary_keeps_its_width_and_order(width: int, ai: bool) -> None:
    text = summary(made_run(ai=ai), width=width)
    lines = text.split("\n")
    assert max(len(line) for line in lines) <= width
    labels = [line[2:11].strip() for line in lines if line[:2] == "  " and line[2:3] != " "]
    order = [w for w in labels if w in ("why", "risk", "flips", "checks", "report", "explain")]
    assert order == ["why", "risk", "flips", "checks", "report", "explain"]
    assert text.index("plan ") < text.index("  why")
    assert sum("← answer" in line for line in lines) == 1


def test_the_summary_says_what_is_missing_in_words() -> None:
    text = summary(made_run())
    row = next(line for line in text.split("\n") if line.startswith("  keep mining"))
    assert " ".join(row.split()) == "keep mining 0.25 (0.20) 0.90 none never – no debt"


def test_colour_adds_codes_and_changes_no_word() -> None:
    plain = summary(made_run())
    coloured = summary(made_run(), colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b" not in plain


def test_a_name_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in summary(made_run(label="\x1b[2J"))


def test_a_run_in_memory_points_to_no_folder() -> None:
    run = made_run()
    run.meta["run_path"] = ""
    text = summary(run)
    assert "rerack explain RUN --inputs" in text
    assert "report.html" not in text
