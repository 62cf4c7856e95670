"""The world's cohorts as the network of a site study, in the place of exogenous growth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.markets import Outlook
from rerack.network.outlook import NetworkOutlook
from rerack.network.spec import NetworkSpec
from rerack.network.world.announced import convertible_mw
from rerack.network.world.dated import scaled_to_difficulty
from rerack.network.world.simulation import month_arrays, simulate
from rerack.network.world.state import World


@dataclass(frozen=True, kw_only=True)
class CohortNetwork:
    """The Bitcoin network as a world of cohorts that decide.

    Parameters
    ----------
    world : World
        The world at the first month of the study.
    fixed : frozenset of str
        Names of cohorts whose rigs are known: they stay where the others meet another difficulty.

    Examples
    --------
    >>> from rerack.network.world import world_of
    >>> network = CohortNetwork(world=world_of("2025-12"))
    >>> network.start_height, round(network.progress_frac_per_year, 3)
    (925940, 0.122)
    """

    world: World
    fixed: frozenset[str] = frozenset()

    @property
    def start_height(self) -> int:
        """Height of the next block at the start."""
        return self.world.height

    @property
    def start_difficulty(self) -> float:
        """Difficulty at that height."""
        return self.world.difficulty

    @property
    def convertible_mw(self) -> float:
        """Load of all sites that could turn to AI [MW at the meter]."""
        return convertible_mw(self.world)

    @property
    def progress_frac_per_year(self) -> float:
        """Yearly fall of J/TH between the newest release and the next one; 0 if none is to come."""
        efficiency = _generation_efficiency(self.world)
        now = [i for i, g in enumerate(self.world.generations) if g.release_month <= 0]
        if not now or now[-1] + 1 >= len(self.world.generations):
            return 0.0
        released, coming = self.world.generations[now[-1] : now[-1] + 2]
        months = coming.release_month - released.release_month
        kept = efficiency[now[-1] + 1] / efficiency[now[-1]]
        return float(1.0 - kept ** (12.0 / months))


def as_a_whole(network: NetworkSpec | CohortNetwork) -> NetworkSpec:
    """Return the chain and the rig market of a network as the exogenous model has them.

    Parameters
    ----------
    network : NetworkSpec or CohortNetwork
        The first comes back as it is.
    """
    if isinstance(network, NetworkSpec):
        return network
    return NetworkSpec(
        start_height=network.start_height,
        start_difficulty=network.start_difficulty,
        inflation_frac_per_year=network.world.behaviour.inflation_frac_per_year,
    )


def with_difficulty(
    network: NetworkSpec | CohortNetwork,
    difficulty: float,
    *,
    price_usd: float,
    fees_btc: float,
) -> NetworkSpec | CohortNetwork:
    """Return a network that starts at another difficulty.

    Parameters
    ----------
    network : NetworkSpec or CohortNetwork
        Any; cohorts are scaled to the hashrate that the difficulty stands for, but for those that
        are fixed. Scaling twice is scaling once, to rounding.
    difficulty : float
        Difficulty at the start.
    price_usd, fees_btc : float
        Bitcoin price and fees at the start, for what cohorts run.
    """
    if isinstance(network, NetworkSpec):
        return replace(network, start_difficulty=difficulty)
    world = scaled_to_difficulty(
        replace(network.world, difficulty=difficulty),
        price_usd=price_usd,
        fees_btc=fees_btc,
        fixed=network.fixed,
    )
    return replace(network, world=world)


def with_progress(network: CohortNetwork, factor: float) -> CohortNetwork:
    """Return a network whose coming rigs improve on those of the start `factor` times as much.

    Parameters
    ----------
    network : CohortNetwork
        Any.
    factor : float
        On the logarithm of every improvement.
    """
    world = network.world
    efficiency = _generation_efficiency(world)
    released = [i for i, g in enumerate(world.generations) if g.release_month <= 0]
    best = efficiency[released[-1]] if released else efficiency[0]
    coming = {g.name for g in world.generations if g.release_month > 0}
    cohorts = tuple(
        replace(c, efficiency_j_per_th=best * (c.efficiency_j_per_th / best) ** factor)
        if c.generation in coming
        else c
        for c in world.cohorts
    )
    return replace(network, world=replace(world, cohorts=cohorts))


def cohort_path(
    network: CohortNetwork,
    outlook: Outlook,
    *,
    leaving_mw: FloatArray | None = None,
    workers: int = 1,
) -> NetworkOutlook:
    """Return the world along every scenario of an outlook, as a site meets it.

    Parameters
    ----------
    network : CohortNetwork
        The world at the start.
    outlook : Outlook
        Prices, fees and leases; its seed and first path number what is drawn beside them, so that
        a scenario is the same in whichever block it is computed.
    leaving_mw : array, shape (scenario, month), or None
        Further sites that turn to AI; see `rerack.network.simulate`.
    workers : int
        Threads.

    Returns
    -------
    NetworkOutlook
        With `lease_left_frac`: what all conversions so far leave of a rent signed in the month.

    Examples
    --------
    >>> from rerack.base import MonthGrid, Streams
    >>> from rerack.markets import BitcoinSpec, MarketSpec, build_outlook
    >>> from rerack.network.world import world_of
    >>> spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0))
    >>> outlook = build_outlook(spec, MonthGrid.parse("2025-12", 24), Streams(7), paths=2)
    >>> found = cohort_path(CohortNetwork(world=world_of("2025-12")), outlook)
    >>> found.hashrate_eh_s.shape, bool(found.lease_left_frac[0, 0] == 1.0)
    ((2, 24), True)
    """
    world, grid = network.world, outlook.grid
    found = simulate(
        world,
        outlook,
        months=grid.months,
        seed=outlook.seed,
        workers=workers,
        leaving_mw=leaving_mw,
    )
    factor = None
    if world.ai is not None:
        supply = 1.0 + found.converted_mw / world.ai.depth_mw
        factor = supply**-world.ai.elasticity
    return NetworkOutlook(
        grid=grid,
        hashrate_eh_s=found.online_eh_s,
        difficulty=found.difficulty,
        subsidy_btc=found.subsidy_btc,
        btc_per_ph_day=found.btc_per_ph_day,
        hashprice_usd_per_ph_day=found.hashprice_usd_per_ph_day,
        halving_month=found.halving_month,
        frontier_j_per_th=frontier_of(world, grid),
        efficiency_j_per_th=found.efficiency_j_per_th,
        rig_price_usd_per_th=found.rig_price_usd_per_th,
        lease_left_frac=factor,
    )


def frontier_of(world: World, grid: MonthGrid) -> FloatArray:
    """Return the efficiency of the newest rig on sale, shape (month,) [J/TH].

    Parameters
    ----------
    world : World
        Its generations.
    grid : MonthGrid
        Months.
    """
    efficiency = np.array(_generation_efficiency(world))
    path: FloatArray = efficiency[np.maximum(month_arrays(world, grid).newest, 0)]
    return path


def _generation_efficiency(world: World) -> list[float]:
    """Return the mean efficiency of the cohorts of each generation [J/TH]."""
    found = []
    for generation in world.generations:
        here = [c.efficiency_j_per_th for c in world.cohorts if c.generation == generation.name]
        found.append(float(np.mean(here)))
    return found
