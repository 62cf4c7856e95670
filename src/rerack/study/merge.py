"""Blocks put together: per-scenario results joined, sums added in block order."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.planning import Plan
from rerack.planning.accounts import Accounts, merge_accounts
from rerack.planning.policy import JudgedSite
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
        Statements, debt, treasury and covenants as sums over scenarios; the worst DSCR.
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
    drivers : dict of str to ndarray
        Paths by driver name, shape (scenario, month).
    """

    plans: tuple[MergedPlan, ...]
    drivers: dict[str, FloatArray]


def merge(blocks: list[Block]) -> Merged:
    """Join blocks in their order."""
    count = len(blocks[0].plans)
    return Merged(
        plans=tuple(_merge_plan(blocks, i) for i in range(count)),
        drivers={n: np.concatenate([b.drivers[n] for b in blocks]) for n in blocks[0].drivers},
    )


def _merge_plan(blocks: list[Block], i: int) -> MergedPlan:
    parts = [b.plans[i] for b in blocks]
    scenarios = sum(p.npv_usd.shape[0] for p in parts)
    first = parts[0]
    line_sum = np.zeros_like(first.line_sum_usd)
    use_sum = np.zeros_like(first.use_mw_sum)
    coins, energy = np.zeros_like(first.coins_sum_btc), np.zeros_like(first.energy_sum_mwh)
    for part in parts:
        line_sum += part.line_sum_usd
        use_sum += part.use_mw_sum
        coins += part.coins_sum_btc
        energy += part.energy_sum_mwh
    return MergedPlan(
        plan=first.plan,
        npv_usd=np.concatenate([p.npv_usd for p in parts]),
        capex_usd=np.concatenate([p.financed.capex_usd for p in parts]),
        tenant_capex_usd=np.concatenate([p.financed.tenant_capex_usd for p in parts]),
        worst_dscr=np.concatenate([p.financed.worst_dscr for p in parts]),
        worst_dscr_month=np.concatenate([p.financed.worst_dscr_month for p in parts]),
        line_mean_usd=line_sum / scenarios,
        use_mw_mean=use_sum / scenarios,
        coins_mean_btc=coins / scenarios,
        energy_mean_mwh=energy / scenarios,
        decided={
            hall: np.concatenate([p.decisions.month[hall] for p in parts])
            for hall in first.decisions.month
        },
        use={
            hall: np.concatenate([p.decisions.use[hall] for p in parts])
            for hall in first.decisions.use
        },
        offers=first.decisions.offers,
        judged=_merge_judged([b.judged[i] for b in blocks]),
        accounts=merge_accounts(
            [p.financed.accounts for p in parts if p.financed.accounts is not None]
        ),
    )


def _merge_judged(parts: list[JudgedSite | None]) -> JudgedSite | None:
    """Join bounds scenario by scenario; None where the plan is no policy."""
    judged = [part for part in parts if part is not None]
    if not judged:
        return None
    return JudgedSite(
        **{f.name: np.concatenate([getattr(j, f.name) for j in judged]) for f in fields(JudgedSite)}
    )
