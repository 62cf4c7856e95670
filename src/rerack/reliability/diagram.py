"""A one-line diagram, component fed by component, turned into blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rerack.base.checks import require
from rerack.base.errors import InputError, Problem
from rerack.reliability.blocks import Block, KofN, Leaf, Series
from rerack.reliability.component import Component
from rerack.reliability.topology import Topology


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What a component, or the load, draws from.

    Parameters
    ----------
    sources : tuple of str
        Names of the components that feed it.
    needed : int
        How many of them have to feed at once.
    beta_frac : float or None
        Common-cause share; has to be stated where fewer are needed than there are.
    """

    sources: tuple[str, ...]
    needed: int = 1
    beta_frac: float | None = None

    def __post_init__(self) -> None:
        require(
            1 <= self.needed <= len(self.sources),
            "feed: needed",
            given=f"{self.needed} of {len(self.sources)} sources",
            allowed="from 1 to the number of sources",
            cure="Name the components that feed it.",
        )
        require(
            len(set(self.sources)) == len(self.sources),
            "feed: sources",
            given=self.sources,
            allowed="each source once",
        )


def from_feeds(
    name: str,
    *,
    components: Iterable[Component],
    feeds: Mapping[str, Feed | None],
    load: Feed,
    critical_mw: float,
    description: str = "",
) -> Topology:
    """Return the topology of a one-line diagram.

    Parameters
    ----------
    name : str
        Name of the topology.
    components : iterable of Component
        Everything in the diagram.
    feeds : mapping of str to Feed or None
        What each component draws from; None for a source of power.
    load : Feed
        What the load draws from.
    critical_mw : float
        Critical load [MW critical].
    description : str
        One sentence.

    Raises
    ------
    InputError
        With all problems at once: an unknown or repeated name, a component without an entry in
        `feeds` (it and the load behind it are not fed), a cycle, a component that feeds nothing.

    Examples
    --------
    >>> parts = [Component(name=n, failure_rate_per_year=0.01, mttr_hours=4.0)
    ...          for n in ("grid", "ups a", "ups b")]
    >>> plant = from_feeds("2N", components=parts, critical_mw=1.0,
    ...     feeds={"grid": None, "ups a": Feed(sources=("grid",)),
    ...            "ups b": Feed(sources=("grid",))},
    ...     load=Feed(sources=("ups a", "ups b"), beta_frac=0.05))
    >>> [c.name for c, _ in plant.components]
    ['ups a', 'grid', 'ups b']
    """
    by_name: dict[str, Component] = {}
    problems: list[Problem] = []
    for component in components:
        if by_name.setdefault(component.name, component) is not component:
            problems.append(_problem(name, component.name, "a name given twice", "distinct names"))
    problems += _unknown_names(name, by_name, feeds, load)
    if not problems:
        problems += _not_fed(name, by_name, feeds, load)
    if problems:
        raise InputError(*problems)
    built: dict[str, Block] = {}
    return Topology(
        name=name,
        blocks=_fed_by(load, by_name, feeds, built),
        critical_mw=critical_mw,
        description=description,
    )


def _fed_by(
    feed: Feed,
    by_name: Mapping[str, Component],
    feeds: Mapping[str, Feed | None],
    built: dict[str, Block],
) -> Block:
    """Return the block that is up when enough sources of `feed` are; `built` holds those made."""
    children = []
    for source in feed.sources:
        if source not in built:
            own = Leaf(component=by_name[source])
            behind = feeds[source]
            built[source] = (
                own
                if behind is None
                else Series(children=(own, _fed_by(behind, by_name, feeds, built)), name=source)
            )
        children.append(built[source])
    if len(children) == 1:
        return children[0]
    if feed.needed == len(children):
        return Series(children=tuple(children))
    label = " / ".join(feed.sources)
    return KofN(k=feed.needed, children=tuple(children), beta_frac=feed.beta_frac, name=label)


def _problem(name: str, place: str, given: str, allowed: str) -> Problem:
    return Problem(
        where=f"topology {name!r}: {place}",
        given=given,
        allowed=allowed,
        cure="Correct the diagram.",
    )


def _unknown_names(
    name: str,
    by_name: Mapping[str, Component],
    feeds: Mapping[str, Feed | None],
    load: Feed,
) -> list[Problem]:
    listed = [("load", load), *feeds.items()]
    problems = [
        _problem(name, place, f"a feed from {source!r}", "the name of a component")
        for place, feed in listed
        if feed is not None
        for source in feed.sources
        if source not in by_name
    ]
    problems += [
        _problem(name, place, "a feed for no component", "the name of a component")
        for place in feeds
        if place not in by_name
    ]
    return problems + [
        _problem(name, place, "no feed: it and the load behind it are not fed", "a feed or None")
        for place in by_name
        if place not in feeds
    ]


def _not_fed(
    name: str,
    by_name: Mapping[str, Component],
    feeds: Mapping[str, Feed | None],
    load: Feed,
) -> list[Problem]:
    """Return the cycles, each named by its path, and the components that feed nothing."""
    problems: list[Problem] = []
    done: set[str] = set()

    def visit(place: str, path: tuple[str, ...]) -> None:
        if place in path:
            round_trip = " <- ".join((*path[path.index(place) :], place))
            problems.append(_problem(name, place, f"a cycle, {round_trip}", "feeds that end"))
            return
        if place in done:
            return
        behind = feeds[place]
        for source in behind.sources if behind is not None else ():
            visit(source, (*path, place))
        done.add(place)

    for source in load.sources:
        visit(source, ())
    return problems + [
        _problem(name, place, "a component that feeds nothing", "a way to the load")
        for place in by_name
        if place not in done and not problems
    ]
