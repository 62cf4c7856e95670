"""Sections of a company file to sites, each with a plan for every case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rerack.assets import Lease, Site, Tariff
from rerack.catalog import load as load_table
from rerack.planning.company import CompanySite
from rerack.planning.plans import Assignment, FixedPlan, Plan, keep_mining
from rerack.scenario.build.site import build_fleet, rig_efficiency_j_per_th
from rerack.scenario.company.dates import month_of
from rerack.scenario.company.deals import Terms, build_lease, catalogue_rows, resolve
from rerack.scenario.company.halls import Claim, divide
from rerack.scenario.company.schema import CompanyFile, CompanySiteSection, ConversionDealSection
from rerack.scenario.company.site_files import site_from_file
from rerack.scenario.errors import Index
from rerack.scenario.model import InputRow, Scenario
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import Finding, nearest

#: Sections of conversions, in the order in which they take the power of a site.
_KINDS = ("signed", "announced")
#: Megawatts that a rounded figure may be over.
_OVER_FRAC = 1e-3


@dataclass
class Taken:
    """What the deals at a site take of it; filled deal by deal.

    Parameters
    ----------
    claims : list of Claim
        Power reserved.
    offers : dict of str to Lease
        Their terms.
    decide : dict of str to int
        Month of decision.
    critical_mw, utility_mw : dict of str to float
        Sums by kind [MW].
    """

    claims: list[Claim] = field(default_factory=list)
    offers: dict[str, Lease] = field(default_factory=dict)
    decide: dict[str, int] = field(default_factory=dict)
    critical_mw: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0.0))
    utility_mw: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0.0))


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
                site = site_from_file(self, name, section)
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
                    self.add(at, f"{name!r} twice", "each deal once", "Rename one.", key=True)
                seen.add(name)
                if deal.site not in known:
                    self.add(
                        (*at, "site"),
                        f"unknown site {deal.site!r}",
                        f"a site of this file: {', '.join(known)}",
                        nearest(deal.site, known),
                    )
                elif self.file.sites[deal.site].file is not None:
                    self.add(
                        (*at, "site"),
                        f"{deal.site}, which is a site file",
                        "a site of figures; a site file names its plans by `signed`, `announced`",
                        "Write the deal as an offer and a plan of the site file.",
                    )

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
            self.add((*at, "hashrate"), given, "rigs that the site can feed", "Correct one.")
            return None
        taken = self._claims(name, section, section.utility)
        halls, halls_of = divide(
            section.utility, min(rigs_mw, section.utility), fleet, taken.claims
        )
        signed = _plan("signed", list(self.file.signed), halls_of, taken.decide)
        both = _plan("announced", [*self.file.signed, *self.file.announced], halls_of, taken.decide)
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
            offers=dict(taken.offers),
            plans={
                "mining": keep_mining(),
                "signed": signed,
                "announced": both if self._announces(name) else signed,
            },
            signed_mw=taken.critical_mw["signed"],
            announced_mw=taken.critical_mw["announced"],
            signed_utility_mw=taken.utility_mw["signed"],
            announced_utility_mw=taken.utility_mw["announced"],
        )

    def _announces(self, site: str) -> bool:
        return any(deal.site == site for deal in self.file.announced.values())

    def _claims(self, name: str, section: CompanySiteSection, utility_mw: float) -> Taken:
        """Return what the deals at a site take of its power, in order."""
        taken, left = Taken(), utility_mw
        for kind, deal_name, deal in self._deals(name):
            made = self._deal(kind, deal_name, deal, section)
            if made is None:
                continue
            lease, mw, decide = made
            needed = mw * lease.conversion.pue_design
            if needed > left + _OVER_FRAC * utility_mw:
                given = f"{mw:,.1f} MW critical, {needed:,.1f} MW at the meter"
                allowed = f"at most {left:,.1f} MW utility, what {name} has left"
                cure = "Give the site more power, or the deal fewer critical MW."
                self.add((kind, deal_name, "critical"), given, allowed, cure)
                continue
            needed = min(needed, left)
            left -= needed
            taken.critical_mw[kind] += mw
            taken.utility_mw[kind] += needed
            taken.offers[deal_name], taken.decide[deal_name] = lease, decide
            taken.claims.append(Claim(name=deal_name, utility_mw=needed))
        return taken

    def _complete(self, at: YamlPath, section: CompanySiteSection) -> bool:
        """Report what a site of figures lacks or has twice."""
        before = len(self.findings)
        for case in _KINDS:
            if getattr(section, case) is not None:
                self.add(
                    (*at, case), "a plan without a site file", "a key `file`", "Remove the key."
                )
        if section.utility is None:
            self.add(
                at, "nothing", "`file`, or `utility` and what else is known", "Add one.", key=True
            )
        if (section.price is None) == (section.adder is None):
            given = "neither" if section.price is None else "both"
            allowed = "`price` (all-in) or `adder` (on the market's index), one of them"
            self.add(at, given, allowed, "Keep one of them.", key=True)
        if (section.hashrate is None) != (section.rigs is None):
            given = (
                "`hashrate` without `rigs`" if section.rigs is None else "`rigs` without `hashrate`"
            )
            self.add(at, given, "both, or neither where no rigs stand", "Add the other.", key=True)
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
                self.add(
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
        lease = build_lease(name, deal, terms, lead_months=lead)
        return lease, terms.number("critical") * deal.owned, decide

    def _report_missing(self, at: YamlPath, terms: Terms) -> None:
        for key in terms.missing():
            whose = (
                "" if terms.row is None else f", which the catalogue lacks for {terms.row.label}"
            )
            self.add(
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
            self.add((*at, "service"), deal.service, f"by {last}, the last month", "Correct it.")
        if deal.decide is not None and service <= month_of(deal.decide, grid):
            self.add(
                (*at, "service"), deal.service, f"after the decision, {deal.decide}", "Correct one."
            )
        power = site.interconnect
        if power is not None and service < month_of(power, grid):
            self.add(
                (*at, "service"),
                deal.service,
                f"{power} or later, when the site may draw power",
                "Move the service, or correct the interconnect date.",
            )
        return decide, max(1, service - decide)

    def add(
        self, path: YamlPath, given: str, allowed: str, cure: str, *, key: bool = False
    ) -> None:
        """Note a problem at the value of a path, or at its key."""
        self.findings.append(self.index.finding(path, given, allowed, cure, at_key=key))


def _plan(
    name: str, deals: Iterable[str], taken: dict[str, tuple[str, ...]], decide: dict[str, int]
) -> Plan:
    """Return the plan that gives each deal its halls."""
    assignments = tuple(
        Assignment(hall=hall, use=deal, decide_month=decide[deal])
        for deal in deals
        for hall in taken.get(deal, ())
    )
    return (
        FixedPlan(name=name, kind="staged", assignments=assignments)
        if assignments
        else keep_mining()
    )
