"""A made-up run for the report's tests, and the checks that guard a run at the report's door."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.base.timegrid import MonthGrid
from rerack.report import check_run
from rerack.report.source import nearest

NAN, INF = float("nan"), float("inf")
HALLS = ("A", "B", "C", "D")


class MadeRun:
    """Tables kept in memory; every figure in them is made up."""

    def __init__(self, meta: dict[str, Any], tables: dict[str, dict[str, Any]]) -> None:
        self.meta = meta
        self.tables = tables

    def table(self, name: str) -> dict[str, np.ndarray]:
        return {c: np.asarray(v) for c, v in self.tables[name].items()}


def made_run(*, months: int = 48, ai: bool = True, label: str = "") -> MadeRun:
    """Return a site of four halls; `label` is added to every name, `ai` offers two AI uses."""
    grid = MonthGrid.parse("2026-01", months)
    names = ["keep mining" + label]
    if ai:
        names += ["convert all" + label, "staged" + label]
    best = names[-1]
    uses = ["shell" + label, "gpu cloud" + label] if ai else []
    tables = {
        "plans": _plans(names),
        "scenarios": _scenarios(names),
        "cashflow": _cashflow(names, grid, label),
        "uses": _uses(names, grid),
        "outlook": _outlook(grid),
        "per_kwh": _per_kwh(uses, label),
        "duration": {
            "hour_share_frac": np.linspace(0.0005, 1.0, 1000),
            "price_usd_per_mwh": np.sort(20 + 30 * np.linspace(0, 1, 1000) ** 2)[::-1]
            + np.where(np.arange(1000) < 4, 3000.0, 0.0),
        },
        "strikes": {
            "hall": [h + label for h in HALLS],
            "rigs": ["S21" + label] * 2 + ["S19 XP" + label] * 2,
            "strike_usd_per_mwh": [75.0, 75.0, 41.0, 41.0],
            "run_frac": [0.97, 0.97, 0.84, 0.84],
        },
        "capex": _capex(uses, label),
        "tornado": _tornado(label),
        "flips": {
            "input": ["lease rate" + label, "BTC price", "power price"],
            "factor": [0.72, 1.6, NAN],
            "searched_low": [0.1, 0.1, 0.2],
            "searched_high": [5.0, 10.0, 5.0],
        },
        "decisions": _decisions(names, uses, label),
        "inputs": {
            "path": ["site.interconnect_mw" + label, "offers.shell.rate_usd_per_kw_month"],
            "value": ["400", "120"],
            "unit": ["MW utility", "USD/kW-month (critical)"],
            "source": ["made up" + label, "made up too"],
            "status": ["verified", "unverified"],
            "as_of": ["2025-12-01", "2025-11"],
            "where": ["made.yaml:3", "made.yaml:17"],
        },
        "rigs": {
            "model": ["S21" + label, "S19 XP"],
            "efficiency_j_per_th": [17.5, 21.5],
            "strike_usd_per_mwh": [75.0, 61.0],
            "earns_at_40": [True, True],
            "earns_at_50": [True, True],
            "earns_at_60": [True, True],
            "earns_at_80": [False, False],
            "status": ["verified", "secondary"],
        },
        "coin_cost": {
            "definition": ["power only", "cash"],
            "usd_per_btc": [46317.0, 61230.0],
            "formula": ["power / coins", "(power + operations) / coins"],
        },
    }
    meta = {
        "name": "made" + label,
        "site": "Made-up site" + label,
        "interconnect_mw": 400.0,
        "scenarios": 200,
        "months": months,
        "start": "2026-01",
        "seed": 7,
        "wall_s": 6.44,
        "discount_rate_frac": 0.09,
        "money_basis": "nominal USD, discounted to 2026-01",
        "answer_plan": best,
        "version": "0.0.0",
        "run_id": "made-1",
        "run_path": "runs/made-1",
        "created": "2026-01-02T03:04:05Z",
        "inputs_unverified": 1,
        "lp_gap": 1.2e-10,
        "hours": months * 730,
        "halls": [{"name": h + label, "utility_mw": 100.0, "rigs": "S21" + label} for h in HALLS],
    }
    if not ai:
        # As a study of one plan leaves them out.
        del tables["tornado"], tables["flips"]
    return MadeRun(meta, tables)


def _plans(names: list[str]) -> dict[str, Any]:
    n = len(names)
    return {
        "plan": names,
        "kind": ["keep", "now", "staged"][:n],
        "npv_mean_usd": [0.25e9, -0.4e9, 1.15e9][:n],
        "npv_se_usd": [0.02e9, 0.05e9, 0.03e9][:n],
        "npv_p5_usd": [-0.2e9, -1.2e9, 0.1e9][:n],
        "npv_p95_usd": [0.9e9, 0.5e9, 2.2e9][:n],
        "delta_mean_usd": [0.0, -0.65e9, 0.9e9][:n],
        "delta_se_usd": [0.0, 0.04e9, 0.03e9][:n],
        "p_below_keep_frac": [NAN, 0.86, 0.07][:n],
        "irr_frac": [NAN, 0.031, 0.214][:n],
        "irr_note": ["no outlay", "", ""][:n],
        "payback_months": [NAN, NAN, 50.0][:n],
        "capex_usd": [0.0, 3.9e9, 2.1e9][:n],
        "tenant_capex_usd": [0.0, 0.0, 0.3e9][:n],
        "worst_dscr": [INF, 0.71, 1.28][:n],
        "moic": [NAN, 0.9, 1.8][:n],
        "ai_mw_utility": [0.0, 400.0, 200.0][:n],
        "ai_mw_critical": [0.0, 300.0, 150.0][:n],
    }


def _scenarios(names: list[str]) -> dict[str, Any]:
    z = np.random.default_rng(1).standard_normal(200)
    centres = dict(zip(names, [(0.25e9, 0.3e9), (-0.4e9, 0.5e9), (1.15e9, 0.6e9)], strict=False))
    return {
        "plan": np.repeat(names, 200),
        "scenario": np.tile(np.arange(200), len(names)),
        "npv_usd": np.concatenate([m + s * z for m, s in centres.values()]),
    }


def _cashflow(names: list[str], grid: MonthGrid, label: str) -> dict[str, Any]:
    monthly = {
        "mining revenue": 9e6,
        "mining power": -5e6,
        "mining operations": -1e6,
        "AI revenue": 20e6,
        "AI power": -3e6,
        "tax": -2e6,
        "loan drawn": 1e6,
        "interest": -1e6,
    }
    rows = [
        (p, "A" + label, m, line, usd)
        for p in names
        for m in grid.labels
        for line, usd in monthly.items()
    ]
    rows += [(p, "A" + label, grid.labels[6], "conversion capex", -400e6) for p in names]
    return dict(
        zip(("plan", "hall", "month", "line", "mean_usd"), zip(*rows, strict=True), strict=True)
    )


def _uses(names: list[str], grid: MonthGrid) -> dict[str, Any]:
    rows = []
    for plan in names:
        for k, month in enumerate(grid.labels):
            converted = 0.0 if plan == names[0] else min(200.0, max(0.0, 20.0 * (k - 8)))
            building = 100.0 if 0 < converted < 200.0 else 0.0
            rows += [
                (plan, month, "AI / HPC", converted),
                (plan, month, "under conversion", building),
                (plan, month, "mining", 390.0 - converted - building),
                (plan, month, "idle", 10.0),
            ]
    columns = zip(*rows, strict=True)
    return dict(zip(("plan", "month", "use", "mean_mw"), columns, strict=True))


def _outlook(grid: MonthGrid) -> dict[str, Any]:
    t = np.arange(grid.months) / 12.0
    mean = np.concatenate([38.0 * np.exp(-0.06 * t), 45.0 + 10 * np.sin(2 * np.pi * t)])
    return {
        "driver": np.repeat(["hashprice_usd_per_ph_day", "power_price_usd_per_mwh"], grid.months),
        "month": np.tile(grid.labels, 2),
        "mean": mean,
        "p5": 0.6 * mean,
        "p25": 0.8 * mean,
        "p50": 0.95 * mean,
        "p75": 1.2 * mean,
        "p95": 1.6 * mean,
    }


def _per_kwh(uses: list[str], label: str) -> dict[str, Any]:
    n = 1 + len(uses)
    return {
        "use": ["mining S21" + label, *uses],
        "basis": ["utility"] * n,
        "revenue_usd_per_kwh": [0.084, 0.169, 0.52][:n],
        "revenue_usd_per_critical_kwh": [NAN, 0.22, 0.68][:n],
        "margin_usd_per_kwh": [0.031, 0.12, 0.3][:n],
        "capex_usd_per_mw_utility": [0.8e6, 8.8e6, 24e6][:n],
        "note": ["rigs in place", "", ""][:n],
    }


def _capex(uses: list[str], label: str) -> dict[str, Any]:
    parts = ("electrical", "cooling", "fit-out", "contingency of ten per cent")
    owner = (4.1e6, 2.2e6, 0.0, 0.63e6)
    tenant = (0.0, 0.0, 1.9e6, 0.19e6)
    return {
        "offer": np.repeat(uses, len(parts)) if uses else np.array([], dtype="U1"),
        "component": [p + label for _ in uses for p in parts] or np.array([], dtype="U1"),
        "owner_usd_per_mw": np.array([v for _ in uses for v in owner]),
        "tenant_usd_per_mw": np.array([v for _ in uses for v in tenant]),
    }


def _tornado(label: str) -> dict[str, Any]:
    return {
        "input": ["BTC price", "lease rate" + label, "power adder"],
        "low": ["40,000 USD", "96 USD/kW-month", "0 USD/MWh"],
        "high": ["210,000 USD", "150 USD/kW-month", "12 USD/MWh"],
        "low_delta_usd": [1.7e9, 0.3e9, 0.85e9],
        "high_delta_usd": [-0.4e9, 1.4e9, 0.95e9],
        "base_delta_usd": [0.9e9] * 3,
    }


def _decisions(names: list[str], uses: list[str], label: str) -> dict[str, Any]:
    rows = []
    if uses:
        plan = names[-1]
        for hall in ("B", "C"):
            rows += [
                (plan, hall + label, uses[0], "2026-07", 0.6),
                (plan, hall + label, uses[0], "2027-04", 0.3),
                (plan, hall + label, uses[0], "never", 0.1),
            ]
        rows += [(plan, "D" + label, uses[1], "2028-01", 0.2)]
        rows += [(names[1], h + label, uses[0], "2026-01", 1.0) for h in HALLS]
    else:
        rows += [(names[0], h + label, "mining", "never", 1.0) for h in HALLS]
    columns = zip(*rows, strict=True)
    return dict(zip(("plan", "hall", "use", "month", "share_frac"), columns, strict=True))


def test_a_whole_run_passes_and_is_read_once() -> None:
    run = made_run()
    checked = check_run(run)
    first = checked.table("plans")
    run.tables["plans"]["npv_mean_usd"] = [0.0, 0.0, 0.0]
    assert checked.table("plans") is first
    assert check_run(checked) is checked


def test_a_missing_key_or_column_is_named() -> None:
    run = made_run()
    del run.meta["seed"]
    with pytest.raises(InputError, match="no seed"):
        check_run(run)
    run = made_run()
    del run.tables["plans"]["moic"]
    with pytest.raises(InputError, match=r"run\.plans.*no moic"):
        check_run(run).table("plans")


def test_nan_is_refused_where_it_means_nothing() -> None:
    run = made_run()
    run.tables["plans"]["npv_mean_usd"] = [0.0, NAN, 0.0]
    with pytest.raises(InputError, match=r"npv_mean_usd\[1\].*NaN"):
        check_run(run).table("plans")


def test_columns_of_unlike_length_are_refused() -> None:
    run = made_run()
    run.tables["strikes"]["rigs"] = ["S21"]
    with pytest.raises(InputError, match="columns of lengths"):
        check_run(run).table("strikes")


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean tornado"):
        nearest("tornadoes", ("npv", "tornado"), "figure")
