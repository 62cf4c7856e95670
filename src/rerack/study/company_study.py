"""Valuing companies: the same scenarios for all of them, each in three cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import BoolArray, FloatArray, require
from rerack.planning.accounts import added
from rerack.planning.company import (
    CASES,
    CaseBlock,
    Company,
    Consolidated,
    Implied,
    equity_usd,
    implied_mw_value,
)
from rerack.planning.company.books import merge_consolidated
from rerack.planning.company.value import value_company
from rerack.scenario.company import CompanyStudy
from rerack.study.executor import map_blocks
from rerack.study.pipeline import prepare
from rerack.study.simulate import build_world


@dataclass(frozen=True, kw_only=True, eq=False)
class CaseValue:
    """A company in one case, over all scenarios.

    Parameters
    ----------
    site_usd : ndarray, shape (site, scenario)
        Value of each site by itself, after tax, without debt [USD].
    operations_usd : ndarray, shape (scenario,)
        Enterprise value: all sites less overhead, taxed as one [USD].
    equity_usd : ndarray, shape (scenario,)
        What belongs to today's shareholders [USD].
    capex_usd, runway_months, need_usd, worst_cover_frac, breached : ndarray, shape (scenario,)
        As in `rerack.planning.company.CaseBlock`.
    cash_mean_usd : dict of (str, str, str) to ndarray
        Mean of cash without debt by (site, hall, line), shape (month,) [USD].
    accounts : Consolidated
        Statements of company and sites, debt, treasury and worst cover.
    """

    site_usd: FloatArray
    operations_usd: FloatArray
    equity_usd: FloatArray
    capex_usd: FloatArray
    runway_months: FloatArray
    need_usd: FloatArray
    worst_cover_frac: FloatArray
    breached: BoolArray
    cash_mean_usd: dict[tuple[str, str, str], FloatArray]
    accounts: Consolidated

    @property
    def overhead_usd(self) -> FloatArray:
        """Overhead, and what taxing the sites as one saves [USD], shape (scenario,)."""
        return np.asarray(self.operations_usd - self.site_usd.sum(axis=0))


@dataclass(frozen=True, kw_only=True, eq=False)
class CompanyRun:
    """What a valuation found.

    Parameters
    ----------
    study : CompanyStudy
        What was asked.
    cases : dict of str to CaseValue
        By case of `rerack.planning.company.CASES`, all on the same scenarios.
    """

    study: CompanyStudy
    cases: dict[str, CaseValue]

    @property
    def company(self) -> Company:
        """The company."""
        return self.study.company

    @property
    def coin_price_usd(self) -> float:
        """Price of a coin at the start [USD]."""
        return self.study.market.market.bitcoin.price_usd

    @property
    def implied(self) -> Implied | None:
        """What the share price implies for a megawatt; None where it is not known."""
        price = self.company.share_price_usd
        if price is None:
            return None
        mining = float(self.cases["mining"].operations_usd.mean())
        return implied_mw_value(self.company, mining, self.coin_price_usd, price)


def run_companies(studies: Sequence[CompanyStudy], *, threads: int = 2) -> tuple[CompanyRun, ...]:
    """Value companies side by side, on one market and the same scenarios.

    Parameters
    ----------
    studies : sequence of CompanyStudy
        From `rerack.scenario.company.load_company`.
    threads : int
        Worker threads; the result does not depend on it.

    Returns
    -------
    tuple of CompanyRun
        In the order of `studies`.

    Raises
    ------
    InputError
        Companies of different markets, or two of one name.
    """
    _one_market(studies)
    market = prepare(studies[0].market)

    def work(first: int, count: int) -> list[dict[str, CaseBlock]]:
        world = build_world(market, first, count)
        price = market.scenario.market.bitcoin.price_usd
        return [value_company(study.company, world, coin_price_usd=price) for study in studies]

    done = list(map_blocks(work, market.scenario.scenarios, threads=threads))
    return tuple(
        CompanyRun(
            study=study,
            cases={case: _joined(study, [block[i][case] for block in done]) for case in CASES},
        )
        for i, study in enumerate(studies)
    )


def _one_market(studies: Sequence[CompanyStudy]) -> None:
    require(bool(studies), "companies", given="none", allowed="one company file or more")
    names = [study.company.name for study in studies]
    twice = sorted({name for name in names if names.count(name) > 1})
    require(
        not twice,
        "companies",
        given=f"{', '.join(twice)} more than once",
        allowed="each name once",
        cure="Name each file once, or give variants a `name` of their own.",
    )
    first = studies[0].market
    for study in studies[1:]:
        other = study.market
        same = (
            other.grid.labels == first.grid.labels
            and (other.seed, other.scenarios) == (first.seed, first.scenarios)
            and (other.market, other.network) == (first.market, first.network)
            and other.finance.discount_rate_frac_per_year
            == first.finance.discount_rate_frac_per_year
        )
        require(
            same,
            f"{study.path}: market",
            given=str(other.path),
            allowed=f"the market of {studies[0].path}, {first.path}",
            cure="Companies compare on one market only: name the same market file in all of them.",
        )


def _joined(study: CompanyStudy, parts: list[CaseBlock]) -> CaseValue:
    accounts = merge_consolidated([p.accounts for p in parts])
    cash = added([p.cash_sum_usd for p in parts])
    operations = np.concatenate([p.operations_usd for p in parts])
    price = study.market.market.bitcoin.price_usd
    return CaseValue(
        site_usd=np.concatenate([p.site_usd for p in parts], axis=1),
        operations_usd=operations,
        equity_usd=equity_usd(study.company, operations, price),
        capex_usd=np.concatenate([p.capex_usd for p in parts]),
        runway_months=np.concatenate([p.runway_months for p in parts]),
        need_usd=np.concatenate([p.need_usd for p in parts]),
        worst_cover_frac=np.concatenate([p.worst_cover_frac for p in parts]),
        breached=np.concatenate([p.breached for p in parts]),
        cash_mean_usd={key: usd / accounts.company.scenarios for key, usd in cash.items()},
        accounts=accounts,
    )
