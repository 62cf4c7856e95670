"""Mining halls as reserve of an AI hall: what shedding them frees, and what that is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from rerack.base.checks import require_between
from rerack.base.errors import InputError
from rerack.reliability.design import DesignAnswer, DesignSpace, cheapest_design
from rerack.reliability.design_options import Reserve
from rerack.reliability.parts import Parts
from rerack.reliability.plant import GROSS_PER_CRITICAL, UNIT_MW, UPS_BATTERY_HOURS

_UNIT_GROSS_MW = UNIT_MW["diesel generator"] * GROSS_PER_CRITICAL
_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, kw_only=True)
class Sheddable:
    """Load that may be dropped at once, and what it lets go.

    Parameters
    ----------
    mining_mw : float
        Mining load that is shed [MW utility].
    feed_mw : float
        Capacity of feeds other than the AI hall's own that it frees [MW utility], at most
        `mining_mw`.
    generation_mw : float
        Generation that runs for the mining halls and is freed [MW utility], at most `mining_mw`.
    shed_s : float
        Time from the signal until the power is free [s].
    fail_frac : float
        Chance that shedding fails when called.
    """

    mining_mw: float
    feed_mw: float = 0.0
    generation_mw: float = 0.0
    shed_s: float = 10.0
    fail_frac: float = 0.01

    def __post_init__(self) -> None:
        require_between(self.mining_mw, 0.0, 1e5, "sheddable: mining_mw")
        cure = "Shedding frees no more than what was drawn."
        for name, value in (("feed_mw", self.feed_mw), ("generation_mw", self.generation_mw)):
            require_between(value, 0.0, self.mining_mw, f"sheddable: {name}", cure=cure)
        require_between(self.shed_s, 0.0, 1e5, "sheddable: shed_s")
        require_between(self.fail_frac, 0.0, 1.0, "sheddable: fail_frac")


@dataclass(frozen=True, kw_only=True)
class SheddingValue:
    """What a sheddable load is worth to one AI block.

    Parameters
    ----------
    saved_usd : float
        Installed cost that it saves at the same SLA, 0 or more [USD].
    saved_usd_per_mw : float
        The same per MW shed [USD/MW utility].
    without : DesignAnswer or None
        Cheapest design by itself; None if none keeps the SLA.
    with_reserve : DesignAnswer or None
        Cheapest design that may call on it; None if none keeps the SLA even so.
    reason : str
        Where the value comes from, or why there is none.
    """

    saved_usd: float
    saved_usd_per_mw: float
    without: DesignAnswer | None
    with_reserve: DesignAnswer | None
    reason: str


def shedding_value(
    space: DesignSpace,
    sheddable: Sheddable,
    *,
    availability_frac: float,
    confidence_frac: float = 0.9,
    parts: Parts | None = None,
) -> SheddingValue:
    """Return the installed cost that a sheddable load saves at the same SLA.

    Parameters
    ----------
    space : DesignSpace
        What the AI block may choose; its own `reserve` is ignored.
    sheddable : Sheddable
        The mining load.
    availability_frac, confidence_frac : float
        The SLA, as in `cheapest_design`.
    parts : Parts or None
        Equipment.

    Returns
    -------
    SheddingValue
        Cost of the cheapest design without less that with the reserve.

    Raises
    ------
    InputError
        Neither design keeps the SLA.

    Notes
    -----
    A freed feed is a second feed if it carries the whole block (gross); generators come in whole
    units. Both cost a transfer switch, and are there only if shedding works. The reserve is worth
    nothing

    - if shedding takes longer than the battery carries the load: the load is lost before;
    - if what it frees is less than one unit that the block could use;
    - if the cheapest design keeps the SLA without what the reserve would replace, or what limits
      it is not the supply but trains and cooling, which no shedding mends.

    What the miners lose by being shed is some hours a year of their margin, as `outages_per_year`
    of the feed times its length: compare it with the saving.

    When not to use it: where the mining halls hang on the same feed and have no generation: one
    outage then takes both, and nothing is freed. Say so with `feed_mw` = `generation_mw` = 0.
    """
    alone = replace(space, reserve=Reserve())
    without = _cheapest(alone, availability_frac, confidence_frac, parts)
    ride_s = max(space.batteries_hours, default=UPS_BATTERY_HOURS) * _SECONDS_PER_HOUR
    gross_mw = space.critical_mw * GROSS_PER_CRITICAL
    reserve = Reserve(
        feed=sheddable.feed_mw >= gross_mw,
        generators=int(sheddable.generation_mw / _UNIT_GROSS_MW + 1e-9),
        fail_frac=sheddable.fail_frac,
    )
    in_time = tuple(h for h in space.batteries_hours if h * _SECONDS_PER_HOUR >= sheddable.shed_s)
    if not in_time:
        return _nothing(
            without,
            f"shedding takes {sheddable.shed_s:g} s, the longest battery carries {ride_s:g} s",
        )
    if not reserve.feed and reserve.generators == 0:
        return _nothing(
            without,
            f"it frees {sheddable.feed_mw:g} MW of feeds and {sheddable.generation_mw:g} MW of "
            f"generation; a second feed needs {gross_mw:g} MW, a generator {_UNIT_GROSS_MW:g} MW",
        )
    answers = [
        _cheapest(
            replace(space, reserve=used, batteries_hours=in_time),
            availability_frac,
            confidence_frac,
            parts,
        )
        for used in _uses(reserve, space)
    ]
    found = [answer for answer in answers if answer is not None]
    with_reserve = min(found, key=lambda a: a.best.capex_usd, default=None)
    if without is None and with_reserve is None:
        # The search without reserve says best how far the space falls short.
        cheapest_design(
            alone,
            availability_frac=availability_frac,
            confidence_frac=confidence_frac,
            parts=parts,
        )
    return _compared(without, with_reserve, sheddable)


def _uses(reserve: Reserve, space: DesignSpace) -> list[Reserve]:
    """Return the ways to use a reserve: what is not used needs no switch."""
    needed = math.ceil(space.critical_mw / UNIT_MW["diesel generator"] - 1e-9)
    counts = {0, *(min(reserve.generators, needed + k) for k in range(3))}
    return [
        replace(reserve, feed=feed, generators=count)
        for feed in {False, reserve.feed}
        for count in sorted(counts)
        if feed or count > 0
    ]


def _compared(
    without: DesignAnswer | None, with_reserve: DesignAnswer | None, sheddable: Sheddable
) -> SheddingValue:
    if without is None:
        return SheddingValue(
            saved_usd=0.0,
            saved_usd_per_mw=0.0,
            without=None,
            with_reserve=with_reserve,
            reason="no design keeps the SLA without it: it makes the SLA possible, which has no "
            "price here",
        )
    saved = 0.0
    if with_reserve is not None:
        saved = without.best.capex_usd - with_reserve.best.capex_usd
    if with_reserve is None or saved <= 0.0:
        return _nothing(without, f"{without.best.choice.label} keeps the SLA as cheaply by itself")
    mine, other = without.best.choice, with_reserve.best.choice
    changes = [
        f"{name} {before} to {after}"
        for name, before, after in (
            ("own feeds", mine.feeds, other.feeds),
            ("own generators", mine.generators, other.generators),
            ("power", mine.power, other.power),
            ("cooling", mine.cooling, other.cooling),
            ("battery hours", f"{mine.battery_hours:.3g}", f"{other.battery_hours:.3g}"),
        )
        if before != after
    ]
    return SheddingValue(
        saved_usd=saved,
        saved_usd_per_mw=saved / sheddable.mining_mw,
        without=without,
        with_reserve=with_reserve,
        reason=", ".join(changes),
    )


def _nothing(without: DesignAnswer | None, reason: str) -> SheddingValue:
    return SheddingValue(
        saved_usd=0.0,
        saved_usd_per_mw=0.0,
        without=without,
        with_reserve=None,
        reason=f"worth nothing: {reason}",
    )


def _cheapest(
    space: DesignSpace, availability_frac: float, confidence_frac: float, parts: Parts | None
) -> DesignAnswer | None:
    try:
        return cheapest_design(
            space,
            availability_frac=availability_frac,
            confidence_frac=confidence_frac,
            parts=parts,
        )
    except InputError:
        return None
