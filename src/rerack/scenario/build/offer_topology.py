"""What keeps an offer's load running: availability and expected credits from its topology."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rerack.assets import AiUse, Lease, Site
from rerack.base.checks import require
from rerack.reliability import Parts, Topology, preset
from rerack.reliability.assessment import Assessment, assess
from rerack.reliability.sla import require_level
from rerack.scenario.build.offer_credits import Agreed, agreed_credits, require_one_promise
from rerack.scenario.build.placed import Placed
from rerack.scenario.model import InputRow, OfferTopology
from rerack.scenario.places import YamlPath, dotted
from rerack.scenario.schema.offers import OfferSection
from rerack.scenario.source import is_file
from rerack.scenario.topology.files import names_file

if TYPE_CHECKING:
    from rerack.scenario.topology.loading import SlaTerms, TopologyStudy

#: Critical MW with a plant of its own where a preset is named and nothing else said, as
#: `rerack design` has it: presets of hundreds of MW need hundreds of units to be up at once.
PLANT_MW = 20.0


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A topology as the offer names it."""

    topology: Topology
    sla: SlaTerms | None
    source: str
    sha256: dict[str, str]

    @classmethod
    def of(cls, study: TopologyStudy) -> _Read:
        """Return what a topology file says."""
        return cls(
            topology=study.topology, sla=study.sla, source=study.path.name, sha256=study.sha256
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class BuiltTopology:
    """An offer whose availability follows from its topology.

    Parameters
    ----------
    use : AiUse
        The offer with availability, and expected credits where it is a lease.
    found : OfferTopology
        What was evaluated.
    sha256 : dict of str to str
        Digest of every file read for it.
    where : str
        Place that names it, for the inputs table.
    """

    use: AiUse
    found: OfferTopology
    sha256: dict[str, str]
    where: str

    def rows(self) -> Iterator[InputRow]:
        """Yield the rows of the inputs table that say what was derived."""
        offer, assessed = ("offers", self.use.name), self.found.assessment
        found = assessed.found
        up, credit = found.availability_frac, assessed.credits
        yield self._row((*offer, "availability"), up, "1", f"{100.0 * up:.9g} %")
        here = (*offer, "topology")
        lost, often = found.minutes_lost_per_year, found.outages_per_year
        yield self._row((*here, "minutes_lost"), lost, "min/year", f"{lost:.6g} min/year")
        yield self._row((*here, "outages"), often, "1/year", f"{often:.6g} /year")
        if credit is not None:
            frac = credit.fee_frac
            yield self._row((*here, "expected_credit"), frac, "1", f"{100.0 * frac:.6g} % of rent")

    def _row(self, path: YamlPath, value: float, unit: str, words: str) -> InputRow:
        topology = self.found.assessment.topology
        unverified = sum("(unverified)" in c.source for c, _ in topology.components)
        return InputRow(
            path=dotted(path),
            value=words,
            canonical=value,
            unit=unit,
            source=f"derived from topology: {self.found.source}, {topology.critical_mw:g} MW "
            f"critical; {unverified} of {len(topology.components)} components rest on unverified "
            "figures",
            status="derived",
            as_of="",
            where=self.where,
        )


def build_offer_topology(
    offer: OfferSection, use: AiUse, site: Site, placed: Placed
) -> BuiltTopology | None:
    """Return an offer with the availability and the credits of its topology; None if refused.

    Parameters
    ----------
    offer : OfferSection
        The validated section; it names a topology.
    use : AiUse
        The offer as built without it.
    site : Site
        Halls that it may go into.
    placed : Placed
        Collects what is refused, at its place.

    Notes
    -----
    A topology is one plant of the critical load that it states. A hall has as many such plants as
    its load needs, each with its own share of the rent, so that availability and expected credits
    as a share of rent are those of one plant. A plant larger than the load of the largest hall is
    refused. A preset named without a size is built for `PLANT_MW`, or for the load if smaller.
    """
    path, before = ("offers", use.name, "topology"), len(placed.findings)
    load_mw = _load_mw(use, site)
    read = _read(offer, path, load_mw, placed)
    if read is None:
        return None
    stated = () if isinstance(offer.topology, str) else ("topology", "critical")
    with placed.at(*path, *stated):
        _require_fit(read.topology, load_mw)
    with placed.at("offers", use.name, "sla"):
        require_level(use.sla_frac, "sla")
    with placed.at(*path):
        require_one_promise(read.sla, use)
    agreed: Agreed | None = None
    terms = (*path[:2], "sla_credits")
    with placed.at(*(terms if terms in placed.index else path)):
        agreed = agreed_credits(offer, use, read.sla)
    if agreed is None or len(placed.findings) > before:
        return None
    assessed = assess(
        read.topology,
        promised_frac=use.sla_frac,
        planned_counts=read.sla is not None and read.sla.planned_counts,
        schedule=agreed.schedule,
        fee_usd_per_month=use.rent_usd_per_kw_month * 1e3 * read.topology.critical_mw,
    )
    place = placed.index.value_place(path)
    return BuiltTopology(
        use=_with(use, assessed),
        found=OfferTopology(
            assessment=assessed, source=read.source, load_mw=load_mw, schedule=agreed.words
        ),
        sha256=read.sha256,
        where=place.file if place.line == 0 else f"{place.file}:{place.line}",
    )


def _with(use: AiUse, assessed: Assessment) -> AiUse:
    up_frac = assessed.found.availability_frac
    if isinstance(use, Lease) and assessed.credits is not None:
        credit_frac = assessed.credits.fee_frac
        return replace(use, availability_frac=up_frac, expected_credit_frac=credit_frac)
    return replace(use, availability_frac=up_frac)


def _load_mw(use: AiUse, site: Site) -> float:
    """Return the largest critical load that an offer puts into one hall [MW critical]."""
    hall_mw = max((hall.utility_mw for hall in site.halls), default=0.0)
    carried = use.conversion.critical_mw(hall_mw)
    return carried if use.contract_mw is None else min(carried, use.contract_mw)


def _read(offer: OfferSection, path: YamlPath, load_mw: float, placed: Placed) -> _Read | None:
    """Return the topology that an offer names or states; None where it was refused."""
    # Loaded here: the files of topologies are built with what this package gives.
    from rerack.scenario.topology.inline import at_path, part_of
    from rerack.scenario.topology.loading import build_topology

    word = offer.topology
    if isinstance(word, str) and names_file(word):
        return _from_file(word, path, placed)
    if isinstance(word, str):
        ready = preset(word, critical_mw=min(PLANT_MW, load_mw))
        return _Read(topology=ready, sla=None, source=f"preset {word}", sha256={})
    assert word is not None
    inside = Placed(part_of(placed.index, path))
    topology, sla = build_topology(word, inside, Parts())
    placed.findings.extend(at_path(path, inside.findings))
    if topology is None:
        return None
    return _Read(topology=topology, sla=sla, source="stated in the scenario file", sha256={})


def _from_file(word: str, path: YamlPath, placed: Placed) -> _Read | None:
    from rerack.scenario.topology.loading import load_topology

    place = placed.index.value_place(path)
    file = (Path() if place.line == 0 else Path(place.file).parent) / word
    study: TopologyStudy | None = None
    with placed.at(*path):
        require(
            is_file(file),
            "topology",
            given=f"{file}: no such file",
            allowed="a preset, or a topology file, its path relative to this scenario file",
            cure="Check the path.",
        )
        study = load_topology(file)
    return None if study is None else _Read.of(study)


def _require_fit(topology: Topology, load_mw: float) -> None:
    require(
        topology.critical_mw <= load_mw * (1.0 + 1e-9),
        "topology: critical",
        given=f"a plant for {topology.critical_mw:g} MW critical",
        allowed=f"at most {load_mw:.4g} MW critical, the load of the largest hall with this offer",
        cure="Describe one plant of the hall: a hall has as many as its load needs.",
    )
