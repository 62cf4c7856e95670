"""Evaluate one plan on one block of scenarios: from decisions to the owner's cash."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.finance import npv
from rerack.planning.decide import decide
from rerack.planning.decisions import Decisions
from rerack.planning.financing import Financed, Prospects, finance_site, lines_by_scenario
from rerack.planning.foresight import ProspectsOf
from rerack.planning.halls import USES, alike, run_hall
from rerack.planning.hosted_peaks import hosted_mw, hosted_peaks
from rerack.planning.hosting import HOSTING_LINES, HostingCash
from rerack.planning.inflation import growth_path
from rerack.planning.ledger import SITE_ROW, Ledger
from rerack.planning.mining import MINING_LINES, MiningCash
from rerack.planning.plans import Plan
from rerack.planning.policy.policy_plan import FittedPlan
from rerack.planning.power.site_state import site_state
from rerack.planning.waiting import within_windows
from rerack.planning.world import World


@dataclass(frozen=True, kw_only=True)
class PlanBlock:
    """One plan on one block of scenarios.

    Parameters
    ----------
    plan : Plan
        The plan.
    decisions : Decisions
        When each hall is decided.
    line_sum_usd : ndarray, shape (hall and site, line, month)
        The ledger's book by hall, summed over scenarios [USD].
    npv_usd : ndarray, shape (scenario,)
        At the terms' discount rate [USD].
    financed : Financed
        Capex, loan and coverage.
    use_mw_sum : ndarray, shape (use, month)
        Utility MW by use, summed over scenarios [MW].
    coins_sum_btc : ndarray, shape (hall, month)
        Coins mined, summed over scenarios [BTC].
    energy_sum_mwh : ndarray, shape (hall, month)
        Energy drawn by rigs, summed over scenarios [MWh].
    """

    plan: Plan
    decisions: Decisions
    line_sum_usd: FloatArray
    npv_usd: FloatArray
    financed: Financed
    use_mw_sum: FloatArray
    coins_sum_btc: FloatArray
    energy_sum_mwh: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Operated:
    """A plan's operations on one block of scenarios, before debt, tax and coins.

    Parameters
    ----------
    decisions : Decisions
        When each hall is decided.
    ledger : Ledger
        Operating lines and purchases, posted.
    use_mw_sum, coins_sum_btc, energy_sum_mwh : ndarray
        As in `PlanBlock`.
    tenant_usd : ndarray, shape (scenario, month)
        What tenants pay for fit-out [USD].
    prospects : Prospects or None
        What lenders and the treasury see.
    """

    decisions: Decisions
    ledger: Ledger
    use_mw_sum: FloatArray
    coins_sum_btc: FloatArray
    energy_sum_mwh: FloatArray
    tenant_usd: FloatArray
    prospects: Prospects | None


class _Coupled:
    """Loads behind the meter, for what couples halls: classes of rigs, and what always runs."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.firm_mw = np.zeros(shape)
        self.classes: list[tuple[MiningCash, FloatArray]] = []

    def mines(self, cash: MiningCash, mw: FloatArray) -> None:
        """Add a class of rigs of `mw` in each scenario-month."""
        self.classes.append((cash, mw))
        if cash.idle_mw_per_mw:
            self.firm_mw += cash.idle_mw_per_mw * mw


def operate(
    plan: Plan | FittedPlan, world: World, *, by_scenario: frozenset[str] | None = None
) -> Operated:
    """Return what `plan` earns and buys on every scenario of `world`, before debt, tax and coins.

    Parameters
    ----------
    plan : Plan or FittedPlan
        The plan; a policy must be fitted.
    world : World
        Site, offers and scenarios.
    by_scenario : frozenset of str or None
        As for `Ledger`.
    """
    from rerack.planning.ledger_kernel import sum_kept

    scenarios, months = world.shape
    halls = world.site.halls
    row_at = {h.name: row for row, h in enumerate(halls)}
    decisions = within_windows(decide(plan, world), world)
    ledger = Ledger(tuple(h.name for h in halls), scenarios, months, by_scenario=by_scenario)
    uses = np.zeros((len(USES), months))
    coins = np.zeros((len(halls), months))
    energy = np.zeros((len(halls), months))
    tenant = np.zeros((scenarios, months))
    seen = ProspectsOf(world)
    coupled = None if world.site_power is None else _Coupled(world.shape)
    for group in alike(world, decisions):
        run, sizes = run_hall(group[0], decisions, world), {h.name: h.utility_mw for h in group}
        rows, size = [row_at[h.name] for h in group], np.array(list(sizes.values()))
        mw = float(size.sum())
        uses += run.use_share_sum * mw
        if run.mining is not None:
            mined, still = run.mining, run.still_mining
            _post_mining(ledger, sizes, mined, still)
            if coupled is not None:
                coupled.mines(mined, still * mw)
            summed = sum_kept(mined.coins_btc_per_mw, mined.energy_mwh_per_mw, still)
            coins[rows], energy[rows] = summed[:, None, :] * size[:, None]
            seen.mined(mined.coins_btc_per_mw, still, mw)
        if run.hosting is not None:
            _post_hosting(ledger, sizes, run.hosting)
            if coupled is not None or world.meter.charges_peaks:
                drawn = _post_peaks(ledger, sizes, group[0].name, decisions, world)
                if coupled is not None:
                    coupled.firm_mw += drawn * mw
            if run.hosting.tenant_usd_per_mw is not None:
                tenant += run.hosting.tenant_usd_per_mw * mw
            seen.contracted(group[0].name, mw, decisions, run.hosting)
    _post_site(ledger, world)
    if world.site_power is not None and coupled is not None:
        state = site_state(coupled.classes, coupled.firm_mw, world.site.interconnect_mw)
        for line, amount in world.site_power.cash_usd(state).items():
            ledger.post(SITE_ROW, line, amount)
    return Operated(
        decisions=decisions,
        ledger=ledger,
        use_mw_sum=uses,
        coins_sum_btc=coins,
        energy_sum_mwh=energy,
        tenant_usd=tenant,
        prospects=seen.found(),
    )


