"""Tables of a company's accounts: statements of it and its sites, cash, debt, the worst cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.planning.company import CASES
from rerack.study.company_study import CaseValue, CompanyRun
from rerack.study.store import Table
from rerack.study.tables.finance import MEAN, by_month, window_mean

#: Name of the company itself in the columns ``of`` and ``site``, beside those of its sites.
COMPANY = "company"
_DEBT = ("drawn_usd", "interest_usd", "interest_paid_usd", "repaid_usd", "balance_usd")


def company_statements_table(runs: Sequence[CompanyRun]) -> Table:
    """Return the three statements of each company, consolidated, and of each of its sites.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.

    Returns
    -------
    Table
        company, case, of (``company`` or a site), scenario (``mean``, or the number of the scenario
        with the worst cover), statement, line, month, usd. Every statement balances to the cent in
        every scenario and month: the run has raised otherwise. Lines that are zero throughout are
        left out.
    """
    rows = [
        ((run.company.name, case, *key), usd)
        for run in runs
        for case in CASES
        for key, usd in _statements(run.cases[case])
        if usd.any()
    ]
    heads = ("company", "case", "of", "scenario", "statement", "line")
    return by_month(_grid(runs), heads, [r[0] for r in rows], {"usd": [r[1] for r in rows]})


def _statements(value: CaseValue) -> Iterator[tuple[tuple[str, str, str, str], FloatArray]]:
    accounts = value.accounts.company
    for (statement, line), usd in accounts.statements_sum_usd.items():
        yield (COMPANY, MEAN, statement, line), usd / accounts.scenarios
    if accounts.worst is not None:
        for (statement, line), usd in accounts.worst.statements.items():
            yield (COMPANY, str(accounts.worst.scenario), statement, line), usd
    for site, sums in value.accounts.site_sum_usd.items():
        for (statement, line), usd in sums.items():
            yield (site, MEAN, statement, line), usd / accounts.scenarios


def company_cash_table(runs: Sequence[CompanyRun]) -> Table:
    """Return mean cash without debt by company, case, site, hall, line and month.

    Returns
    -------
    Table
        company, case, site, hall, line, month, mean_usd; the company's overhead and what one tax
        return saves stand under site ``company``. Present values add up to the enterprise value.
    """
    keys: list[tuple[str, ...]] = []
    series: list[FloatArray] = []
    for run in runs:
        for case in CASES:
            for (site, hall, line), usd in run.cases[case].cash_mean_usd.items():
                keys.append((run.company.name, case, site or COMPANY, hall or COMPANY, line))
                series.append(usd)
    heads = ("company", "case", "site", "hall", "line")
    return by_month(_grid(runs), heads, keys, {"mean_usd": series})


def company_debt_table(runs: Sequence[CompanyRun]) -> Table:
    """Return mean draws, interest, repayment and balance by company, case, instrument and month."""
    keys: list[tuple[str, ...]] = []
    values: dict[str, list[FloatArray]] = {name: [] for name in _DEBT}
    for run in runs:
        for case in CASES:
            accounts = run.cases[case].accounts.company
            for instrument, sums in accounts.debt_sum_usd.items():
                keys.append((run.company.name, case, instrument))
                for i, name in enumerate(_DEBT):
                    values[name].append(sums[i] / accounts.scenarios)
    return by_month(_grid(runs), ("company", "case", "instrument"), keys, values)


def company_dscr_table(runs: Sequence[CompanyRun]) -> Table:
    """Return what made each company's worst cover: scenario, month, and sums over its year by item.

    Returns
    -------
    Table
        company, case, scenario, month, dscr, item, usd, mean_usd (over scenarios, same months);
        no rows where there is no debt service.
    """
    rows: list[tuple[str, str, int, str, float, str, float, float]] = []
    for run in runs:
        labels = _grid([run]).labels
        for case in CASES:
            accounts = run.cases[case].accounts.company
            worst = accounts.worst
            for item, usd in {} if worst is None else worst.items_usd.items():
                assert worst is not None  # there are items
                head = (run.company.name, case, worst.scenario, labels[worst.month], worst.dscr)
                rows.append((*head, item, usd, window_mean(accounts, worst, item)))
    names = ("company", "case", "scenario", "month", "dscr", "item", "usd", "mean_usd")
    kinds = (str, str, np.int64, str, np.float64, str, np.float64, np.float64)
    return {n: np.asarray([r[i] for r in rows], dtype=kinds[i]) for i, n in enumerate(names)}


def _grid(runs: Sequence[CompanyRun]) -> MonthGrid:
    return runs[0].study.market.grid
