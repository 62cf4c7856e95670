"""Own GPU cloud: the site owner buys the servers and sells GPU-hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rerack.assets.cloud_contract import CloudContract
from rerack.assets.conversion import Conversion
from rerack.assets.deal_terms import (
    Delay,
    DelayDamages,
    Flexibility,
    OfferWindow,
    Prepayment,
    TenantCredit,
)
from rerack.base.checks import require, require_between

_HOURS_PER_MONTH = 8760.0 / 12.0


@dataclass(frozen=True, kw_only=True)
class GpuCloud:
    """A cloud of the owner's own GPUs.

    Parameters
    ----------
    name : str
        Name of the offer.
    conversion : Conversion
        Building, power and cooling; the servers are `gpu_usd_per_mw`.
    kw_per_gpu : float
        Critical kW per GPU with its share of CPU, network and storage [kW].
    price_usd_per_gpu_hour : float
        Price of a sold GPU-hour at the study start, or as signed under a contract [USD/GPU-hour].
    utilisation_frac : float
        Share of GPU-hours sold on the market.
    gpu_usd_per_mw : float
        Servers and network per critical MW [USD/MW critical].
    gpu_life_months : int
        Age at which all servers are replaced at the same nominal cost [months].
    opex_usd_per_kw_month : float
        Staff, software, maintenance, power excluded [USD/kW-month critical].
    load_factor_frac : float
        Mean critical load over critical MW.
    sla_frac, availability_frac : float
        Availability promised, and expected to be delivered; missed hours are not sold.
    contract_mw : float or None
        Critical MW that the customer takes [MW critical]; None for whatever the halls carry.
    window : OfferWindow
        When the decision may be taken.
    queue : Delay or None
        Month in which the power that the offer needs is there, counted from the study's start: no
        conversion is begun that would be done before the earliest, nor serves before it comes. None
        where it is there already.
    contract : CloudContract or None
        A customer at a fixed price; None sells everything on the market from the first day.
    credit : TenantCredit or None
        How that customer may fail; needs a contract.
    delay, damages, prepayment, flexibility
        Terms of the contract with the customer; None for none of it.
    """

    name: str
    conversion: Conversion
    kw_per_gpu: float
    price_usd_per_gpu_hour: float
    utilisation_frac: float
    gpu_usd_per_mw: float
    gpu_life_months: int
    opex_usd_per_kw_month: float
    load_factor_frac: float
    sla_frac: float
    availability_frac: float
    kind: Literal["gpu_cloud"] = "gpu_cloud"
    contract_mw: float | None = None
    window: OfferWindow = field(default_factory=OfferWindow)
    queue: Delay | None = None
    delay: Delay | None = None
    damages: DelayDamages | None = None
    prepayment: Prepayment | None = None
    flexibility: Flexibility | None = None
    contract: CloudContract | None = None
    credit: TenantCredit | None = None

    def __post_init__(self) -> None:
        here = f"gpu cloud {self.name}"
        require_between(self.kw_per_gpu, 0.01, 100.0, f"{here}: kw_per_gpu")
        require_between(self.price_usd_per_gpu_hour, 0.0, 1e4, f"{here}: price_usd_per_gpu_hour")
        require_between(self.utilisation_frac, 0.0, 1.0, f"{here}: utilisation_frac")
        require_between(self.gpu_usd_per_mw, 0.0, 1e9, f"{here}: gpu_usd_per_mw")
        require_between(self.gpu_life_months, 6, 600, f"{here}: gpu_life_months")
        require_between(self.opex_usd_per_kw_month, 0.0, 1e5, f"{here}: opex_usd_per_kw_month")
        require_between(self.load_factor_frac, 0.0, 1.0, f"{here}: load_factor_frac")
        require_between(self.sla_frac, 0.0, 1.0, f"{here}: sla_frac")
        require_between(self.availability_frac, 0.0, 1.0, f"{here}: availability_frac")
        self._check_contract(here)

    def _check_contract(self, here: str) -> None:
        """Refuse terms of a contract without one, and a prepayment that it cannot absorb."""
        if self.contract is None:
            of_rent = [n for n in ("prepayment", "damages") if _in_rent(getattr(self, n))]
            given = [*(["credit"] if self.credit is not None else []), *of_rent]
            require(
                not given,
                f"{here}: {', '.join(given)}",
                given="terms of a customer, or in months of its rent, without a contract",
                allowed="a contract beside them",
                cure="Add `contract`, such as {term: 5 years}.",
            )
            return
        if self.prepayment is not None:
            self.prepayment.require_absorbed(
                here,
                rent_usd_per_kw_month=self.rent_usd_per_kw_month,
                owed_usd_per_kw=self.contract_value_usd(1.0) / 1e3,
                term_months=self.contract.term_months,
            )

    @property
    def rent_usd_per_kw_month(self) -> float:
        """What the contract pays for a mean month, 0 without one [USD/kW-month critical]."""
        if self.contract is None:
            return 0.0
        hours = _HOURS_PER_MONTH * self.contract.committed_frac * self.availability_frac
        return self.price_usd_per_gpu_hour * hours / self.kw_per_gpu

    def contract_value_usd(self, critical_mw: float) -> float:
        """Return what the contract pays over its term for `critical_mw` [USD], without ramp."""
        months = 0 if self.contract is None else self.contract.term_months
        return self.rent_usd_per_kw_month * 1e3 * critical_mw * months


def _in_rent(terms: Prepayment | DelayDamages | None) -> bool:
    return terms is not None and terms.rent_months > 0.0
