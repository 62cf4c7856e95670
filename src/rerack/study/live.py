"""A study that answers at once: a few of its scenarios, evaluated anew as inputs move."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache, cached_property, partial
from pathlib import Path
from threading import RLock

import numpy as np

from rerack.assets import AiUse, Lease
from rerack.network import network_path
from rerack.planning import Plan, PolicyPlan, World
from rerack.planning.hosting import HostingCash
from rerack.planning.policy import FittedPlan, JudgedSite
from rerack.scenario import Scenario
from rerack.study.change import Change, changed
from rerack.study.kept_study import Kept, kept_path, read_kept, write_kept
from rerack.study.live_base import LiveBase, Tell, live_base
from rerack.study.merge import Merged, merge
from rerack.study.pipeline import answer_plan, describe, table_makers, with_level
from rerack.study.recent import Recent
from rerack.study.run import Run
from rerack.study.simulate import (
    Block,
    Prepared,
    draw_outlook,
    driver_paths,
    evaluate_plans,
    fit_policies,
    judge_plans,
    place_site,
)
from rerack.study.store import Table
from rerack.study.tables.inputs import inputs_table

#: Answers that are kept, so that going back costs nothing; with all its tables one has some 20 MB.
_KEPT = 8


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
        `keep` writes there.
    tell : callable
        Told what is being prepared; what it raises leaves it there.

    Notes
    -----
    An answer with its rules fitted anew is what `run_study` gives for the same scenarios and
    inputs, table by table. Much sooner comes an answer with the rules that were fitted to the
    file's own market, and with their control variate (`rerack.study.merge.MergedPlan.gain_usd`):
    the gain of a policy that does not know that the market moved, which far from the file may lie
    several standard errors under that of one that knows. The tornado and the flip points, which
    need many more evaluations, are left out of both.

    Tables are made when they are first asked for. What a change does not touch is not worked out
    again: rents leave mining as it is, and the price of a coin leaves leases. Answers may be asked
    for from several threads; each is worked out once, and refitting keeps no other answer waiting.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        scenarios: int,
        cache: Path | None = None,
        tell: Tell = lambda _what: None,
    ) -> None:
        given = replace(scenario, scenarios=scenarios)
        path = None if cache is None else kept_path(cache, scenario, scenarios)
        kept = None if path is None else read_kept(path, given)
        self._begin = partial(live_base, given, kept, tell)
        self._lock, self._refitting = RLock(), RLock()
        self._answers: Recent[tuple[Change, bool], Run] = Recent(_KEPT)
        self._scenario = (
            self._base.prepared.scenario if kept is None else with_level(given, kept.library)
        )
        # A change moves numbers beside the file: where its inputs come from stays as it is.
        self._inputs = inputs_table(self._scenario.inputs)
        if kept is not None:
            self._answers.keep((Change(), False), self._first(kept))
        self._unkept = path if kept is None else None

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

    def keep(self) -> None:
        """Keep what was prepared in the folder; nothing where it is there, or none was named."""
        if self._unkept is not None:
            write_kept(self._unkept, self._to_keep())
            self._unkept = None

    def changed(self, change: Change) -> Scenario:
        """Return the study with a change made."""
        return changed(self._scenario, change)

    def answer(self, change: Change, *, refit: bool = False) -> Run:
        """Return what the study finds with a change made.

        Parameters
        ----------
        change : Change
            What is moved.
        refit : bool
            Whether the rules of policy plans are fitted to the moved market, which takes seconds.
        """
        refit = refit and bool(change.moved) and self.has_rules
        with self._refitting if refit else self._lock:
            run = self._answers.get((change, refit))
            if run is None:
                run = self._refitted(change) if refit else self._work_out(change)
                self._answers.keep((change, refit), run)
            return run

    @property
    def has_rules(self) -> bool:
        """Whether a plan is a policy, whose rule is fitted to a market."""
        return any(isinstance(plan, PolicyPlan) for plan in self._scenario.plans)

    def _work_out(self, change: Change) -> Run:
        began = time.perf_counter()
        base, prepared = self._base, self._base.prepared
        if change.moved:
            prepared = replace(prepared, scenario=changed(prepared.scenario, change))
        world = self._world_of(prepared) if change.moved else base.world
        merged = _merged(base.plans, world, base.judged, keep_accounts=False)
        if change.moved:
            world.forget()
        makers = table_makers(merged, prepared, world, base.plans)
        makers |= _of_accounts(prepared, world, base.plans, base.judged)
        makers |= _of_bounds(prepared, world, base.plans)
        return self._timed(prepared.scenario, makers, began)

    def _refitted(self, change: Change) -> Run:
        began = time.perf_counter()
        prepared = self.prepared(change)
        world = self._world_of(prepared)
        plans = fit_policies(prepared)
        judged = judge_plans(plans, world)
        merged = _merged(plans, world, judged, keep_accounts=False)
        world.forget()
        makers = table_makers(merged, prepared, world, plans)
        makers |= _of_accounts(prepared, world, plans, judged)
        return self._timed(prepared.scenario, makers, began)

    def _timed(
        self, scenario: Scenario, makers: dict[str, Callable[[], Table]], began: float
    ) -> Run:
        run = self._run(scenario, {"plans": makers["plans"]()}, makers)
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


def _of_accounts(
    prepared: Prepared,
    world: World,
    plans: tuple[Plan | FittedPlan, ...],
    judged: tuple[JudgedSite | None, ...],
) -> dict[str, Callable[[], Table]]:
    """Return the makers of tables that need accounts."""

    @cache
    def makers() -> dict[str, Callable[[], Table]]:
        merged = _merged(plans, world, judged, keep_accounts=True)
        return table_makers(merged, prepared, world, plans)

    return {name: partial(_make, makers, name) for name in _OF_ACCOUNTS}


def _of_bounds(
    prepared: Prepared, world: World, plans: tuple[Plan | FittedPlan, ...]
) -> dict[str, Callable[[], Table]]:
    """Return the makers of tables that need the bounds of policies in a world of their own."""

    @cache
    def makers() -> dict[str, Callable[[], Table]]:
        merged = _merged(plans, world, judge_plans(plans, world), keep_accounts=False)
        return table_makers(merged, prepared, world, plans)

    return {name: partial(_make, makers, name) for name in _OF_BOUNDS}


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
