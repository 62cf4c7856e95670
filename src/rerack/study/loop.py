"""The closed loop: plans make exits, exits make hashprice and rents, and these make plans."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.network import CohortNetwork, NetworkOutlook
from rerack.network.cohort_network import cohort_path
from rerack.numerics.population_game import PopulationEquilibrium, population_equilibrium
from rerack.planning import Plan, PlanBlock, evaluate
from rerack.planning.leaving import left_mining_frac
from rerack.planning.plan_cash import described
from rerack.planning.policy import FittedPlan
from rerack.scenario.network_file.loading import newest_world
from rerack.study.simulate import Prepared, draw_outlook, place_site

#: Scenarios of the study on which the loop is closed, from its first on.
LOOP_SCENARIOS = 128
#: Residual that will do, as a share of the largest NPV.
TOLERANCE_FRAC = 1e-3
#: Mean change of converted load at which plans and network are taken to agree [MW].
SETTLED_MW = 0.5
#: Sweeps through plans and network at one division of the sites. A month's decision depends on
#: earlier months alone, so the sweeps end; this many have not been needed.
_MOST_SWEEPS = 40
#: Converted load, as a share of what could convert, by which equilibria are told apart.
_APART_FRAC = 0.02


@dataclass(frozen=True, kw_only=True, eq=False)
class Response:
    """What every plan is worth at one division of the sites that are alike.

    Parameters
    ----------
    blocks : tuple of PlanBlock
        Plans in the order of the study.
    network : NetworkOutlook
        The network that they meet.
    converted_mw : array, shape (scenario, month)
        Load of all alike sites that no longer mine [MW].
    sweeps : int
        Times that plans and network were computed until they agreed.
    unsettled_mw : float
        Mean change of converted load in the last sweep [MW].
    """

    blocks: tuple[PlanBlock, ...]
    network: NetworkOutlook
    converted_mw: FloatArray
    sweeps: int
    unsettled_mw: float

    @property
    def npv_usd(self) -> FloatArray:
        """Mean NPV by plan [USD]."""
        return np.array([float(b.npv_usd.mean()) for b in self.blocks])


class Loop:
    """A site among many that are alike, in a world that their decisions change.

    Parameters
    ----------
    prepared : Prepared
        The study.
    plans : tuple of Plan or FittedPlan
        Its plans, the first of which keeps mining; a policy keeps the rule fitted before.
    network : CohortNetwork
        The world, its own rule of conversion included; here the plans take its place.
    workers : int
        Threads of the network; results do not depend on them.
    """

    def __init__(
        self,
        prepared: Prepared,
        plans: tuple[Plan | FittedPlan, ...],
        network: CohortNetwork,
        workers: int,
    ) -> None:
        ai = network.world.ai
        require(
            ai is not None and ai.limit_mw_per_month > 0.0,
            "closed loop",
            given="a world in which nobody converts",
            allowed="a world with AI demand, of rule margin",
            cure="Name another world under market.network.world.",
        )
        assert ai is not None
        still = replace(network.world, ai=replace(ai, limit_mw_per_month=0.0))
        announced_mw = sum(a.utility_mw for a in still.conversions)
        self.prepared, self.runnable, self.workers = prepared, plans, workers
        self.plans = tuple(described(plan) for plan in plans)
        self.network = CohortNetwork(world=still)
        self.alike_mw = max(network.convertible_mw - announced_mw, 0.0)
        self.limit_mw = ai.limit_mw_per_month
        count = min(LOOP_SCENARIOS, prepared.scenario.scenarios)
        self.outlook = draw_outlook(prepared, 0, count)
        self._left = np.zeros((len(plans), count, prepared.scenario.grid.months))
        self._left = self._lefts(self._evaluate(self._path(np.zeros(len(plans)))))
        self._known: dict[tuple[float, ...], Response] = {}

    def respond(self, shares: FloatArray) -> Response:
        """Return what plans are worth when alike sites are divided over them.

        Parameters
        ----------
        shares : array, shape (plan,)
            Share of the alike sites that follows each plan.
        """
        key = tuple(np.round(shares, 12).tolist())
        if key not in self._known:
            self._known[key] = self._settle(shares)
        return self._known[key]

    def _settle(self, shares: FloatArray) -> Response:
        sweeps, moved = 0, np.inf
        while moved > SETTLED_MW and sweeps < _MOST_SWEEPS:
            sweeps += 1
            path = self._path(shares)
            blocks = self._evaluate(path)
            left = self._lefts(blocks)
            change = np.tensordot(shares, left - self._left, axes=1)
            moved = float(np.abs(change).mean()) * self.alike_mw
            self._left = left
        return Response(
            blocks=blocks,
            network=path,
            converted_mw=self.alike_mw * np.tensordot(shares, left, axes=1),
            sweeps=sweeps,
            unsettled_mw=moved,
        )

    def _path(self, shares: FloatArray) -> NetworkOutlook:
        gone_mw = self.alike_mw * np.tensordot(shares, self._left, axes=1)
        leaving = queued(gone_mw, self.limit_mw)
        return cohort_path(self.network, self.outlook, leaving_mw=leaving, workers=self.workers)

    def _evaluate(self, path: NetworkOutlook) -> tuple[PlanBlock, ...]:
        world = place_site(self.prepared, self.outlook, path)
        return tuple(evaluate(plan, world) for plan in self.runnable)

    def _lefts(self, blocks: tuple[PlanBlock, ...]) -> FloatArray:
        scenario, shape = self.prepared.scenario, self.outlook.lease_index.shape
        return np.stack(
            [
                left_mining_frac(scenario.site, b.decisions, scenario.offers, (shape[0], shape[1]))
                for b in blocks
            ]
        )


def queued(gone_mw: FloatArray, limit_mw: float) -> FloatArray:
    """Return what leaves at the end of each month when crews allow so much and no more.

    Parameters
    ----------
    gone_mw : array, shape (scenario, month)
        Load that by its plan no longer mines in a month, never falling [MW].
    limit_mw : float
        Most that leaves in a month [MW]; the rest waits.

    Returns
    -------
    array, shape (scenario, month)
        [MW].

    Examples
    --------
    >>> queued(np.array([[0.0, 300.0, 300.0, 300.0]]), 200.0)
    array([[200., 100.,   0.,   0.]])
    """
    wanted = np.diff(gone_mw, axis=1, append=gone_mw[:, -1:])
    wanted[:, 0] += gone_mw[:, 0]
    out = np.empty_like(wanted)
    waiting = np.zeros(wanted.shape[0])
    for m in range(wanted.shape[1]):
        waiting = waiting + wanted[:, m]
        out[:, m] = np.minimum(waiting, limit_mw)
        waiting = waiting - out[:, m]
    return out


@dataclass(frozen=True, kw_only=True, eq=False)
class LoopEquilibrium:
    """Where plans and network agree, as found from one start or several.

    Parameters
    ----------
    starts : tuple of str
        Divisions that led here, each named by the plan that all sites began with.
    found : PopulationEquilibrium
        Shares, values and residual [USD].
    response : Response
        Plans and network there.
    """

    starts: tuple[str, ...]
    found: PopulationEquilibrium
    response: Response


def loop_network(prepared: Prepared) -> CohortNetwork:
    """Return the world of a study; for an exogenous network the newest one of the catalogue.

    Raises
    ------
    InputError
        The study begins before the newest world, or too long after it.
    """
    scenario = prepared.scenario
    if isinstance(scenario.network, CohortNetwork):
        return scenario.network
    return CohortNetwork(
        world=newest_world(
            date=scenario.grid.labels[0],
            height=scenario.network.start_height,
            difficulty=scenario.network.start_difficulty,
            price_usd=scenario.market.bitcoin.price_usd,
            fees_btc=scenario.market.fees.level_btc_per_block,
            inflation_frac_per_year=scenario.network.inflation_frac_per_year,
        )
    )


def equilibria(loop: Loop) -> tuple[LoopEquilibrium, ...]:
    """Return the equilibria found when all sites begin with one plan, for each plan in turn.

    Parameters
    ----------
    loop : Loop
        The site and its world.

    Returns
    -------
    tuple of LoopEquilibrium
        Told apart by the load that converts; the first is the one found from "nobody converts".
    """
    count = len(loop.plans)
    results: list[LoopEquilibrium] = []
    for i, plan in enumerate(loop.plans):
        scale = float(np.abs(loop.respond(np.eye(count)[0]).npv_usd).max())
        found = population_equilibrium(
            lambda w: loop.respond(w).npv_usd,
            np.eye(count)[i],
            tolerance=TOLERANCE_FRAC * scale,
            resolution=1e-3,
            most=60,
        )
        response = loop.respond(found.shares)
        for k, known in enumerate(results):
            gap = np.abs(known.response.converted_mw - response.converted_mw).mean(axis=0).max()
            if gap <= _APART_FRAC * max(loop.alike_mw, 1.0):
                results[k] = replace(known, starts=(*known.starts, plan.name))
                break
        else:
            results.append(LoopEquilibrium(starts=(plan.name,), found=found, response=response))
    return tuple(results)
