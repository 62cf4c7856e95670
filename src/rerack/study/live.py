"""A study that answers at once: a few of its scenarios, evaluated anew as inputs move."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property, partial
from pathlib import Path
from threading import RLock

import numpy as np

from rerack.assets import AiUse, GpuCloud, Lease, Site
from rerack.base.checks import require_between
from rerack.chain import hashprice_usd_per_ph_day, subsidy_sat
from rerack.network import CohortNetwork, network_path
from rerack.network.cohort_network import with_difficulty
from rerack.planning import Plan, World
from rerack.planning.hosting import HostingCash
from rerack.planning.policy import FittedPlan, JudgedSite
from rerack.scenario import Scenario
from rerack.study.kept_study import Kept, kept_path, read_kept, write_kept
from rerack.study.levers import conversion_cost, lease_rate
from rerack.study.live_base import LiveBase, live_base
from rerack.study.merge import Merged, merge
from rerack.study.pipeline import answer_plan, describe, table_makers, with_level
from rerack.study.run import Run
from rerack.study.simulate import (
    Block,
    Prepared,
    draw_outlook,
    driver_paths,
    evaluate_plans,
    judge_plans,
    place_site,
)
from rerack.study.store import Table
from rerack.study.tables.inputs import inputs_table
from rerack.study.tables.rigs import spot_hashprice_usd_per_ph_day

#: Answers that are kept, so that going back costs nothing.
_KEPT = 24


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is moved against the file; None leaves an input as it is.

    Parameters
    ----------
    bitcoin_usd : float or None
        Price of a coin at the start [USD].
    hashprice_usd_per_ph_day : float or None
        Hashprice at the start [USD/PH/day]; difficulty follows from it and the coin's price.
    power_usd_per_mwh : float or None
        Mean index price at the start, or the fixed price where the tariff has one [USD/MWh].
    rent_factor : float or None
        Factor on every rent and price of a GPU-hour.
    capex_factor : float or None
        Factor on every cost of conversions and servers.
    uptime_frac : float or None
        Share of wanted hours in which rigs hash, of every hall.

    Examples
    --------
    >>> Change(bitcoin_usd=60_000.0).moved
    ('bitcoin_usd',)
    """

    bitcoin_usd: float | None = None
    hashprice_usd_per_ph_day: float | None = None
    power_usd_per_mwh: float | None = None
    rent_factor: float | None = None
    capex_factor: float | None = None
    uptime_frac: float | None = None

    def __post_init__(self) -> None:
        for name in self.moved:
            low, high = CHANGE_LIMITS[name]
            require_between(getattr(self, name), low, high, name, cure="Choose a value between.")

    @property
    def moved(self) -> tuple[str, ...]:
        """Names of the inputs that are moved."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) is not None)


#: Values that can be asked for, by name.
CHANGE_LIMITS = {
    "bitcoin_usd": (1_000.0, 10_000_000.0),
    "hashprice_usd_per_ph_day": (1.0, 1_000.0),
    "power_usd_per_mwh": (0.1, 1_000.0),
    "rent_factor": (0.05, 20.0),
    "capex_factor": (0.05, 20.0),
    "uptime_frac": (0.0, 1.0),
}


def current(scenario: Scenario) -> dict[str, float]:
    """Return where the inputs of a `Change` stand in a prepared scenario."""
    fixed = scenario.site.tariff.fixed_price_usd_per_mwh
    level = scenario.market.power.level_usd_per_mwh
    assert level is not None  # written out when the study was prepared
    uptimes = [h.rigs.uptime_frac for h in scenario.site.halls if h.rigs is not None]
    return {
        "bitcoin_usd": scenario.market.bitcoin.price_usd,
        "hashprice_usd_per_ph_day": spot_hashprice_usd_per_ph_day(scenario),
        "power_usd_per_mwh": level if fixed is None else fixed,
        "rent_factor": 1.0,
        "capex_factor": 1.0,
        "uptime_frac": max(uptimes, default=1.0),
    }


def changed(scenario: Scenario, change: Change) -> Scenario:
    """Return a prepared scenario with a change made."""
    market, site = scenario.market, scenario.site
    if change.bitcoin_usd is not None:
        market = replace(market, bitcoin=replace(market.bitcoin, price_usd=change.bitcoin_usd))
    if change.power_usd_per_mwh is not None:
        if site.tariff.fixed_price_usd_per_mwh is not None:
            tariff = replace(site.tariff, fixed_price_usd_per_mwh=change.power_usd_per_mwh)
            site = replace(site, tariff=tariff)
        else:
            power = replace(market.power, level_usd_per_mwh=change.power_usd_per_mwh)
            market = replace(market, power=power)
    if change.uptime_frac is not None:
        site = _with_uptime(site, change.uptime_frac)
    made = replace(scenario, market=market, site=site)
    if change.bitcoin_usd is not None and isinstance(made.network, CohortNetwork):
        # What runs at the difficulty of the day depends on the price.
        made = _at_difficulty(made, made.network.start_difficulty)
    if change.hashprice_usd_per_ph_day is not None:
        made = _at_difficulty(made, start_difficulty(made, change.hashprice_usd_per_ph_day))
    if change.rent_factor is not None:
        made = _written_rents(lease_rate(made, change.rent_factor))
    if change.capex_factor is not None:
        made = conversion_cost(made, change.capex_factor)
    return made


def _at_difficulty(scenario: Scenario, difficulty: float) -> Scenario:
    """Return a scenario whose network starts at a difficulty, at the price and fees of the day."""
    network = with_difficulty(
        scenario.network,
        difficulty,
        price_usd=scenario.market.bitcoin.price_usd,
        fees_btc=scenario.market.fees.level_btc_per_block,
    )
    return replace(scenario, network=network)


def _written_rents(scenario: Scenario) -> Scenario:
    """Return rents as they stand once written to a file, whose numbers have 15 figures."""
    offers = {
        name: replace(use, rate_usd_per_kw_month=_as_written(use.rate_usd_per_kw_month))
        if isinstance(use, Lease)
        else replace(use, price_usd_per_gpu_hour=_as_written(use.price_usd_per_gpu_hour))
        for name, use in scenario.offers.items()
    }
    return replace(scenario, offers=offers)


def _as_written(value: float) -> float:
    return float(f"{value:.15g}")


def start_difficulty(scenario: Scenario, usd_per_ph_day: float) -> float:
    """Return the difficulty at which a scenario starts at a hashprice [USD/PH/day].

    Examples
    --------
    Hashprice is inversely proportional to difficulty, so one evaluation gives it.
    """
    at_one = hashprice_usd_per_ph_day(
        scenario.market.bitcoin.price_usd,
        1.0,
        subsidy_sat(scenario.network.start_height) / 1e8,
        scenario.market.fees.level_btc_per_block,
    )
    return float(at_one) / usd_per_ph_day


def overrides_of(scenario: Scenario, change: Change) -> Iterator[str]:
    """Yield what a change is in the scenario file, each ``key=value`` as ``--set`` takes it."""
    made = changed(scenario, change)
    if change.bitcoin_usd is not None:
        yield f"market.bitcoin.price={made.market.bitcoin.price_usd!r} USD"
    if change.hashprice_usd_per_ph_day is not None:
        yield f"market.network.difficulty={made.network.start_difficulty!r}"
    if change.power_usd_per_mwh is not None:
        fixed = made.site.tariff.fixed_price_usd_per_mwh is not None
        key = "site.power.fixed" if fixed else "market.power.level"
        yield f"{key}={change.power_usd_per_mwh!r} USD/MWh"
    if change.uptime_frac is not None:
        for hall in made.site.halls:
            if hall.rigs is not None:
                yield f"site.halls.{hall.name}.rigs.uptime={change.uptime_frac!r}"
    if change.rent_factor is not None:
        for name, use in made.offers.items():
            if isinstance(use, Lease):
                yield f"offers.{name}.rate={use.rate_usd_per_kw_month!r} USD/kW-month critical"
            else:
                yield f"offers.{name}.price={use.price_usd_per_gpu_hour!r} USD/GPU-hour"
    if change.capex_factor is not None:
        for name, use in made.offers.items():
            for item in use.conversion.capex:
                key = f"offers.{name}.conversion.capex.{item.component}.cost"
                yield f"{key}={item.usd_per_mw!r} USD/MW critical"
            if isinstance(use, GpuCloud):
                yield f"offers.{name}.gpu_cost={use.gpu_usd_per_mw!r} USD/MW critical"


def _with_uptime(site: Site, uptime_frac: float) -> Site:
    halls = tuple(
        h if h.rigs is None else replace(h, rigs=replace(h.rigs, uptime_frac=uptime_frac))
        for h in site.halls
    )
    return replace(site, halls=halls)


class LiveStudy:
    """A study on its first few scenarios, ready to be asked again and again.

    Parameters
    ----------
    scenario : Scenario
        The study.
    scenarios : int
        Scenarios behind every answer.
    cache : Path or None
        Folder in which the prepared study is kept and looked for, which makes opening a file again
        several times faster (`rerack.study.kept_study`); only for a scenario as it was loaded.

    Notes
    -----
    An answer is what `run_study` gives for the same scenarios and inputs, table by table, with
    these exceptions. The rules of policy plans stay those fitted to the file's own market, and so
    does the control variate of their gain (`rerack.study.merge.MergedPlan.gain_usd`): of mean zero
    all the same, only less sharp far from the file. The tornado and the flip points, which need
    many more evaluations, are left out.

    Tables are made when they are first asked for. What a change does not touch is not worked out
    again: rents leave mining as it is, and the price of a coin leaves leases. Answers may be asked
    for from several threads; each change is worked out once.
    """

    def __init__(self, scenario: Scenario, *, scenarios: int, cache: Path | None = None) -> None:
        given = replace(scenario, scenarios=scenarios)
        path = None if cache is None else kept_path(cache, scenario, scenarios)
        kept = None if path is None else read_kept(path, given)
        self._begin = partial(live_base, given, kept)
        self._lock = RLock()
        self._answers: OrderedDict[Change, Run] = OrderedDict()
        self._scenario = (
            self._base.prepared.scenario if kept is None else with_level(given, kept.library)
        )
        # A change moves numbers beside the file: where its inputs come from stays as it is.
        self._inputs = inputs_table(self._scenario.inputs)
        if kept is not None:
            self._answers[Change()] = self._first(kept)
        elif path is not None:
            write_kept(path, self._to_keep())

    @property
    def scenario(self) -> Scenario:
        """The study, with the power level written out and the number of scenarios used here."""
        return self._scenario

    @cached_property
    def _base(self) -> LiveBase:
        return self._begin()

    def prepared(self, change: Change) -> Prepared:
        """Return the study with a change made, ready to draw scenarios."""
        with self._lock:
            return replace(self._base.prepared, scenario=self.changed(change))

    def warm(self) -> None:
        """Do what the first change would have to wait for; nothing where it is done already."""
        with self._lock:
            if "_base" not in vars(self):
                self._work_out(Change())

    def changed(self, change: Change) -> Scenario:
        """Return the study with a change made."""
        return changed(self._scenario, change)

    def answer(self, change: Change) -> Run:
        """Return what the study finds with a change made."""
        with self._lock:
            if change in self._answers:
                self._answers.move_to_end(change)
                return self._answers[change]
            run = self._work_out(change)
            self._answers[change] = run
            if len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
            return run

    def _work_out(self, change: Change) -> Run:
        began = time.perf_counter()
        base, prepared = self._base, self._base.prepared
        if change.moved:
            prepared = replace(prepared, scenario=changed(prepared.scenario, change))
        world = self._world_of(prepared) if change.moved else base.world
        merged = _merged(base.plans, world, base.judged, keep_accounts=False)
        makers = table_makers(merged, prepared, world, base.plans) | self._rarer(prepared, world)
        run = self._run(prepared.scenario, {"plans": makers["plans"]()}, makers)
        run.meta["wall_s"] = time.perf_counter() - began
        return run

    def _run(
        self, scenario: Scenario, tables: dict[str, Table], makers: dict[str, Callable[[], Table]]
    ) -> Run:
        tables = tables | {"inputs": self._inputs} | _unsought()
        answer = answer_plan(tables["plans"], scenario.plans)
        meta = describe(scenario, tables, answer, gap=float("nan")) | {"wall_s": 0.0}
        return Run(meta=meta, tables=tables, makers=makers)

    def _first(self, kept: Kept) -> Run:
        """Return the unmoved answer from what is kept; other tables are made as they are asked."""

        @cache
        def whole() -> Run:
            with self._lock:
                return self._work_out(Change())

        def later(name: str) -> Table:
            return whole().table(name)

        makers: dict[str, Callable[[], Table]] = {name: partial(later, name) for name in kept.names}
        return self._run(self._scenario, dict(kept.tables), makers)

    def _to_keep(self) -> Kept:
        base, run = self._base, self.answer(Change())
        return Kept(
            library=base.prepared.library,
            curve_usd_per_mwh=base.prepared.curve_usd_per_mwh,
            plans=base.plans,
            judged=base.judged,
            tables={name: run.table(name) for name in _SEEN_FIRST},
            names=tuple(run.makers),
        )

    def _world_of(self, prepared: Prepared) -> World:
        """Draw the world of a change; what it shares with the file's own is taken from there."""
        base, ours, theirs = self._base, self._scenario, prepared.scenario
        same_market = ours.market == theirs.market
        outlook = base.outlook if same_market else draw_outlook(prepared, 0, theirs.scenarios)
        same_network = same_market and ours.network == theirs.network
        network = base.world.network if same_network else None
        world = place_site(prepared, outlook, network or network_path(theirs.network, outlook))
        same_tariff = ours.site.tariff == theirs.site.tariff
        return replace(
            world,
            _mining=dict(base.world._mining) if same_network and same_tariff else {},
            _hosting=self._hosting_left(theirs, world, same_tariff=same_tariff),
        )

    def _hosting_left(
        self, theirs: Scenario, world: World, *, same_tariff: bool
    ) -> dict[tuple[AiUse, bytes], HostingCash]:
        """Return what offers earn in the file's own world, as far as a change leaves it alone."""
        ours, known = self._scenario, self._base.world._hosting
        beside_power = replace(theirs.market, bitcoin=ours.market.bitcoin, power=ours.market.power)
        if beside_power != ours.market or world.network.lease_left_frac is not None:
            return {}
        if same_tariff and theirs.market.power == ours.market.power:
            return dict(known)
        return {key: cash for key, cash in known.items() if _without_power(key[0])}

    def _rarer(self, prepared: Prepared, world: World) -> dict[str, Callable[[], Table]]:
        """Return the makers of tables that need more than values: accounts and bounds."""
        plans, judged = self._base.plans, self._base.judged

        @cache
        def with_accounts() -> dict[str, Callable[[], Table]]:
            merged = _merged(plans, world, judged, keep_accounts=True)
            return table_makers(merged, prepared, world, plans)

        @cache
        def with_bounds() -> dict[str, Callable[[], Table]]:
            anew = judge_plans(plans, world)
            merged = _merged(plans, world, anew, keep_accounts=False)
            return table_makers(merged, prepared, world, plans)

        rarer: dict[str, Callable[[], Table]] = {}
        rarer |= {name: partial(_make, with_accounts, name) for name in _OF_ACCOUNTS}
        rarer |= {name: partial(_make, with_bounds, name) for name in _OF_BOUNDS}
        return rarer


