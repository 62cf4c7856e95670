"""Blocks: how components depend on one another; every redundant group states its common cause."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import require, require_between
from rerack.base.errors import InputError
from rerack.reliability.component import Component
from rerack.reliability.duration import OutageDuration


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A component in service.

    Parameters
    ----------
    component : Component
        The same name in several places of a topology is the same machine.
    """

    component: Component


@dataclass(frozen=True, kw_only=True)
class Series:
    """Everything is needed.

    Parameters
    ----------
    children : tuple of Block
        One or more.
    name : str
        For people to read.
    """

    children: tuple[Block, ...]
    name: str = ""

    def __post_init__(self) -> None:
        _require_children(self.children, 1, f"series {self.name!r}")


@dataclass(frozen=True, kw_only=True)
class Parallel:
    """Any one of the children suffices.

    Parameters
    ----------
    children : tuple of Block
        Two or more.
    beta_frac : float or None
        Share of a child's failures that take all children down; has to be stated, 0 included.
    name : str
        For people to read; the common-cause event bears it.
    """

    children: tuple[Block, ...]
    beta_frac: float | None = None
    name: str = ""

    def __post_init__(self) -> None:
        where = f"parallel {self.name!r}"
        _require_children(self.children, 2, where)
        require_beta(self.beta_frac, where)


@dataclass(frozen=True, kw_only=True)
class KofN:
    """At least `k` of the children are needed.

    Parameters
    ----------
    k : int
        Children needed, from 1 to all of them. With all of them nothing is redundant and
        `beta_frac` changes nothing.
    children : tuple of Block
        Two or more.
    beta_frac : float or None
        Share of a child's failures that take all children down; has to be stated, 0 included.
    name : str
        For people to read; the common-cause event bears it.
    """

    k: int
    children: tuple[Block, ...]
    beta_frac: float | None = None
    name: str = ""

    def __post_init__(self) -> None:
        where = f"k of n {self.name!r}"
        _require_children(self.children, 2, where)
        n = len(self.children)
        require(
            1 <= self.k <= n,
            f"{where}: k",
            given=self.k,
            allowed=f"from 1 to {n}, the number of children",
        )
        require_beta(self.beta_frac, where)


@dataclass(frozen=True, kw_only=True)
class Standby:
    """A supply with a reserve that is called when the supply fails.

    Parameters
    ----------
    name : str
        Identity: a supply of one name in several places is one supply.
    primary : Block
        What carries the load while it can, such as a utility feed or two feeds in parallel.
    beta_frac : float or None
        Share of a generator's failures (waiting, starting, running) that hit all generators; has
        to be stated, 0 included.
    generator : Component or None
        One generator of the reserve: unavailability while waiting, failure to start and to run.
    installed : int
        Generators installed, 0 without a generator.
    needed : int
        Generators that carry the load, at most `installed`.
    start_hours : float
        Time from loss of the primary to generators carrying the load [h].
    fuel_hours : float
        Running time until fuel is out [h]; infinite if refuelling is certain.
    battery : Component or None
        The battery; `fail_to_start_frac` and its time failed make it miss a call.
    ride_through_hours : float
        Time for which a charged battery carries the load [h], once in an outage.
    duration : OutageDuration or None
        How long outages of the primary last; None is exponential with the primary's own mean.

    Notes
    -----
    What happens in an outage of length T, exactly as computed in `rerack.reliability.supply`:

    1. Each generator is in service at time 0 unless failed, in maintenance (never two at once) or
       not starting; common causes take all of them. If at least `needed` start, all that did carry
       the load from `start_hours` on, until fewer than `needed` run or fuel is out. No generator
       is repaired or restarted within an outage.
    2. The battery, if it answers the call, carries the first `ride_through_hours`. What it did not
       spend before the generators took over, it spends when they fail.
    3. The load is lost while neither carries it, and is back when the primary is.

    Between outages everything recovers. Components inside may not appear outside of this block.
    """

    name: str
    primary: Block
    beta_frac: float | None = None
    generator: Component | None = None
    installed: int = 0
    needed: int = 0
    start_hours: float = 0.0
    fuel_hours: float = float("inf")
    battery: Component | None = None
    ride_through_hours: float = 0.0
    duration: OutageDuration | None = None

    def __post_init__(self) -> None:
        where = f"standby {self.name!r}"
        require(bool(self.name.strip()), "standby: name", given="no name", allowed="a name")
        require_beta(self.beta_frac, where)
        require_between(self.start_hours, 0.0, 1e3, f"{where}: start_hours")
        require_between(self.fuel_hours, 0.0, float("inf"), f"{where}: fuel_hours")
        require_between(self.ride_through_hours, 0.0, 1e5, f"{where}: ride_through_hours")
        if self.generator is None:
            counts_ok, allowed = self.installed == self.needed == 0, "0 of 0 without a generator"
        else:
            counts_ok, allowed = 1 <= self.needed <= self.installed, "1 <= needed <= installed"
        require(
            counts_ok,
            f"{where}: needed, installed",
            given=f"{self.needed} of {self.installed}",
            allowed=allowed,
            cure="Say how many generators there are and how many carry the load.",
        )
        require(
            (self.battery is None) == (self.ride_through_hours == 0.0),
            f"{where}: battery, ride_through_hours",
            given=f"{self.battery and self.battery.name}, {self.ride_through_hours} h",
            allowed="a battery with a time that it lasts, or neither",
        )
        require(
            self.generator is not None or self.battery is not None,
            where,
            given="no generator and no battery",
            allowed="a reserve",
            cure="Use the primary itself as the block.",
        )


#: Anything that a topology is made of.
Block = Leaf | Series | Parallel | KofN | Standby


def require_beta(beta_frac: float | None, where: str) -> None:
    """Raise `InputError` unless a redundant group states its common-cause share."""
    if beta_frac is None:
        raise InputError.of(
            f"{where}: beta_frac",
            given="nothing",
            allowed="a share from 0 to 1, an explicit 0 included",
            cure="State the share of failures with a common cause: independence alone gives "
            "availabilities that no site has.",
        )
    require_between(beta_frac, 0.0, 1.0, f"{where}: beta_frac")


def children_of(block: Block) -> tuple[Block, ...]:
    """Return the blocks directly inside `block`."""
    if isinstance(block, Leaf):
        return ()
    if isinstance(block, Standby):
        return (block.primary,)
    return block.children


def _require_children(children: tuple[Block, ...], least: int, where: str) -> None:
    require(
        len(children) >= least,
        f"{where}: children",
        given=len(children),
        allowed=f"{least} or more",
        cure="Add the missing blocks, or use the only child itself.",
    )
