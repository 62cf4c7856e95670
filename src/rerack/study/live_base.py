"""What every live answer starts from: the study as its file has it, on a few scenarios."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rerack.markets import Outlook
from rerack.network import network_path
from rerack.planning import Plan, World
from rerack.planning.policy import FittedPlan, JudgedSite
from rerack.scenario import Scenario
from rerack.study.kept_study import Kept
from rerack.study.pipeline import prepare
from rerack.study.simulate import Prepared, draw_outlook, fit_policies, judge_plans, place_site


@dataclass(frozen=True, kw_only=True, eq=False)
class LiveBase:
    """A study prepared, its rules fitted, its scenarios drawn.

    Parameters
    ----------
    prepared : Prepared
        The study.
    plans : tuple of Plan or FittedPlan
        Its plans with their rules.
    outlook : Outlook
        Its market.
    world : World
        Its site in that market.
    judged : tuple of JudgedSite or None
        Bounds of each policy there.
    """

    prepared: Prepared
    plans: tuple[Plan | FittedPlan, ...]
    outlook: Outlook
    world: World
    judged: tuple[JudgedSite | None, ...]


#: Told what is being prepared; raises to leave it there.
Tell = Callable[[str], None]


def live_base(scenario: Scenario, kept: Kept | None, tell: Tell) -> LiveBase:
    """Prepare a study on its own scenarios, with what is kept of it where something is."""
    if kept is None:
        tell("hourly prices")
        prepared = prepare(scenario)
        tell("rules of policies")
        plans = fit_policies(prepared)
        tell("bounds of policies")
    else:
        prepared = prepare(scenario, library=kept.library, curve_usd_per_mwh=kept.curve_usd_per_mwh)
        plans = kept.plans
    outlook = draw_outlook(prepared, 0, scenario.scenarios)
    network = network_path(prepared.scenario.network, outlook)
    world = place_site(prepared, outlook, network)
    return LiveBase(
        prepared=prepared,
        plans=plans,
        outlook=outlook,
        world=world,
        judged=judge_plans(plans, world) if kept is None else kept.judged,
    )
