"""What deals yield on their cost, what their income is worth, what owning a GPU-hour costs."""

from __future__ import annotations

import numpy as np

from rerack.assets import AiUse, GpuCloud
from rerack.catalog import Row, load
from rerack.catalog import find as find_fact
from rerack.study.store import Table

_DEVELOPMENT = "data centre development"
_OWNING = "cost_of_ownership_per_gpu_hour"


def yield_on_cost_frac() -> tuple[float, float]:
    """Return the yield on cost that developers look for, low and high [-]."""
    return _range(find_fact("ai_metrics", subject=_DEVELOPMENT, metric="yield_on_cost"))


def exit_cap_rate_frac() -> tuple[float, float]:
    """Return the cap rate at which a let data centre sells, low and high [-]."""
    return _range(find_fact("ai_metrics", subject=_DEVELOPMENT, metric="exit_cap_rate"))


def _range(row: Row) -> tuple[float, float]:
    return row.number("value"), row.number("value_high")


def deal_yields(deals: Table) -> Table:
    """Return what each public deal earns on its cost, and what its income would sell for.

    Parameters
    ----------
    deals : Table
        From `rerack.study.deal_book.public_deals`.

    Returns
    -------
    Table
        deal, kind, net operating income and cost (low and high) per MW [USD/MW-year, USD/MW], yield
        on cost at the high and the low cost [-], value of the income at the catalogue's exit cap
        rates (at the high and the low rate) [USD/MW], and that value less the high cost
        [USD/MW]; NaN where income or cost is not public. Only deals with either are listed.

    Notes
    -----
    ``yield = NOI / cost``; ``value = NOI / cap rate``. A cap rate buys income that lasts: for a
    term of ten or fifteen years it is an upper bound. Cost of a GPU cloud is servers alone, whose
    income is no rent: it is left out.
    """
    noi, low = deals["noi_usd_per_mw_year"], deals["capex_usd_per_mw"]
    high = np.where(
        np.isfinite(deals["capex_high_usd_per_mw"]), deals["capex_high_usd_per_mw"], low
    )
    buy, sell = exit_cap_rate_frac()
    kept = (deals["kind"] != "gpu_cloud") & (np.isfinite(noi) | np.isfinite(low))
    columns: Table = {
        "deal": deals["deal"],
        "kind": deals["kind"],
        "noi_usd_per_mw_year": noi,
        "capex_usd_per_mw": low,
        "capex_high_usd_per_mw": high,
        "yield_low_frac": noi / high,
        "yield_high_frac": noi / low,
        "value_low_usd_per_mw": noi / sell,
        "value_high_usd_per_mw": noi / buy,
        "value_less_cost_usd_per_mw": noi / sell - high,
        "status": deals["status"],
    }
    return {name: values[kept] for name, values in columns.items()}


def gpu_hour_costs(use: AiUse) -> Table | None:
    """Return what owning a GPU-hour costs by estimate of the catalogue, beside an offer's price.

    Parameters
    ----------
    use : AiUse
        An offer; None is returned for anything but a GPU cloud.

    Returns
    -------
    Table or None
        estimate, cost of ownership, the same per GPU-hour sold, price, margin [USD/GPU-hour],
        status, source.

    Notes
    -----
    Ownership is spread over every hour; per hour sold it is over the offer's utilisation, or all
    hours where a customer has contracted them.
    """
    if not isinstance(use, GpuCloud):
        return None
    sold = 1.0 if use.contract is not None else use.utilisation_frac
    facts = [row for row in load("ai_metrics") if row.text("metric").startswith(_OWNING)]
    cost = np.array([row.number("value") for row in facts])
    names = [
        f"{row.text('subject')} {row.text('metric').removeprefix(_OWNING).strip('_')}".strip()
        for row in facts
    ]
    return {
        "estimate": np.asarray(names),
        "cost_usd_per_gpu_hour": cost,
        "cost_per_sold_usd_per_gpu_hour": cost / sold,
        "price_usd_per_gpu_hour": np.full(cost.size, use.price_usd_per_gpu_hour),
        "margin_usd_per_gpu_hour": use.price_usd_per_gpu_hour - cost / sold,
        "status": np.asarray([row.status for row in facts]),
        "source": np.asarray([row.source for row in facts]),
    }
