"""The answer in words, computed from the run's tables; terminal and page print the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from rerack.base.checks import require
from rerack.report.format import (
    cover,
    is_rounding,
    money,
    money_with_error,
    number,
    per_kwh,
    printable,
    quantity,
    quarter,
    share,
)
from rerack.report.moves import Move, hall_capacity_mw, hall_list, moves, period, rule_moves
from rerack.report.sheets import explain_command
from rerack.report.source import (
    RunTables,
    answer_plan,
    check_run,
    compared_plan,
    keep_plan,
    length,
    plan_row,
    rows,
    select,
)

#: Fewer standard errors than this between two plans is called too close to tell.
_CLEAR_ERRORS = 2.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a run says, in sentences of plain text.

    Parameters
    ----------
    headline : str
        What to do.
    gain : str
        What it is worth against keeping the rigs, with one standard error.
    why, risk, flips, checks : str
        Reason, danger, what would turn the answer, and how far to trust it.
    """

    headline: str
    gain: str
    why: str
    risk: str
    flips: str
    checks: str

    def __post_init__(self) -> None:
        for name in ("headline", "gain", "why", "risk", "flips", "checks"):
            text = getattr(self, name)
            require(bool(text), f"answer.{name}", given="no text", allowed="a sentence")


def answer(run: RunTables, *, optimality: bool = True) -> Answer:
    """Return the answer of `run` in words.

    Parameters
    ----------
    run : RunTables
        A finished run.
    optimality : bool
        Whether to say how near policies come to the best, which needs their bounds.

    Returns
    -------
    Answer
        Sentences free of control characters; names within them are the scenario's own.
    """
    run = check_run(run)
    texts = {
        "headline": _headline(run),
        "gain": _gain(run),
        "why": why(run),
        "risk": _risk(run),
        "flips": _flips(run),
        "checks": _checks(run) + (_optimality(run) if optimality else ""),
    }
    return Answer(**{name: printable(text) for name, text in texts.items()})


def why(run: RunTables) -> str:
    """Compare what a kilowatt-hour earns at AI and at mining, and what each costs to build."""
    mining, ai = best_uses(run)
    if mining is None and ai is None:
        return "no use of a kilowatt-hour was computed"
    if ai is None or mining is None:
        only = mining or ai or {}
        other = "no AI offer was compared" if ai is None else "the site does not mine"
        return (
            f"{other}; {only['use']} earns {per_kwh(only['revenue_usd_per_kwh'])} USD and keeps "
            f"{per_kwh(only['margin_usd_per_kwh'])} USD per utility kWh"
        )
    earns = (
        f"{per_kwh(ai['revenue_usd_per_kwh'])} against "
        f"{per_kwh(mining['revenue_usd_per_kwh'])} USD, utility"
    )
    if mining["revenue_usd_per_kwh"] > 0:
        times = number(ai["revenue_usd_per_kwh"] / mining["revenue_usd_per_kwh"], 2)
        first = f"{ai['use']} earns {times} × mining per kWh ({earns})"
    else:
        first = f"{ai['use']} earns more per kWh than mining ({earns})"
    margins = (
        f"keeps {per_kwh(ai['margin_usd_per_kwh'])} against "
        f"{per_kwh(mining['margin_usd_per_kwh'])} USD"
    )
    return f"{first}, {margins}, {_capex_ratio(mining, ai)}"


