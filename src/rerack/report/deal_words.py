"""Deals in words: totals with what they leave out, quoted sums, yields, cost of a GPU-hour."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.assets import AiUse
from rerack.report.format import fixed, number, share
from rerack.study.deal_totals import NO_VALUE, mines, missing, running_total
from rerack.study.deal_yields import exit_cap_rate_frac, gpu_hour_costs, yield_on_cost_frac
from rerack.study.store import Table

_WIDTH = 96
#: Contracts that were announced without a lease, so that there is nothing to add.
_NO_LEASE = "Riot Corsicana (600 of 1,000 MW), CleanSpark Texas (285 MW)"


def total_words(deals: Table, until: str) -> str:
    """Return the sum to a date, and by name what it leaves out.

    Parameters
    ----------
    deals : Table
        From `rerack.study.deal_book.public_deals`.
    until : str
        Last date counted; ``9999`` for all.
    """
    total = float(running_total(deals, until=until)["total_usd"][-1])
    dated = "" if until == "9999" else f" by {until}"
    lines = [f"{total / 1e9:.1f} bn USD in the catalogue{dated}, options left out."]
    lines += [
        f"{why.capitalize()}: {', '.join(names)}." for why, names in missing(deals, until).items()
    ]
    lines.append(f"No lease when announced: {_NO_LEASE}.")
    lines.append("Sums that are quoted for the industry: rerack deals --quoted.")
    return "\n".join(textwrap.fill(line, _WIDTH) for line in lines)


def quoted_words(deals: Table) -> str:
    """Return what a reader must know of the sums that are quoted, and what the definitions drop.

    Parameters
    ----------
    deals : Table
        From `rerack.study.deal_book.public_deals`.
    """
    dropped = {
        "no facts on their mining": _names(deals, ~mines(deals)),
        "joint ventures": _names(deals, deals["owned_frac"] < 1.0),
        "clouds of own GPUs": _names(deals, deals["kind"] == "gpu_cloud"),
    }
    named = "; ".join(f"{what}: {', '.join(names)}" for what, names in dropped.items())
    return textwrap.fill(
        "No quoted sum came with a list of its contracts or a definition, so that none can be "
        "reproduced or said to be wrong: what is missing is that list. The definitions are ours "
        f"and show how far a sum moves with them. What they drop: {named}. What no total can hold: "
        f"{', '.join(missing(deals, '9999')[NO_VALUE])}, without a published value; {_NO_LEASE}, "
        "without a lease. `rerack deals --total --until 2025-12` lists what is counted.",
        _WIDTH,
    )


def _names(deals: Table, kept: NDArray[np.bool_]) -> list[str]:
    """Return the deals of a kind that a total may count: not those within others."""
    return [str(name) for name in deals["deal"][kept & (deals["part_of"] == "")]]


def quoted_sheet(table: Table) -> dict[str, Any]:
    """Return quoted sums as they fit a screen, money in bn USD.

    Parameters
    ----------
    table : Table
        From `rerack.study.deal_totals.quoted_totals`.
    """
    return {
        "as of": table["as_of"],
        "quoted, bn USD": [f"{v / 1e9:.1f}" for v in table["quoted_usd"]],
        "status": table["status"],
        "the catalogue's sum of": table["definition"],
        "deals": [str(int(n)) for n in table["contracts"]],
        "MW": [f"{v:,.0f}" for v in table["mw"]],
        "bn USD": [f"{v / 1e9:.1f}" for v in table["total_usd"]],
        "difference": [
            f"{'+' if v > 0 else ''}{fixed(v / 1e9, 1)}" for v in table["difference_usd"]
        ],
    }


#: Columns of it that are numbers.
QUOTED = ("quoted, bn USD", "deals", "MW", "bn USD", "difference")


def yields_sheet(table: Table) -> dict[str, Any]:
    """Return yields as they fit a screen, money in MUSD per MW.

    Parameters
    ----------
    table : Table
        From `rerack.study.deal_yields.deal_yields`.
    """
    return {
        "deal": table["deal"],
        "NOI, MUSD/MW-yr": (table["noi_usd_per_mw_year"] / 1e6).round(2),
        "cost, MUSD/MW": _spans(table["capex_usd_per_mw"], table["capex_high_usd_per_mw"]),
        "yield on cost": [
            _percent(low, high)
            for low, high in zip(table["yield_low_frac"], table["yield_high_frac"], strict=True)
        ],
        "value at cap rate": _spans(table["value_low_usd_per_mw"], table["value_high_usd_per_mw"]),
        "less cost": (table["value_less_cost_usd_per_mw"] / 1e6).round(1),
        "status": table["status"],
    }


#: Columns of it that are numbers, NaN where not known.
YIELDS = ("NOI, MUSD/MW-yr", "less cost")


def yields_words() -> str:
    """Return the yields and cap rates that deals are set beside."""
    low, high = yield_on_cost_frac()
    buy, sell = exit_cap_rate_frac()
    return textwrap.fill(
        f"Developers look for {share(low)} to {share(high)} on cost and sell at a cap rate of "
        f"{share(buy)} to {share(sell)} (catalogue ai_metrics, secondary). Value is income over "
        "the cap rate, which buys income that lasts: an upper bound for a term of 10 to 15 years. "
        "Per critical MW. A dash: not public.",
        _WIDTH,
    )


def gpu_hour_words(offers: Mapping[str, AiUse]) -> str:
    """Return each GPU cloud's price beside the catalogue's costs of ownership; empty without one.

    Parameters
    ----------
    offers : mapping of str to AiUse
        Offers of a site.
    """
    lines = []
    for name, use in offers.items():
        costs = gpu_hour_costs(use)
        if costs is None:
            continue
        said = ", ".join(
            f"{number(float(sold))} {estimate} ({status})"
            for sold, estimate, status in zip(
                costs["cost_per_sold_usd_per_gpu_hour"],
                costs["estimate"],
                costs["status"],
                strict=True,
            )
        )
        price = float(costs["price_usd_per_gpu_hour"][0])
        lines.append(
            f"{name}: {price:.2f} USD per GPU-hour sold; what owning one costs by the catalogue, "
            f"USD: {said}. Which GPU the clusters hold and whether power is in the cost is not "
            "said."
        )
    return "\n".join(textwrap.fill(line, _WIDTH) for line in lines)


def _spans(low: Any, high: Any) -> list[str]:
    return [_span(float(a), float(b)) for a, b in zip(low, high, strict=True)]


def _span(low: float, high: float) -> str:
    if low != low:
        return "–"
    a, b = number(low / 1e6), number(high / 1e6)
    return a if a == b else f"{a} to {b}"


def _percent(low: float, high: float) -> str:
    if low != low:
        return "–"
    a, b = share(low), share(high)
    return a if a == b else f"{a} to {b}"
