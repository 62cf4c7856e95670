"""Contradictions between parts of a scenario, one small function a rule."""

from collections.abc import Callable, Iterator
from typing import Final

from rerack.scenario.draft import Draft
from rerack.scenario.rules import deals, finance, market, offers, plans, power, served, site
from rerack.scenario.rules.contradiction import Contradiction, grid_of

#: Every rule; the order is of no consequence, as messages are sorted by line.
RULES: Final[tuple[Callable[[Draft], Iterator[Contradiction]], ...]] = (
    site.halls_over_interconnect,
    site.tariff_said_twice,
    site.block_over_before_start,
    site.rigs_said_twice,
    site.unknown_rig_model,
    site.first_refresh_before_start,
    power.periods_overlap,
    power.periods_leave_gaps,
    power.terms_beside_fixed,
    power.unknown_clock,
    power.ai_over_interconnect,
    power.ai_load_said_once,
    power.generation_and_programme_alike,
    power.enrolled_over_baseline,
    power.reserve_without_hall,
    offers.offer_without_sla,
    offers.offer_expired,
    offers.lead_time_beyond_horizon,
    offers.dark_over_lead,
    offers.mean_pue_over_design,
    offers.mean_pue_said_once,
    deals.offer_opens_too_late,
    deals.decided_outside_window,
    deals.policy_on_chance,
    deals.deal_does_not_fit,
    deals.delay_said_wrongly,
    deals.damages_without_delay,
    deals.credit_said_wrongly,
    deals.beyond_the_term,
    deals.prepayment_said_wrongly,
    deals.terms_without_contract,
    deals.phases_that_do_not_add_up,
    plans.unknown_hall,
    plans.unknown_offer,
    plans.hall_twice,
    plans.offer_twice,
    plans.no_hall_fits,
    plans.decided_outside_study,
    plans.reserved_name,
    plans.now_twice,
    market.power_source,
    market.network_model,
    market.correlation_pair,
    finance.unknown_depreciation,
    finance.loan_never_repaid,
    finance.grace_beside_sculpt,
    finance.nothing_to_sculpt_by,
    finance.coins_kept_and_sold,
    finance.margin_out_of_order,
    finance.liquidity_out_of_reach,
    finance.coupon_dates,
    finance.policy_beside_terms,
    served.loan_not_served,
)

__all__ = ["RULES", "Contradiction", "grid_of"]
