"""The figures of a run that can explain themselves, by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import partial

from rerack.base.errors import InputError
from rerack.study.explanation.cash import plan_npv
from rerack.study.explanation.company import company_builders, company_names
from rerack.study.explanation.cover import covenant, worst_dscr
from rerack.study.explanation.inputs import input_nodes
from rerack.study.explanation.node import Node
from rerack.study.explanation.policy import policy_builders
from rerack.study.explanation.reliability import reliability_builders
from rerack.study.register import COMPANIES
from rerack.study.run import Run

_MARKET = ("market.bitcoin", "market.fees", "market.network")


def explainable(run: Run) -> tuple[str, ...]:
    """Return the names that `explain` accepts for this run."""
    return tuple(_builders(run))


def explain(run: Run, figure: str) -> Node:
    """Return the tree behind a figure.

    Parameters
    ----------
    run : Run
        A finished run.
    figure : str
        A name of `explainable`; ``npv`` alone means the answer plan's, and ``value`` alone the
        first company's with all that it has announced.

    Raises
    ------
    InputError
        Unknown figure; the message names the nearest.
    """
    builders = _builders(run)
    for name in (figure, *_longer(run, figure)):
        if name in builders:
            return builders[name]()
    near = difflib.get_close_matches(figure, builders, n=3) or list(builders)[:3]
    raise InputError.of(
        "figure",
        given=repr(figure),
        allowed="a figure of this run",
        cure=f"Nearest: {', '.join(near)}. `rerack explain RUN --list` names all.",
    )


def _longer(run: Run, figure: str) -> tuple[str, ...]:
    """Return the names that a short one may stand for."""
    if run.meta.get("kind") == COMPANIES:
        return company_names(run, figure)
    return (f"{figure}:{run.meta['answer_plan']}",)


def _builders(run: Run) -> dict[str, Callable[[], Node]]:
    if run.meta.get("kind") == COMPANIES:
        return company_builders(run)
    names: dict[str, Callable[[], Node]] = {"hashprice": partial(_hashprice, run)}
    for plan in map(str, run.column("plans", "plan")):
        names[f"npv:{plan}"] = partial(plan_npv, run, plan)
        names[f"gain:{plan}"] = partial(_gain, run, plan)
        names[f"irr:{plan}"] = partial(_irr, run, plan)
        names[f"capex:{plan}"] = partial(_capex, run, plan)
        names[f"worst_dscr:{plan}"] = names[f"dscr:{plan}"] = partial(worst_dscr, run, plan)
        names[f"covenants:{plan}"] = partial(covenant, run, plan)
    names.update(policy_builders(run))
    names.update(reliability_builders(run))
    for hall in map(str, run.column("strikes", "hall")):
        names[f"strike:{hall}"] = partial(_strike, run, hall)
    for use in map(str, run.column("per_kwh", "use")):
        names[f"per_kwh:{use}"] = partial(_per_kwh, run, use)
    for definition in map(str, run.column("coin_cost", "definition")):
        names[f"coin_cost:{definition}"] = partial(_coin_cost, run, definition)
    return names


def _hashprice(run: Run) -> Node:
    month = run.meta["start"]
    row = run.row("outlook", driver="hashprice_usd_per_ph_day", month=month)
    return Node(
        label=f"hashprice, {month}",
        value=float(row["mean"]),
        unit="USD/PH/day",
        formula="10¹⁵ · 86,400 / (difficulty · 2³²) · (subsidy + fees) · price, time mean of month",
        children=input_nodes(run, *_MARKET),
    )


def _gain(run: Run, plan: str) -> Node:
    row = run.row("plans", plan=plan)
    keep = str(run.column("plans", "plan")[0])
    return Node(
        label=f"gain of {plan} over {keep}",
        value=float(row["delta_mean_usd"]),
        unit="USD",
        formula=(
            f"mean NPV of {plan} less mean NPV of {keep}, scenario by scenario on the same draws; "
            f"standard error {float(row['delta_se_usd']):,.0f} USD"
        ),
        children=(plan_npv(run, plan), plan_npv(run, keep)),
    )


def _irr(run: Run, plan: str) -> Node:
    row = run.row("plans", plan=plan)
    return Node(
        label=f"IRR of {plan} over keeping mining",
        value=float(row["irr_frac"]),
        unit="per year",
        formula="rate at which the mean cash of the plan less that of keeping mining has NPV 0; "
        f"{row['irr_note']}",
        children=(_gain(run, plan),),
    )


def _capex(run: Run, plan: str) -> Node:
    row = run.row("plans", plan=plan)
    return Node(
        label=f"owner's capex of {plan}",
        value=float(row["capex_usd"]),
        unit="USD",
        formula="undiscounted mean spend on conversion, GPU servers and renewed rigs",
        children=(
            Node(
                label="paid by tenants besides",
                value=float(row["tenant_capex_usd"]),
                unit="USD",
            ),
            *input_nodes(run, "offers", "site.halls"),
        ),
    )


def _strike(run: Run, hall: str) -> Node:
    row = run.row("strikes", hall=hall)
    return Node(
        label=f"strike price of hall {hall}",
        value=float(row["strike_usd_per_mwh"]),
        unit="USD/MWh",
        formula="hashprice · 1000 / (24 · J/TH) · (1 − pool fee) − variable O&M",
        children=(_hashprice(run), *input_nodes(run, f"site.halls.{hall}.rigs")),
    )


def _per_kwh(run: Run, use: str) -> Node:
    row = run.row("per_kwh", use=use)
    own = ("site.halls", *_MARKET) if use == "mining" else (f"offers.{use}", "site.power")
    return Node(
        label=f"revenue of {use} per utility kWh",
        value=float(row["revenue_usd_per_kwh"]),
        unit="USD/kWh",
        formula=str(row["note"]),
        children=input_nodes(run, *own),
    )


def _coin_cost(run: Run, definition: str) -> Node:
    row = run.row("coin_cost", definition=definition)
    return Node(
        label=f"cost per coin, {definition}, first year if mining on",
        value=float(row["usd_per_btc"]),
        unit="USD/BTC",
        formula=str(row["formula"]),
        children=input_nodes(run, "site.halls", "site.power", "finance.overhead", *_MARKET),
    )
