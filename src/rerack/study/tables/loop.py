"""Tables of the closed loop: plans, equilibria by start, paths, and what a calculator says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.finance import payback_months
from rerack.network import NetworkOutlook, network_path
from rerack.network.cohort_network import as_a_whole
from rerack.network.typed_growth import past_growth_frac_per_year, typed_growth_path
from rerack.planning import Plan, PlanBlock, evaluate
from rerack.planning.policy import FittedPlan
from rerack.study.loop import (
    Loop,
    LoopEquilibrium,
    equilibria,
    loop_network,
)
from rerack.study.simulate import Prepared, place_site
from rerack.study.store import Table
from rerack.study.tables.plans import standard_error

#: Growth rates that people type in, beside what the past shows.
TYPED_FRAC_PER_YEAR = (0.0, 0.2)


def loop_tables(
    prepared: Prepared, plans: tuple[Plan | FittedPlan, ...], *, threads: int
) -> dict[str, Table]:
    """Close the loop and return what came of it.

    Parameters
    ----------
    prepared : Prepared
        The study.
    plans : tuple of Plan or FittedPlan
        Its plans, the first of which keeps mining.
    threads : int
        Threads; results do not depend on them.

    Returns
    -------
    dict of str to Table
        ``loop`` by plan, ``loop_starts`` by start, ``loop_paths`` by month, ``calculator`` by
        method.

    Raises
    ------
    InputError
        No world fits the study, or nobody in it converts.
    """
    loop = Loop(prepared, plans, loop_network(prepared), threads)
    found = equilibria(loop)
    open_loop = loop.respond(np.eye(len(plans))[0])
    return {
        "loop": _plan_rows(loop, found[0], open_loop.npv_usd),
        "loop_starts": _start_rows(loop, found),
        "loop_paths": _path_rows(loop, found[0]),
        "calculator": _calculator_rows(prepared, loop, found[0]),
    }


def _plan_rows(loop: Loop, found: LoopEquilibrium, alone_usd: FloatArray) -> Table:
    keep = found.response.blocks[0].npv_usd
    gains = [b.npv_usd - keep for b in found.response.blocks]
    return {
        "plan": np.array([p.name for p in loop.plans]),
        "share_frac": found.found.shares,
        "npv_alone_usd": alone_usd,
        "npv_usd": found.response.npv_usd,
        "delta_usd": np.array([float(g.mean()) for g in gains]),
        "delta_se_usd": np.array([standard_error(g) for g in gains]),
    }


def _start_rows(loop: Loop, found: tuple[LoopEquilibrium, ...]) -> Table:
    rows = [
        (
            start,
            k + 1,
            e.found.residual,
            e.found.residual / max(float(np.abs(e.found.values).max()), 1.0),
            e.response.unsettled_mw,
            float(e.response.converted_mw[:, -1].mean()),
            e.found.evaluations,
        )
        for k, e in enumerate(found)
        for start in e.starts
    ]
    order = {p.name: i for i, p in enumerate(loop.plans)}
    rows.sort(key=lambda row: order[row[0]])
    return {
        "start": np.array([r[0] for r in rows]),
        "equilibrium": np.array([r[1] for r in rows]),
        "residual_usd": np.array([r[2] for r in rows]),
        "residual_frac": np.array([r[3] for r in rows]),
        "unsettled_mw": np.array([r[4] for r in rows]),
        "converted_mw": np.array([r[5] for r in rows]),
        "evaluations": np.array([r[6] for r in rows]),
    }


def _path_rows(loop: Loop, found: LoopEquilibrium) -> Table:
    nobody = loop.respond(np.eye(len(loop.plans))[0]).network
    here = found.response.network
    factor = here.lease_left_frac
    assert factor is not None  # the loop needs AI demand
    return {
        "month": np.array(loop.outlook.grid.labels),
        "hashprice_usd_per_ph_day": here.hashprice_usd_per_ph_day.mean(axis=0),
        "nobody_usd_per_ph_day": nobody.hashprice_usd_per_ph_day.mean(axis=0),
        "hashrate_eh_s": here.hashrate_eh_s.mean(axis=0),
        "nobody_eh_s": nobody.hashrate_eh_s.mean(axis=0),
        "converted_mw": found.response.converted_mw.mean(axis=0),
        "lease_left_frac": factor.mean(axis=0),
    }


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What one way of looking at the network says about keeping and about one other plan."""

    method: str
    growth_frac_per_year: float
    keep_usd: float
    delta_usd: float
    payback_months: float


def _calculator_rows(prepared: Prepared, loop: Loop, found: LoopEquilibrium) -> Table:
    """Set typed-in growth beside the closed loop, for keeping and for the best other plan."""
    others = found.response.npv_usd[1:]
    other = 1 + int(np.argmax(others)) if others.size else 0
    pair = (loop.runnable[0], loop.runnable[other])
    blocks = (found.response.blocks[0], found.response.blocks[other])
    truth = _said("closed loop", float("nan"), blocks)
    told = [truth]
    path = network_path(prepared.scenario.network, loop.outlook)
    told.append(_said("this study, open", float("nan"), _both(prepared, loop, pair, path)))
    spec = as_a_whole(prepared.scenario.network)
    for growth in (*TYPED_FRAC_PER_YEAR, past_growth_frac_per_year()):
        path = typed_growth_path(spec, loop.outlook, growth)
        told.append(_said("typed-in growth", growth, _both(prepared, loop, pair, path)))
    return {
        "method": np.array([t.method for t in told]),
        "growth_frac_per_year": np.array([t.growth_frac_per_year for t in told]),
        "keep_npv_usd": np.array([t.keep_usd for t in told]),
        "keep_error_usd": np.array([t.keep_usd - truth.keep_usd for t in told]),
        "plan": np.array([loop.plans[other].name for _ in told]),
        "delta_usd": np.array([t.delta_usd for t in told]),
        "delta_error_usd": np.array([t.delta_usd - truth.delta_usd for t in told]),
        "payback_months": np.array([t.payback_months for t in told]),
        "payback_error_months": np.array([t.payback_months - truth.payback_months for t in told]),
    }


def _both(
    prepared: Prepared,
    loop: Loop,
    pair: tuple[Plan | FittedPlan, Plan | FittedPlan],
    path: NetworkOutlook,
) -> tuple[PlanBlock, PlanBlock]:
    world = place_site(prepared, loop.outlook, path)
    return evaluate(pair[0], world), evaluate(pair[1], world)


def _said(method: str, growth: float, blocks: tuple[PlanBlock, PlanBlock]) -> _Said:
    keep, other = blocks
    cash = [b.line_sum_usd.sum(axis=(0, 1)) / b.npv_usd.size for b in blocks]
    paid = payback_months((cash[1] - cash[0])[None, :])
    return _Said(
        method=method,
        growth_frac_per_year=growth,
        keep_usd=float(keep.npv_usd.mean()),
        delta_usd=float((other.npv_usd - keep.npv_usd).mean()),
        payback_months=float(paid.after_months[0]) if bool(paid.reached[0]) else float("nan"),
    )
