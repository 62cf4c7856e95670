"""Powered shell and colocation: the tenant rents critical megawatts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rerack.assets.conversion import Conversion
from rerack.base.checks import require, require_between


@dataclass(frozen=True, kw_only=True)
class Lease:
    """A rental of critical megawatts.

    Parameters
    ----------
    name : str
        Name of the offer.
    kind : {"powered_shell", "colocation"}
        Powered shell: triple net, tenant fits out. Colocation: owner carries cooling and SLA.
    conversion : Conversion
        What the hall must become.
    rate_usd_per_kw_month : float
        Rent at the offer date [USD/kW-month critical].
    escalator_frac_per_year : float
        Contractual growth of the rent.
    term_months : int
        Length from first service [months].
    opex_usd_per_kw_month : float
        Owner's operating cost, power excluded [USD/kW-month critical], grows with inflation.
    power_payer : {"tenant", "owner"}
        Who bears the energy bill.
    load_factor_frac : float
        Mean critical load over contracted critical MW.
    sla_frac : float
        Availability promised in the contract.
    availability_frac : float
        Availability that the site is expected to deliver.
    credit_months_per_pp : float
        Rent credited per percentage point of availability missed in a month [months of rent],
        capped at one month.
    expires_month : int or None
        Last month, counted from the study start, in which the offer may be signed; afterwards the
        market rate of the day is had instead. None: stays open.
    renewal_frac : float
        Rent after the term as a share of the market rate of that day; 0 means that it ends.
    """

    name: str
    kind: Literal["powered_shell", "colocation"]
    conversion: Conversion
    rate_usd_per_kw_month: float
    escalator_frac_per_year: float
    term_months: int
    opex_usd_per_kw_month: float
    power_payer: Literal["tenant", "owner"]
    load_factor_frac: float
    sla_frac: float
    availability_frac: float
    credit_months_per_pp: float = 0.0
    expires_month: int | None = None
    renewal_frac: float = 1.0

    def __post_init__(self) -> None:
        here = f"lease {self.name}"
        require_between(self.rate_usd_per_kw_month, 0.0, 1e5, f"{here}: rate_usd_per_kw_month")
        require_between(self.escalator_frac_per_year, -0.5, 0.5, f"{here}: escalator_frac_per_year")
        require_between(self.term_months, 1, 600, f"{here}: term_months")
        require_between(self.opex_usd_per_kw_month, 0.0, 1e5, f"{here}: opex_usd_per_kw_month")
        require(
            self.power_payer in ("tenant", "owner"),
            f"{here}: power_payer",
            given=self.power_payer,
            allowed="tenant or owner",
        )
        require_between(self.load_factor_frac, 0.0, 1.0, f"{here}: load_factor_frac")
        require_between(self.sla_frac, 0.0, 1.0, f"{here}: sla_frac")
        require_between(self.availability_frac, 0.0, 1.0, f"{here}: availability_frac")
        require_between(self.credit_months_per_pp, 0.0, 100.0, f"{here}: credit_months_per_pp")
        require_between(self.renewal_frac, 0.0, 10.0, f"{here}: renewal_frac")

    @property
    def sla_credit_frac(self) -> float:
        """Expected share of rent credited: missed percentage points times the schedule, capped."""
        missed_pp = max(0.0, self.sla_frac - self.availability_frac) * 100.0
        return min(1.0, missed_pp * self.credit_months_per_pp)

    def contract_value_usd(self, critical_mw: float) -> float:
        """Return undiscounted base-term rent of `critical_mw` [USD], escalated, without ramp."""
        monthly = self.rate_usd_per_kw_month * 1e3 * critical_mw
        growth = 1.0 + self.escalator_frac_per_year
        return sum(monthly * growth ** (month // 12) for month in range(self.term_months))
