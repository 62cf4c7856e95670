"""Sections of a company file to sites, each with a plan for every case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rerack.assets import Lease, Site, Tariff
from rerack.base.timegrid import MonthGrid, parse_month
from rerack.catalog import load as load_table
from rerack.planning.company import CompanySite
from rerack.planning.plans import Assignment, FixedPlan, Plan, PolicyPlan, keep_mining
from rerack.scenario.build.site import build_fleet, rig_efficiency_j_per_th
from rerack.scenario.company.deals import Terms, build_lease, catalogue_rows, resolve
from rerack.scenario.company.halls import Claim, divide
from rerack.scenario.company.schema import CompanyFile, CompanySiteSection, ConversionDealSection
from rerack.scenario.errors import Index
from rerack.scenario.loading import load
from rerack.scenario.model import InputRow, Scenario
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import Finding, nearest

#: Sections of conversions, in the order in which they take the power of a site.
_KINDS = ("signed", "announced")
#: Megawatts that a rounded figure may be over.
_OVER_FRAC = 1e-3


def month_of(text: str, grid: MonthGrid) -> int:
    """Return a month counted from the start, negative before it."""
    year, month = parse_month(text, "month")
    first_year, first_month = parse_month(grid.labels[0], "start")
    return 12 * (year - first_year) + month - first_month


@dataclass
class Sites:
    """Builds the sites of a file and collects what is wrong with them.

    Parameters
    ----------
    file : CompanyFile
        The file.
    path : Path
        Where it is.
    index : Index
        Places.
    market : Scenario
        Months and plans' horizon.
    findings : list of Finding
        What is wrong.
    rows : list of InputRow
        What the catalogue and site files gave.
    """

    file: CompanyFile
    path: Path
    index: Index
    market: Scenario
    findings: list[Finding] = field(default_factory=list)
    rows: list[InputRow] = field(default_factory=list)

    def build(self) -> tuple[CompanySite, ...]:
        """Return every site that can be built."""
        self._check_deals()
        made = []
        for name, section in self.file.sites.items():
            if section.file is not None:
                site = self._from_file(name, section)
            else:
                site = self._from_figures(name, section)
            if site is not None:
                made.append(site)
        return tuple(made)

    def _deals(self, site: str) -> Iterator[tuple[str, str, ConversionDealSection]]:
        for kind in _KINDS:
            for name, deal in getattr(self.file, kind).items():
                if deal.site == site:
                    yield kind, name, deal

    def _check_deals(self) -> None:
        known = list(self.file.sites)
        seen: set[str] = set()
        for kind in _KINDS:
            for name, deal in getattr(self.file, kind).items():
                at = (kind, name)
                if name in seen:
                    self._add(at, f"{name!r} twice", "each deal once", "Rename one.", key=True)
                seen.add(name)
                if deal.site not in known:
                    self._add(
                        (*at, "site"),
                        f"unknown site {deal.site!r}",
                        f"a site of this file: {', '.join(known)}",
                        nearest(deal.site, known),
                    )
                elif self.file.sites[deal.site].file is not None:
                    self._add(
                        (*at, "site"),
                        f"{deal.site}, which is a site file",
                        "a site of figures; a site file names its plans by `signed`, `announced`",
                        "Write the deal as an offer and a plan of the site file.",
                    )

    def _from_file(self, name: str, section: CompanySiteSection) -> CompanySite | None:
        assert section.file is not None
        at: YamlPath = ("sites", name)
        own = ("utility", "price", "adder", "hashrate", "rigs", "interconnect")
        for key in own:
            if getattr(section, key) is not None:
                self._add((*at, key), "figures beside a site file", "one of them", "Remove one.")
        file = self.path.parent / section.file
        if not file.is_file():
            self._add(
                (*at, "file"),
                f"{section.file}: no such file",
                "a site file, its path relative to this file",
                "Check the path.",
            )
            return None
        study = load(file)
        if study.grid.labels != self.market.grid.labels:
            self._add(
                (*at, "file"),
                f"{study.grid.labels[0]} and {study.grid.months} months",
                f"{self.market.grid.labels[0]} and {self.market.grid.months} months, as the market",
                "Give both files the same study.start and study.horizon.",
            )
            return None
        plans = {"mining": keep_mining()}
        for case in _KINDS:
            plans[case] = self._named_plan(
                at, case, getattr(section, case), study, plans["signed" if case != "signed" else "mining"]
            )
        self.rows += _site_file_rows(name, study)
        taken = {case: _critical(plans[case], study) for case in _KINDS}
        return CompanySite(
            site=_renamed(study.site, name),
            offers=study.offers,
            plans=plans,
            signed_mw=taken["signed"][0],
            announced_mw=max(0.0, taken["announced"][0] - taken["signed"][0]),
            signed_utility_mw=taken["signed"][1],
            announced_utility_mw=max(0.0, taken["announced"][1] - taken["signed"][1]),
        )

    def _named_plan(
        self, at: YamlPath, case: str, named: str | None, study: Scenario, otherwise: Plan
    ) -> Plan:
        if named is None:
            return otherwise
        known = {p.name: p for p in study.plans if not isinstance(p, PolicyPlan)}
        if named not in known:
            self._add(
                (*at, case),
                f"unknown plan {named!r}",
                f"a plan of the site file, no policy: {', '.join(known)}",
                nearest(named, known),
            )
            return otherwise
        return known[named]

    def _from_figures(self, name: str, section: CompanySiteSection) -> CompanySite | None:
        at: YamlPath = ("sites", name)
        if not self._complete(at, section):
            return None
        assert section.utility is not None
        rigs_mw, fleet = 0.0, None
        if section.rigs is not None and section.hashrate is not None:
            # EH/s times J/TH is MW: 1e18 / 1e12 W.
            rigs_mw = section.hashrate * rig_efficiency_j_per_th(section.rigs)
            fleet = build_fleet(section.rigs, self.market.grid)
        if rigs_mw > section.utility * (1.0 + _OVER_FRAC):
            given = f"rigs of {rigs_mw:,.1f} MW at a site of {section.utility:,.1f} MW utility"
            self._add((*at, "hashrate"), given, "rigs that the site can feed", "Correct one.")
            return None
        rigs_mw = min(rigs_mw, section.utility)
        claims: list[Claim] = []
        offers: dict[str, Lease] = {}
        decide: dict[str, int] = {}
        critical = dict.fromkeys(_KINDS, 0.0)
        utility = dict.fromkeys(_KINDS, 0.0)
        left = section.utility
        for kind, deal_name, deal in self._deals(name):
            made = self._deal(kind, deal_name, deal, section)
            if made is None:
                continue
            lease, mw, decide[deal_name] = made
            needed = mw * lease.conversion.pue_design
            if needed > left + _OVER_FRAC * section.utility:
                given = f"{mw:,.1f} MW critical, {needed:,.1f} MW at the meter"
                allowed = f"at most {left:,.1f} MW utility, what {name} has left"
                cure = "Give the site more power, or the deal fewer critical MW."
                self._add((kind, deal_name, "critical"), given, allowed, cure)
                continue
            needed = min(needed, left)
            left -= needed
            critical[kind] += mw
            utility[kind] += needed
            offers[deal_name] = lease
            claims.append(Claim(name=deal_name, utility_mw=needed))
        halls, taken = divide(section.utility, rigs_mw, fleet, claims)
        names = {case: list(getattr(self.file, case)) for case in _KINDS}
        return CompanySite(
            site=Site(
                name=name,
                interconnect_mw=section.utility,
                halls=halls,
                tariff=Tariff(
                    adder_usd_per_mwh=section.adder or 0.0,
                    fixed_price_usd_per_mwh=section.price,
                ),
            ),
            offers=dict(offers),
            plans={
                "mining": keep_mining(),
                "signed": _plan("signed", names["signed"], taken, decide),
                "announced": _plan(
                    "announced", [*names["signed"], *names["announced"]], taken, decide
                ),
            },
            signed_mw=critical["signed"],
            announced_mw=critical["announced"],
            signed_utility_mw=utility["signed"],
            announced_utility_mw=utility["announced"],
        )

    def _complete(self, at: YamlPath, section: CompanySiteSection) -> bool:
        """Report what a site of figures lacks or has twice."""
        before = len(self.findings)
        for case in _KINDS:
            if getattr(section, case) is not None:
                self._add(
                    (*at, case), "a plan without a site file", "a key `file`", "Remove the key."
                )
        if section.utility is None:
            self._add(at, "nothing", "`file`, or `utility` and what else is known", "Add one.", key=True)
        if (section.price is None) == (section.adder is None):
            given = "neither" if section.price is None else "both"
            allowed = "`price` (all-in) or `adder` (on the market's index), one of them"
            self._add(at, given, allowed, "Keep one of them.", key=True)
        if (section.hashrate is None) != (section.rigs is None):
            given = "`hashrate` without `rigs`" if section.rigs is None else "`rigs` without `hashrate`"
            self._add(at, given, "both, or neither where no rigs stand", "Add the other.", key=True)
        return len(self.findings) == before

    def _deal(
        self, kind: str, name: str, deal: ConversionDealSection, site: CompanySiteSection
    ) -> tuple[Lease, float, int] | None:
        """Return a deal as a lease, the company's critical MW of it, and the month of decision."""
        at: YamlPath = (kind, name)
        before = len(self.findings)
        row = None
        if deal.deal is not None:
            rows = {r.text("name").casefold(): r for r in load_table("ai_deals")}
            row = rows.get(deal.deal.casefold())
            if row is None:
                known = [r.text("name") for r in rows.values()]
                self._add(
                    (*at, "deal"),
                    f"unknown deal {deal.deal!r}",
                    "a deal of the catalogue; `rerack deals` lists them",
                    nearest(deal.deal, known),
                )
                return None
        terms = resolve(deal, row)
        self._report_missing(at, terms)
        decide, lead = self._dates(at, deal, site)
        if len(self.findings) > before:
            return None
        self.rows += catalogue_rows(at, terms)
        lease = build_lease(name, deal, terms, decide_month=decide, lead_months=lead)
        return lease, terms.number("critical") * deal.owned, decide

    def _report_missing(self, at: YamlPath, terms: Terms) -> None:
        for key in terms.missing():
            whose = "" if terms.row is None else f", which the catalogue lacks for {terms.row.label}"
            self._add(
                at,
                "nothing",
                f"the key {key!r}{whose}",
                f"Add {key!r} with its source, or leave the deal out and say so under `unknown`.",
                key=True,
            )

    def _dates(
        self, at: YamlPath, deal: ConversionDealSection, site: CompanySiteSection
    ) -> tuple[int, int]:
        """Return month of decision and lead time; a deal in service starts at once."""
        grid = self.market.grid
        service = month_of(deal.service, grid)
        decide = 0 if deal.decide is None else max(0, month_of(deal.decide, grid))
        if service >= grid.months:
            last = grid.labels[-1]
            self._add((*at, "service"), deal.service, f"by {last}, the last month", "Correct it.")
        if deal.decide is not None and service <= month_of(deal.decide, grid):
            self._add(
                (*at, "service"), deal.service, f"after the decision, {deal.decide}", "Correct one."
            )
        power = site.interconnect
        if power is not None and service < month_of(power, grid):
            self._add(
                (*at, "service"),
                deal.service,
                f"{power} or later, when the site may draw power",
                "Move the service, or correct the interconnect date.",
            )
        return decide, max(1, service - decide)

    def _add(self, path: YamlPath, given: str, allowed: str, cure: str, *, key: bool = False) -> None:
        place = self.index.key_place(path) if key else self.index.value_place(path)
        self.findings.append(
            Finding(place=place, path=path, given=given, allowed=allowed, cure=cure)
        )


