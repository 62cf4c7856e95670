"""A plan of kind ``policy`` from the site file to the run's tables."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from rerack.assets import Delay, TenantCredit
from rerack.assets.tariff_terms import MinimumTake
from rerack.base.errors import InputError
from rerack.dispatch.desk_profile import RenewableUnit
from rerack.planning import NEVER, FixedPlan, HostingCash, PolicyPlan, World, evaluate
from rerack.planning.decisions import Decisions
from rerack.planning.halls import run_hall
from rerack.planning.policy.left_out import left_out
from rerack.planning.power.terms import PlanPower
from rerack.report import summary
from rerack.report.policy_sheets import left_out_sheet, power_sheet
from rerack.scenario import Scenario, load
from rerack.study import Run, run_study
from rerack.study.pipeline import prepare
from rerack.study.simulate import FIT_FIRST_SCENARIO, build_world

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"
SMALL = ("plans.best staged.paths=512", "plans.best staged.crews=2", "study.scenarios=320")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    found = load(EXAMPLE, overrides=SMALL)
    plans = tuple(p for p in found.plans if p.name in ("keep mining", "best staged"))
    return replace(found, plans=plans)


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return run_study(scenario, threads=2)


@pytest.fixture(scope="module")
def world(scenario: Scenario) -> World:
    return build_world(prepare(scenario), 0, 64)


def test_file_says_what_the_plan_is(scenario: Scenario) -> None:
    plan = scenario.plans[1]
    assert isinstance(plan, PolicyPlan)
    assert plan.uses == ("shell", "colocation", "cloud")
    assert (plan.every_months, plan.crews, plan.ai_mw, plan.paths) == (3, 2, None, 512)


def test_the_fit_lies_beyond_every_study_and_on_a_block_of_streams(scenario: Scenario) -> None:
    assert FIT_FIRST_SCENARIO % 64 == 0
    assert scenario.scenarios < FIT_FIRST_SCENARIO


def test_threads_and_number_of_scenarios_change_nothing(scenario: Scenario, run: Run) -> None:
    one = run_study(scenario, threads=1)
    for name in ("plans", "decisions", "policy_values", "exercise_region", "tornado"):
        for column, values in run.table(name).items():
            np.testing.assert_array_equal(values, one.table(name)[column])
    # 257 scenarios: a last block of one. Its only date is still not known beforehand.
    fewer = run_study(replace(scenario, scenarios=257), threads=2)
    whole, part = run.table("scenarios"), fewer.table("scenarios")
    for plan in ("keep mining", "best staged"):
        npv_usd = whole["npv_usd"][whole["plan"] == plan][:257]
        # Sums over another number of rows round otherwise, in the last digit.
        np.testing.assert_allclose(npv_usd, part["npv_usd"][part["plan"] == plan], rtol=1e-12)


def test_tables_agree(run: Run) -> None:
    values = run.table("policy_values")
    usd = dict(zip(values["value"], values["mean_usd"], strict=True))
    assert usd["best possible"] - usd["rule"] == pytest.approx(usd["shortfall"], abs=1.0)
    assert usd["rule"] - usd["mining on"] == pytest.approx(usd["converting"], abs=1.0)
    decisions = run.table("decisions")
    for hall in "BCDEFG":
        share = decisions["share_frac"][decisions["hall"] == hall]
        assert share.sum() == pytest.approx(1.0)
    stays = decisions["month"] == "never"
    assert set(decisions["use"][stays]) == {"mining"}
    region = run.table("exercise_region")
    converted = sum(
        float(s) for s, never in zip(decisions["share_frac"], stays, strict=True) if not never
    )
    assert region["converted_count"].sum() == pytest.approx(320 * converted)
    assert (region["converted_count"] <= region["seen_count"]).all()


def test_chance_is_taken_off_the_gain(run: Run) -> None:
    """The control variate moves the mean by no more than chance, and cuts its error."""
    table = run.table("scenarios")
    npv_usd = {p: table["npv_usd"][table["plan"] == p] for p in ("keep mining", "best staged")}
    plain = npv_usd["best staged"] - npv_usd["keep mining"]
    error_usd = plain.std(ddof=1) / np.sqrt(plain.size)
    row = run.row("plans", plan="best staged")
    assert abs(row["delta_mean_usd"] - plain.mean()) < 4.0 * error_usd
    assert row["delta_se_usd"] < 0.4 * error_usd


def test_words_tell_a_rule_from_a_plan_of_dates(run: Run) -> None:
    text = summary(run)
    assert "of the best that any rule could" in " ".join(text.split())


def test_offers_that_differ_by_scenario_are_each_their_own(world: World) -> None:
    """Half of the scenarios take one offer, half the other: each half is as if alone."""
    hall, scenarios = world.site.hall("B"), world.shape[0]
    month = np.where(np.arange(scenarios) % 5 == 4, NEVER, 6)
    which = np.where(month < NEVER, np.arange(scenarios) % 2, -1)
    offers = ("shell", "cloud")
    mixed = run_hall(
        hall,
        Decisions(offers=offers, month={"B": month}, use={"B": which}, known_at_start=False),
        world,
    )
    for k, offer in enumerate(offers):
        rows = which == k
        alone = run_hall(
            hall,
            Decisions(
                offers=(offer,),
                month={"B": month},
                use={"B": np.where(month < NEVER, 0, -1)},
                known_at_start=False,
            ),
            world,
        )
        assert mixed.hosting is not None
        assert alone.hosting is not None
        for f in fields(HostingCash):
            both = getattr(mixed.hosting, f.name), getattr(alone.hosting, f.name)
            if all(isinstance(values, np.ndarray) for values in both):
                # Scenarios are the last axis but one: before it may stand lines of the ledger.
                mine, theirs = (values[..., rows, :] for values in both)
                np.testing.assert_array_equal(mine, theirs)
        np.testing.assert_array_equal(mixed.still_mining[rows], alone.still_mining[rows])


def test_a_policy_without_rules_is_refused(scenario: Scenario, world: World) -> None:
    with pytest.raises(InputError, match="Fit it"):
        evaluate(scenario.plans[1], world)
    assert isinstance(evaluate(scenario.plans[0], world).plan, FixedPlan)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("plans.best staged.uses=[shell, moon]", "unknown offer 'moon'"),
        ("plans.best staged.uses=[shell, shell]", "'shell' a second time"),
        ("plans.best staged.halls=[B, B]", "'B' a second time"),
        ("plans.best staged.halls=[Z]", "unknown hall 'Z'"),
        ("plans.best staged.ai=50 MW utility", "at least the smallest hall"),
        ("plans.best staged.crews=0", "1 to 1000"),
        ("plans.best staged.paths=100", "512"),
        ("plans.best staged.every=0 months", "1 to 120"),
    ],
)
def test_mistakes_name_key_and_cure(change: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load(EXAMPLE, overrides=(change,))
    assert said in str(caught.value)
    assert "plans.best staged" in str(caught.value)


def test_what_the_rule_does_not_see_is_named(scenario: Scenario, run: Run, world: World) -> None:
    """Each term that the ledger books and the rule does not is named by its key, and said."""
    assert [row["key"] for row in run.meta["policy_leaves_out"]] == ["finance.tax"]
    shell = replace(
        scenario.offers["shell"],
        queue=Delay(late_months=(12, 24), chance_frac=(0.5, 0.5)),
        credit=TenantCredit(default_frac_per_year=0.02),
    )
    take = MinimumTake(contract_mw=900.0, take_frac=0.5, shortfall_usd_per_mwh=10.0)
    sun = RenewableUnit(name="sun", capacity_mw=5.0, year_frac=(0.2,) * 8760)
    seen = replace(
        world,
        power=PlanPower(renewables=(sun,)),
        terms=replace(world.terms, tax_rate_frac=0.0),
        meter=replace(world.meter, tariff=replace(world.meter.tariff, minimum_take=take)),
    )
    found = left_out(seen, {"shell": shell})
    assert list(found) == [
        "site.generation",
        "site.power.minimum_take",
        "offers.shell.credit",
        "offers.shell.queue",
    ]
    rows = [{"plan": "best staged", "key": key, "how": how} for key, how in found.items()]
    told = Run(meta={**run.meta, "policy_leaves_out": rows}, tables=run.tables)
    text = " ".join(summary(told).split())
    assert "any rule could, leaving out site.generation, site.power.minimum_take, offers" in text
    assert [row[1] for row in left_out_sheet(told).rows] == list(found)


@pytest.mark.slow
def test_each_month_to_power_has_a_worth(scenario: Scenario) -> None:
    """What a queue holds back is worth more the more of it is saved; per month it is a share."""
    queue = Delay(late_months=(36,), chance_frac=(1.0,))
    offers = {name: replace(use, queue=queue) for name, use in scenario.offers.items()}
    waits = replace(scenario, offers=offers, scenarios=128)
    found = run_study(waits, option_values=True)
    table = found.table("time_to_power")
    assert table["months"].tolist() == [1, 3, 6, 12, 1, 3, 6, 12]
    np.testing.assert_allclose(table["mean_usd_per_month"] * table["months"], table["mean_usd"])
    np.testing.assert_allclose(table["se_usd_per_month"] * table["months"], table["se_usd"])
    assert table["mean_usd"][3] > 3.0 * table["se_usd"][3]
    assert table["mean_usd"][3] > table["mean_usd"][7] > 0.0
    # Boards meet in quarters: power a month sooner does not let them decide sooner.
    assert table["mean_usd"][4] == 0.0
    sheet = power_sheet(found)
    assert len(sheet.rows) == 8
    assert sheet.rows[-1][1] == "12 months less in the queue"
    first = found.table("decisions")["month"]
    assert min(str(m) for m in first if m != "never") >= "2028-01"
