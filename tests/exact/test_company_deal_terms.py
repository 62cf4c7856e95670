"""A deal of the catalogue in a company file: its rents sum to what was published."""

from __future__ import annotations

import pytest

from rerack.catalog import find
from rerack.scenario.company.deals import build_lease, resolve
from rerack.scenario.company.schema import ConversionDealSection

DEALS = ("Galaxy-CoreWeave Helios", "TeraWulf-Fluidstack I", "Hut 8-Fluidstack")


@pytest.mark.parametrize("deal", DEALS)
@pytest.mark.parametrize("escalator", ["0 %/year", "3 %/year"])
def test_rents_sum_to_the_published_value(deal: str, escalator: str) -> None:
    row = find("ai_deals", name=deal)
    section = ConversionDealSection.model_validate(
        {
            "site": "here",
            "deal": deal,
            "type": "colocation",
            "service": "2026-06",
            "opex": "10 USD/kW-month critical",
            "capex": "8 MUSD/MW critical",
            "pue_design": 1.4,
            "escalator": escalator,
        }
    )
    lease = build_lease(deal, section, resolve(section, row), lead_months=12)
    paid_usd = lease.contract_value_usd(row.number("critical_mw"))
    assert paid_usd == pytest.approx(row.number("value_usd"), rel=1e-12)


@pytest.mark.parametrize("escalator", ["0 %/year", "3 %/year"])
def test_rent_less_operating_cost_is_the_published_income(escalator: str) -> None:
    row = find("ai_deals", name="Hut 8-Fluidstack")
    section = ConversionDealSection.model_validate(
        {"site": "here", "deal": row.text("name"), "service": "2026-06", "escalator": escalator}
    )
    terms = resolve(section, row)
    growth = 0.03 if escalator.startswith("3") else 0.0
    years = range(15)
    kept = sum((terms.number("rate") - terms.number("opex")) * (1.0 + growth) ** y for y in years)
    yearly_usd = 12e3 * kept / len(years) * row.number("critical_mw")
    assert yearly_usd == pytest.approx(row.number("noi_usd_per_year"), rel=1e-12)
