"""Powered shell and colocation: the tenant rents critical megawatts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rerack.assets.conversion import Conversion
from rerack.assets.deal_terms import (
    Delay,
    DelayDamages,
    ExitOption,
    Flexibility,
    OfferWindow,
    Prepayment,
    TenantCredit,
)
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
        capped at `credit_cap_frac` of a month.
    renewal_frac : float
        Rent after the term as a share of the market rate of that day; 0 means that it ends.
    credit_cap_frac : float
        Most that is ever credited in a month, as a share of its rent.
    expected_credit_frac : float or None
        Share of rent credited in expectation where a reliability model has computed it
        (`rerack.reliability.expected_credits`); None takes the schedule at the mean availability.
    pue_cap : float or None
        Where the tenant pays for power: highest mean PUE that is passed on, the rest is the
        owner's; None passes everything on.
    renewal_chance_frac : float
        Probability that the tenant renews at each end of term; otherwise the hall is let anew.
    vacancy_months : int
        Months from a tenant's leaving to the next tenant's first rent [months].
    relet_frac : float
        Rent of a next tenant over the market rent of its day.
    contract_mw : float or None
        Critical MW that the tenant takes [MW critical]; None for whatever the halls carry.
    window : OfferWindow
        When the offer may be signed.
    queue : Delay or None
        Month in which the power that the offer needs is there, counted from the study's start: no
        conversion is begun that would be done before the earliest, nor serves before it comes. None
        where it is there already.
    delay, damages, prepayment, credit, exit_option, flexibility
        Terms of the contract; None for none of it.
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
    renewal_frac: float = 1.0
    credit_cap_frac: float = 1.0
    expected_credit_frac: float | None = None
    pue_cap: float | None = None
    renewal_chance_frac: float = 1.0
    vacancy_months: int = 12
    relet_frac: float = 1.0
    contract_mw: float | None = None
    window: OfferWindow = field(default_factory=OfferWindow)
    queue: Delay | None = None
    delay: Delay | None = None
    damages: DelayDamages | None = None
    prepayment: Prepayment | None = None
    credit: TenantCredit | None = None
    exit_option: ExitOption | None = None
    flexibility: Flexibility | None = None

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
        require_between(self.credit_cap_frac, 0.0, 1.0, f"{here}: credit_cap_frac")
        if self.expected_credit_frac is not None:
            require_between(self.expected_credit_frac, 0.0, 1.0, f"{here}: expected_credit_frac")
        if self.pue_cap is not None:
            require_between(self.pue_cap, 1.0, 5.0, f"{here}: pue_cap")
        require_between(self.renewal_chance_frac, 0.0, 1.0, f"{here}: renewal_chance_frac")
        require_between(self.vacancy_months, 0, 600, f"{here}: vacancy_months")
        require_between(self.relet_frac, 0.0, 10.0, f"{here}: relet_frac")
        self._check_money()

    def _check_money(self) -> None:
        """Refuse a prepayment above the rent that it is credited against, or an exit after it."""
        here = f"lease {self.name}"
        if self.prepayment is not None:
            self.prepayment.require_absorbed(
                here,
                rent_usd_per_kw_month=self.rent_usd_per_kw_month,
                owed_usd_per_kw=self.contract_value_usd(1.0) / 1e3,
                term_months=self.term_months,
            )
        if self.exit_option is not None:
            require(
                self.exit_option.after_months < self.term_months,
                f"{here}: exit_option",
                given=f"month {self.exit_option.after_months} of the service",
                allowed=f"before the term ends, {self.term_months} months",
                cure="Let the tenant leave earlier, or drop the option.",
            )

    @property
    def sla_credit_frac(self) -> float:
        """Expected share of rent credited: as computed, or missed points times the schedule."""
        if self.expected_credit_frac is not None:
            return self.expected_credit_frac
        missed_pp = max(0.0, self.sla_frac - self.availability_frac) * 100.0
        return min(self.credit_cap_frac, missed_pp * self.credit_months_per_pp)

    @property
    def rent_usd_per_kw_month(self) -> float:
        """First rent, in months of which terms are counted [USD/kW-month critical]."""
        return self.rate_usd_per_kw_month

    @property
    def owner_power_frac(self) -> float:
        """Share of the power bill that the owner bears: all, none, or what exceeds the PUE cap."""
        if self.power_payer == "owner":
            return 1.0
        if self.pue_cap is None:
            return 0.0
        return max(0.0, 1.0 - self.pue_cap / self.conversion.pue_mean)

    @property
    def discount_frac(self) -> float:
        """Share of the rent given up for flexibility."""
        return 0.0 if self.flexibility is None else self.flexibility.discount_frac

    def contract_value_usd(self, critical_mw: float) -> float:
        """Return undiscounted base-term rent of `critical_mw` [USD], escalated, without ramp."""
        monthly = self.rate_usd_per_kw_month * 1e3 * critical_mw
        growth = 1.0 + self.escalator_frac_per_year
        return sum(monthly * growth ** (month // 12) for month in range(self.term_months))
