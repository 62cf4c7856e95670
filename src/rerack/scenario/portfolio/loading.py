"""From a portfolio file to sites, companies and limits: all problems of the file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rerack.base.timegrid import MonthGrid, parse_month
from rerack.planning.portfolio import CompanyLimits
from rerack.scenario.errors import Index
from rerack.scenario.inputs import section_rows
from rerack.scenario.kinds import PORTFOLIO
from rerack.scenario.layers import overrides_of
from rerack.scenario.loading import load
from rerack.scenario.model import InputRow, Scenario
from rerack.scenario.places import YamlPath
from rerack.scenario.portfolio.schema import CompanySection, PortfolioFile
from rerack.scenario.problems import Finding, nearest, raise_all
from rerack.scenario.reading import read_file
from rerack.scenario.source import is_file


@dataclass(frozen=True, kw_only=True)
class SiteOfPortfolio:
    """One site of a portfolio.

    Parameters
    ----------
    name, company : str
        Names.
    scenario : Scenario
        The site's own study.
    from_month : int
        Month from which AI halls may draw power, counted from the start.
    """

    name: str
    company: str
    scenario: Scenario
    from_month: int


@dataclass(frozen=True, kw_only=True)
class PortfolioStudy:
    """A portfolio file, read.

    Parameters
    ----------
    name : str
        Name of the study.
    path : Path
        The file.
    grid : MonthGrid
        Months, the same for all sites.
    stage_months : tuple of int
        Decision months.
    branches : tuple of int
        Parts by hashprice, and parts of each by lease rate.
    scenarios, check_scenarios : int
        Scenarios for the tree, and for valuing its policy.
    sites : tuple of SiteOfPortfolio
        Sites.
    companies : dict of str to CompanyLimits
        Limits by company.
    offer_mw : dict of str to float
        Critical MW by offer [MW critical].
    inputs : tuple of InputRow
        Every value of the file, with source and status; those of site files stand in these.
    """

    name: str
    path: Path
    grid: MonthGrid
    stage_months: tuple[int, ...]
    branches: tuple[int, int]
    scenarios: int
    check_scenarios: int
    sites: tuple[SiteOfPortfolio, ...]
    companies: dict[str, CompanyLimits]
    offer_mw: dict[str, float]
    inputs: tuple[InputRow, ...]


def load_portfolio(path: str | Path, *, overrides: Iterable[str] = ()) -> PortfolioStudy:
    """Read a portfolio file and the site files that it names.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : iterable of str
        Values set from outside, each ``path.to.key=value``.

    Returns
    -------
    PortfolioStudy
        Sites and limits.

    Raises
    ------
    ScenarioError
        Every problem of the file with line, column and caret; or those of a site file.

    Examples
    --------
    >>> load_portfolio("examples/portfolio/two-companies.yaml").name  # doctest: +SKIP
    'Two companies, one tenant'
    """
    read = read_file(path, PortfolioFile, overrides_of(overrides), kind=PORTFOLIO)
    file, index = read.file, read.index
    raise_all(_missing_files(file, Path(path), index))
    scenarios = _scenarios(file, Path(path))
    grid = next(iter(scenarios.values())).grid
    stages = tuple(range(0, file.stages.every * file.stages.count, file.stages.every))
    raise_all(_contradictions(file, index, scenarios, grid, stages))
    return PortfolioStudy(
        name=file.study.name,
        path=Path(path),
        grid=grid,
        stage_months=stages,
        branches=(file.branches.hashprice, file.branches.lease),
        scenarios=file.study.scenarios,
        check_scenarios=file.study.check,
        sites=_sites(file, scenarios, grid),
        companies={n: _limits(c, grid, stages) for n, c in file.companies.items()},
        offer_mw={name: offer.critical for name, offer in file.offers.items()},
        inputs=section_rows(file, index, read.provenance),
    )


def _scenarios(file: PortfolioFile, path: Path) -> dict[tuple[str, str], Scenario]:
    """Read every site file with the common overrides; its own errors carry its own lines."""
    return {
        (company, name): load(
            path.parent / site.file,
            overrides=file.common,
            scenarios=file.study.scenarios,
            seed=file.study.seed,
        )
        for company, section in file.companies.items()
        for name, site in section.sites.items()
    }


def _sites(
    file: PortfolioFile, scenarios: dict[tuple[str, str], Scenario], grid: MonthGrid
) -> tuple[SiteOfPortfolio, ...]:
    return tuple(
        SiteOfPortfolio(
            name=name,
            company=company,
            scenario=scenario,
            from_month=_month(file.companies[company].sites[name].interconnect, grid),
        )
        for (company, name), scenario in scenarios.items()
    )


def _limits(section: CompanySection, grid: MonthGrid, stages: tuple[int, ...]) -> CompanyLimits:
    """Give every amount to the first stage at which it may be spent."""
    budget = [0.0] * len(stages)
    for part in section.capital:
        month = _month(part.available, grid)
        stage = next((i for i, at in enumerate(stages) if at >= month), None)
        if stage is not None:
            budget[stage] += part.amount
    return CompanyLimits(budget_usd=tuple(budget) if section.capital else (), crews=section.crews)


def _month(text: str | None, grid: MonthGrid) -> int:
    """Return a month as counted from the start; 0 if it has passed or is not given."""
    if text is None:
        return 0
    year, month = parse_month(text, "month")
    first_year, first_month = parse_month(grid.labels[0], "start")
    return max(0, 12 * (year - first_year) + month - first_month)


def _missing_files(file: PortfolioFile, path: Path, index: Index) -> Iterator[Finding]:
    for company, section in file.companies.items():
        for name, site in section.sites.items():
            if not is_file(path.parent / site.file):
                yield index.finding(
                    ("companies", company, "sites", name, "file"),
                    f"{site.file}: no such file",
                    "a site file, its path relative to this file",
                    "Check the path.",
                )


def _contradictions(
    file: PortfolioFile,
    index: Index,
    scenarios: dict[tuple[str, str], Scenario],
    grid: MonthGrid,
    stages: tuple[int, ...],
) -> Iterator[Finding]:
    """Yield what no single key shows: names twice, months that differ, stages too late."""
    seen: dict[str, str] = {}
    for (company, name), scenario in scenarios.items():
        at: YamlPath = ("companies", company, "sites", name)
        if name in seen:
            given, cure = f"{name!r} again, after {seen[name]}", "Rename one of them."
            yield index.finding(at, given, "each site once", cure, at_key=True)
        seen[name] = company
        if scenario.grid.labels != grid.labels:
            given = (
                f"{scenario.grid.labels[0]} and {scenario.grid.months} months in {scenario.path}"
            )
            allowed = f"{grid.labels[0]} and {grid.months} months, as in the first site file"
            cure = "Set study.start and study.horizon under `common`."
            yield index.finding(at, given, allowed, cure, at_key=True)
    if stages[-1] >= grid.months:
        given = f"a last decision in month {stages[-1]}"
        allowed = f"before the horizon, month {grid.months}"
        cure = "Decide earlier or more often."
        yield index.finding(("stages",), given, allowed, cure, at_key=True)
    known = {name for s in scenarios.values() for name in s.offers}
    for name in file.offers:
        if name not in known:
            given = f"unknown offer {name!r}"
            allowed = f"an offer of a site file: {', '.join(sorted(known))}"
            cure = nearest(name, known)
            yield index.finding(("offers", name), given, allowed, cure, at_key=True)
