"""Blocks put together: per-scenario results joined, sums added in block order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import FloatArray, IntArray
from rerack.planning import Plan, PlanBlock
from rerack.planning.accounts import Accounts, merge_accounts
from rerack.planning.policy import JudgedSite
from rerack.study.drivers import Drivers, MemoryDrivers
from rerack.study.simulate import Block


@dataclass(frozen=True, kw_only=True)
class MergedPlan:
    """One plan over all scenarios.

    Parameters
    ----------
    plan : Plan
        The plan.
    npv_usd, capex_usd, tenant_capex_usd, worst_dscr : ndarray, shape (scenario,)
        Per-scenario results; worst_dscr is inf where there is no debt service.
    worst_dscr_month : ndarray of int, shape (scenario,)
        Month of the worst DSCR, -1 where there is none.
    line_mean_usd : ndarray, shape (hall and site, line, month)
        Mean over scenarios.
    use_mw_mean : ndarray, shape (use, month)
        Mean utility MW by use.
    coins_mean_btc, energy_mean_mwh : ndarray, shape (hall, month)
        Means over scenarios.
    decided : dict of str to ndarray
        Decision month by hall, shape (scenario,).
    use : dict of str to ndarray of int
        Position in `offers` by hall, shape (scenario,); -1 where the hall is not converted.
    offers : tuple of str
        Offers that the plan may take.
    judged : JudgedSite or None
        Bounds of its value, if it is a policy.
    accounts : Accounts
        Statements, debt, treasury and covenants as sums over scenarios; the worst DSCR. Of no
        scenarios where none were kept.
    """

    plan: Plan
    npv_usd: FloatArray
    capex_usd: FloatArray
    tenant_capex_usd: FloatArray
    worst_dscr: FloatArray
    worst_dscr_month: IntArray
    line_mean_usd: FloatArray
    use_mw_mean: FloatArray
    coins_mean_btc: FloatArray
    energy_mean_mwh: FloatArray
    decided: dict[str, IntArray]
    use: dict[str, IntArray]
    offers: tuple[str, ...]
    judged: JudgedSite | None
    accounts: Accounts

    def gain_usd(self, keep: MergedPlan) -> FloatArray:
        """Return the gain over another plan, shape (scenario,) [USD].

        Of a policy the chance that its martingales explain is taken off: mean zero, so the mean is
        that of the NPVs' difference without most of its noise.
        """
        luck = 0.0 if self.judged is None else self.judged.luck_usd
        return np.asarray(self.npv_usd - keep.npv_usd - luck)

    @property
    def mean_cash_usd(self) -> FloatArray:
        """Mean owner's cash after tax and debt, shape (month,)."""
        return np.asarray(self.line_mean_usd.sum(axis=(0, 1)))


@dataclass(frozen=True, kw_only=True)
class Merged:
    """All scenarios of a study.

    Parameters
    ----------
    plans : tuple of MergedPlan
        In evaluation order; the first keeps mining.
    drivers : Drivers
        Paths by driver name and month.
    """

    plans: tuple[MergedPlan, ...]
    drivers: Drivers


def merge(blocks: list[Block]) -> Merged:
    """Join blocks in their order."""
    names = blocks[0].drivers
    paths = {name: np.concatenate([b.drivers[name] for b in blocks]) for name in names}
    scenarios = sum(b.plans[0].npv_usd.size for b in blocks)
    return merge_stream(iter(blocks), MemoryDrivers(paths=paths), scenarios=scenarios)


def merge_stream(blocks: Iterator[Block], drivers: Drivers, *, scenarios: int) -> Merged:
    """Join blocks as they come, in their order; none is held once it is added.

    Parameters
    ----------
    blocks : iterator of Block
        In block order; their own driver paths are not looked at.
    drivers : Drivers
        Paths over all scenarios.
    scenarios : int
        Scenarios of all blocks together.
    """
    sums: list[_PlanSum] = []
    for block in blocks:
        if not sums:
            sums = [_PlanSum(part, scenarios) for part in block.plans]
        for total, part, judged in zip(sums, block.plans, block.judged, strict=True):
            total.add(part, judged)
    return Merged(plans=tuple(total.merged() for total in sums), drivers=drivers)


