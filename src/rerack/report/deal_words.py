"""Deals in words: totals with what they leave out, quoted sums, yields, cost of a GPU-hour."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.assets import AiUse, Lease
from rerack.report.format import fixed, number, share
from rerack.study.deal_totals import NO_VALUE, mines, missing, running_total
from rerack.study.deal_yields import exit_cap_rate_frac, gpu_hour_costs, yield_on_cost_frac
from rerack.study.store import Table

_WIDTH = 96
#: What a cell without a figure says.
DASH = "A dash: not public."
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


def total_sheet(table: Table) -> dict[str, Any]:
    """Return a running total as it fits a screen, money in bn USD.

    Parameters
    ----------
    table : Table
        From `rerack.study.deal_totals.running_total`.
    """
    return {
        "announced": table["announced"],
        "deal": table["deal"],
        "bn USD": [f"{v / 1e9:.2f}" for v in table["value_usd"]],
        "sum, bn USD": [f"{v / 1e9:.2f}" for v in table["total_usd"]],
    }


def public_sheet(table: Table) -> dict[str, Any]:
    """Return public contracts as they fit a screen, money in bn USD and MUSD per MW-year.

    Parameters
    ----------
    table : Table
        From `rerack.study.deal_book.public_deals`.
    """
    return {
        "deal": table["deal"],
        "kind": table["kind"],
        "MW": _known(table["mw"]),
        "of": table["basis"],
        "years": _known(table["term_years"]),
        "bn USD": _known(table["value_usd"] / 1e9),
        "MUSD/MW-yr": _known(table["rate_usd_per_mw_year"] / 1e6),
        "NOI": _known(table["noi_usd_per_mw_year"] / 1e6),
        "support": _known(table["support_usd"] / 1e9),
        "status": table["status"],
    }


def _known(values: NDArray[np.float64]) -> list[float | None]:
    """Return figures to a hundredth, None for what is not public."""
    return [None if value != value else round(float(value), 2) for value in values]


def offers_sheet(table: Table) -> dict[str, Any]:
    """Return a site file's offers as they fit a screen, money in bn USD and MUSD per MW-year.

    Parameters
    ----------
    table : Table
        From `rerack.study.deal_book.site_deals`.
    """
    return {
        "offer": table["deal"],
        "kind": table["kind"],
        "MW critical": table["critical_mw"],
        "years": table["term_years"],
        "bn USD": (table["value_usd"] / 1e9).round(2),
        "MUSD/MW-yr": (table["rate_usd_per_mw_year"] / 1e6).round(2),
        "NOI": (table["noi_usd_per_mw_year"] / 1e6).round(2),
        "support, bn USD": (table["security_usd"] / 1e9).round(2),
        "prepaid, bn USD": (table["prepaid_usd"] / 1e9).round(2),
        "delay, months": table["mean_delay_months"],
        "terms": table["terms"],
    }


def offers_words(offers: Mapping[str, AiUse]) -> str:
    """Return what the value of an offer stands for, and what owning a GPU-hour costs.

    Parameters
    ----------
    offers : mapping of str to AiUse
        Offers of a site.
    """
    lines = [
        "Value is the rent of the base term, without ramp and renewals, not discounted. NOI is "
        "MUSD per MW-year after operating cost. Support: deposit, letters of credit, guarantee."
    ]
    whole = [name for name, use in offers.items() if use.contract_mw is None]
    if whole:
        lines.append(f"On all halls of the site, for no MW are named: {', '.join(whole)}.")
    owner = [
        name
        for name, use in offers.items()
        if not (isinstance(use, Lease) and use.power_payer == "tenant")
    ]
    if owner:
        lines.append(f"NOI is before power, which the owner pays: {', '.join(owner)}.")
    costs = gpu_hour_words(offers)
    return "\n".join(
        [*(textwrap.fill(line, _WIDTH) for line in lines), *([costs] if costs else [])]
    )


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
        "NOI, MUSD/MW-yr": _known(table["noi_usd_per_mw_year"] / 1e6),
        "cost, MUSD/MW": _spans(table["capex_usd_per_mw"], table["capex_high_usd_per_mw"]),
        "yield on cost": [
            _percent(low, high)
            for low, high in zip(table["yield_low_frac"], table["yield_high_frac"], strict=True)
        ],
        "value at cap rate": _spans(table["value_low_usd_per_mw"], table["value_high_usd_per_mw"]),
        "less cost": [
            None if value != value else round(float(value), 1)
            for value in table["value_less_cost_usd_per_mw"] / 1e6
        ],
        "status": table["status"],
    }


def yields_words() -> str:
    """Return the yields and cap rates that deals are set beside."""
    low, high = yield_on_cost_frac()
    buy, sell = exit_cap_rate_frac()
    return textwrap.fill(
        f"Developers look for {share(low)} to {share(high)} on cost and sell at a cap rate of "
        f"{share(buy)} to {share(sell)} (catalogue ai_metrics, secondary). Value is income over "
        "the cap rate, which buys income that lasts: an upper bound for a term of 10 to 15 years. "
        f"Per critical MW. {DASH}",
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
