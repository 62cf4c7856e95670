"""One hall's choice as a stopping problem: when it stops mining, and for which offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rerack.assets import AiUse, Hall
from rerack.base.checks import FloatArray, IntArray, require, require_between
from rerack.markets import MarketSpec
from rerack.numerics.lsm_paths import StoppingPaths
from rerack.planning.policy.features import Basis, market_state, strikes_usd_per_mwh
from rerack.planning.policy.offer_value import offer_value
from rerack.planning.policy.surprises import Surprises, surprises_of
from rerack.planning.policy.weather import weather_surprise
from rerack.planning.policy.weights import value_weights
from rerack.planning.windows import surely_open
from rerack.planning.world import World


@dataclass(frozen=True, kw_only=True)
class PolicyDates:
    """When decisions may be taken.

    Parameters
    ----------
    first_month : int
        First decision month, counted from the study start.
    every_months : int
        Months between decisions: 3 for quarters.
    count : int or None
        Number of dates; None for as many as leave time to open before the study ends.

    Examples
    --------
    >>> PolicyDates(count=4).months(horizon_months=240, lead_months=12).tolist()
    [0, 3, 6, 9]
    """

    first_month: int = 0
    every_months: int = 3
    count: int | None = None

    def __post_init__(self) -> None:
        require_between(self.first_month, 0, 600, "policy: first_month")
        require_between(self.every_months, 1, 120, "policy: every_months")
        if self.count is not None:
            require_between(self.count, 1, 600, "policy: count")

    def months(self, *, horizon_months: int, lead_months: int) -> IntArray:
        """Return the decision months from which an offer can open before the horizon."""
        every = np.arange(self.first_month, horizon_months - lead_months, self.every_months)
        dates: IntArray = every[: self.count].astype(np.int64)
        require(
            dates.size > 0,
            "policy: first_month",
            given=self.first_month,
            allowed=f"before month {horizon_months - lead_months}",
            cure="Decide earlier, or lengthen the horizon: no offer could open before it ends.",
        )
        return dates


def chosen_offers(world: World, offers: tuple[str, ...]) -> Mapping[str, AiUse]:
    """Return the named offers, all of the world's if none is named; an unknown name is refused."""
    names = offers or tuple(world.offers)
    for name in names:
        require(
            name in world.offers,
            "policy: offers",
            given=repr(name),
            allowed=", ".join(sorted(world.offers)),
            cure="Name an offer of the scenario file.",
        )
    require(bool(names), "policy: offers", given="none", allowed="one or more offers")
    return {name: world.offers[name] for name in names}


def decision_months(world: World, offers: Mapping[str, AiUse], dates: PolicyDates) -> IntArray:
    """Return the decision months of a world: those from which every offer can still open."""
    lead = max(use.conversion.lead_months for use in offers.values())
    return dates.months(horizon_months=world.shape[1], lead_months=lead)


def mined_usd_per_mw(world: World, hall: Hall) -> FloatArray:
    """Return the present value of mining before each month, shape (scenario, month + 1) [USD/MW].

    Rigs are renewed as if the hall mined on, as in the ledger under a rule without known dates.
    """
    scenarios, months = world.shape
    total = np.zeros((scenarios, months + 1))
    if hall.rigs is not None:
        weights = value_weights(world.terms, world.meter.grid)
        cash = world.mining(hall.rigs, months, hall.name)
        worth = cash.margin_usd_per_mw() * weights.operating_frac
        worth -= cash.rigs_usd_per_mw * weights.rigs_frac
        np.cumsum(worth, axis=1, out=total[:, 1:])
    return total


#: Worth of signing an offer that is not open: a loss as large as the sums at stake, so that no rule
#: takes it and no regression is upset by it.
_SHUT_USD_PER_MW = -1e7


@dataclass(frozen=True, kw_only=True, eq=False)
class HallSample:
    """A hall's stopping problem on a block of scenarios, per utility MW.

    Parameters
    ----------
    mined : ndarray, shape (scenario, month + 1)
        Present value of mining before each month [USD/MW].
    claim : ndarray, shape (scenario, date, offer)
        Present value of an offer decided at a date, mining before it included [USD/MW].
    months : ndarray of int, shape (date,)
        Decision months.
    known_after : ndarray of int, shape (offer,)
        Months from the date until a claim is known as well as it is hedged.
    state : ndarray, shape (scenario, month, variable)
        From `market_state`.
    surprises : Surprises
        What drove the scenarios.
    """

    mined: FloatArray
    claim: FloatArray
    months: IntArray
    known_after: IntArray
    state: FloatArray
    surprises: Surprises

    def stopping(self, basis: Basis) -> StoppingPaths:
        """Return the problem as seen through a basis."""
        return StoppingPaths(
            steps=self.mined.shape[1] - 2,
            never=self.mined[:, -1],
            claim=self.claim,
            date_steps=self.months,
            known_after=self.known_after,
            basis=lambda month: basis.rule(self.state, month),
            hedges=lambda month: basis.hedges(self.state, self.surprises, month),
            # What was mined up to and including month m is known in m.
            accrued=self.mined[:, 1:],
        )


def hall_sample(
    world: World, market: MarketSpec, hall: Hall, offers: Mapping[str, AiUse], months: IntArray
) -> HallSample:
    r"""Set up the stopping problem of a hall.

    Parameters
    ----------
    world : World
        Scenarios.
    market : MarketSpec
        What they were drawn with.
    hall : Hall
        The hall.
    offers : mapping of str to AiUse
        What it may be converted to, in the order of the choices.
    months : ndarray of int, shape (date,)
        Decision months.

    Notes
    -----
    With M(m) the present value of mining before month m, an offer k decided in month t is worth
    :math:`M(t + lead_k - dark_k) + H_k(t)`, H the offer's own cash; never converting is worth
    M(end). The hall mines until the dark months, so waiting for service still earns.
    """
    mined = mined_usd_per_mw(world, hall)
    weights = value_weights(world.terms, world.meter.grid)
    end = world.shape[1]
    claim = np.empty((world.shape[0], months.size, len(offers)), order="F")
    known_after = np.zeros(len(offers), dtype=np.int64)
    for k, use in enumerate(offers.values()):
        mines_on = use.conversion.lead_months - use.conversion.dark_months
        hosted = offer_value(use, world, market, weights, months).on(world)
        hosted[:, ~surely_open(use, world.outlook, months)] = _SHUT_USD_PER_MW
        claim[:, :, k] = mined[:, np.minimum(months + mines_on, end)] + hosted
        # Cash of month m is known in m, so what was mined before t + mines_on is known a step less.
        known_after[k] = max(mines_on - 1, 0)
    weather = None
    if hall.rigs is not None:
        weather = weather_surprise(world, market, strikes_usd_per_mwh(world, hall))
    return HallSample(
        mined=mined,
        claim=claim,
        months=months,
        known_after=known_after,
        state=market_state(world, hall),
        surprises=surprises_of(world, market, weather),
    )
