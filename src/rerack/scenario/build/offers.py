"""Section ``offers`` to leases and GPU clouds."""

from __future__ import annotations

import math

from rerack.assets import AiUse, CapexItem, Conversion, GpuCloud, Lease, Phase
from rerack.base.checks import require
from rerack.base.timegrid import MonthGrid
from rerack.scenario.build.cooling import BuiltCooling
from rerack.scenario.build.offer_terms import build_contract, build_exit, common_terms
from rerack.scenario.schema.offers import CloudOffer, ConversionSection, LeaseOffer


def build_offer(
    name: str,
    offer: LeaseOffer | CloudOffer,
    grid: MonthGrid,
    cooling: BuiltCooling | None = None,
) -> AiUse:
    """Return the use of a hall that an offer describes, cooled as its weather has it."""
    conversion = build_conversion(offer.conversion, cooling)
    terms = common_terms(offer, grid)
    sla = offer.sla
    assert sla is not None, "rule offer_without_sla"
    if isinstance(offer, CloudOffer):
        return GpuCloud(
            name=name,
            conversion=conversion,
            kw_per_gpu=offer.kw_per_gpu,
            price_usd_per_gpu_hour=offer.price,
            utilisation_frac=offer.utilisation,
            gpu_usd_per_mw=offer.gpu_cost,
            gpu_life_months=offer.gpu_life,
            opex_usd_per_kw_month=offer.opex,
            load_factor_frac=offer.load_factor,
            sla_frac=sla,
            availability_frac=offer.availability,
            contract=build_contract(offer.contract),
            **terms,
        )
    return Lease(
        name=name,
        kind=offer.type,
        conversion=conversion,
        rate_usd_per_kw_month=offer.rate,
        escalator_frac_per_year=offer.escalator,
        term_months=offer.term,
        opex_usd_per_kw_month=offer.opex,
        power_payer=offer.power_payer,
        load_factor_frac=offer.load_factor,
        sla_frac=sla,
        availability_frac=offer.availability,
        credit_months_per_pp=offer.credit_months_per_pp,
        renewal_frac=offer.renewal,
        credit_cap_frac=offer.credit_cap,
        pue_cap=offer.pue_cap,
        renewal_chance_frac=offer.renewal_chance,
        vacancy_months=offer.vacancy,
        relet_frac=offer.relet,
        exit_option=build_exit(offer.exit),
        **terms,
    )


def build_conversion(section: ConversionSection, cooling: BuiltCooling | None = None) -> Conversion:
    """Return what turning a hall over takes."""
    mean = section.pue_mean
    by_month: tuple[float, ...] = ()
    if cooling is not None:
        mean, by_month = cooling.year.pue_mean, cooling.pue_by_month
        worst = cooling.year.pue_design
        require(
            worst <= section.pue_design,
            "conversion: pue_design",
            given=f"{section.pue_design:g}, below {worst:.3f}, the PUE of the worst hour",
            allowed=f"{worst:.3f} or more with this cooling in this weather",
            cure=f"Write at least {math.ceil(worst * 100) / 100:.2f}, or choose another cooling.",
        )
    assert mean is not None, "rule mean_pue_said_once"
    return Conversion(
        capex=tuple(
            CapexItem(component=name, usd_per_mw=item.cost, owner_frac=item.owner)
            for name, item in section.capex.items()
        ),
        lead_months=section.lead_time,
        dark_months=section.dark,
        ramp_months=section.ramp,
        pue_design=section.pue_design,
        pue_mean=mean,
        pue_by_month=by_month,
        phases=tuple(
            Phase(after_months=p.after, share_frac=p.share) for p in section.phases.values()
        ),
    )
