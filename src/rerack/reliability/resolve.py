"""From blocks to a fault tree: repeated parts once, common causes split off, supplies solved."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerack.base.checks import require
from rerack.base.errors import InputError
from rerack.reliability.blocks import Block, KofN, Leaf, Parallel, Series, Standby
from rerack.reliability.component import HOURS_PER_YEAR
from rerack.reliability.fault_tree import Event, FaultTree, Gate, Maintenance
from rerack.reliability.long_run import long_run
from rerack.reliability.supply import supply_losses


def resolve(block: Block) -> FaultTree:
    """Return the fault tree of a block.

    Parameters
    ----------
    block : Block
        Blocks of a topology.

    Returns
    -------
    FaultTree
        Events are independent; common causes stand as events of their own.

    Raises
    ------
    InputError
        Planned maintenance that adds up to the whole year.

    Notes
    -----
    Beta factor (IEC 61508-6, annex D, applied to channels). The *failure modes* of a block are
    the events that alone take it down: a leaf's own failure; for a series, those of all children;
    for a redundant group, its common cause. L_i adds up the rates l and D_i the loads l r of the
    modes that child i shares with no sibling, equipment of one `kind` counted once (the largest):
    what is common to a kind takes all its units, however many. With L and D the least over the
    children, the group gets one common event of rate beta L and mean repair D / L; the modes of
    child i are thinned by 1 - beta L / L_i. So a unit fails as often as before, a share beta of
    it together with the sibling branches. Groups inside groups share common causes level by
    level.

    A component that stands in several groups is thinned once for each.

    Examples
    --------
    >>> from rerack.reliability import Component, Leaf, Parallel
    >>> a, b = (Leaf(component=Component(name=n, failure_rate_per_year=0.1, mttr_hours=5.0))
    ...         for n in "ab")
    >>> tree = resolve(Parallel(children=(a, b), beta_frac=0.1, name="pair"))
    >>> [(e.name, round(e.failure_rate_per_year, 6)) for e in tree.events]
    [('a', 0.09), ('b', 0.09), ('common cause: pair', 0.01)]
    """
    builder = _Builder()
    top, _ = builder.visit(block)
    hours = sum(m.hours_per_year for m in builder.maintenance)
    if hours >= HOURS_PER_YEAR:
        raise InputError.of(
            "topology: maintenance_hours_per_year",
            given=f"{hours:g} hours over all components",
            allowed=f"less than {HOURS_PER_YEAR:g}: work is done on one component at a time",
            cure="Shorten the planned work.",
        )
    return builder.tree(top)


@dataclass
class _Working:
    """An event whose rate common causes still thin."""

    name: str
    rate_per_year: float
    mean_down_hours: float
    kind: str
    alike: str


#: A reference to an event (0, i) or a gate (1, j) before their numbers are joined.
_Ref = tuple[int, int]


@dataclass
class _Builder:
    events: list[_Working] = field(default_factory=list)
    gates: list[tuple[int, tuple[_Ref, ...], str]] = field(default_factory=list)
    maintenance: list[Maintenance] = field(default_factory=list)
    by_name: dict[str, int] = field(default_factory=dict)
    seen: dict[Block, tuple[_Ref, tuple[int, ...]]] = field(default_factory=dict)

    def visit(self, block: Block) -> tuple[_Ref, tuple[int, ...]]:
        """Return the reference of a block and its failure modes, building it once."""
        if block not in self.seen:
            if isinstance(block, Leaf):
                self.seen[block] = self.leaf(block)
            elif isinstance(block, Standby):
                self.seen[block] = self.supply(block)
            elif isinstance(block, Series):
                found = [self.visit(child) for child in block.children]
                self.seen[block] = self.everything_needed(found, block.name)
            else:
                self.seen[block] = self.group(block)
        return self.seen[block]

    def leaf(self, block: Leaf) -> tuple[_Ref, tuple[int, ...]]:
        part = block.component
        number = self.event(
            part.name,
            part.running_rate_per_year,
            part.mttr_hours,
            "component",
            alike=part.kind and f"kind {part.kind}",
        )
        if part.maintenance_hours_per_year > 0.0:
            self.maintenance.append(
                Maintenance(event=number, hours_per_year=part.maintenance_hours_per_year)
            )
        return (0, number), (number,)

    def supply(self, block: Standby) -> tuple[_Ref, tuple[int, ...]]:
        feed = long_run(resolve(block.primary))
        losses = supply_losses(
            block,
            outages_per_year=feed.outages_per_year,
            mean_outage_hours=feed.mean_outage_hours,
        )
        number = self.event(
            block.name, losses.failure_rate_per_year, losses.mean_down_hours, "supply"
        )
        return (0, number), (number,)

    def event(
        self,
        name: str,
        rate: float,
        mean_down: float,
        kind: str,
        *,
        alike: str = "",
    ) -> int:
        require(
            name not in self.by_name,
            f"topology: {name}",
            given="two different things of this name",
            allowed="one meaning for a name",
            cure="Rename one of them.",
        )
        self.events.append(_Working(name, rate, mean_down, kind, alike or name))
        self.by_name[name] = len(self.events) - 1
        return self.by_name[name]

    def gate(self, threshold: int, inputs: tuple[_Ref, ...], name: str) -> _Ref:
        self.gates.append((threshold, inputs, name))
        return (1, len(self.gates) - 1)

    def everything_needed(
        self, found: list[tuple[_Ref, tuple[int, ...]]], name: str
    ) -> tuple[_Ref, tuple[int, ...]]:
        modes = tuple(dict.fromkeys(mode for _, own in found for mode in own))
        inputs = tuple(dict.fromkeys(ref for ref, _ in found))
        if len(inputs) == 1:
            return inputs[0], modes
        return self.gate(1, inputs, name), modes

    def group(self, block: Parallel | KofN) -> tuple[_Ref, tuple[int, ...]]:
        found = [self.visit(child) for child in block.children]
        needed = block.k if isinstance(block, KofN) else 1
        threshold = len(found) - needed + 1
        if threshold == 1:
            return self.everything_needed(found, block.name)
        times: dict[int, int] = {}
        for _, own in found:
            for mode in own:
                times[mode] = times.get(mode, 0) + 1
        shared = tuple(mode for mode, count in times.items() if count >= threshold)
        ref = self.gate(threshold, tuple(ref for ref, _ in found), block.name)
        private = [tuple(m for m in own if times[m] == 1) for _, own in found]
        common = self.common_cause(block, private)
        if common is None:
            return ref, shared
        return self.gate(1, ((0, common), ref), block.name), (common, *shared)

    def common_cause(self, block: Parallel | KofN, private: list[tuple[int, ...]]) -> int | None:
        """Split the common cause off the children's own modes; None if there is none."""
        beta = block.beta_frac or 0.0
        channels = [self.channel(own) for own in private]
        least = min(rate for rate, _ in channels)
        if beta * least == 0.0:
            return None
        for own, (total, _) in zip(private, channels, strict=True):
            for mode in own:
                self.events[mode].rate_per_year *= 1.0 - beta * least / total
        label = f"common cause: {block.name or self.label(private)}"
        down = min(load for _, load in channels) / least
        return self.event(label, beta * least, down, "common cause")

    def channel(self, modes: tuple[int, ...]) -> tuple[float, float]:
        """Return rate and load of the modes of a child, the largest of each kind added up."""
        rates: dict[str, float] = {}
        loads: dict[str, float] = {}
        for event in (self.events[mode] for mode in modes):
            rate, load = event.rate_per_year, event.rate_per_year * event.mean_down_hours
            rates[event.alike] = max(rates.get(event.alike, 0.0), rate)
            loads[event.alike] = max(loads.get(event.alike, 0.0), load)
        return sum(rates.values()), sum(loads.values())

    def label(self, private: list[tuple[int, ...]]) -> str:
        return " / ".join(self.events[own[0]].name for own in private)

    def tree(self, top: _Ref) -> FaultTree:
        offset = (0, len(self.events))
        return FaultTree(
            events=tuple(
                Event(
                    name=e.name,
                    failure_rate_per_year=e.rate_per_year,
                    mean_down_hours=e.mean_down_hours,
                    kind=e.kind,
                )
                for e in self.events
            ),
            gates=tuple(
                Gate(threshold=k, inputs=tuple(offset[s] + i for s, i in inputs), name=name)
                for k, inputs, name in self.gates
            ),
            top=offset[top[0]] + top[1],
            maintenance=tuple(self.maintenance),
        )
