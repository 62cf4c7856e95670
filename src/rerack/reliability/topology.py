"""A topology: the blocks behind one critical load, checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rerack.base.checks import require, require_between
from rerack.base.errors import InputError
from rerack.reliability.blocks import Block, KofN, Leaf, Standby, children_of
from rerack.reliability.component import Component


@dataclass(frozen=True, kw_only=True)
class Topology:
    """What keeps a critical load running.

    Parameters
    ----------
    name : str
        For people to read.
    blocks : Block
        The load runs while this block is up.
    critical_mw : float
        Critical load [MW critical]; the components that are needed must carry it.
    description : str
        One sentence.

    Raises
    ------
    InputError
        Two different components or supplies of one name, a component inside a `Standby` that also
        stands outside of it, or a load that the needed components cannot carry.

    Examples
    --------
    >>> ups = [Component(name=f"UPS {i}", failure_rate_per_year=0.01, mttr_hours=2.0,
    ...                  capacity_mw=2.5, capex_usd=1e6) for i in (1, 2, 3)]
    >>> units = tuple(Leaf(component=u) for u in ups)
    >>> plant = Topology(name="2+1", blocks=KofN(k=2, children=units, beta_frac=0.05),
    ...                  critical_mw=5.0)
    >>> len(plant.components), plant.capex_usd
    (3, 3000000.0)
    """

    name: str
    blocks: Block
    critical_mw: float
    description: str = ""

    def __post_init__(self) -> None:
        require_between(self.critical_mw, 1e-6, 1e5, f"topology {self.name!r}: critical_mw")
        _require_one_meaning(self)
        _require_own_parts(self)
        _require_fed(self)

    @property
    def components(self) -> tuple[tuple[Component, int], ...]:
        """Each distinct component with its count, in order of appearance."""
        counts: dict[str, tuple[Component, int]] = {}
        for block in walk(self.blocks):
            for component, count in _own_components(block):
                counts[component.name] = (component, count)
        return tuple(counts.values())

    @property
    def capex_usd(self) -> float:
        """Installed cost of every component, a shared one once [USD]."""
        return sum(component.capex_usd * count for component, count in self.components)


def walk(block: Block) -> Iterator[Block]:
    """Yield `block` and every block inside it, each place once, parents first."""
    yield block
    for child in children_of(block):
        yield from walk(child)


def carried_mw(block: Block) -> float:
    """Return the load that `block` carries with only what is needed of it in service [MW].

    Examples
    --------
    >>> unit = Component(name="u", failure_rate_per_year=0.1, mttr_hours=1.0, capacity_mw=2.0)
    >>> carried_mw(Leaf(component=unit))
    2.0
    """
    if isinstance(block, Leaf):
        return block.component.capacity_mw
    if isinstance(block, Standby):
        reserve = [c.capacity_mw for c in (block.battery,) if c is not None]
        if block.generator is not None:
            reserve.append(block.needed * block.generator.capacity_mw)
        return min(carried_mw(block.primary), *reserve)
    loads = [carried_mw(child) for child in block.children]
    if isinstance(block, KofN):
        # Whichever k remain: the k smallest.
        return sum(sorted(loads)[: block.k])
    return min(loads)


def _own_components(block: Block) -> Iterator[tuple[Component, int]]:
    if isinstance(block, Leaf):
        yield block.component, 1
    elif isinstance(block, Standby):
        if block.generator is not None:
            yield block.generator, block.installed
        if block.battery is not None:
            yield block.battery, 1


def _require_one_meaning(topology: Topology) -> None:
    seen: dict[str, object] = {}
    for block in walk(topology.blocks):
        things: list[tuple[str, object]] = [(c.name, (c, n)) for c, n in _own_components(block)]
        if isinstance(block, Standby):
            things.append((block.name, block))
        for name, thing in things:
            require(
                seen.setdefault(name, thing) == thing,
                f"topology {topology.name!r}: {name}",
                given="two different things of this name",
                allowed="one meaning for a name: the same name is the same machine",
                cure="Rename one of them, or make them equal.",
            )


def _require_own_parts(topology: Topology) -> None:
    """Refuse a part of a standby block elsewhere: such a block is evaluated by itself."""
    owner: dict[str, str] = {}

    def visit(block: Block, inside: str) -> None:
        here = block.name if isinstance(block, Standby) else inside
        for component, _ in _own_components(block):
            if owner.setdefault(component.name, here) != here:
                raise InputError.of(
                    f"topology {topology.name!r}: {component.name}",
                    given="a component inside a standby block and outside of it",
                    allowed="components of a standby block in that block only",
                    cure="Take it out of the standby block and put it in series with it.",
                )
        for child in children_of(block):
            visit(child, here)

    visit(topology.blocks, "")


def _require_fed(topology: Topology) -> None:
    carried = carried_mw(topology.blocks)
    require(
        carried >= topology.critical_mw * (1.0 - 1e-9),
        f"topology {topology.name!r}: critical_mw",
        given=f"{topology.critical_mw:g} MW on blocks that carry {carried:g} MW",
        allowed=f"at most {carried:g} MW",
        cure="Add capacity or need more units of a group: part of the load is not fed.",
    )
