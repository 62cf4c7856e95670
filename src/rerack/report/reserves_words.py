"""The reserves study in words: finding, heaviest days, who sold and why, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rerack.network.reserves import ReserveSimulation
from rerack.network.reserves.tables import HeaviestSpan
from rerack.report.format import money, number, share
from rerack.report.tables import Written, table_text, written

#: What coins are sold for, in the order of `REASONS`.
_FOR = ("own policy", "bills", "covenant", "margin calls")
_BTC_HEADS = {
    "step": "step",
    "price_p50_usd": "price, USD",
    "impact_mean_frac": "fall by sales",
    "mined_btc": "mined, BTC",
    "sold_btc": "sold, BTC",
    "policy_btc": "by policy",
    "bills_btc": "for bills",
    "covenant_btc": "covenant",
    "margin_call_btc": "margin calls",
    "held_btc": "held, BTC",
}
_CLASS_HEADS = {
    "miner": "miner",
    "coins_before_btc": "coins before",
    "mined_btc": "mined",
    "policy_btc": "sold by policy",
    "bills_btc": "for bills",
    "covenant_btc": "covenant",
    "margin_call_btc": "margin calls",
    "coins_after_btc": "coins after",
    "coin_loan_after_usd": "coin loan, MUSD",
    "arrears_after_usd": "unpaid, MUSD",
}


def facts(found: ReserveSimulation, name: str, miners: int) -> str:
    """Return the line of facts above a page."""
    paths = "1 price path" if found.paths == 1 else f"{found.paths:,} price paths"
    return f"{name} · {miners} miners, {paths}"


def finding(found: ReserveSimulation, span: HeaviestSpan, labels: Sequence[str]) -> str:
    """Return the finding in one sentence."""
    steps = span.last - span.first + 1
    when = labels[span.first] if steps == 1 else f"{labels[span.first]} to {labels[span.last]}"
    return (
        f"{number(span.sold_btc)} BTC ({money(span.worth_usd)}) sold {when}; all sales up to then "
        f"press the price by {share(span.impact_frac)}"
    )


def reasons(found: ReserveSimulation, span: HeaviestSpan, inputs: Sequence[Any]) -> dict[str, str]:
    """Return short texts by heading: why they sold, what a run could add, how sure it is."""
    parts = [
        f"{number(btc)} BTC for {why}"
        for btc, why in zip(span.by_reason_btc, _FOR, strict=True)
        if btc >= 1.0
    ]
    weak = sum(row.status == "unverified" for row in inputs)
    run = float(found.run_btc.max())
    fear = "no step has a second clearing: no run would justify itself"
    if run > 0.0:
        fear = f"up to {number(run)} BTC more would be sold in a step if all expected it"
    unpaid = float(found.arrears_usd[:, -1].sum(axis=1).mean())
    return {
        "why": ", ".join(parts) or "nothing is sold",
        "runs": fear,
        "unpaid": money(unpaid) if unpaid >= 0.5 else "nothing: every bill is met",
        "inputs": f"{weak} of {len(inputs)} numbers are unverified",
    }


def step_sheet(columns: dict[str, list[Any]]) -> Written:
    """Return the steps for a page or a terminal."""
    return written(
        {name: columns[name] for name in _BTC_HEADS},
        headings=_BTC_HEADS,
        formats={"impact_mean_frac": share},
    )


def class_sheet(columns: dict[str, list[Any]]) -> Written:
    """Return the miners for a page or a terminal."""
    shown = {
        name: [v / 1e6 for v in columns[name]] if name.endswith("_usd") else columns[name]
        for name in _CLASS_HEADS
    }
    return written(shown, headings=_CLASS_HEADS)


def input_columns(inputs: Sequence[Any]) -> dict[str, list[Any]]:
    """Return every number of the file with its source and status."""
    return {
        name: [getattr(row, name) for row in inputs]
        for name in ("path", "value", "status", "as_of", "source", "where")
    }


def summary_text(title: str, said: str, why: dict[str, str], by_class: dict[str, list[Any]]) -> str:
    """Return the terminal's answer."""
    lines = [title, said, ""]
    lines += [f"  {name:<8} {text}" for name, text in why.items()]
    shown = {
        name: [v / 1e6 for v in by_class[name]] if name.endswith("_usd") else by_class[name]
        for name in _CLASS_HEADS
    }
    table = table_text(shown, headings=_CLASS_HEADS, width=98, indent=2)
    return "\n".join([*lines, "", table])
