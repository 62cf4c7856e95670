"""Double-spend figures of the whitepaper, of Rosenfeld and of Grunspan and Perez-Marco."""

from __future__ import annotations

import pytest

from rerack.base.errors import InputError
from rerack.chain import confirmations_for, double_spend_probability

# Bitcoin whitepaper, section 11, as printed.
NAKAMOTO_10 = [
    "1.0000000",
    "0.2045873",
    "0.0509779",
    "0.0131722",
    "0.0034552",
    "0.0009137",
    "0.0002428",
    "0.0000647",
    "0.0000173",
    "0.0000046",
    "0.0000012",
]
NAKAMOTO_30 = [
    "1.0000000",
    "0.1773523",
    "0.0416605",
    "0.0101008",
    "0.0024804",
    "0.0006132",
    "0.0001522",
    "0.0000379",
    "0.0000095",
    "0.0000024",
    "0.0000006",
]
SHARES = [0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45]
NAKAMOTO_BLOCKS = [5, 8, 11, 15, 24, 41, 89, 340]
# Grunspan and Perez-Marco 2017, arXiv:1702.04421: digits computed elsewhere from their formula.
EXACT_BLOCKS = [6, 9, 13, 20, 32, 58, 133, 539]
EXACT_10 = [0.2, 0.056, 0.01712, 0.00546, 0.00178, 0.000591, 0.0001986]
# Rosenfeld 2014, arXiv:1402.2009: his formula at q = 10 %, in percent (the page was not seen).
ROSENFELD_10 = [
    "20.000",
    "5.600",
    "1.712",
    "0.546",
    "0.178",
    "0.059",
    "0.020",
    "0.007",
    "0.002",
    "0.001",
]


def test_whitepaper_at_ten_percent_every_digit() -> None:
    odds = [double_spend_probability(0.1, z, "nakamoto") for z in range(11)]
    assert [f"{p:.7f}" for p in odds] == NAKAMOTO_10


def test_whitepaper_at_thirty_percent_every_digit() -> None:
    odds = [double_spend_probability(0.3, z, "nakamoto") for z in range(0, 51, 5)]
    assert [f"{p:.7f}" for p in odds] == NAKAMOTO_30


def test_whitepaper_confirmations_for_a_tenth_of_a_percent() -> None:
    assert [confirmations_for(q, 0.001, "nakamoto") for q in SHARES] == NAKAMOTO_BLOCKS


def test_exact_confirmations_for_a_tenth_of_a_percent() -> None:
    assert [confirmations_for(q, 0.001) for q in SHARES] == EXACT_BLOCKS


def test_exact_odds_at_ten_percent() -> None:
    odds = [double_spend_probability(0.1, z) for z in range(1, 8)]
    digits = [6, 6, 6, 5, 5, 6, 7]
    assert [round(p, d) for p, d in zip(odds, digits, strict=True)] == EXACT_10


def test_rosenfeld_table_at_ten_percent() -> None:
    odds = [100.0 * double_spend_probability(0.1, z) for z in range(1, 11)]
    assert [f"{p:.3f}" for p in odds] == ROSENFELD_10


def test_edges_of_the_race() -> None:
    assert double_spend_probability(0.0, 1) == 0.0
    assert double_spend_probability(0.3, 0) == 1.0
    assert double_spend_probability(0.5, 1000) == 1.0
    assert double_spend_probability(1.0, 6, "nakamoto") == 1.0
    assert double_spend_probability(1e-300, 6, "nakamoto") == 0.0
    assert double_spend_probability(1e-17, 1) == pytest.approx(2e-17)
    assert confirmations_for(0.0, 0.001) == 1


@pytest.mark.parametrize("q", [-0.1, 1.1, float("nan")])
def test_shares_outside_0_to_1_are_refused(q: float) -> None:
    with pytest.raises(InputError, match="q"):
        double_spend_probability(q, 6)


@pytest.mark.parametrize("bad", [-1, 6.0, True, 10**9 + 1])
def test_confirmations_must_be_a_count(bad: object) -> None:
    with pytest.raises(InputError, match="confirmations"):
        double_spend_probability(0.1, bad)  # type: ignore[arg-type]


def test_unknown_methods_and_hopeless_demands_are_refused() -> None:
    with pytest.raises(InputError, match="method"):
        double_spend_probability(0.1, 6, "rosenfeld")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="half of the hashrate"):
        confirmations_for(0.5, 0.001)
    with pytest.raises(InputError, match="1000000000 confirmations"):
        confirmations_for(0.5 - 1e-12, 0.001)
    for risk in (0.0, 1.0, float("nan")):
        with pytest.raises(InputError, match="risk"):
            confirmations_for(0.1, risk)
