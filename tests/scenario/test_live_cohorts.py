"""Live changes of a site in a world of cohorts are overrides in its file, or plainly refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from rerack.network import CohortNetwork
from rerack.scenario import Scenario, load
from rerack.study import run_study
from rerack.study.change import Change, changed, overrides_of
from rerack.study.live import LiveStudy
from rerack.study.pipeline import prepare

CORSICANA = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"
COHORTS = ("market.network.model=cohorts", "study.horizon=4 years")
CHANGES = {
    "price": Change(bitcoin_usd=61_234.5),
    "hashprice": Change(hashprice_usd_per_ph_day=28.7),
    "both": Change(bitcoin_usd=61_234.5, hashprice_usd_per_ph_day=28.7),
}


def site(*overrides: str) -> Scenario:
    return load(CORSICANA, scenarios=8, overrides=(*COHORTS, *overrides))


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_price_or_hashprice_is_an_override(name: str) -> None:
    base = prepare(site()).scenario
    made = changed(base, CHANGES[name])
    written = prepare(site(*overrides_of(base, CHANGES[name]))).scenario
    assert isinstance(made.network, CohortNetwork)
    assert isinstance(written.network, CohortNetwork)
    assert made.network != base.network
    assert made.market == written.market
    assert made.network.start_difficulty == written.network.start_difficulty
    # Scaled twice against once: equal to rounding.
    pairs = zip(made.network.world.cohorts, written.network.world.cohorts, strict=True)
    for one, other in pairs:
        assert one.installed_eh_s == pytest.approx(other.installed_eh_s, rel=1e-12)
        assert replace(one, installed_eh_s=0.0, floor_eh_s=0.0) == replace(
            other, installed_eh_s=0.0, floor_eh_s=0.0
        )


def test_an_answer_is_what_a_study_finds() -> None:
    live = LiveStudy(site(), scenarios=8)
    change = CHANGES["both"]
    told = live.answer(change)
    study = run_study(site(*overrides_of(live.scenario, change)))
    # Chances that compare two equal plans may turn at the last bit; sums of money do not.
    for name, head in (("plans", "npv"), ("outlook", "")):
        for column, values in study.table(name).items():
            if column.startswith(head) and values.dtype.kind == "f":
                assert_allclose(told.table(name)[column], values, rtol=1e-9, atol=1e-3)


def test_cohorts_that_a_world_file_states_stay_as_they_are(tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    world.write_text(
        "world:\n  preset: 2025-12\n  cohorts:\n    mine: {region: Canada, generation: S21 class,"
        " owner: listed, hashrate: 7 EH/s, efficiency: 17.5 J/TH, power: 40 USD/MWh}\n",
        encoding="utf-8",
    )
    base = prepare(site(f"market.network.world={world}")).scenario
    for change in CHANGES.values():
        made = changed(base, change).network
        assert isinstance(made, CohortNetwork)
        assert len(made.fixed) == 1
        held = {c.name: c.installed_eh_s for c in made.world.cohorts}
        assert held[next(iter(made.fixed))] == 7.0
