"""A portfolio from its file: values against the ledger, the command, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from rerack.assets import Delay, OfferWindow
from rerack.base.errors import InputError, ScenarioError
from rerack.cli.commands.portfolio import command
from rerack.planning import evaluate, keep_mining
from rerack.planning.plans import Assignment, FixedPlan
from rerack.planning.portfolio import site_choices
from rerack.scenario import load
from rerack.scenario.portfolio import load_portfolio
from rerack.study.pipeline import prepare
from rerack.study.portfolio import run_portfolio
from rerack.study.simulate import build_world

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "portfolio" / "two-companies.yaml"
SMALL = ("study.scenarios=512", "study.check=128", "stages.count=3")


def test_a_gain_is_what_the_ledger_pays_without_tax() -> None:
    """Tax apart (losses wait in the ledger), a date fixed in advance gains the same both ways."""
    scenario = load(
        ROOT / "examples" / "corsicana.yaml",
        overrides=["finance.tax=0 %", "market.lease.volatility=0 %"],
        scenarios=64,
    )
    prepared = prepare(scenario)
    world = build_world(prepared, 0, 64)
    months = np.array([0, 12])
    found = list(
        site_choices(world, prepared.scenario.market, months, company="Riot", site="Corsicana")
    )
    shell = next(c for c in found if c.offer == "shell" and c.count == 6)
    # The same rigs: the ledger skips a renewal that cannot pay before a date known in advance,
    # which a rule that reacts cannot, so month 0, with no renewal before it, is compared.
    plan = FixedPlan(
        name="B", kind="staged", assignments=(Assignment(hall="B", use="shell", decide_month=0),)
    )
    gain = evaluate(plan, world).npv_usd - evaluate(keep_mining(), world).npv_usd
    assert shell.gain_usd[:, 0].mean() == pytest.approx(gain.mean(), rel=1e-6)


def test_offers_are_taken_in_their_windows_and_not_before_their_power() -> None:
    scenario = load(ROOT / "examples" / "corsicana.yaml", scenarios=64)
    world = build_world(prepare(scenario), 0, 64)
    months = np.array([0, 12, 24, 36])

    def taken(**changes: object) -> list[bool]:
        shell = replace(world.offers["shell"], **changes)  # type: ignore[arg-type]
        offered = replace(world, offers={"shell": shell}, _hosting={})
        found = site_choices(offered, scenario.market, months, company="Riot", site="Corsicana")
        return next(found).open_stage.tolist()

    assert taken() == [True] * 4
    assert taken(window=OfferWindow(from_month=6, until_month=24)) == [False, True, True, False]
    queue = Delay(late_months=(36,), chance_frac=(1.0,))
    assert taken(queue=queue) == [False, False, True, True]
    with pytest.raises(InputError, match="arrives by chance"):
        taken(window=OfferWindow(arrival_frac_per_month=0.1))


def test_the_example_runs_and_its_parts_agree() -> None:
    run = run_portfolio(load_portfolio(EXAMPLE, overrides=SMALL))
    solution = run.found.solution
    assert solution.gap_frac <= 1e-4
    known = run.information
    assert known.static_usd <= known.stochastic_usd + 1.0 <= known.perfect_usd + 2.0
    again = run_portfolio(load_portfolio(EXAMPLE, overrides=SMALL))
    assert np.array_equal(run.check_gain_usd, again.check_gain_usd)


def test_the_command_says_the_answer_and_prints_tables() -> None:
    sets = [part for text in SMALL for part in ("--set", text)]
    shown = CliRunner().invoke(command, [str(EXAMPLE), *sets], catch_exceptions=False)
    assert "Two companies, one tenant" in shown.output
    assert "over mining on everywhere" in shown.output
    table = CliRunner().invoke(
        command, [str(EXAMPLE), *sets, "--table", "value", "--csv"], catch_exceptions=False
    )
    assert table.output.startswith("gain_tree_usd,")


@pytest.mark.parametrize(
    ("override", "place", "word"),
    [
        ("companies.Riot.crew=2", "companies.Riot.crew", "crews"),
        ("companies.River.sites.River.file=none.yaml", "none.yaml", "no such file"),
        ("stages.every=10 years", "stages", "before the horizon"),
        ("offers.colo.critical=5 MW critical", "offers.colo", "colocation"),
        ("offers.colocation.critical=5 MW", "critical", "critical (IT only)"),
    ],
)
def test_a_mistake_is_named_with_its_cure(override: str, place: str, word: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(EXAMPLE, overrides=[override])
    assert place in str(caught.value)
    assert word in str(caught.value)


def test_sites_of_two_markets_are_refused() -> None:
    study = load_portfolio(EXAMPLE, overrides=SMALL)
    other = replace(
        study.sites[1],
        scenario=load(
            ROOT / "examples" / "portfolio" / "river.yaml",
            overrides=["market.bitcoin.price=90,000 USD", "market.lease.volatility=20 %"],
            scenarios=512,
        ),
    )
    with pytest.raises(InputError, match="one market"):
        run_portfolio(replace(study, sites=(study.sites[0], other)))


def test_too_few_scenarios_for_the_tree_are_refused() -> None:
    with pytest.raises(InputError, match="fewer stages or branches"):
        run_portfolio(load_portfolio(EXAMPLE, overrides=["study.scenarios=256"]))
