"""A project financed like for like in NREL's System Advisor Model, financial model Single Owner.

The case: 1 MW running all year, sold at a fixed price, 20 years; debt sized at a DSCR over ten
years; MACRS five years; no incentives, reserves, fees or inflation. SAM is yearly, so are the
arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.finance import (
    SculptedLoan,
    SculptedSchedule,
    depreciation_schedule,
    irr,
    macrs_rates,
    npv,
    sculpted_schedule,
)

Singleowner = pytest.importorskip("PySAM.Singleowner", reason="NREL-PySAM is not installed")

YEARS, TENOR = 20, 10
COST_USD, OPEX_USD, PRICE_USD_PER_KWH = 1_000_000.0, 60_000.0, 0.024
RATE, DSCR, TAX, DISCOUNT = 0.07, 1.35, 0.21, 0.09
EBITDA_USD = 1_000.0 * 8_760.0 * PRICE_USD_PER_KWH - OPEX_USD

#: What SAM's default case has and this one has not.
ZERO = (
    "inflation_rate", "ppa_escalation", "property_tax_rate", "insurance_rate", "cost_debt_closing",
    "cost_debt_fee", "equip1_reserve_cost", "equip2_reserve_cost", "equip3_reserve_cost",
    "months_working_reserve", "months_receivables_reserve", "dscr_reserve_months",
    "salvage_percentage", "cost_other_financing", "reserves_interest", "loan_moratorium",
    "construction_financing_cost", "depr_bonus_fed", "depr_bonus_sta",
    "depr_alloc_macrs_15_percent",
    "depr_alloc_sl_5_percent", "depr_alloc_sl_15_percent", "depr_alloc_sl_20_percent",
    "depr_alloc_sl_39_percent", "depr_alloc_custom_percent", "payment_option",
    "cp_capacity_payment_type", "om_fixed_escal", "cp_capacity_payment_esc",
)  # fmt: skip
ZERO_LISTS = (
    "degradation", "om_production", "om_capacity", "om_fuel_cost", "state_tax_rate",
    "itc_fed_percent", "itc_sta_percent", "itc_fed_amount", "itc_sta_amount", "ptc_fed_amount",
    "ptc_sta_amount", "cp_capacity_payment_amount", "cp_capacity_credit_percent",
)  # fmt: skip


CASE = {
    "ppa_soln_mode": 1, "ppa_price_input": (PRICE_USD_PER_KWH,), "ppa_multiplier_model": 0,
    "dispatch_tod_factors": (1.0,) * 9, "analysis_period": YEARS, "debt_option": 1, "dscr": DSCR,
    "dscr_limit_debt_fraction": 0, "term_int_rate": 100 * RATE, "term_tenor": TENOR,
    "federal_tax_rate": (100 * TAX,), "real_discount_rate": 100 * DISCOUNT,
    "system_capacity": 1_000.0, "om_fixed": (OPEX_USD,), "total_installed_cost": COST_USD,
    "depr_alloc_macrs_5_percent": 100.0, "gen": (1_000.0,) * 8_760,
    "system_use_lifetime_output": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def sam() -> Iterator[Any]:
    """Run Single Owner on the case; the model must outlive its outputs."""
    model = Singleowner.default("CustomGenerationProfileSingleOwner")
    for name in ZERO:
        model.value(name, 0.0)
    for name in ZERO_LISTS:
        model.value(name, (0.0,))
    for name, value in CASE.items():
        model.value(name, value)
    model.execute(0)
    yield model.Outputs
    del model


def ours() -> tuple[SculptedSchedule, FloatArray, FloatArray]:
    """Return debt, yearly depreciation and the owner's cash after tax, year 0 first.

    SAM pays tax back in a year of loss, as to an owner with other income; so does this.
    """
    ebitda = np.concatenate(([0.0], np.full(YEARS, EBITDA_USD)))[None, :]
    cost = np.zeros_like(ebitda)
    cost[0, 0] = COST_USD
    terms = SculptedLoan(
        loan_to_cost_frac=1.0, target_dscr=DSCR, annual_rate_frac=RATE, tenor_months=TENOR,
        periods_per_year=1,
    )  # fmt: skip
    debt = sculpted_schedule(terms, cost, ebitda)
    written_off = depreciation_schedule(cost[:, :-1], macrs_rates(5)).expense_usd
    loan = debt.loan
    tax = TAX * (ebitda[:, 1:] - written_off - loan.interest_usd[:, 1:])
    owner = loan.draw_usd - cost + ebitda - loan.interest_usd - loan.principal_usd
    owner[:, 1:] -= tax
    return debt, written_off[0], owner[0]


def test_case_is_alike(sam: Any) -> None:
    """Operating cash and depreciation agree, so that the rest compares like with like."""
    _, written_off, _ = ours()
    np.testing.assert_allclose(sam.cf_ebitda[1:], EBITDA_USD, rtol=1e-12)
    np.testing.assert_allclose(sam.cf_feddepr_total[1 : YEARS + 1], written_off, atol=1e-6)


def test_debt_sized_by_dscr(sam: Any) -> None:
    """Size, service and balance to a cent on 0.8 million."""
    debt, _, _ = ours()
    assert float(debt.loan.draw_usd.sum()) == pytest.approx(sam.size_of_debt, abs=0.01)
    service = debt.loan.interest_usd + debt.loan.principal_usd
    np.testing.assert_allclose(sam.cf_debt_payment_total[1 : YEARS + 1], service[0, 1:], atol=0.01)
    np.testing.assert_allclose(
        sam.cf_debt_balance[: YEARS + 1], debt.loan.balance_usd[0], atol=0.01
    )
    assert min(sam.cf_pretax_dscr[1 : TENOR + 1]) == pytest.approx(DSCR, rel=1e-9)


def test_tax_value_and_rate(sam: Any) -> None:
    """Owner's cash after tax to a cent; NPV to a cent; IRR to 1e-6."""
    _, _, owner = ours()
    np.testing.assert_allclose(sam.cf_project_return_aftertax[: YEARS + 1], owner, atol=0.01)
    assert npv(owner.tolist(), DISCOUNT, periods_per_year=1) == pytest.approx(
        sam.project_return_aftertax_npv, abs=0.01
    )
    rate = irr(owner).value_frac
    assert rate is not None
    assert rate == pytest.approx(sam.project_return_aftertax_irr / 100.0, abs=1e-6)
