"""The cheapest topology that keeps an SLA, and the front of cost against minutes lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rerack.base.checks import require_between
from rerack.base.errors import InputError
from rerack.reliability.blocks import Block, Series
from rerack.reliability.component import HOURS_PER_YEAR
from rerack.reliability.design_options import (
    COOLING_LEVELS,
    POWER_LEVELS,
    Choice,
    Medium,
    Module,
    Reserve,
    choices,
    cooling_module,
    power_module,
    supply_module,
    ups_redundancy,
)
from rerack.reliability.outages import OutageProfile
from rerack.reliability.parts import Parts
from rerack.reliability.plant import UPS_BATTERY_HOURS, Plant
from rerack.reliability.sla import require_level, sla_outlook
from rerack.reliability.topology import Topology

_MINUTES_PER_HOUR = 60.0


@dataclass(frozen=True, kw_only=True)
class DesignSpace:
    """What may be chosen.

    Parameters
    ----------
    critical_mw : float
        Critical load of one block, with its own supply, power and cooling [MW critical].
    medium : {"air", "liquid"}
        How the machines are cooled.
    batteries_hours : tuple of float
        Batteries to try [h]; the UPS's own first.
    most_spare_generators : int
        Generators above need to try.
    reserve : Reserve
        What is freed for the load by shedding others.
    """

    critical_mw: float
    medium: Medium = "liquid"
    batteries_hours: tuple[float, ...] = (UPS_BATTERY_HOURS, 1.0, 2.0, 4.0)
    most_spare_generators: int = 3
    reserve: Reserve = field(default_factory=Reserve)

    def __post_init__(self) -> None:
        require_between(self.critical_mw, 0.1, 500.0, "design: critical_mw")
        require_between(self.most_spare_generators, 0, 20, "design: most_spare_generators")
        for hours in self.batteries_hours:
            require_between(hours, UPS_BATTERY_HOURS, 100.0, "design: batteries_hours")


@dataclass(frozen=True, kw_only=True)
class Design:
    """One topology of the space, evaluated.

    Parameters
    ----------
    choice : Choice
        What was chosen.
    critical_mw : float
        Critical load of a block [MW critical].
    capex_usd : float
        Installed cost of a block [USD].
    minutes_lost_per_year : float
        Expected minutes lost [min/year].
    outages_per_year : float
        Expected outages [1/year].
    profile : OutageProfile
        Outages by kind.
    blocks : tuple of Block
        Supply, power and cooling.
    """

    choice: Choice
    critical_mw: float
    capex_usd: float
    minutes_lost_per_year: float
    outages_per_year: float
    profile: OutageProfile
    blocks: tuple[Block, ...]

    @property
    def capex_usd_per_mw(self) -> float:
        """Installed cost per critical megawatt [USD/MW critical]."""
        return self.capex_usd / self.critical_mw

    @property
    def topology(self) -> Topology:
        """The design as a topology."""
        return Topology(
            name=self.choice.label,
            blocks=Series(children=self.blocks, name="site"),
            critical_mw=self.critical_mw,
        )

    @property
    def availability_frac(self) -> float:
        """Long-run availability."""
        return 1.0 - self.minutes_lost_per_year / (_MINUTES_PER_HOUR * HOURS_PER_YEAR)


@dataclass(frozen=True, kw_only=True)
class DesignAnswer:
    """The cheapest design that keeps the SLA, with what it was compared to.

    Parameters
    ----------
    best : Design
        The cheapest.
    miss_frac : float
        Probability that it misses the SLA in a given year.
    front : tuple of Design
        Designs that none beats in both cost and minutes, cheapest first.
    tried : int
        Designs evaluated.
    """

    best: Design
    miss_frac: float
    front: tuple[Design, ...]
    tried: int


def cheapest_design(
    space: DesignSpace,
    *,
    availability_frac: float,
    confidence_frac: float = 0.9,
    parts: Parts | None = None,
) -> DesignAnswer:
    """Return the cheapest design that keeps an SLA with stated confidence.

    Parameters
    ----------
    space : DesignSpace
        What may be chosen.
    availability_frac : float
        Availability to keep.
    confidence_frac : float
        Share of years that have to keep it.
    parts : Parts or None
        Equipment; None is the bundled catalogue.

    Returns
    -------
    DesignAnswer
        The design and the Pareto front.

    Raises
    ------
    InputError
        No design of the space keeps the SLA; the message says how far the best one comes.

    Notes
    -----
    A design keeps the SLA if its long-run availability does, and at least a share
    `confidence_frac` of single years: rare long outages leave most years clean and ruin the mean,
    frequent short ones the reverse. Every design of the space is evaluated, so that the answer is
    the cheapest for certain: supply, power and cooling share no equipment, so that each is solved
    once and times down are added (what overlaps counts twice, some 1e-9 of the time at most).

    When not to use it: as a quotation. Costs are rough estimates, rates largely unverified, people
    and software are not in it.

    Examples
    --------
    >>> answer = cheapest_design(DesignSpace(critical_mw=5.0), availability_frac=0.999)
    >>> answer.best.availability_frac > 0.999
    True
    """
    require_level(availability_frac, "design: sla")
    require_between(confidence_frac, 0.0, 1.0 - 1e-9, "design: confidence")
    found = sorted(
        designs(space, parts=parts), key=lambda d: (d.capex_usd, d.minutes_lost_per_year)
    )
    for design in found:
        if design.availability_frac < availability_frac:
            continue
        miss = miss_in_year_frac(design, availability_frac)
        if miss <= 1.0 - confidence_frac:
            return DesignAnswer(
                best=design, miss_frac=miss, front=pareto_front(found), tried=len(found)
            )
    raise _impossible(found, availability_frac, confidence_frac)


def designs(space: DesignSpace, *, parts: Parts | None = None) -> Iterator[Design]:
    """Yield every design of a space, evaluated."""
    plant = Plant(critical_mw=space.critical_mw, parts=Parts() if parts is None else parts)
    power = {level: power_module(plant, level) for level in POWER_LEVELS}
    cooling = {level: cooling_module(plant, space.medium, level) for level in COOLING_LEVELS}
    supplies: dict[tuple[object, ...], Module | None] = {}
    for choice in choices(
        plant,
        batteries_hours=space.batteries_hours,
        most_spare_generators=space.most_spare_generators,
        free=space.reserve.generators,
    ):
        same = (
            choice.feeds,
            choice.generators,
            choice.battery_hours,
            ups_redundancy(choice.power),
        )
        if same not in supplies:
            supplies[same] = supply_module(plant, choice, space.reserve)
        supply = supplies[same]
        if supply is None:
            continue
        for level in COOLING_LEVELS:
            yield _joined(
                space, replace(choice, cooling=level), (supply, power[choice.power], cooling[level])
            )


def pareto_front(found: list[Design]) -> tuple[Design, ...]:
    """Return the designs that no cheaper one equals in minutes lost; `found` cheapest first."""
    front: list[Design] = []
    for design in found:
        if not front or design.minutes_lost_per_year < front[-1].minutes_lost_per_year:
            front.append(design)
    return tuple(front)


def miss_in_year_frac(design: Design, availability_frac: float) -> float:
    """Return the probability that a design misses an availability in a given year."""
    return float(sla_outlook(design.profile, levels_frac=[availability_frac]).miss_frac[0])


def _joined(space: DesignSpace, choice: Choice, modules: tuple[Module, ...]) -> Design:
    kinds = tuple(kind for module in modules for kind in module.profile.kinds)
    profile = OutageProfile(kinds=kinds)
    return Design(
        choice=choice,
        critical_mw=space.critical_mw,
        capex_usd=sum(module.capex_usd for module in modules),
        minutes_lost_per_year=profile.minutes_lost_per_year,
        outages_per_year=profile.outages_per_year,
        profile=profile,
        blocks=tuple(module.block for module in modules),
    )


def _impossible(
    found: list[Design], availability_frac: float, confidence_frac: float
) -> InputError:
    best = min(found, key=lambda d: d.minutes_lost_per_year)
    clean = 1.0 - miss_in_year_frac(best, availability_frac)
    return InputError.of(
        "design: sla",
        given=f"{100.0 * availability_frac:.12g} % in {100.0 * confidence_frac:g} % of years",
        allowed=f"at most {100.0 * best.availability_frac:.6f} % in the long run and, at this "
        f"level, {100.0 * clean:.3g} % of years: the best of {len(found)} designs "
        f"({best.choice.label})",
        cure="Lower the SLA or the confidence, shrink the block, or bring better equipment data.",
    )
