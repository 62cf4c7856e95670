"""Own GPU cloud: the site owner buys the servers and sells GPU-hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rerack.assets.conversion import Conversion
from rerack.assets.deal_terms import Delay, DelayDamages, Flexibility, OfferWindow, Prepayment
from rerack.base.checks import require_between


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
        Price of a sold GPU-hour at the study start [USD/GPU-hour].
    utilisation_frac : float
        Share of GPU-hours sold.
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
    delay: Delay | None = None
    damages: DelayDamages | None = None
    prepayment: Prepayment | None = None
    flexibility: Flexibility | None = None

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
