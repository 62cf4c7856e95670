"""The world's hashrate at a date: cohorts, regions, ways between them, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rerack.base.checks import require, require_between
from rerack.base.timegrid import parse_month
from rerack.network.world.announced import Announced, check_announced
from rerack.network.world.behaviour import AiDemand, Behaviour
from rerack.network.world.cohort import Cohort, Generation, Region, Relocation


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One number that a world was built from, and how far to trust it.

    Parameters
    ----------
    what : str
        Region, generation or owner, and the metric.
    value : float
        The number, in `unit`.
    unit : str
        Its unit.
    status : str
        verified, secondary, unverified or derived, as in the catalogue.
    as_of : str
        Date of the fact.
    source : str
        Where it is from.
    """

    what: str
    value: float
    unit: str
    status: str
    as_of: str
    source: str


@dataclass(frozen=True, kw_only=True)
class World:
    """The world's hashrate at the start of a month.

    Parameters
    ----------
    date : str
        Month, such as ``"2025-12"``.
    height : int
        Height of the next block.
    difficulty : float
        Difficulty of the running epoch.
    regions : tuple of Region
        Regions, their names distinct.
    generations : tuple of Generation
        Rig generations in the order of release.
    cohorts : tuple of Cohort
        Cohorts, each region, generation and owner at most once. One with nothing installed is a
        place where rigs may come to stand.
    relocations : tuple of Relocation
        Ways between regions; a cohort can move to one of the same generation and owner there.
    behaviour : Behaviour
        How owners decide.
    ai : AiDemand or None
        What AI pays for sites; None where nobody converts.
    conversions : tuple of Announced
        Conversions to AI that happen on their dates, beside those that `ai` makes pay.
    assumptions : tuple of Assumption
        Every number taken from the catalogue.

    Raises
    ------
    InputError
        No hashrate, a name that is unknown or comes twice, a date that is not a month.

    Examples
    --------
    Edit a world with `dataclasses.replace`; it checks itself anew.

    >>> from dataclasses import replace
    >>> from rerack.network.world import world_of
    >>> world = world_of("2025-12")
    >>> replace(world, ai=None).ai is None
    True
    """

    date: str
    height: int
    difficulty: float
    regions: tuple[Region, ...]
    generations: tuple[Generation, ...]
    cohorts: tuple[Cohort, ...]
    relocations: tuple[Relocation, ...] = ()
    behaviour: Behaviour = field(default_factory=Behaviour)
    ai: AiDemand | None = None
    conversions: tuple[Announced, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    def __post_init__(self) -> None:
        parse_month(self.date, "world.date")
        require_between(self.height, 0, 6_929_999, "world.height")
        require_between(self.difficulty, 1.0, 1e30, "world.difficulty")
        _distinct((r.name for r in self.regions), "world.regions")
        _distinct((g.name for g in self.generations), "world.generations")
        _distinct((c.name for c in self.cohorts), "world.cohorts")
        months = [g.release_month for g in self.generations]
        require(
            months == sorted(months),
            "world.generations",
            given=f"release months {months}",
            allowed="generations in the order of release",
        )
        regions, generations = self.region_names, tuple(g.name for g in self.generations)
        for cohort in self.cohorts:
            _known(cohort.region, regions, f"cohort {cohort.name}.region")
            _known(cohort.generation, generations, f"cohort {cohort.name}.generation")
        for way in self.relocations:
            _known(way.origin, regions, "relocation.origin")
            _known(way.destination, regions, "relocation.destination")
        for one in self.conversions:
            _known(one.region, regions, f"conversion {one.name}.region")
        check_announced(self.conversions, self.cohorts, self.date)
        require(
            self.installed_eh_s > 0.0,
            "world.cohorts",
            given="no hashrate",
            allowed="at least one cohort with rigs installed",
            cure="Give some cohort an installed_eh_s above 0.",
        )

    @property
    def region_names(self) -> tuple[str, ...]:
        """Names of the regions, in the order of every array by region."""
        return tuple(r.name for r in self.regions)

    @property
    def installed_eh_s(self) -> float:
        """All rigs in place [EH/s]."""
        return sum(c.installed_eh_s for c in self.cohorts)

    def __repr__(self) -> str:
        weak = sum(a.status == "unverified" for a in self.assumptions)
        return (
            f"World({self.date}, {self.installed_eh_s:,.0f} EH/s installed, {len(self.cohorts)} "
            f"cohorts in {len(self.regions)} regions, {len(self.assumptions)} assumptions of which "
            f"{weak} unverified)"
        )


def _distinct(names: Iterable[str], where: str) -> None:
    listed = list(names)
    twice = sorted({n for n in listed if listed.count(n) > 1})
    require(not twice, where, given=f"{', '.join(twice)} more than once", allowed="each once")


def _known(name: str, names: tuple[str, ...], where: str) -> None:
    require(name in names, where, given=repr(name), allowed=f"one of {', '.join(names)}")
