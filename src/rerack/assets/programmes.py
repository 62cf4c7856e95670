"""What a site has promised to bend: AI load, demand response, ancillary services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rerack.assets.generation import Generator, Renewable
from rerack.assets.operating_points import HallOperation
from rerack.base.checks import require, require_between


@dataclass(frozen=True, kw_only=True)
class AiFlexibility:
    """What the tenant of the firm load has agreed to give up.

    Parameters
    ----------
    depth_frac : float
        Largest share of the load that may be curtailed.
    limit_hours : float
        Hours of full-depth curtailment allowed in the hours dispatched; an hour at half depth
        counts half.
    compensation_usd_per_mwh : float
        Paid to the tenant for every MWh curtailed [USD/MWh].
    notice_hours : float
        Time between the call and the curtailment [h].

    Notes
    -----
    Dispatch knows all prices, so notice costs nothing by itself; it decides which demand response
    may use the AI load (one that gives as much notice). AI load never carries ancillary services.
    """

    depth_frac: float
    limit_hours: float
    compensation_usd_per_mwh: float = 0.0
    notice_hours: float = 0.0

    def __post_init__(self) -> None:
        require_between(self.depth_frac, 0.0, 1.0, "AI flexibility: depth_frac")
        require_between(self.limit_hours, 0.0, 8784.0, "AI flexibility: limit_hours")
        require_between(
            self.compensation_usd_per_mwh, 0.0, 1e6, "AI flexibility: compensation_usd_per_mwh"
        )
        require_between(self.notice_hours, 0.0, 8784.0, "AI flexibility: notice_hours")


@dataclass(frozen=True, kw_only=True)
class DemandResponse:
    """Payment for holding import under a cap in a limited number of calls.

    Parameters
    ----------
    name : str
        Name, unique in the site.
    baseline_mw : float
        Import that the programme takes for normal [MW utility].
    enrolled_mw : float
        Reduction owed in a call: import stays at or under ``baseline_mw - enrolled_mw``.
    energy_usd_per_mwh : float
        Paid for every enrolled MW and hour of call [USD/MWh].
    standing_usd_per_kw_month : float
        Paid for being enrolled [USD/kW-month of 730 h].
    limit_hours : int
        Most hours of call in the hours dispatched.
    limit_calls : int
        Most calls in the hours dispatched; calls that touch are one.
    call_hours : int
        Longest call.
    notice_hours : float
        Time between notice and call [h].
    months : tuple of int
        Calendar months in which calls are possible.
    first_hour, end_hour : int
        Local hours in which they are, from the first up to but not including the end.

    Notes
    -----
    The site picks the calls. Where the operator picks them, this is an upper bound.
    """

    name: str
    baseline_mw: float
    enrolled_mw: float
    energy_usd_per_mwh: float
    limit_hours: int
    limit_calls: int
    call_hours: int
    standing_usd_per_kw_month: float = 0.0
    notice_hours: float = 0.0
    months: tuple[int, ...] = tuple(range(1, 13))
    first_hour: int = 0
    end_hour: int = 24

    def __post_init__(self) -> None:
        here = f"demand response {self.name}"
        require_between(self.baseline_mw, 0.0, 1e6, f"{here}: baseline_mw")
        require(
            0.0 <= self.enrolled_mw <= self.baseline_mw,
            f"{here}: enrolled_mw",
            given=self.enrolled_mw,
            allowed=f"0 to baseline_mw ({self.baseline_mw:g})",
        )
        require_between(self.energy_usd_per_mwh, 0.0, 1e5, f"{here}: energy_usd_per_mwh")
        require_between(
            self.standing_usd_per_kw_month, 0.0, 1e4, f"{here}: standing_usd_per_kw_month"
        )
        require_between(self.limit_hours, 0, 8784, f"{here}: limit_hours")
        require_between(self.limit_calls, 0, 8784, f"{here}: limit_calls")
        require_between(self.call_hours, 1, 168, f"{here}: call_hours")
        require_between(self.notice_hours, 0.0, 8784.0, f"{here}: notice_hours")
        require(
            len(self.months) > 0 and set(self.months) <= set(range(1, 13)),
            f"{here}: months",
            given=self.months,
            allowed="months from 1 to 12, at least one",
        )
        require(
            0 <= self.first_hour < self.end_hour <= 24,
            f"{here}: first_hour, end_hour",
            given=f"{self.first_hour} to {self.end_hour}",
            allowed="0 <= first_hour < end_hour <= 24",
        )


@dataclass(frozen=True, kw_only=True)
class AncillaryService:
    """A reserve sold by the hour: running rigs that stand ready to drop.

    Parameters
    ----------
    name : str
        Name, unique in the site; its hourly capacity price is given under this name.
    share_frac : float
        Largest share of the running power of a qualifying hall that may be offered.
    call_probability_frac : float
        Probability that an offered MW is called in an hour.
    call_hours : float
        Mean length of a call, restoring included [h].
    response_s : float
        Time in which the load must have dropped [s].
    energy_usd_per_mwh : float
        Paid for every MWh not drawn in a call, on top of the price not paid [USD/MWh].

    Notes
    -----
    ``q = min(1, call_probability_frac * call_hours)`` of the offered energy is lost on average,
    valued at the prices of the hour in which it was offered.
    """

    name: str
    share_frac: float
    call_probability_frac: float
    call_hours: float
    response_s: float
    energy_usd_per_mwh: float = 0.0

    def __post_init__(self) -> None:
        here = f"ancillary service {self.name}"
        require_between(self.share_frac, 0.0, 1.0, f"{here}: share_frac")
        require_between(self.call_probability_frac, 0.0, 1.0, f"{here}: call_probability_frac")
        require_between(self.call_hours, 0.0, 168.0, f"{here}: call_hours")
        require_between(self.response_s, 0.0, 86_400.0, f"{here}: response_s")
        require_between(self.energy_usd_per_mwh, -1e4, 1e5, f"{here}: energy_usd_per_mwh")

    @property
    def deployed_frac(self) -> float:
        """Mean share of offered energy that is called."""
        return min(1.0, self.call_probability_frac * self.call_hours)


@dataclass(frozen=True, kw_only=True)
class SiteProgrammes:
    """Everything around a site's halls that dispatch may use, each name once.

    Parameters
    ----------
    operations : tuple of HallOperation
        How halls can be run; a hall without one runs at rated power or not at all.
    ai : AiFlexibility or None
        Terms on which the firm load bends; None: it does not.
    generators : tuple of Generator
        Engines and turbines.
    renewables : tuple of Renewable
        Sun and wind.
    demand_response : tuple of DemandResponse
        Programmes with calls; at most one is called in an hour.
    ancillary : tuple of AncillaryService
        Reserves; a MW is sold to one of them in an hour.
    """

    operations: tuple[HallOperation, ...] = ()
    ai: AiFlexibility | None = None
    generators: tuple[Generator, ...] = ()
    renewables: tuple[Renewable, ...] = ()
    demand_response: tuple[DemandResponse, ...] = ()
    ancillary: tuple[AncillaryService, ...] = ()

    def __post_init__(self) -> None:
        _unique("operations: hall", [o.hall for o in self.operations])
        names = [g.name for g in self.generators] + [r.name for r in self.renewables]
        names += [d.name for d in self.demand_response] + [a.name for a in self.ancillary]
        _unique("programmes: name", names)


def _unique(where: str, names: Sequence[str]) -> None:
    twice = sorted({n for n in names if names.count(n) > 1})
    require(not twice, where, given=f"{twice} twice", allowed="each name once")
