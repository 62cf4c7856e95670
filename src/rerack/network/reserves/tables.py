"""Sales of miners as columns, for tables, files and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, require_between
from rerack.network.reserves.miner import Miner
from rerack.network.reserves.result import REASONS, ReserveSimulation

Columns = dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class HeaviestSpan:
    """Consecutive steps in which most coins are sold, in the mean over scenarios.

    Parameters
    ----------
    first, last : int
        Steps.
    sold_btc : float
        Coins sold in them [BTC].
    worth_usd : float
        What they fetched [USD].
    by_reason_btc : tuple of float
        The same coins in the order of `REASONS` [BTC].
    impact_frac : float
        How much lower the price ends than without any sale of the population.
    """

    first: int
    last: int
    sold_btc: float
    worth_usd: float
    by_reason_btc: tuple[float, ...]
    impact_frac: float


def heaviest_span(found: ReserveSimulation, steps: int) -> HeaviestSpan:
    """Return the consecutive steps in which most coins are sold.

    Parameters
    ----------
    found : ReserveSimulation
        A population.
    steps : int
        Length of the span, at most all steps.
    """
    require_between(steps, 1, found.days.size, "steps")
    by_step = found.total_sold_btc.mean(axis=0)
    sums = np.convolve(by_step, np.ones(steps), mode="valid")
    first = int(np.argmax(sums))
    span = slice(first, first + steps)
    worth = (found.total_sold_btc * found.paid_usd_per_btc)[:, span].sum(axis=1).mean()
    reasons = found.sold_btc[:, span].sum(axis=(1, 2)).mean(axis=0)
    return HeaviestSpan(
        first=first,
        last=first + steps - 1,
        sold_btc=float(sums[first]),
        worth_usd=float(worth),
        by_reason_btc=tuple(float(x) for x in reasons),
        impact_frac=float(found.impact_frac[:, first + steps - 1].mean()),
    )


def step_table(found: ReserveSimulation, labels: Sequence[str]) -> Columns:
    """Return the population step by step: coins as means, prices as quantiles over scenarios.

    Parameters
    ----------
    found : ReserveSimulation
        A population.
    labels : sequence of str
        One a step.
    """
    columns: Columns = {"step": list(labels)}
    columns["undisturbed_p50_usd"] = _quantile(found.undisturbed_usd, 50.0)
    for q in (5.0, 50.0, 95.0):
        columns[f"price_p{q:g}_usd"] = _quantile(found.price_usd, q)
    columns["impact_mean_frac"] = found.impact_frac.mean(axis=0).tolist()
    columns["mined_btc"] = found.mined_btc.sum(axis=2).mean(axis=0).tolist()
    columns["sold_btc"] = found.total_sold_btc.mean(axis=0).tolist()
    by_reason = found.sold_btc.sum(axis=2).mean(axis=0)
    for i, reason in enumerate(REASONS):
        columns[f"{reason.replace(' ', '_')}_btc"] = by_reason[:, i].tolist()
    held = found.free_btc + found.pledged_btc
    columns["held_btc"] = held.sum(axis=2).mean(axis=0).tolist()
    columns["run_btc"] = found.run_btc.mean(axis=0).tolist()
    columns["arrears_usd"] = found.arrears_usd.sum(axis=2).mean(axis=0).tolist()
    return columns


def class_table(
    found: ReserveSimulation, miners: Sequence[Miner], classes: Sequence[str]
) -> Columns:
    """Return each class from first to last step, as means over scenarios.

    Parameters
    ----------
    found : ReserveSimulation
        A population.
    miners : sequence of Miner
        That population.
    classes : sequence of str
        Class of each miner; miners of one class are added up.
    """
    names = list(dict.fromkeys(classes))
    columns: Columns = {"miner": names}

    def added(values: FloatArray) -> list[float]:
        mean = values.mean(axis=0)
        return [float(sum(mean[i] for i, c in enumerate(classes) if c == n)) for n in names]

    coins = np.array([[m.coins_btc for m in miners]])
    sold = found.sold_btc.sum(axis=1)
    columns["coins_before_btc"] = added(coins)
    columns["mined_btc"] = added(found.mined_btc.sum(axis=1))
    for i, reason in enumerate(REASONS):
        columns[f"{reason.replace(' ', '_')}_btc"] = added(sold[:, :, i])
    columns["coins_after_btc"] = added((found.free_btc + found.pledged_btc)[:, -1])
    columns["cash_after_usd"] = added(found.cash_usd[:, -1])
    columns["coin_loan_after_usd"] = added(found.coin_loan_usd[:, -1])
    columns["debt_after_usd"] = added(found.debt_usd[:, -1])
    columns["arrears_after_usd"] = added(found.arrears_usd[:, -1])
    return columns


def _quantile(values: FloatArray, q: float) -> list[float]:
    quantile: list[float] = np.percentile(values, q, axis=0).tolist()
    return quantile
