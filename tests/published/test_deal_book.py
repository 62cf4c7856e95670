"""Public contracts: value per MW-year as published, sums without double counting, time to power."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.catalog import load as load_table
from rerack.scenario import load
from rerack.study.deal_book import public_deals, site_deals, time_to_power
from rerack.study.deal_totals import DEFINITIONS, missing, quoted_totals, running_total
from rerack.study.deal_yields import deal_yields, gpu_hour_costs

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
#: Value [bnUSD] and rate [MUSD per MW-year] of the reference list, figures.md section 3.
PUBLISHED = {
    "Core Scientific-CoreWeave initial": (3.5, 1.46),
    "Core Scientific-CoreWeave 5 contracts": (8.7, 1.45),
    "Core Scientific-CoreWeave total": (10.2, 1.44),
    "TeraWulf-Fluidstack I": (3.7, 1.85),
    "TeraWulf-Fluidstack total": (6.7, 1.83),
    "TeraWulf-Fluidstack Abernathy": (9.5, 2.26),
    "Cipher-Fluidstack": (3.0, 1.79),
    "Cipher-Fluidstack addition": (0.83, 2.13),
    "Cipher-AWS": (5.5, 1.22),
    "IREN-Microsoft": (9.7, 9.70),
    "Hut 8-Fluidstack": (7.0, 1.90),
    "Applied Digital-CoreWeave": (11.0, 1.83),
    "Riot-AMD Rockdale": (0.311, 1.24),
    # More than 1 bn USD a year for 15 years; the list has "about 1.9".
    "Galaxy-CoreWeave Helios": (15.0, 1.90),
}
#: Deals without a rate: the GPUs are the owner's, and nothing is let.
WITHOUT_RATE = {"Bitfarms Washington"}


@pytest.mark.parametrize("deal", PUBLISHED)
def test_value_and_rate_as_published(deal: str) -> None:
    book = public_deals()
    (i,) = np.flatnonzero(book["deal"] == deal)
    value, rate = PUBLISHED[deal]
    assert book["value_usd"][i] / 1e9 == pytest.approx(value)
    assert abs(book["rate_usd_per_mw_year"][i] / 1e6 - rate) <= 0.005 + 1e-9


def test_every_public_deal_is_checked() -> None:
    assert set(public_deals()["deal"]) == set(PUBLISHED) | WITHOUT_RATE


def test_the_deal_without_a_rate_reproduces_its_cost() -> None:
    """Bitfarms Washington: a supply deal of 128 m USD for 18 gross MW, printed as 7.1 m/MW."""
    (row,) = [r for r in load_table("ai_deals") if r.text("name") in WITHOUT_RATE]
    assert row.number("capex_usd_per_mw") / 1e6 == pytest.approx(128.0 / 18.0, abs=0.05)
    assert row.number("gross_mw") == 18.0


def test_net_operating_income_as_reported() -> None:
    book = public_deals()
    noi = dict(zip(book["deal"], book["noi_usd_per_mw_year"] * book["mw"] / 1e6, strict=True))
    assert noi["Hut 8-Fluidstack"] == pytest.approx(454.0)
    assert noi["Riot-AMD Rockdale"] == pytest.approx(25.0)
    assert noi["TeraWulf-Fluidstack I"] == pytest.approx(0.85 * 370.0)


def test_no_contract_is_added_twice() -> None:
    book = public_deals()
    total = running_total(book)
    assert not set(total["deal"]) & set(book["deal"][book["part_of"] != ""])
    assert set(book["part_of"]) - {""} <= set(book["deal"])
    assert total["total_usd"][-1] == pytest.approx(78.741e9)
    assert (np.diff(total["total_usd"]) > 0.0).all()


def test_a_total_counts_up_to_its_date_and_names_what_it_leaves_out() -> None:
    book = public_deals()
    until = running_total(book, until="2025-11")
    # By hand: 15 + 10.2 + 6.7 + 11 + 3 + 9.5 + 5.5 + 9.7 + .83.
    assert until["total_usd"][-1] == pytest.approx(71.43e9)
    left = missing(book, "2025-11")
    assert left["announced after 2025-11"] == ["Hut 8-Fluidstack", "Riot-AMD Rockdale"]
    assert left["no value published"] == ["Bitfarms Washington"]
    named = [name for names in left.values() for name in names]
    assert set(named) | set(until["deal"]) == set(book["deal"])
    with pytest.raises(InputError, match="until"):
        running_total(book, until="2019")


def test_quoted_sums_stand_beside_the_catalogues_at_their_date() -> None:
    table = quoted_totals(public_deals())
    claimed = table["quoted_usd"] == 43e9
    assert table["as_of"][claimed].tolist() == ["2025-12"] * len(DEFINITIONS)
    assert table["status"][claimed].tolist() == ["unverified"] * len(DEFINITIONS)
    # To the end of 2025: 78.43; without Galaxy and Applied Digital 52.43; with 51 % of Abernathy
    # 47.775; without IREN's cloud 38.075.
    assert table["total_usd"][claimed] / 1e9 == pytest.approx([78.43, 52.43, 47.775, 38.075])
    assert table["difference_usd"] == pytest.approx(table["total_usd"] - table["quoted_usd"])


def test_yields_by_hand() -> None:
    table = deal_yields(public_deals())
    (i,) = np.flatnonzero(table["deal"] == "Riot-AMD Rockdale")
    # 25 m USD a year on 89.8 m for 25 MW; at a cap rate of 5 to 6 % a MW is worth 16.7 to 20.
    assert table["yield_low_frac"][i] == pytest.approx(25.0 / (3.6 * 25.0))
    assert table["value_low_usd_per_mw"][i] / 1e6 == pytest.approx(1.0 / 0.06)
    assert table["value_high_usd_per_mw"][i] / 1e6 == pytest.approx(1.0 / 0.05)
    assert table["value_less_cost_usd_per_mw"][i] / 1e6 == pytest.approx(1.0 / 0.06 - 3.6)
    assert "IREN-Microsoft" not in table["deal"]


def test_a_gpu_cloud_stands_beside_the_cost_of_ownership() -> None:
    (use,) = load(EXAMPLES / "iren.yaml").offers.values()
    costs = gpu_hour_costs(use)
    assert costs is not None
    # 199.4 m USD / 4,096 GPUs / 26,280 h.
    gold = costs["cost_usd_per_gpu_hour"][list(costs["estimate"]).index("4,096 GPUs gold")]
    assert gold == pytest.approx(199.4e6 / 4096 / 26280, abs=5e-4)
    (lease, *_) = load(EXAMPLES / "cipher.yaml").offers.values()
    assert gpu_hour_costs(lease) is None


def test_the_example_reproduces_its_contract() -> None:
    offers = site_deals(load(EXAMPLES / "core-scientific.yaml"))
    assert offers["value_usd"][0] == pytest.approx(3.5e9, rel=1e-3)
    assert offers["rate_usd_per_mw_year"][0] / 1e6 == pytest.approx(1.4583, abs=1e-3)


def test_months_saved_by_taking_over_a_mine() -> None:
    table = time_to_power(queue_months=24.0)
    assert table["months"].tolist() == [12.0, 72.0, 74.0]
    assert table["saved_by_a_mine_months"].tolist() == [0.0, 60.0, 62.0]
    with pytest.raises(InputError, match="queue_months"):
        time_to_power(queue_months=-1.0)


def test_the_gpu_cloud_contract_reproduces_iren_and_microsoft() -> None:
    offers = site_deals(load(EXAMPLES / "iren.yaml"))
    assert abs(offers["value_usd"][0] / 1e9 - 9.7) < 0.005
    assert abs(offers["rate_usd_per_mw_year"][0] / 1e6 - 9.70) < 0.005
    assert abs(offers["prepaid_usd"][0] / 1e9 - 1.94) < 0.005
    assert offers["term_years"][0] == 5.0


def test_the_leases_of_cipher_and_what_google_stands_behind() -> None:
    offers = site_deals(load(EXAMPLES / "cipher.yaml"))
    assert offers["value_usd"] / 1e9 == pytest.approx([3.0, 0.83], abs=1e-4)
    assert offers["rate_usd_per_mw_year"] / 1e6 == pytest.approx([1.79, 2.13], abs=0.005)
    assert offers["security_usd"] / 1e9 == pytest.approx([1.4, 0.333], abs=5e-4)
    book = public_deals()
    public = dict(zip(book["deal"], book["noi_usd_per_mw_year"], strict=True))
    noi = offers["noi_usd_per_mw_year"]
    # The catalogue keeps the lower end of the margin, the example takes the middle.
    assert public["Cipher-Fluidstack"] < noi[0] < 0.85 / 0.80 * public["Cipher-Fluidstack"]
