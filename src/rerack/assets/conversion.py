"""What turning a hall over to AI costs, who pays, and how long it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require, require_between


@dataclass(frozen=True, kw_only=True)
class CapexItem:
    """One component of a conversion's cost.

    Parameters
    ----------
    component : str
        For example ``electrical``, ``cooling``, ``shell``, ``GPU servers``.
    usd_per_mw : float
        Cost per critical MW [USD/MW critical].
    owner_frac : float
        Share that the site owner pays; the tenant pays the rest.
    """

    component: str
    usd_per_mw: float
    owner_frac: float = 1.0

    def __post_init__(self) -> None:
        require_between(self.usd_per_mw, 0.0, math.inf, f"capex {self.component}: usd_per_mw")
        require_between(self.owner_frac, 0.0, 1.0, f"capex {self.component}: owner_frac")


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A milestone of delivery.

    Parameters
    ----------
    after_months : int
        Months from first service.
    share_frac : float
        Share of the critical MW in service from then on.
    """

    after_months: int
    share_frac: float

    def __post_init__(self) -> None:
        require_between(self.after_months, 0, 240, "phase: after_months")
        require_between(self.share_frac, 0.0, 1.0, "phase: share_frac")


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """Cost, time and power ratio of turning mining megawatts into critical megawatts.

    Parameters
    ----------
    capex : tuple of CapexItem
        Components [USD/MW critical].
    lead_months : int
        From decision to the first critical MW in service [months].
    dark_months : int
        Last months of the lead time in which the hall neither mines nor hosts [months].
    ramp_months : int
        From first to full load, linear [months].
    pue_design : float
        Utility MW reserved per critical MW at the worst hour.
    pue_mean : float
        Utility MWh used per critical MWh over the year.
    phases : tuple of Phase
        Delivery by milestones instead of the linear ramp, in order; the last delivers all.
    pue_by_month : tuple of float
        The same for each calendar month, January first; empty where it is known for the year only.
    """

    capex: tuple[CapexItem, ...]
    lead_months: int
    dark_months: int
    ramp_months: int
    pue_design: float
    pue_mean: float
    phases: tuple[Phase, ...] = ()
    pue_by_month: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        require_between(self.lead_months, 1, 240, "conversion: lead_months")
        require(
            0 <= self.dark_months <= self.lead_months,
            "conversion: dark_months",
            given=self.dark_months,
            allowed=f"0 to lead_months ({self.lead_months})",
        )
        require_between(self.ramp_months, 0, 120, "conversion: ramp_months")
        require_between(self.pue_design, 1.0, 5.0, "conversion: pue_design")
        require(
            1.0 <= self.pue_mean <= self.pue_design,
            "conversion: pue_mean",
            given=self.pue_mean,
            allowed=f"1 to pue_design ({self.pue_design})",
        )
        require(
            len(self.pue_by_month) in (0, 12)
            and all(1.0 <= pue <= self.pue_design for pue in self.pue_by_month),
            "conversion: pue_by_month",
            given=self.pue_by_month,
            allowed=f"none, or twelve from 1 to pue_design ({self.pue_design})",
        )
        self._check_phases()

    def pue_of(self, month_of_year: IntArray) -> FloatArray:
        """Return the mean PUE of each month.

        Parameters
        ----------
        month_of_year : ndarray of int
            Calendar month 1 to 12, shape (month,).
        """
        by_month = self.pue_by_month or (self.pue_mean,) * 12
        return np.array(by_month)[month_of_year - 1]

    def _check_phases(self) -> None:
        if not self.phases:
            return
        steps = [(p.after_months, p.share_frac) for p in self.phases]
        rising = all(a < b and x < y for (a, x), (b, y) in pairwise(steps))
        require(
            rising and steps[0][0] == 0 and steps[0][1] > 0.0 and steps[-1][1] == 1.0,
            "conversion: phases",
            given=", ".join(f"{share:.0%} after {after} months" for after, share in steps),
            allowed="milestones that begin at 0 months, rise, and end at 100 %",
            cure="First service is the first milestone; give the last one 100 %.",
        )

    def critical_mw(self, utility_mw: float) -> float:
        """Return the critical MW that `utility_mw` at the meter can carry at the worst hour."""
        return utility_mw / self.pue_design

    @property
    def owner_capex_usd_per_mw(self) -> float:
        """Owner's cost [USD/MW critical]."""
        return sum(c.usd_per_mw * c.owner_frac for c in self.capex)

    @property
    def tenant_capex_usd_per_mw(self) -> float:
        """Tenant's cost [USD/MW critical]."""
        return sum(c.usd_per_mw * (1.0 - c.owner_frac) for c in self.capex)
