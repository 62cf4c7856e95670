"""A site file with every finance key: tables, the worst DSCR explained, refusals with a cure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rerack.report import report_html
from rerack.report.cash import GROUPS
from rerack.report.figures.cashflow import _LOOK
from rerack.scenario import check, load
from rerack.study import Run, explain, render, run_study

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FINANCED = EXAMPLES / "finance" / "financed.yaml"
CORSICANA = EXAMPLES / "corsicana.yaml"


@pytest.fixture(scope="module")
def run() -> Run:
    """Run the financed example on few scenarios."""
    return run_study(load(FINANCED, scenarios=96), threads=2)


def test_statements_of_a_run_balance_to_the_cent(run: Run) -> None:
    table = run.table("statements")
    assert set(table["statement"]) == {"income", "balance", "cash"}
    for scenario in set(table["scenario"]):
        mine = (table["scenario"] == scenario) & (table["statement"] == "balance")
        have, owe = (
            table["usd"][mine & np.isin(table["line"], lines)]
            for lines in (["total assets"], ["total liabilities", "total equity"])
        )
        assert have.size
        assert abs(have.sum() - owe.sum()) < 0.005 * have.size


def test_worst_dscr_names_scenario_month_and_items(run: Run) -> None:
    plan = "CoreWeave contract"
    node = explain(run, f"dscr:{plan}")
    rows = run.table("scenarios")
    mine = rows["plan"] == plan
    worst = int(np.argmin(rows["worst_dscr"][mine]))
    assert node.value == pytest.approx(float(rows["worst_dscr"][mine][worst]))
    month = load(FINANCED, scenarios=1).grid.labels[int(rows["worst_dscr_month"][mine][worst])]
    assert node.unit == f"in scenario {worst}, twelve months to {month}"
    cash, service = node.children[:2]
    assert isinstance(cash.value, float)
    assert isinstance(service.value, float)
    assert node.value == pytest.approx(cash.value / service.value)
    parts = [float(child.value) for child in cash.children]
    assert sum(parts) == pytest.approx(cash.value)
    assert "AI revenue" in render(node)


def test_covenants_are_told_by_month_and_in_words(run: Run) -> None:
    table = run.table("covenants")
    assert set(table["covenant"]) == {"min DSCR", "max leverage", "min liquidity"}
    assert ((table["breached_frac"] >= 0.0) & (table["breached_frac"] <= 1.0)).all()
    assert (table["ever_breached_frac"] >= table["breached_frac"]).all()
    assert "min DSCR" in render(explain(run, "covenants:CoreWeave contract"))


def test_coins_of_a_run_are_conserved(run: Run) -> None:
    table = run.table("treasury")
    opening = load(FINANCED, scenarios=1).finance.treasury.opening_btc
    for plan in set(table["plan"]):
        mine = table["plan"] == plan
        held = opening + np.cumsum(table["kept_btc"][mine] - table["sold_btc"][mine])
        np.testing.assert_allclose(table["coins_btc"][mine], held, atol=1e-5)


@pytest.mark.parametrize(
    ("override", "path", "said"),
    [
        ("finance.loan.tenor=4 years", "finance.loan.share_of_capex", "Lower it to"),
        ("finance.covenants.min_liquidity=9 MUSD", "finance.covenants.min_liquidity", "Raise"),
        ("finance.loan.sculpt.dscr=1.3", "finance.loan.grace", "Remove `grace` or `sculpt`"),
        ("finance.loan.sculpt.dscr=0.9", "finance.loan.sculpt.dscr", "1"),
        ("finance.working_capital.payables=30", "finance.working_capital.payables", "unit"),
    ],
)
def test_terms_that_cannot_hold_are_refused(override: str, path: str, said: str) -> None:
    problems = [p for p in check(CORSICANA, overrides=[override]) if path in p.where]
    assert problems
    assert said in f"{problems[0].allowed} {problems[0].cure}"


def test_a_loan_is_served_by_what_a_customer_pays_for_used_or_not() -> None:
    """Take or pay: a low utilisation of the market's is no reason to refuse it."""
    idle = ["offers.cloud.utilisation=45 %"]
    refused = check(CORSICANA, overrides=idle)
    assert any("'cloud'" in p.given for p in refused)
    contract = ["offers.cloud.contract={term: 5 years, committed: 95 %}"]
    assert not check(CORSICANA, overrides=[*idle, *contract])


def test_a_policy_is_not_searched_under_terms_that_tie_halls_together() -> None:
    problems = check(CORSICANA, overrides=["finance.treasury.policy=hold"])
    assert any("finance.treasury" in p.given and "plans." in p.where for p in problems)


def test_report_shows_covenants_and_statements(run: Run) -> None:
    page = report_html(run)
    for said in ("<h3>Covenants</h3>", "<h3>Statements</h3>", "max leverage", "retained earnings"):
        assert said in page
    assert set(GROUPS) <= set(_LOOK)