#: What stands for accounts where none were kept.
NO_ACCOUNTS = Accounts(
    scenarios=0,
    statements_sum_usd={},
    carried_sum_usd={},
    debt_sum_usd={},
    treasury_sum={},
    covenants=(),
    cover_sum_usd={},
    worst=None,
)
#: Sums over scenarios that a block of a plan brings.
_SUMS = ("line_sum_usd", "use_mw_sum", "coins_sum_btc", "energy_sum_mwh")
#: Results by scenario that its financing brings.
_BY_SCENARIO = ("capex_usd", "tenant_capex_usd", "worst_dscr", "worst_dscr_month")


class _PlanSum:
    """One plan over the blocks seen so far: sums, and what is kept by scenario."""

    def __init__(self, first: PlanBlock, scenarios: int) -> None:
        self._plan, self._offers = first.plan, first.decisions.offers
        self._sums: dict[str, FloatArray] = {}
        self._kept = _Kept(scenarios)
        self._accounts: Accounts | None = None

    def add(self, part: PlanBlock, judged: JudgedSite | None) -> None:
        """Add the next block."""
        for name in _SUMS:
            # A new array, for that of the first block stays as it is.
            sums = getattr(part, name)
            self._sums[name] = self._sums[name] + sums if name in self._sums else sums
        rows: dict[tuple[str, str], NDArray[Any]] = {("", "npv_usd"): part.npv_usd}
        rows |= {("", name): getattr(part.financed, name) for name in _BY_SCENARIO}
        rows |= {("month", hall): months for hall, months in part.decisions.month.items()}
        rows |= {("use", hall): use for hall, use in part.decisions.use.items()}
        if judged is not None:
            rows |= {("judged", f.name): getattr(judged, f.name) for f in fields(JudgedSite)}
        self._kept.add(rows)
        new = part.financed.accounts
        if new is not None:
            known = [] if self._accounts is None else [self._accounts]
            self._accounts = merge_accounts([*known, new])

    def merged(self) -> MergedPlan:
        """Return the plan over all blocks."""
        kept = self._kept.of("")
        count = kept["npv_usd"].size
        judged = self._kept.of("judged")
        return MergedPlan(
            plan=self._plan,
            line_mean_usd=_mean(self._sums["line_sum_usd"], count),
            use_mw_mean=_mean(self._sums["use_mw_sum"], count),
            coins_mean_btc=_mean(self._sums["coins_sum_btc"], count),
            energy_mean_mwh=_mean(self._sums["energy_sum_mwh"], count),
            decided=self._kept.of("month"),
            use=self._kept.of("use"),
            offers=self._offers,
            judged=JudgedSite(**judged) if judged else None,
            accounts=self._accounts or NO_ACCOUNTS,
            **kept,
        )


def _mean(sums: FloatArray, count: int) -> FloatArray:
    """Return a mean from its sum; -0 comes out as 0."""
    mean = sums / count
    mean += 0.0
    return mean


class _Kept:
    """Results by scenario, each in one array from the start: parts and a joined copy are twice.

    Those of a block that holds every scenario are kept as they are.
    """

    def __init__(self, scenarios: int) -> None:
        self._scenarios, self._done = scenarios, 0
        self._rows: dict[tuple[str, str], NDArray[Any]] = {}

    def add(self, rows: dict[tuple[str, str], NDArray[Any]]) -> None:
        """Add the scenarios of the next block, by kind and name, scenario first."""
        count = len(rows["", "npv_usd"])
        if count == self._scenarios:
            self._rows, self._done = rows, count
            return
        for key, values in rows.items():
            if key not in self._rows:
                shape = (self._scenarios, *values.shape[1:])
                self._rows[key] = np.empty(shape, dtype=values.dtype)
            self._rows[key][self._done : self._done + count] = values
        self._done += count

    def of(self, kind: str) -> dict[str, NDArray[Any]]:
        """Return what was kept of one kind, by name."""
        assert self._done == self._scenarios
        return {name: rows for (k, name), rows in self._rows.items() if k == kind}