def best_uses(run: RunTables) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the rows of ``per_kwh`` for the best mining use and for the AI use that matters.

    That is the AI use that the plan compared with mining on converts most to, else the one with
    most margin. A use without revenue per critical kWh is mining.
    """
    every = rows(run.table("per_kwh"))
    mining = [r for r in every if math.isnan(r["revenue_usd_per_critical_kwh"])]
    ai = [r for r in every if not math.isnan(r["revenue_usd_per_critical_kwh"])]
    best_mining = max(mining, key=lambda r: float(r["revenue_usd_per_kwh"]), default=None)
    compared = compared_plan(run)
    chosen = [] if compared is None else [m.use for m in moves(run, compared)]
    if compared is not None and not chosen:
        found = rule_moves(run, compared)
        chosen = [] if found is None else [found.use]
    in_plan = [r for use in chosen for r in ai if r["use"] == use]
    best_ai = max(ai, key=lambda r: float(r["margin_usd_per_kwh"]), default=None)
    return best_mining, (in_plan[0] if in_plan else best_ai)


def _capex_ratio(mining: dict[str, Any], ai: dict[str, Any]) -> str:
    low, high = (float(r["capex_usd_per_mw_utility"]) for r in (mining, ai))
    if low > 0 and high > 0:
        return f"at {number(high / low, 2)} × the capex per MW"
    if high > 0:
        return f"for new capex of {money(high)} per MW utility"
    return "with no capex of the owner's"


def _headline(run: RunTables) -> str:
    best = answer_plan(run)
    made = moves(run, best)
    capacity_mw = hall_capacity_mw(run)
    if plan_row(run, best)["kind"] in RULES:
        return _rule_words(run, best)
    if not made:
        total = quantity(sum(capacity_mw.values()), "mw", "utility")
        if best == keep_plan(run):
            return (
                f"Keep every hall mining ({total})."
                if _mines(run)
                else f"Convert no hall ({total})."
            )
        return f"Follow the plan “{best}” ({total}): most scenarios convert no hall."
    order = list(capacity_mw)
    parts = [_move_words(m, order, k) for k, m in enumerate(made)]
    stay = [h for h in order if not any(h in m.halls for m in made)]
    if stay:
        stay_mw = quantity(sum(capacity_mw[h] for h in stay), "mw", "utility")
        left = hall_list(stay, order)
        still = f"leave {left} as {'it is' if len(stay) == 1 else 'they are'}"
        kept = f"keep {left} mining" if _mines(run) else still
        parts.append(f"{kept} ({stay_mw})")
    return "; ".join(parts) + "."


def _mines(run: RunTables) -> bool:
    """Return whether rigs draw power in the first year, so that there is mining to keep."""
    return bool(np.isnan(run.table("per_kwh")["revenue_usd_per_critical_kwh"]).any())


#: Kinds of plans whose dates depend on the scenario.
RULES = frozenset({"policy", "threshold"})


def _rule_words(run: RunTables, plan: str) -> str:
    """Say what a rule does today and later: its dates are not known yet."""
    found = rule_moves(run, plan)
    total = quantity(sum(hall_capacity_mw(run).values()), "mw", "utility")
    if found is None:
        return f"Follow the rule of “{plan}”: it converts no hall ({total})."
    order = list(hall_capacity_mw(run))
    noun = "hall" if len(found.halls) == 1 else "halls"
    size = quantity(found.utility_mw, "mw", "utility")
    halls = f"{noun} {hall_list(found.halls, order)} ({size})"
    now = found.first_frac
    mines = _mines(run)
    wait = "Mine on and wait" if mines else "Wait"
    today = wait if now < 1e-9 else f"Convert {share(now)} of them now"
    first, median = quarter(found.first_month), quarter(found.median_month)
    when = f"half of them by {median}" if median != first else "half of them then too"
    return (
        f"{today} with {halls}, following the rule of “{plan}”: {share(found.share_frac)} of these "
        f"MW convert in time, most to {found.use}, the first in {first}, {when}; "
        f"the others {'mine on' if mines else 'stay as they are'}."
    )


def _move_words(move: Move, order: list[str], position: int) -> str:
    verb = "Convert" if position == 0 else "convert"
    noun = "hall" if len(move.halls) == 1 else "halls"
    size = quantity(move.utility_mw, "mw", "utility")
    often = "" if move.share_frac > 0.9995 else f", in {share(move.share_frac)} of scenarios"
    return (
        f"{verb} {noun} {hall_list(move.halls, order)} ({size}) to {move.use} "
        f"{period(move.first_month, move.last_month)}{often}"
    )


def _gain(run: RunTables) -> str:
    best, keep = answer_plan(run), keep_plan(run)
    if best != keep:
        row = plan_row(run, best)
        worth = money_with_error(row["delta_mean_usd"], row["delta_se_usd"])
        return f"{worth} against {keep}.{_too_close(row)}"
    rival = compared_plan(run)
    if rival is None:
        return "No other plan was compared."
    row = plan_row(run, rival)
    if is_rounding(row["delta_mean_usd"]) and is_rounding(row["delta_se_usd"]):
        return f"The next best, {rival}, comes to the same."
    worth = money_with_error(row["delta_mean_usd"], row["delta_se_usd"])
    return f"The next best, {rival}, comes to {worth} against it.{_too_close(row)}"


def _too_close(row: dict[str, Any]) -> str:
    if math.isnan(row["delta_se_usd"]):
        return " One scenario has no standard error: run more."
    if abs(row["delta_mean_usd"]) >= _CLEAR_ERRORS * row["delta_se_usd"]:
        return ""
    return " That is within two standard errors: too close to call."


def _risk(run: RunTables) -> str:
    best, keep = answer_plan(run), keep_plan(run)
    row = plan_row(run, best)
    parts = []
    if best != keep and not math.isnan(row["p_below_keep_frac"]):
        parts.append(f"P(NPV below {keep}) {share(row['p_below_keep_frac'])}")
    npv_usd = select(run.table("scenarios"), plan=best)["npv_usd"]
    if len(npv_usd):
        parts.append(f"P(NPV below zero) {share(float(np.mean(npv_usd < 0)))}")
    parts.append(f"NPV {money(row['npv_p5_usd'])} at P5")
    if math.isfinite(row["worst_dscr"]):
        parts.append(f"worst DSCR {cover(row['worst_dscr'])}")
    parts += _bad_months(run)
    return "; ".join(parts)


def _bad_months(run: RunTables) -> list[str]:
    outlook = run.table("outlook")
    out = []
    hashprice = select(outlook, driver="hashprice_usd_per_ph_day")
    if length(hashprice) and _mines(run):
        k = int(np.argmin(hashprice["p5"]))
        low = quantity(float(hashprice["p5"][k]), "usd_per_ph_day")
        out.append(f"hashprice {low} at P5 in {hashprice['month'][k]}")
    power = select(outlook, driver="power_price_usd_per_mwh")
    if length(power):
        k = int(np.argmax(power["p95"]))
        high = quantity(float(power["p95"][k]), "usd_per_mwh")
        out.append(f"power {high} at P95 in {power['month'][k]}")
    return out


def _flips(run: RunTables) -> str:
    table = rows(run.table("flips"))
    if not table:
        return "no other plan to change to"
    found = [r for r in table if not math.isnan(r["factor"])]
    found.sort(key=lambda r: abs(math.log(r["factor"])))
    said = [f"{r['input']} {_move_by(r['factor'])}" for r in found]
    nowhere = [
        f"{r['input']} (from {number(r['searched_low'], 2)} to "
        f"{number(r['searched_high'], 2)} times its value)"
        for r in table
        if math.isnan(r["factor"])
    ]
    texts = [f"each alone: {', or '.join(said)}"] if said else []
    texts += [f"not by {', nor by '.join(nowhere)}"] if nowhere else []
    return "; ".join(texts)


def _move_by(factor: float) -> str:
    change = factor - 1.0
    return f"{'up' if change >= 0 else 'down'} {share(abs(change))}"


def _optimality(run: RunTables) -> str:
    """Say how near each policy comes to the best that any rule could earn."""
    table = run.table("policy_values")
    texts = []
    for plan in dict.fromkeys(map(str, table["plan"])):
        values = {str(r["value"]): r for r in rows(select(table, plan=plan))}
        best, gap = values["best possible"]["mean_usd"], values["shortfall"]["mean_usd"]
        if best > 0.0:
            texts.append(
                f" · “{plan}” earns within {share(gap / best)} of the best that any rule could"
                f"{_unseen(run, plan)}"
            )
    return "".join(texts)


def _unseen(run: RunTables, plan: str) -> str:
    """Name what a rule leaves out beside the timing of tax, which every rule does."""
    rest = [r["key"] for r in run.meta.get("policy_leaves_out", []) if r["plan"] == plan]
    keys = [key for key in rest if key != "finance.tax"]
    return f", leaving out {', '.join(keys)}" if keys else ""


def _checks(run: RunTables) -> str:
    meta = run.meta
    gap = meta["lp_gap"]
    if gap is None or math.isnan(gap):
        lp = "not compared with an LP"
    else:
        lp = f"LP agreement {gap:.0e} on sampled site-months"
    unverified = int(meta["inputs_unverified"])
    noun = "input" if unverified == 1 else "inputs"
    listing = f" (list: {explain_command(run, '--inputs')})" if unverified else ""
    said = f"{lp} · seed {meta['seed']} replays it · {unverified} {noun} unverified{listing}"
    # Runs kept from before these keys existed have no list of them.
    terms = meta.get("power_terms") or []
    if not terms:
        return said
    return f"{said} · power terms valued, prices of a month known: {', '.join(terms)}"
