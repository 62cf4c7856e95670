"""What each hall and offer of a site gains at each decision date, scenario by scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rerack.assets import AiUse, Hall, Lease
from rerack.base.checks import FloatArray, IntArray, require
from rerack.markets import MarketSpec
from rerack.planning.policy.hall_problem import mined_usd_per_mw
from rerack.planning.policy.offer_value import offer_value
from rerack.planning.policy.weights import value_weights
from rerack.planning.portfolio.problem import BoolArray
from rerack.planning.windows import surely_open
from rerack.planning.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class PathChoice:
    """A choice before scenarios are bundled; fields as in `Choice`.

    Parameters
    ----------
    gain_usd : ndarray, shape (scenario, stage)
        Present value of one hall over mining on, after tax and debt [USD].
    """

    company: str
    site: str
    hall: str
    offer: str
    count: int
    critical_mw: float
    capex_usd: float
    lead_months: int
    gain_usd: FloatArray
    open_stage: BoolArray


def market_signals(world: World, months: IntArray) -> FloatArray:
    """Return what is looked at to tell scenarios apart: log hashprice and log lease index.

    Returns
    -------
    ndarray, shape (scenario, stage, 2)
    """
    hashprice = world.network.hashprice_usd_per_ph_day[:, months]
    return np.log(np.stack([hashprice, world.outlook.lease_index[:, months]], axis=2))


def site_choices(
    world: World,
    market: MarketSpec,
    months: IntArray,
    *,
    company: str,
    site: str,
    from_month: int = 0,
) -> Iterator[PathChoice]:
    """Yield every group of like halls of a site with every offer that it can hold.

    Parameters
    ----------
    world : World
        The site on its scenarios.
    market : MarketSpec
        What they were drawn with.
    months : ndarray of int, shape (stage,)
        Decision months.
    company, site : str
        Names.
    from_month : int
        First month in which the site's interconnect can carry an AI hall: a conversion decided
        earlier than its lead time before that month is not open.

    Notes
    -----
    Offers are open in their windows, and not so early that they would stand without power. An
    offer decided in month t is worth ``M(t + lead - dark) + H(t)`` and mining on ``M(end)``, as
    in `rerack.planning.policy.hall_problem`: tax is linear and debt is the study's term loan.
    """
    weights = value_weights(world.terms, world.meter.grid)
    end = world.shape[1]
    values = {
        name: offer_value(use, world, market, weights, months).on(world)
        for name, use in world.offers.items()
    }
    for halls in like_halls(world):
        hall = halls[0]
        mined = mined_usd_per_mw(world, hall)
        for name, use in world.offers.items():
            plan = use.conversion
            until = np.minimum(months + plan.lead_months - plan.dark_months, end)
            gain = mined[:, until] + values[name] - mined[:, -1:]
            critical_mw = plan.critical_mw(hall.utility_mw)
            yield PathChoice(
                company=company,
                site=site,
                hall=", ".join(h.name for h in halls),
                offer=name,
                count=len(halls),
                critical_mw=critical_mw,
                capex_usd=_owner_capex_usd_per_mw(use) * critical_mw,
                lead_months=plan.lead_months,
                gain_usd=gain * hall.utility_mw,
                open_stage=surely_open(use, world.outlook, months)
                & _opens_within(use, months, end, from_month),
            )


def like_halls(world: World) -> list[list[Hall]]:
    """Return halls grouped by size, rigs and operation, in the order of the site."""
    groups: dict[tuple[int, float], list[Hall]] = {}
    for hall in world.site.halls:
        groups.setdefault((world.kind_of_hall[hall.name], hall.utility_mw), []).append(hall)
    return list(groups.values())


def same_market(worlds: list[tuple[str, FloatArray]]) -> None:
    """Refuse sites whose scenarios are not of one market.

    Parameters
    ----------
    worlds : list of (str, ndarray)
        Site and its signals.
    """
    first, seen = worlds[0]
    for site, other in worlds[1:]:
        require(
            np.array_equal(seen, other),
            f"site {site}: market",
            given=f"a Bitcoin, network or lease market other than that of {first}",
            allowed="one market for all sites of a portfolio; power prices may differ",
            cure="Set the keys that differ under `market` of the portfolio file.",
        )


def _owner_capex_usd_per_mw(use: AiUse) -> float:
    servers = 0.0 if isinstance(use, Lease) else use.gpu_usd_per_mw
    return use.conversion.owner_capex_usd_per_mw + servers


def _opens_within(use: AiUse, months: IntArray, end: int, from_month: int) -> BoolArray:
    opens = months + use.conversion.lead_months
    return np.asarray((opens < end) & (opens >= from_month))
