"""Published tables: IRS depreciation percentages and cost per coin as companies report it."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.finance import coin_costs, macrs_rates


def declining_balance(life: int, factor: float) -> np.ndarray:
    """Unrounded rates: declining balance, half-year convention, straight line once larger."""
    left, rates = 1.0, []
    for year in range(life + 1):
        share = 0.5 if year == 0 else 1.0
        straight = share / (life - year + 0.5) if year else 0.5 / life
        rate = min(left, left * max(factor / life * share, straight))
        rates.append(rate)
        left -= rate
    return np.array(rates)


@pytest.mark.parametrize(("life", "factor"), [(5, 2.0), (7, 2.0), (15, 1.5), (20, 1.5)])
def test_macrs_is_the_rounded_declining_balance(life: int, factor: float) -> None:
    # Table A-1 rounds to 0.01 % (20 years: 0.001 %) and alternates to keep the sum at 100 %.
    digits = 1e-5 if life == 20 else 1e-4
    rates = macrs_rates(life)
    assert rates.sum() == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(rates, declining_balance(life, factor), rtol=0, atol=1.01 * digits)


def test_macrs_rows_read_from_table_a1() -> None:
    # IRS Publication 946, Table A-1: years 1, 4 and last.
    assert macrs_rates(5)[[0, 3, 5]].tolist() == pytest.approx([0.20, 0.1152, 0.0576])
    assert macrs_rates(7)[[0, 3, 7]].tolist() == pytest.approx([0.1429, 0.1249, 0.0446])
    assert macrs_rates(15)[[0, 3, 15]].tolist() == pytest.approx([0.05, 0.077, 0.0295])
    assert macrs_rates(20)[[0, 3, 20]].tolist() == pytest.approx([0.0375, 0.06177, 0.02231])


def test_cleanspark_cash_cost_per_coin() -> None:
    # Quarter to September 2025 as compiled by J.P. Morgan: power 49,698 + SG&A 18,045 = 67,743.
    rows = coin_costs(
        mined_btc=1.0,
        power_usd=49_698.0,
        power_credit_usd=0.0,
        other_opex_usd=0.0,
        sga_usd=18_045.0,
        depreciation_usd=0.0,
    )
    by_name = {row.definition: row.cost_usd_per_btc.item() for row in rows}
    assert by_name["power"] == 49_698.0
    assert by_name["cash"] == 67_743.0