def evaluate(plan: Plan | FittedPlan, world: World, *, keep_accounts: bool = False) -> PlanBlock:
    """Return the cash of `plan` on every scenario of `world`.

    Parameters
    ----------
    plan : Plan or FittedPlan
        The plan; a policy must be fitted.
    world : World
        Site, offers and scenarios.
    keep_accounts : bool
        Whether to draw up statements, debt and treasury; sensitivities need none.
    """
    lines = None if keep_accounts else lines_by_scenario(world.terms)
    made = operate(plan, world, by_scenario=lines)
    financed = finance_site(
        made.ledger,
        world.terms,
        world.meter.grid,
        tenant_capex_usd=made.tenant_usd,
        prospects=made.prospects,
        keep_accounts=keep_accounts,
    )
    return PlanBlock(
        plan=described(plan),
        decisions=made.decisions,
        line_sum_usd=made.ledger.sum_usd,
        npv_usd=np.asarray(npv(made.ledger.total(), world.terms.discount_rate_frac_per_year)),
        financed=financed,
        use_mw_sum=made.use_mw_sum,
        coins_sum_btc=made.coins_sum_btc,
        energy_sum_mwh=made.energy_sum_mwh,
    )


def described(plan: Plan | FittedPlan) -> Plan:
    """Return the plan itself, without the rules that were fitted for it."""
    return plan.plan if isinstance(plan, FittedPlan) else plan


def _post_mining(
    ledger: Ledger, sizes_mw: dict[str, float], cash: MiningCash, still_mining: FloatArray
) -> None:
    """Post the money of the months in which the fleet is there."""
    ledger.post_lines(sizes_mw, MINING_LINES, cash.lines_usd_per_mw, kept=still_mining)
    for line, (sign, per_mw) in cash.rarer_lines.items():
        ledger.post_halls(sizes_mw, line, per_mw, sign=sign, kept=still_mining)


def _post_hosting(ledger: Ledger, sizes_mw: dict[str, float], cash: HostingCash) -> None:
    ledger.post_lines(sizes_mw, HOSTING_LINES, cash.lines_usd_per_mw)
    money = cash.money
    for line, sign, amount in (
        ("AI curtailment", 1.0, cash.curtailment_usd_per_mw),
        ("delay damages", -1.0, money.damages_usd_per_mw),
        ("default recoveries", 1.0, money.recoveries_usd_per_mw),
        ("termination fees", 1.0, money.fees_usd_per_mw),
        ("tenant money held", 1.0, money.held_usd_per_mw),
    ):
        if amount is not None:
            ledger.post_halls(sizes_mw, line, amount, sign=sign)


def _post_peaks(
    ledger: Ledger, sizes_mw: dict[str, float], hall: str, decisions: Decisions, world: World
) -> FloatArray:
    """Post what hosted load adds to charges for peaks; return it per MW, (scenario, month)."""
    load = np.zeros(world.shape)
    for offer, decided in decisions.taken(hall):
        use = world.offers[offer]
        drawn = hosted_mw(use, world.hosting(use, decided), world.meter.grid)
        load += drawn
        for line, cost in hosted_peaks(use, drawn, world.meter).items():
            ledger.post_halls(sizes_mw, line, cost, sign=-1.0)
    return load


def _post_site(ledger: Ledger, world: World) -> None:
    """Post what belongs to no hall: the fixed-price block and overhead."""
    scenarios, months = world.shape
    grid, terms = world.meter.grid, world.terms
    overhead = terms.overhead_usd_per_year / 12.0
    path = overhead * growth_path(terms.inflation_frac_per_year, months)
    ledger.post(SITE_ROW, "overhead", np.broadcast_to(-path, (scenarios, months)))
    block = world.site.tariff.block
    if block is not None:
        spread = world.meter.index_mean_usd_per_mwh() - block.price_usd_per_mwh
        running = np.arange(months) < block.months
        settled = spread * block.block_mw * grid.hours * running
        ledger.post(SITE_ROW, "block settlement", settled)