def _plan(
    name: str, deals: Iterable[str], taken: dict[str, tuple[str, ...]], decide: dict[str, int]
) -> Plan:
    """Return the plan that gives each deal its halls."""
    assignments = tuple(
        Assignment(hall=hall, use=deal, decide_month=decide[deal])
        for deal in deals
        for hall in taken.get(deal, ())
    )
    return FixedPlan(name=name, kind="staged", assignments=assignments) if assignments else keep_mining()


def _critical(plan: Plan, study: Scenario) -> tuple[float, float]:
    """Return critical and utility MW that a plan of a site file converts."""
    if isinstance(plan, FixedPlan):
        pairs = [(a.hall, a.use) for a in plan.assignments]
    elif plan.kind == "threshold":
        pairs = [(hall, plan.use) for hall in plan.halls]
    else:
        pairs = []
    utility = {h.name: h.utility_mw for h in study.site.halls}
    critical = sum(study.offers[use].conversion.critical_mw(utility[hall]) for hall, use in pairs)
    return critical, sum(utility[hall] for hall, _ in pairs)


def _renamed(site: Site, name: str) -> Site:
    return Site(
        name=name,
        interconnect_mw=site.interconnect_mw,
        halls=site.halls,
        tariff=site.tariff,
        firm_load_mw=site.firm_load_mw,
    )


def _site_file_rows(name: str, study: Scenario) -> Iterator[InputRow]:
    """Yield the inputs of a site file that a company uses: its site, offers and plans."""
    for row in study.inputs:
        if row.path.split(".")[0] in ("site", "offers", "plans"):
            yield InputRow(
                path=f"sites.{name}.{row.path}",
                value=row.value,
                canonical=row.canonical,
                unit=row.unit,
                source=row.source,
                status=row.status,
                as_of=row.as_of,
                where=row.where,
            )