def _without_power(use: AiUse) -> bool:
    """Return whether the price of power makes no difference to the owner of an offer."""
    return isinstance(use, Lease) and use.owner_power_frac == 0.0 and use.flexibility is None


#: Tables of the unmoved answer that are kept with a study: what its first pages show, but for
#: monthly cash, which has many rows.
_SEEN_FIRST = (
    "plans",
    "scenarios",
    "decisions",
    "uses",
    "outlook",
    "per_kwh",
    "capex",
    "duration",
    "strikes",
    "coin_cost",
    "rigs",
)
#: Tables that need accounts, and those that need the bounds of policies.
_OF_ACCOUNTS = ("statements", "debt", "covenants", "treasury", "dscr")
_OF_BOUNDS = ("policy_values", "exercise_region")


def _make(makers: Callable[[], dict[str, Callable[[], Table]]], name: str) -> Table:
    return makers()[name]()


def _merged(
    plans: tuple[Plan | FittedPlan, ...],
    world: World,
    judged: tuple[JudgedSite | None, ...],
    *,
    keep_accounts: bool,
) -> Merged:
    blocks = evaluate_plans(plans, world, keep_accounts=keep_accounts)
    return merge([Block(plans=blocks, drivers=driver_paths(world), judged=judged)])


def _unsought() -> dict[str, Table]:
    """Return the tables that compare changed inputs, empty: here they are moved by hand."""
    texts = {name: np.array([], dtype=str) for name in ("input", "low", "high")}
    sums = ("low_delta_usd", "high_delta_usd", "base_delta_usd")
    flips = ("factor", "searched_low", "searched_high")
    return {
        "tornado": texts | {name: np.array([]) for name in sums},
        "flips": {"input": texts["input"]} | {name: np.array([]) for name in flips},
    }
