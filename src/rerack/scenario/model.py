"""What a scenario file becomes: domain objects, and a row for every input."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from rerack.assets import AiUse, Site
from rerack.base.timegrid import MonthGrid
from rerack.dispatch.desk_terms import DeskTerms
from rerack.markets import MarketSpec
from rerack.network import CohortNetwork, NetworkSpec
from rerack.planning.plans import Plan
from rerack.planning.terms import FinanceTerms
from rerack.reliability.assessment import Assessment


@dataclass(frozen=True, kw_only=True)
class InputRow:
    """One input of a study and where it comes from.

    Parameters
    ----------
    path : str
        YAML path, such as ``site.power.adder``.
    value : str
        As written, or the default as one would write it.
    canonical : float or None
        The number that rerack computes with, in `unit`; None for text and for what is calibrated
        without a single number.
    unit : str
        Unit of `canonical`; ``1`` for fractions and pure numbers, empty for text.
    source : str
        Document, or the reason of a default.
    status : str
        One of `rerack.catalog.STATUSES`.
    as_of : str
        Date of the figure, or empty.
    where : str
        ``file:line``, an option of the command line, or ``default``.
    """

    path: str
    value: str
    canonical: float | None
    unit: str
    source: str
    status: str
    as_of: str
    where: str


@dataclass(frozen=True, kw_only=True, eq=False)
class OfferTopology:
    """The power and cooling that keep an offer's load running.

    Parameters
    ----------
    assessment : Assessment
        What one plant delivers, and what that costs under the offer's contract.
    source : str
        Preset, file, or that the scenario file states it.
    load_mw : float
        Largest critical load that the offer puts into one hall [MW critical].
    schedule : str
        Credits as agreed, in words.
    """

    assessment: Assessment
    source: str
    load_mw: float
    schedule: str

    @property
    def plants(self) -> int:
        """Plants of this kind that the largest hall needs."""
        return math.ceil(self.load_mw / self.assessment.topology.critical_mw - 1e-9)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One study, ready to run.

    Parameters
    ----------
    name : str
        Name of the study.
    path : Path
        The file it was read from.
    grid : MonthGrid
        Months.
    seed : int
        Seed of all random streams.
    scenarios : int
        Number of scenarios.
    site : Site
        Interconnect, halls, and of the tariff price and block: what a plan is valued with.
    desk : DeskTerms
        The whole tariff, battery, generation and programmes: what plans value of them beside price
        and block is `rerack.planning.power.terms`.
    offers : dict of str to AiUse
        What a hall may be converted to, by name, in file order.
    topologies : dict of str to OfferTopology
        What keeps each offer's load running, by offer; only of those that say so.
    plans : tuple of Plan
        Keep mining first; then convert everything now, if there are offers; then the file's own.
    market : MarketSpec
        Bitcoin, fees, power, leases, GPU-hours and their correlation.
    network : NetworkSpec or CohortNetwork
        The Bitcoin network at the start, as a whole or as a world of cohorts.
    finance : FinanceTerms
        Discounting, tax, depreciation, debt and overhead.
    inputs : tuple of InputRow
        Every input, defaults included, in file order of the schema.
    sha256 : dict of str to str
        Digest of every file read, by the name used for it.
    notes : tuple of str
        What is to be said beside any result: the age of a live series.
    merged_text : str
        The scenario with `extends` and overrides merged, as one YAML file that loads by itself.
    """

    name: str
    path: Path
    grid: MonthGrid
    seed: int
    scenarios: int
    site: Site
    desk: DeskTerms
    offers: dict[str, AiUse]
    topologies: dict[str, OfferTopology]
    plans: tuple[Plan, ...]
    market: MarketSpec
    network: NetworkSpec | CohortNetwork
    finance: FinanceTerms
    inputs: tuple[InputRow, ...]
    sha256: dict[str, str]
    merged_text: str
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return (
            f"Scenario({self.name}: {self.site.interconnect_mw:,g} MW utility, "
            f"{len(self.site.halls)} halls, {len(self.offers)} offers, {len(self.plans)} plans, "
            f"{self.scenarios:,} scenarios × {self.grid.months} months from {self.grid.labels[0]}, "
            f"seed {self.seed})"
        )
