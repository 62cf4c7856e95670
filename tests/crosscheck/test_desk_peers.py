"""Foresight equals the linear program with peak charges; the logistic fit equals SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from rerack.assets import Hall, RigFleet, Site, Tariff
from rerack.dispatch.backtest_run import DeskRules, backtest
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_peak_model import fit_peak_model
from rerack.dispatch.lp import LpOracle
from rerack.markets.files import HourlySeries


@pytest.mark.parametrize("seed", range(5))
def test_foresight_equals_the_lp_with_the_charge_on_peak_hours(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hours = 122 * 24
    start = np.datetime64("2024-06-01T05", "h")
    load = SystemLoad(name="l", start=start, system_mw=rng.uniform(4e4, 8e4, hours))
    price = rng.normal(40.0, 30.0, hours)
    halls = tuple(
        Hall(
            name=str(k),
            utility_mw=30.0,
            rigs=RigFleet(model=str(k), efficiency_j_per_th=e, uptime_frac=0.95),
        )
        for k, e in enumerate((17.5, 29.5, 38.0))
    )
    site = Site(name="S", interconnect_mw=70.0, halls=halls, tariff=Tariff(), firm_load_mw=9.0)
    found = backtest(
        site,
        HourlySeries(name="p", start=start, prices_usd_per_mwh=price),
        45.0,
        load=load,
        rules=DeskRules(peak_charge_usd_per_mw_year=70_000.0),
    )
    out = found.outcome
    adder = out.is_peak * 70_000.0 / 4.0
    oracle = LpOracle(np.full(3, 28.5), limit_mw=61.0, hours=hours)
    best = oracle.maximise(out.strike_usd_per_mwh - (price + adder)[:, np.newaxis])
    firm = float(((price + adder) * 9.0).sum())
    assert out.is_peak.sum() == 4
    assert found.total()["foresight_net_usd"] == pytest.approx(best - firm, rel=1e-9)


@pytest.mark.parametrize("count", [4, 7])
def test_the_logistic_fit_reaches_the_optimum_that_scipy_finds(count: int) -> None:
    rng = np.random.default_rng(11)
    spread = np.array([0.1, 0.2, 0.3, 0.05, 3.0, 2.0, 1.5])[:count]
    signals = rng.standard_normal((3000, count)) * spread + np.linspace(-0.1, 0.5, count)
    score = signals @ np.array([20.0, 8.0, -2.0, 10.0, 0.4, 0.2, 0.1])[:count] - 6.0
    is_peak = (rng.random(3000) < 1.0 / (1.0 + np.exp(-score))).astype(float)
    model = fit_peak_model(signals, is_peak)
    design = np.column_stack([(signals - model.centre) / model.spread, np.ones(3000)])

    def loss(weights: np.ndarray) -> float:
        z = design @ weights
        return float(np.logaddexp(0.0, z).sum() - is_peak @ z + 0.5 * (weights[:count] ** 2).sum())

    best = minimize(loss, np.zeros(count + 1), method="BFGS", options={"gtol": 1e-8})
    assert loss(np.asarray(model.weights)) <= best.fun + 1e-8
    assert model.weights == pytest.approx(best.x, abs=1e-4)
    # A free intercept makes chances add up to the peaks learnt from.
    assert model.chance_frac(signals).sum() == pytest.approx(is_peak.sum(), rel=1e-6)
    assert model.peaks == is_peak.sum()
