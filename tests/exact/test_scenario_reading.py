"""What a scenario file becomes: scalars, merging, provenance, domain objects, the inputs table."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from rerack.assets import FixedBlock, GpuCloud, Lease
from rerack.base.errors import InputError
from rerack.planning.plans import FixedPlan, ThresholdPlan
from rerack.scenario import InputRow, Scenario, load, render, starter

STARTER = files("rerack.scenario").joinpath("data", "starter_site.yaml").read_text("utf-8")


def loaded(text: str, folder: Path, *overrides: str) -> Scenario:
    """Load a scenario text."""
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, overrides=overrides)


def row(scenario: Scenario, path: str) -> InputRow:
    """Return the one row of the inputs table at `path`."""
    (found,) = (r for r in scenario.inputs if r.path == path)
    return found


def test_starter_loads_and_becomes_domain_objects(tmp_path: Path) -> None:
    scenario = loaded(starter(), tmp_path)
    assert (scenario.name, scenario.seed, scenario.scenarios) == ("My site", 7, 1000)
    assert (scenario.grid.labels[0], scenario.grid.months) == ("2026-01", 240)
    assert scenario.site.interconnect_mw == 100.0
    assert scenario.site.tariff.adder_usd_per_mwh == 8.0
    rigs = scenario.site.hall("A").rigs
    assert rigs is not None
    assert (rigs.efficiency_j_per_th, rigs.pool_fee_frac, rigs.uptime_frac) == (15.0, 0.005, 0.96)
    assert (rigs.refresh_months, rigs.first_refresh_month) == (60, 60)
    assert rigs.fixed_om_usd_per_mw_year == 40_000.0
    never = scenario.site.hall("B").rigs
    assert never is not None
    assert (never.refresh_months, never.first_refresh_month) == (0, 0)
    shell = scenario.offers["shell"]
    assert isinstance(shell, Lease)
    assert (shell.rate_usd_per_kw_month, shell.term_months) == (120.0, 120)
    assert (shell.sla_frac, shell.renewal_frac, shell.window.until_month) == (0.99999, 0.9, None)
    assert shell.conversion.owner_capex_usd_per_mw == 6e6
    assert shell.conversion.tenant_capex_usd_per_mw == 4e6
    assert scenario.network.start_difficulty == 148.1953e12
    assert scenario.network.inflation_frac_per_year == 0.025
    assert scenario.market.bitcoin.price_usd == 85_000.0
    assert scenario.market.power.level_usd_per_mwh == 32.0
    loan = scenario.finance.loan
    assert loan is not None
    assert (loan.loan_to_cost_frac, loan.tenor_months, loan.grace_months) == (0.6, 120, 24)
    assert scenario.finance.overhead_usd_per_year == 2e6


def test_keep_mining_and_convert_now_are_always_compared(tmp_path: Path) -> None:
    plans = loaded(STARTER, tmp_path).plans
    names = ["keep mining", "convert everything now", "convert B", "wait for AI"]
    assert [p.name for p in plans] == names
    now, staged, wait = plans[1:]
    assert isinstance(now, FixedPlan)
    assert {(a.hall, a.use, a.decide_month) for a in now.assignments} == {
        ("A", "shell", 0),
        ("B", "shell", 0),
    }
    assert isinstance(staged, FixedPlan)
    assert [a.decide_month for a in staged.assignments] == [6]
    assert isinstance(wait, ThresholdPlan)
    assert (wait.halls, wait.ratio, wait.months) == (("B", "A"), 1.5, 6)


def test_without_offers_there_is_nothing_to_convert_to(tmp_path: Path) -> None:
    text = STARTER.split("offers:")[0]
    assert [p.name for p in loaded(text, tmp_path).plans] == ["keep mining"]


def test_plan_now_names_its_offer(tmp_path: Path) -> None:
    second = STARTER.split("offers:\n")[1].split("plans:")[0].replace("shell:", "other:", 1)
    text = STARTER.replace("plans:\n", f"{second}plans:\n  now: {{kind: now, use: other}}\n", 1)
    plan = loaded(text, tmp_path).plans[1]
    assert isinstance(plan, FixedPlan)
    assert {a.use for a in plan.assignments} == {"other"}
    assert "now" not in [p.name for p in loaded(text, tmp_path).plans]


def test_gpu_cloud_block_and_expiry(tmp_path: Path) -> None:
    cloud = (
        "  cloud:\n    type: gpu_cloud\n    kw_per_gpu: 2.5 kW\n    price: 2.4 USD/GPU-hour\n"
        "    utilisation: 85 %\n    gpu_cost: 29 MUSD/MW critical\n    gpu_life: 5 years\n"
        "    opex: 60 USD/kW-month critical\n    sla: 99.9 %\n    conversion:\n"
        "      capex: {all: {cost: 9 MUSD/MW critical}}\n      lead_time: 12 months\n"
        "      dark: 0 months\n      pue_design: 1.3\n      pue_mean: 1.2\n"
    )
    block = "    block: {size: 40 MW utility, price: 30 USD/MWh, until: 2030-04}\n"
    text = STARTER.replace("offers:\n", f"offers:\n{cloud}").replace(
        "    adder: 8 USD/MWh\n", f"    fixed: 5 c/kWh\n{block}"
    )
    text = text.replace("    renewal: 90 %\n", "    expires: 2026-12\n")
    scenario = loaded(text, tmp_path)
    offer = scenario.offers["cloud"]
    assert isinstance(offer, GpuCloud)
    assert (offer.price_usd_per_gpu_hour, offer.gpu_life_months) == (2.4, 60)
    assert scenario.site.tariff.fixed_price_usd_per_mwh == 50.0
    # January 2026 to April 2030, both included.
    assert scenario.site.tariff.block == FixedBlock(
        block_mw=40.0, price_usd_per_mwh=30.0, months=52
    )
    shell = scenario.offers["shell"]
    assert isinstance(shell, Lease)
    assert shell.window.until_month == 11


def test_rigs_of_ones_own_and_catalogue_rigs_with_a_correction(tmp_path: Path) -> None:
    own = "model: Mine\n        efficiency: 21 J/TH"
    rigs = loaded(STARTER.replace("model: S21 Pro", own), tmp_path).site.hall("A").rigs
    assert rigs is not None
    assert (rigs.model, rigs.efficiency_j_per_th) == ("Mine", 21.0)
    slower = "model: S21 Pro\n        hashrate: 200 TH/s"
    scenario = loaded(STARTER.replace("model: S21 Pro", slower), tmp_path)
    rigs = scenario.site.hall("A").rigs
    assert rigs is not None
    assert rigs.efficiency_j_per_th == pytest.approx(3510.0 / 200.0)
    assert row(scenario, "site.halls.A.rigs.efficiency").status == "derived"


def test_inputs_say_where_each_value_comes_from(tmp_path: Path) -> None:
    wrapped = '{value: "86,000 USD", source: our desk, status: secondary, as_of: 2026-01-02}'
    scenario = loaded(STARTER.replace("85,000 USD", wrapped), tmp_path, "study.seed=8")
    price = row(scenario, "market.bitcoin.price")
    assert (price.value, price.canonical, price.unit) == ("86,000 USD", 86_000.0, "USD")
    assert (price.source, price.status, price.as_of) == ("our desk", "secondary", "2026-01-02")
    line = 1 + STARTER.splitlines().index("    price: 85,000 USD")
    assert price.where == f"{tmp_path / 's.yaml'}:{line}"
    plain = row(scenario, "site.power.adder")
    assert (plain.source, plain.status) == ("stated in the scenario file", "unverified")
    default = row(scenario, "site.halls.B.rigs.uptime")
    assert (default.value, default.canonical, default.where) == ("96 %", 0.96, "default")
    assert default.source == "rerack default: estimated"
    option = row(scenario, "study.seed")
    assert (option.value, option.where) == ("8", "--set study.seed")
    catalogue = row(scenario, "site.halls.A.rigs.efficiency")
    assert (catalogue.canonical, catalogue.status) == (15.0, "secondary")
    assert catalogue.source.startswith("rerack default: catalogue rigs")
    lease = row(scenario, "market.lease.volatility")
    assert lease.canonical == scenario.market.lease.volatility_frac
    assert lease.status == "derived"
    assert all(r.source and r.status and r.where for r in scenario.inputs)
    assert len({r.path for r in scenario.inputs}) == len(scenario.inputs)


def test_extends_merges_maps_and_replaces_lists_and_wrapped_values(tmp_path: Path) -> None:
    base = STARTER.replace("seed: 7", "seed: {value: 7, source: a die, status: verified}")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "base.yaml").write_text(base)
    child = (
        "extends: sub/base.yaml\nstudy:\n  name: Child\n  seed: {value: 9}\n"
        "plans:\n  wait for AI:\n    halls: [A]\n"
    )
    scenario = loaded(child, tmp_path)
    assert scenario.name == "Child"
    assert scenario.grid.months == 240
    wait = scenario.plans[-1]
    assert isinstance(wait, ThresholdPlan)
    assert (wait.halls, wait.ratio) == (("A",), 1.5)
    # The source of the base's seed must not cling to the child's.
    seed = row(scenario, "study.seed")
    assert (seed.value, seed.source) == ("9", "stated in the scenario file")
    assert row(scenario, "finance.tax").where.startswith(str(tmp_path / "sub" / "base.yaml"))
    digest = hashlib.sha256(base.encode()).hexdigest()
    assert scenario.sha256[str(tmp_path / "sub" / "base.yaml")] == digest
    assert len(scenario.sha256) == 2


def test_price_file_is_found_beside_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "p.csv").write_text("ts_utc,price\n")
    base = STARTER.replace("series: ercot_north", "file: p.csv\n    treatment: as_is")
    (tmp_path / "sub" / "base.yaml").write_text(base)
    scenario = loaded("extends: sub/base.yaml\n", tmp_path)
    assert scenario.market.power.price_file == tmp_path / "sub" / "p.csv"
    assert str(tmp_path / "sub" / "p.csv") in scenario.sha256
    (tmp_path / "elsewhere").mkdir()
    again = loaded(scenario.merged_text, tmp_path / "elsewhere")
    assert again.market.power.price_file == (tmp_path / "sub" / "p.csv").resolve()


def test_options_of_load_win_over_file_and_set(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(STARTER)
    scenario = load(path, overrides=["study.seed=8"], scenarios=64, seed=11)
    assert (scenario.scenarios, scenario.seed) == (64, 11)
    assert row(scenario, "study.seed").where == "--seed"


def test_yaml_surprises_stay_texts(tmp_path: Path) -> None:
    text = STARTER.replace("    B:\n      power", "    no:\n      power").replace(
        "[B, A]", "[no, A]"
    )
    text = text.replace("      B:\n        use", "      no:\n        use")
    scenario = loaded(text.replace("name: My site", "name: 12:30", 1), tmp_path)
    assert scenario.name == "12:30"
    assert [h.name for h in scenario.site.halls] == ["A", "no"]


def test_bom_and_crlf_are_read(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + STARTER.replace("\n", "\r\n").encode())
    assert load(path).name == "My site"


def test_unknown_starter_is_refused() -> None:
    with pytest.raises(InputError, match="site"):
        starter("portfolio")


@pytest.mark.parametrize("name", ["corsicana", "iren", "cipher"])
def test_the_merged_text_is_the_same_without_libyaml(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs are named by it, so it must not depend on how PyYAML was built."""
    site = Path(__file__).resolve().parents[2] / "examples" / f"{name}.yaml"
    # A name that reads as a number is quoted.
    overrides = ("study.name='1e3'",)
    merged = load(site, overrides=overrides).merged_text
    assert "name: '1e3'" in merged

    class Plain(yaml.SafeDumper):
        """PyYAML's own emitter."""

    Plain.yaml_representers = render._Dumper.yaml_representers
    monkeypatch.setattr(render, "_Dumper", Plain)
    assert load(site, overrides=overrides).merged_text == merged
