"""Tables of finance: statements, debt, covenants, treasury, and what made the worst DSCR."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.planning.accounts import Accounts, WorstCover
from rerack.study.merge import Merged
from rerack.study.store import Table

#: Name of the mean in the column ``scenario`` of table ``statements``.
MEAN = "mean"
_DEBT = ("drawn_usd", "interest_usd", "interest_paid_usd", "repaid_usd", "balance_usd")
_TREASURY = {
    "kept_btc": "kept_btc", "sold_btc": "sold_btc", "forced_btc": "forced_btc",
    "coins_btc": "coins_btc", "coins_usd": "coins_usd", "proceeds_usd": "sold_usd",
    "given_up_usd": "given_up_usd", "gain_usd": "gain_usd", "gains_tax_usd": "gains_tax_usd",
    "loan_usd": "coin_loan_usd", "loan_interest_usd": "coin_loan_interest_usd",
    "cash_usd": "cash_usd", "paid_in_usd": "paid_in_usd", "dividend_usd": "dividend_usd",
    "liquidated_count": "liquidated_frac", "paid_in_count": "paid_in_frac",
}  # fmt: skip


def statements_table(merged: Merged, grid: MonthGrid) -> Table:
    """Return the three statements by plan, line and month: the mean, and the worst DSCR's scenario.

    Lines that are zero throughout are left out. Amounts add up to the cent as they stand.
    """
    rows: list[tuple[str, str, str, str, FloatArray]] = []
    for plan in merged.plans:
        accounts = plan.accounts
        for (statement, line), values in accounts.statements_sum_usd.items():
            rows.append((plan.plan.name, MEAN, statement, line, values / accounts.scenarios))
        if accounts.worst is not None:
            number = str(accounts.worst.scenario)
            rows += [
                (plan.plan.name, number, statement, line, values)
                for (statement, line), values in accounts.worst.statements.items()
            ]
    rows = [r for r in rows if r[4].any()]
    heads = ("plan", "scenario", "statement", "line")
    return by_month(grid, heads, [r[:4] for r in rows], {"usd": [r[4] for r in rows]})


def debt_table(merged: Merged, grid: MonthGrid) -> Table:
    """Return mean draws, interest, repayment and balance by plan, instrument and month."""
    keys: list[tuple[str, ...]] = []
    values: dict[str, list[FloatArray]] = {name: [] for name in _DEBT}
    for plan in merged.plans:
        for instrument, sums in plan.accounts.debt_sum_usd.items():
            keys.append((plan.plan.name, instrument))
            for i, name in enumerate(_DEBT):
                values[name].append(sums[i] / plan.accounts.scenarios)
    return by_month(grid, ("plan", "instrument"), keys, values)


def covenants_table(merged: Merged, grid: MonthGrid) -> Table:
    """Return the share of scenarios in breach, and ever in breach, by plan, covenant and month."""
    keys: list[tuple[str, ...]] = []
    values: dict[str, list[FloatArray]] = {k: [] for k in ("level", "breached", "ever")}
    months = np.arange(grid.months)
    for plan in merged.plans:
        for covenant in plan.accounts.covenants:
            keys.append((plan.plan.name, covenant.name))
            first = covenant.first_month[covenant.first_month >= 0]
            ever = np.searchsorted(np.sort(first), months, side="right")
            values["level"].append(np.full(grid.months, covenant.level))
            values["breached"].append(covenant.breached_count / plan.accounts.scenarios)
            values["ever"].append(ever / plan.accounts.scenarios)
    table = by_month(grid, ("plan", "covenant"), keys, values)
    table["breached_frac"] = table.pop("breached")
    table["ever_breached_frac"] = table.pop("ever")
    return table


def treasury_table(merged: Merged, grid: MonthGrid) -> Table:
    """Return mean coins and cash by plan and month; empty where no treasury is set."""
    keys: list[tuple[str, ...]] = []
    values: dict[str, list[FloatArray]] = {name: [] for name in _TREASURY.values()}
    for plan in merged.plans:
        sums = plan.accounts.treasury_sum
        if sums:
            keys.append((plan.plan.name,))
            for source, name in _TREASURY.items():
                values[name].append(sums[source] / plan.accounts.scenarios)
    return by_month(grid, ("plan",), keys, values)


def dscr_table(merged: Merged, grid: MonthGrid) -> Table:
    """Return what made each plan's worst DSCR: sums over its window by item, and the mean's."""
    rows: list[tuple[str, int, str, float, str, float, float]] = []
    for plan in merged.plans:
        worst = plan.accounts.worst
        if worst is None:
            continue
        month = grid.labels[worst.month]
        for item, usd in worst.items_usd.items():
            mean = window_mean(plan.accounts, worst, item)
            rows.append((plan.plan.name, worst.scenario, month, worst.dscr, item, usd, mean))
    names = ("plan", "scenario", "month", "dscr", "item", "usd", "mean_usd")
    kinds = (str, np.int64, str, np.float64, str, np.float64, np.float64)
    return {name: np.asarray([r[i] for r in rows], dtype=kinds[i]) for i, name in enumerate(names)}


def window_mean(accounts: Accounts, worst: WorstCover, item: str) -> float:
    """Return the mean over scenarios of an item's sum over the worst scenario's window.

    Parameters
    ----------
    accounts : Accounts
        Of all scenarios.
    worst : WorstCover
        Its worst cover.
    item : str
        Item of `worst`.
    """
    window = slice(max(0, worst.month - 11), worst.month + 1)
    return float(accounts.cover_sum_usd[item][window].sum() / accounts.scenarios)


def by_month(
    grid: MonthGrid,
    heads: tuple[str, ...],
    keys: list[tuple[str, ...]],
    values: dict[str, list[FloatArray]],
) -> Table:
    """Return a long table: each key repeated over the months, beside its values.

    Parameters
    ----------
    grid : MonthGrid
        Months.
    heads : tuple of str
        Names of the key columns.
    keys : list of tuple of str
        One key a series.
    values : dict of str to list of ndarray
        Series by column, each of shape (month,).
    """
    table: Table = {
        head: np.repeat(np.asarray([k[i] for k in keys], dtype=str), grid.months)
        for i, head in enumerate(heads)
    }
    table["month"] = np.tile(np.asarray(grid.labels), len(keys))
    for name, series in values.items():
        table[name] = np.concatenate(series) if series else np.zeros(0)
    return table
