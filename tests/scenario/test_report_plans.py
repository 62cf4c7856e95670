"""The table of plans: gains legible beside NPVs, and a word where the two seem to disagree."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from rerack.report import report_html, summary
from rerack.report.finance_sheets import by_year
from rerack.report.sheets import means_note, plans_sheet
from rerack.web.panels.stress import _unlike


def _made_run() -> Any:
    """Return a made-up run from the builder that stands beside this file."""
    path = Path(__file__).with_name("test_report_made_run.py")
    spec = importlib.util.spec_from_file_location("report_made_run", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.made_run()


def _column(run: Any, head: str) -> list[str]:
    table, _ = plans_sheet(run, full=True)
    at = table.heads.index(head)
    return [row[at] for row in table.rows]


def test_a_gain_that_is_small_beside_the_npvs_keeps_its_figures_and_its_error() -> None:
    run = _made_run()
    run.tables["plans"]["delta_mean_usd"] = [0.0, -0.65e9, 21.24e6]
    run.tables["plans"]["delta_se_usd"] = [0.0, 0.04e9, 2.2e6]
    assert _column(run, "against keeping, MUSD") == ["–", "(650.0)", "21.2"]
    assert _column(run, "± s.e.") == ["–", "40.0", "2.2"]


def test_a_gain_of_one_scenario_has_no_error() -> None:
    run = _made_run()
    run.tables["plans"]["delta_se_usd"] = [np.nan] * 3
    assert _column(run, "± s.e.") == ["–"] * 3
    assert _column(run, "against keeping, MUSD")[2] == "900"


def test_a_smaller_mean_with_a_larger_gain_is_explained_everywhere() -> None:
    run = _made_run()
    run.tables["plans"]["npv_mean_usd"] = [0.25e9, -0.4e9, 0.24e9]
    note = means_note(run)
    assert note.startswith("The gain of “staged” leaves out luck of these 200 scenarios")
    assert "“staged” has a smaller mean NPV than “keep mining” and yet the larger gain" in note
    assert note in " ".join(summary(run, width=100).split())
    assert "yet the larger gain" in report_html(run)


def test_means_and_gains_that_agree_need_no_word() -> None:
    run = _made_run()
    assert means_note(run) == ""
    assert "larger gain" not in report_html(run)
    assert "larger gain" not in summary(run, width=100)
    # Equal but for rounding is no disagreement.
    run.tables["plans"]["npv_mean_usd"] = [0.25e9, -0.4e9, 0.25e9 - 1e-4]
    run.tables["plans"]["delta_mean_usd"] = [0.0, -0.65e9, 1e-4]
    assert means_note(run) == ""


def test_a_gain_that_is_not_the_difference_of_the_means_is_named() -> None:
    run = _made_run()
    run.tables["plans"]["delta_mean_usd"][2] += 1e6
    note = means_note(run)
    assert note.startswith("The gain of “staged” leaves out luck")
    assert "yet the larger gain" not in note


def test_statements_stand_to_the_right_under_their_years() -> None:
    table = {
        "statement": np.array(["income"] * 2),
        "line": np.array(["mining revenue"] * 2),
        "month": np.array(["2026-01", "2027-01"]),
        "usd": np.array([1e6, -2e6]),
    }
    made = by_year(table)
    assert made.heads == ("statement", "line", "2026", "2027")
    assert made.right == (False, False, True, True)
    assert made.rows == (("income", "mining revenue", "1.0", "(2.0)"),)


def test_stresses_say_why_another_plan_is_best_than_the_recommended_one() -> None:
    plans = (SimpleNamespace(name="keep mining"), SimpleNamespace(name="staged"))
    found: Any = SimpleNamespace(plans=plans, npv_usd=np.array([[[3.0, 3.2], [2.9, 3.1]]]))
    assert _unlike(found, "keep mining") == ""
    assert "“staged”, which is recommended above, leaves it out" in _unlike(found, "staged")
