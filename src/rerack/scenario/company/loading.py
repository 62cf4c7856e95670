"""From a company file to a company: all problems of the file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rerack.finance import TermLoan
from rerack.planning.company import Borrowing, Company, CompanySite
from rerack.planning.site_debt import TERM_LOAN
from rerack.planning.terms import FinanceTerms
from rerack.scenario.company.build import Sites
from rerack.scenario.company.dates import month_of
from rerack.scenario.company.facts import differences
from rerack.scenario.company.schema import CompanyFile
from rerack.scenario.errors import Index
from rerack.scenario.inputs import section_rows
from rerack.scenario.kinds import COMPANY
from rerack.scenario.layers import overrides_of
from rerack.scenario.loading import load
from rerack.scenario.model import InputRow, Scenario
from rerack.scenario.problems import Finding, raise_all
from rerack.scenario.reading import read_file
from rerack.scenario.source import is_file

#: Keys that change a value: each is given, or named under `unknown`.
_STATED = ("shares", "share_price", "cash", "coins", "debt", "overhead")


@dataclass(frozen=True, kw_only=True)
class CompanyStudy:
    """A company file, read.

    Parameters
    ----------
    path : Path
        The file.
    date : str
        Month of its figures.
    company : Company
        What it says.
    market : Scenario
        Months, scenarios and market.
    unknown : tuple of str
        What the file says is not known, each ``key`` or ``key: why``.
    inputs : tuple of InputRow
        Every input with source and status, the catalogue's and the site files' included.
    """

    path: Path
    date: str
    company: Company
    market: Scenario
    unknown: tuple[str, ...]
    inputs: tuple[InputRow, ...]

    def knows(self, key: str) -> bool:
        """Tell whether the file gives a key instead of naming it under ``unknown``."""
        return all(text.split(":")[0].strip() != key for text in self.unknown)


def load_company(
    path: str | Path,
    *,
    overrides: Iterable[str] = (),
    market_overrides: Iterable[str] = (),
    scenarios: int | None = None,
    seed: int | None = None,
) -> CompanyStudy:
    """Read a company file, its market and the site files that it names.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : iterable of str
        Values of the company file set from outside, each ``path.to.key=value``.
    market_overrides : iterable of str
        The same for the market file.
    scenarios, seed : int or None
        In place of the market file's.

    Returns
    -------
    CompanyStudy
        Company, market, inputs.

    Raises
    ------
    ScenarioError
        Every problem of the file with line, column and caret; or those of a market or site file.

    Examples
    --------
    >>> load_company("examples/companies/riot.yaml").company.name  # doctest: +SKIP
    'Riot'
    """
    read = read_file(path, CompanyFile, overrides_of(overrides), kind=COMPANY)
    file, index = read.file, read.index
    market_path = Path(path).parent / file.market
    if not is_file(market_path):
        raise_all([_missing_market(file, index)])
    market = load(market_path, overrides=market_overrides, scenarios=scenarios, seed=seed)
    sites = Sites(file=file, path=Path(path), index=index, market=market)
    built = sites.build()
    rows = (*section_rows(file, index, read.provenance), *sites.rows)
    raise_all(
        [
            *sites.findings,
            *_unstated(file, index),
            *_dated(file, index, market),
            *_reserved(file, index),
            *_not_the_fact(rows, index),
        ]
    )
    return CompanyStudy(
        path=Path(path),
        date=file.date,
        company=_company(file, built, market),
        market=market,
        unknown=tuple(
            text for text in file.unknown if getattr(file, text.split(":")[0].strip(), None) is None
        ),
        inputs=rows,
    )


def _company(file: CompanyFile, sites: tuple[CompanySite, ...], market: Scenario) -> Company:
    return Company(
        name=file.name,
        sites=sites,
        terms=_terms(file, market),
        cash_usd=file.cash or 0.0,
        coins_btc=file.coins or 0.0,
        debt=tuple(
            Borrowing(
                name=name,
                face_usd=one.face,
                coupon_frac_per_year=one.coupon,
                maturity_month=None
                if one.maturity is None
                else month_of(one.maturity, market.grid),
                conversion_price_usd=one.conversion_price,
            )
            for name, one in (file.debt or {}).items()
        ),
        shares_count=file.shares,
        share_price_usd=file.share_price,
        hold_frac=file.hold,
        min_cover_frac=file.min_cover,
    )


def _terms(file: CompanyFile, market: Scenario) -> FinanceTerms:
    """Return the market file's discounting, tax and depreciation with the company's own debt."""
    base = market.finance
    loan = file.loan
    return FinanceTerms(
        discount_rate_frac_per_year=base.discount_rate_frac_per_year,
        inflation_frac_per_year=base.inflation_frac_per_year,
        tax_rate_frac=base.tax_rate_frac if file.tax is None else file.tax,
        rig_depreciation=base.rig_depreciation,
        building_depreciation=base.building_depreciation,
        gpu_depreciation=base.gpu_depreciation,
        tax_rules=replace(base.tax_rules, opening_loss_usd=0.0),
        overhead_usd_per_year=file.overhead or 0.0,
        loan=None
        if loan is None
        else TermLoan(
            loan_to_cost_frac=loan.share_of_capex,
            annual_rate_frac=loan.rate,
            tenor_months=loan.tenor,
            grace_months=loan.grace,
        ),
    )


def _missing_market(file: CompanyFile, index: Index) -> Finding:
    return index.finding(
        ("market",),
        f"{file.market}: no such file",
        "a site file, its path relative to this file",
        "Check the path.",
    )


def _unstated(file: CompanyFile, index: Index) -> Iterator[Finding]:
    """Yield what is neither given nor said to be unknown, and what is both."""
    said = {text.split(":")[0].strip() for text in file.unknown}
    for key in _STATED:
        given = getattr(file, key) is not None
        if not given and key not in said:
            yield index.finding(
                (key,),
                "nothing",
                f"the key {key!r}, or {key!r} under `unknown`",
                "Give it with its source, or add it to `unknown`: nothing is filled in silently.",
            )
        # Set from outside, a value takes the place of what the file does not know.
        if given and key in said and index.value_place((key,)).line > 0:
            yield index.finding(
                (key,), "a value, and unknown", "one of them", "Remove it from `unknown`."
            )


def _dated(file: CompanyFile, index: Index, market: Scenario) -> Iterator[Finding]:
    """Yield debt that was due before the study starts."""
    for name, one in (file.debt or {}).items():
        if one.maturity is not None and month_of(one.maturity, market.grid) < 0:
            yield index.finding(
                ("debt", name, "maturity"),
                one.maturity,
                f"{market.grid.labels[0]}, the start, or later",
                "Remove debt that has been repaid.",
            )


def _reserved(file: CompanyFile, index: Index) -> Iterator[Finding]:
    """Yield debt that bears the name of the loan on new conversions."""
    if TERM_LOAN in (file.debt or {}):
        yield index.finding(
            ("debt", TERM_LOAN),
            TERM_LOAN,
            "a name of its own: statements call the `loan` on new conversions so",
            "Rename it.",
        )


def _not_the_fact(rows: tuple[InputRow, ...], index: Index) -> Iterator[Finding]:
    for row, allowed, cure in differences(rows):
        path = tuple(row.path.split("."))
        yield index.finding(path, f"{row.value} ({row.status}) from {row.source}", allowed, cure)
