"""A moved lever is the same as an override in the file, and an answer the same as a study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rerack
from rerack.base.errors import InputError
from rerack.report import answer
from rerack.scenario import load
from rerack.study import run_study
from rerack.study.change import CHANGE_LIMITS, Change, changed, current, overrides_of
from rerack.study.live import LiveStudy
from rerack.study.pipeline import prepare

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "corsicana.yaml"
FIXED = ROOT / "examples" / "core-scientific.yaml"
MOVES = {
    "bitcoin_usd": 61_234.5,
    "hashprice_usd_per_ph_day": 28.7,
    "power_usd_per_mwh": 41.3,
    "rent_factor": 1.137,
    "capex_factor": 0.873,
    "uptime_frac": 0.917,
}


@pytest.mark.parametrize("name", MOVES)
def test_a_change_is_an_override(name: str) -> None:
    base = prepare(load(SITE, scenarios=8)).scenario
    change = Change(**{name: MOVES[name]})
    made = changed(base, change)
    written = load(SITE, scenarios=8, overrides=tuple(overrides_of(base, change)))
    for part in ("site", "offers", "network", "finance", "plans", "market"):
        assert getattr(made, part) == getattr(written, part), part
    assert current(made)[name] == pytest.approx(MOVES[name]) or name.endswith("factor")


def test_every_lever_has_a_limit_and_refuses_what_is_beyond() -> None:
    assert set(CHANGE_LIMITS) == set(MOVES)
    for name, (low, high) in CHANGE_LIMITS.items():
        for bad in (low - 1.0, high + 1.0, float("nan")):
            with pytest.raises(InputError, match=name):
                Change(**{name: bad})


def test_an_answer_is_what_a_study_finds(tmp_path: Path) -> None:
    live = LiveStudy(load(FIXED), scenarios=16)
    change = Change(bitcoin_usd=50_000.0, rent_factor=1.2)
    told = live.answer(change)
    overrides = tuple(overrides_of(live.scenario, change))
    study = run_study(load(FIXED, scenarios=16, overrides=overrides))
    for name in ("plans", "scenarios", "cashflow", "uses", "outlook", "decisions"):
        for column, values in study.table(name).items():
            assert np.array_equal(
                told.table(name)[column], values, equal_nan=values.dtype.kind == "f"
            ), (name, column)
    saved = tmp_path / "saved.yaml"
    saved.write_text(load(FIXED, overrides=overrides).merged_text, encoding="utf-8")
    again = run_study(load(saved, scenarios=16))
    assert again.table("plans")["npv_mean_usd"] == pytest.approx(
        told.table("plans")["npv_mean_usd"], rel=0
    )


def test_tables_made_on_demand_are_a_studys() -> None:
    """Also those of accounts and bounds, and where a change leaves mining or leases as they are."""
    live = LiveStudy(load(FIXED), scenarios=8)
    power = Change(power_usd_per_mwh=45.0)
    for change in (Change(), Change(bitcoin_usd=60_000.0), power, Change(capex_factor=1.1)):
        overrides = tuple(overrides_of(live.scenario, change))
        study = run_study(load(FIXED, scenarios=8, overrides=overrides))
        told = live.answer(change)
        assert set(told.names()) >= set(study.names())
        for name in set(study.names()) - {"tornado", "flips", "inputs"}:
            for column, values in study.table(name).items():
                found = told.table(name)[column]
                assert np.array_equal(found, values, equal_nan=values.dtype.kind == "f"), name


def test_the_index_price_leaves_rents_alone() -> None:
    """Leases whose tenant pays the power are not worked out again; clouds and mining are."""
    overrides = ("study.horizon=5 years", "plans.best staged.paths=512")
    live = LiveStudy(load(SITE, overrides=overrides), scenarios=8)
    change = Change(power_usd_per_mwh=70.0)
    live.answer(Change())
    told = live.answer(change).table("cashflow")
    moved = tuple(overrides_of(live.scenario, change))
    run = run_study(load(SITE, scenarios=8, overrides=(*overrides, *moved)))
    study = run.table("cashflow")
    # The best rule is fitted anew in a study, and kept here.
    ours, theirs = (table["plan"] != "best staged" for table in (told, study))
    assert set(study["plan"][theirs]) >= {"announced", "cloud in one hall", "wait for a clear lead"}
    for column, values in study.items():
        assert np.array_equal(told[column][ours], values[theirs]), column
    # Once it is fitted anew here too, every table is a study's, and the first answer stays.
    anew = live.answer(change, refit=True)
    assert live.answer(change) is not anew
    assert live.answer(change, refit=True) is anew
    for name in set(run.names()) - {"tornado", "flips", "inputs"}:
        for column, values in run.table(name).items():
            found = anew.table(name)[column]
            assert np.array_equal(found, values, equal_nan=values.dtype.kind == "f"), (name, column)


def test_a_rule_that_converts_nowhere_is_mining_on() -> None:
    """What tells the two apart is rounding: it has no rate of return and is no gain."""
    overrides = ("study.horizon=5 years", "plans.best staged.paths=512")
    live = LiveStudy(load(SITE, overrides=overrides), scenarios=8)
    run = live.answer(Change(rent_factor=0.2), refit=True)
    plans = run.table("plans")
    row = plans["plan"].tolist().index("best staged")
    assert plans["ai_mw_utility"][row] == 0.0
    assert abs(plans["delta_mean_usd"][row]) < 0.01
    assert np.isnan(plans["irr_frac"][row])
    assert np.isnan(plans["moic"][row])
    assert plans["irr_note"][row] == "no investment to compare"
    assert answer(run, optimality=False).gain == "The next best, best staged, comes to the same."


def test_an_answer_without_a_rule_is_not_fitted_anew() -> None:
    live = LiveStudy(load(FIXED), scenarios=8)
    change = Change(bitcoin_usd=60_000.0)
    assert not live.has_rules
    assert live.answer(change, refit=True) is live.answer(change)


def test_rules_and_their_control_variate_stay_the_files() -> None:
    """An unmoved answer is the study's, policies too; a moved one differs in their gain alone."""
    live = LiveStudy(load(SITE), scenarios=16)
    study = run_study(load(SITE, scenarios=16))
    told, moved = live.answer(Change()), live.answer(Change(rent_factor=1.05))
    for column in ("npv_mean_usd", "delta_mean_usd", "delta_se_usd"):
        assert np.array_equal(told.table("plans")[column], study.table("plans")[column])
    assert np.isfinite(moved.table("plans")["delta_mean_usd"]).all()
    assert (moved.table("policy_values")["se_usd"] >= 0.0).all()


def test_answers_are_kept_and_the_study_is_left_alone() -> None:
    live = LiveStudy(load(FIXED), scenarios=8)
    before = current(live.scenario)
    first = live.answer(Change(capex_factor=1.1))
    assert live.answer(Change(capex_factor=1.1)) is first
    assert current(live.scenario) == before
    assert replace(live.scenario) == live.scenario


def test_python_asks_what_the_dashboard_asks() -> None:
    study = rerack.load(FIXED)
    live = study.live(scenarios=8)
    told = live.ask(bitcoin_usd=60_000.0).table("plans")
    same = LiveStudy(load(FIXED), scenarios=8).answer(Change(bitcoin_usd=60_000.0)).table("plans")
    assert np.array_equal(told["npv_mean_usd"], same["npv_mean_usd"])
    assert live.inputs.keys() == CHANGE_LIMITS.keys()
    assert "8 scenarios" in repr(live)
    for wrong in ({"price": 1.0}, {"bitcoin_usd": 1.0}):
        with pytest.raises(InputError):
            live.ask(**wrong)
    with pytest.raises(InputError, match="scenarios"):
        study.live(scenarios=4)
