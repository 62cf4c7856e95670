"""NPV down to plan, line, hall and driver."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.finance import discount_factors
from rerack.planning import LINES
from rerack.study.explanation.inputs import input_nodes
from rerack.study.explanation.node import Node
from rerack.study.run import Run

_DEBT_INPUTS = (
    "finance.loan",
    "finance.equipment",
    "finance.convertible",
    "finance.treasury.loan",
)
#: How a hall's line is computed, and which inputs it reads besides the hall's own.
LINE_FORMULAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "mining revenue": (
        "MW · uptime · hours · share of hours with strike > price · hashprice · 1000 / (24 · J/TH) "
        "· (1 − pool fee), mean over scenarios, discounted",
        ("market.bitcoin", "market.fees", "market.network"),
    ),
    "mining power": (
        "MW · uptime · Σ price at the meter over hours that run, mean over scenarios, discounted",
        ("market.power", "site.power"),
    ),
    "demand charge": (
        "charge · MW of each class whose month's margin exceeds it, and of AI load that the owner "
        "pays for; the others stand still",
        ("site.power.demand_charge",),
    ),
    "coincident peak": (
        "charge / listed months · MW, or the share missed where stopping costs less",
        ("site.power.coincident_peak",),
    ),
    "grid services": (
        "reserve: share · MW · [capacity price + called share · (price + energy − strike)] in "
        "hours that run; demand response: standing payment + calls in the hours that pay best, "
        "less mining lost",
        ("site.programmes",),
    ),
    "mining operations": (
        "variable O&M · MWh + fixed O&M · MW, with inflation, discounted",
        ("study.inflation",),
    ),
    "rigs": (
        "MW · 10⁶ / J/TH of the best rig on sale · its price, when a due renewal pays back in time",
        ("market.network",),
    ),
    "AI revenue": (
        "critical MW · rate · escalator · ramp (GPU cloud: GPUs · hours · utilisation · price)",
        ("offers", "market.lease", "market.gpu"),
    ),
    "AI power": (
        "critical MW · load factor · mean PUE · hours · price at the meter, where the owner pays",
        ("offers", "market.power", "site.power"),
    ),
    "AI operations": ("critical MW · operating cost · inflation", ("offers", "study.inflation")),
    "SLA credits": (
        "rent · expected credit: by the outages of the topology, else by the mean availability",
        ("offers",),
    ),
    "AI curtailment": (
        "owner's share · depth · load · Σ price at the meter over the hours shed",
        ("offers", "market.power", "site.power"),
    ),
    "delay damages": (
        "−rate · critical MW late beyond its grace, capped, mean over drawn delays",
        ("offers",),
    ),
    "default recoveries": (
        "rent lost to default that deposit, prepayment, letters of credit and guarantee make good",
        ("offers", "market.lease"),
    ),
    "termination fees": ("months of rent · scenarios in which the tenant leaves", ("offers",)),
    "tenant money held": (
        "prepayment and deposit in at signing; out as credited against rent, applied or returned",
        ("offers",),
    ),
    "conversion capex": (
        "critical MW · owner's capex · construction inflation, evenly over the lead time",
        ("offers", "study.inflation"),
    ),
    "GPU servers": ("critical MW · server cost at each purchase", ("offers",)),
    "block settlement": (
        "(index − contract price) · block MW · hours",
        ("site.power", "market.power"),
    ),
    "minimum take": (
        "min over 0 ≤ x ≤ price of a shortfall of [margin with strikes raised by x − x · energy "
        "owed] − margin without the clause",
        ("site.power.minimum_take",),
    ),
    "generation": (
        "MW · Σ over hours of (price saved, strike of rigs fed or sale − fuel and O&M), where "
        "positive",
        ("site.generation", "site.power.export"),
    ),
    "battery": (
        "what the best schedule with the month's prices known adds to the site's margin: an upper "
        "bound on what a desk earns; each month ends as full as it began",
        ("site.battery", "site.power.export", "market.power"),
    ),
    "overhead": ("overhead · inflation", ("finance.overhead", "study.inflation")),
    "tax": (
        "rate · (EBITDA − depreciation − interest − losses carried forward), by calendar year",
        ("finance.tax", "finance.depreciation", "finance.tax_rules"),
    ),
    "loan drawn": (
        "share of conversion capex and GPU servers, equipment finance, notes, loan against coins",
        _DEBT_INPUTS,
    ),
    "interest": ("rate / 12 · balance, after grace; coupons", _DEBT_INPUTS),
    "principal": (
        "as scheduled, sweep and redemption included; the rest at the horizon",
        _DEBT_INPUTS,
    ),
    "working capital": (
        "less the change in receivables, plus the change in payables",
        ("finance.working_capital",),
    ),
    "debt reserve": ("less the change in the debt service reserve", ("finance.loan",)),
    "coins kept": ("less coins kept · price when mined", ("finance.treasury", "market.bitcoin")),
    "coins sold": (
        "proceeds of coins sold from the treasury, after impact",
        ("finance.treasury", "market.bitcoin"),
    ),
    "notes converted": (
        "less the value of shares given for notes: face · share price / conversion price",
        ("finance.convertible", "market.bitcoin"),
    ),
}


def plan_npv(run: Run, plan: str) -> Node:
    """Return the mean NPV of a plan as the sum of its lines' present values."""
    row = run.row("plans", plan=plan)
    table = run.table("cashflow")
    mine = table["plan"] == plan
    present = [line for line in LINES if bool((mine & (table["line"] == line)).any())]
    return Node(
        label=f"mean NPV, {plan}",
        value=float(row["npv_mean_usd"]),
        unit="USD",
        formula=(
            f"Σ over lines and months of mean cash · (1 + "
            f"{run.meta['discount_rate_frac']:.4g})^(−month/12), {run.meta['money_basis']}; "
            f"standard error {float(row['npv_se_usd']):,.0f} USD over {run.meta['scenarios']} "
            "scenarios"
        ),
        children=(
            *(_line(run, plan, line) for line in present),
            *input_nodes(run, "study.discount_rate"),
        ),
    )


def _line(run: Run, plan: str, line: str) -> Node:
    table = run.table("cashflow")
    mine = (table["plan"] == plan) & (table["line"] == line)
    halls = list(dict.fromkeys(table["hall"][mine]))
    formula, inputs = LINE_FORMULAS[line]
    return Node(
        label=f"{line}, present value",
        value=_present_value(run, table["mean_usd"][mine]),
        unit="USD",
        formula=f"Σ over halls; each: {formula}",
        children=(
            *(_hall(run, plan, line, str(hall)) for hall in halls),
            *input_nodes(run, *inputs),
        ),
    )


def _hall(run: Run, plan: str, line: str, hall: str) -> Node:
    table = run.table("cashflow")
    mine = (table["plan"] == plan) & (table["line"] == line) & (table["hall"] == hall)
    return Node(
        label=f"{line}, {hall}",
        value=_present_value(run, table["mean_usd"][mine]),
        unit="USD",
        children=input_nodes(run, f"site.halls.{hall}"),
    )


def _present_value(run: Run, cash_usd: FloatArray) -> float:
    """Return the discounted sum of one or more month-long stretches of the cash-flow table."""
    months = int(run.meta["months"])
    factors = discount_factors(months, run.meta["discount_rate_frac"])
    return float((np.asarray(cash_usd).reshape(-1, months) * factors).sum())
