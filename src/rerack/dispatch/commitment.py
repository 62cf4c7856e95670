"""Switches: what is on or off for hours at a time, and all states they can be in together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import IntArray, require

BoolArray = NDArray[np.bool_]

#: Joint states beyond which the exact path gets slow; refused with a cure.
MOST_STATES = 2_000


@dataclass(frozen=True, kw_only=True)
class Switch:
    """One thing that is on or off: a committed generator, or a call of demand response.

    Parameters
    ----------
    name : str
        Name of the generator or programme.
    is_call : bool
        Whether it is a call; at most one call is on in an hour.
    start_usd : float
        Cost of a start [USD].
    min_hours : int
        Least hours on in a row.
    max_hours : int or None
        Most hours on in a row; an hour off follows.
    limit_hours : int or None
        Most hours on in all.
    limit_starts : int or None
        Most starts in all.
    """

    name: str
    is_call: bool
    start_usd: float = 0.0
    min_hours: int = 1
    max_hours: int | None = None
    limit_hours: int | None = None
    limit_starts: int | None = None

    @property
    def ages(self) -> int:
        """States on: as many hours as have to be remembered."""
        return self.min_hours if self.max_hours is None else self.max_hours

    def follows(self, age: int) -> tuple[int, ...]:
        """Return the ages that may come in the hour after `age`; 0 is off."""
        if age == 0:
            return (0, 1)
        off = (0,) if age >= self.min_hours else ()
        if age < self.ages:
            return (*off, age + 1)
        return off if self.max_hours is not None else (*off, age)


@dataclass(frozen=True, kw_only=True, eq=False)
class States:
    """All joint states of several switches and the steps between them.

    Parameters
    ----------
    config_on : ndarray of bool
        Which switches are on, shape (config, switch); all off first.
    config : ndarray of int
        Configuration of each state, shape (state,).
    first, before : ndarray of int
        Predecessors of state s are ``before[first[s] : first[s + 1]]``.
    starts : ndarray of bool
        Which switches start on a step, shape (step, switch).
    """

    config_on: BoolArray
    config: IntArray
    first: IntArray
    before: IntArray
    starts: BoolArray

    @classmethod
    def of(cls, switches: Sequence[Switch]) -> States:
        """Build the states of `switches`.

        Parameters
        ----------
        switches : sequence of Switch
            Switches, possibly none.

        Returns
        -------
        States
            Joint states without two calls at once.

        Raises
        ------
        InputError
            If they are too many to be searched exactly.
        """
        count = int(np.prod([1 + s.ages for s in switches], dtype=np.int64))
        require(
            count <= MOST_STATES,
            "programmes",
            given=f"{count} joint states of {', '.join(s.name for s in switches)}",
            allowed=f"up to {MOST_STATES}",
            cure="Shorten minimum run times or calls, merge generators, or use method='lp'.",
        )
        joint = [
            ages
            for ages in product(*(range(1 + s.ages) for s in switches))
            if sum(a > 0 and s.is_call for a, s in zip(ages, switches, strict=True)) <= 1
        ]
        index = {ages: i for i, ages in enumerate(joint)}
        steps: list[list[tuple[int, tuple[bool, ...]]]] = [[] for _ in joint]
        for ages, i in index.items():
            for after in product(*(s.follows(a) for s, a in zip(switches, ages, strict=True))):
                if after in index:
                    begun = tuple(a == 0 and b > 0 for a, b in zip(ages, after, strict=True))
                    steps[index[after]].append((i, begun))
        on = [tuple(a > 0 for a in ages) for ages in joint]
        configs = list(dict.fromkeys(on))
        shape = (-1, len(switches))
        return cls(
            config_on=np.array(configs, dtype=bool).reshape(len(configs), len(switches)),
            config=np.array([configs.index(c) for c in on], dtype=np.int64),
            first=np.concatenate([[0], np.cumsum([len(s) for s in steps])]).astype(np.int64),
            before=np.array([i for s in steps for i, _ in s], dtype=np.int64),
            starts=np.array([b for s in steps for _, b in s], dtype=bool).reshape(
                sum(len(s) for s in steps), shape[1]
            ),
        )


def starts_of(on: BoolArray) -> IntArray:
    """Return how often each switch starts, all being off before.

    Parameters
    ----------
    on : ndarray of bool
        Whether each switch is on, shape (hour, switch).

    Returns
    -------
    ndarray of int
        Starts, shape (switch,).
    """
    began = on.copy()
    began[1:] &= ~on[:-1]
    return np.asarray(began.sum(axis=0), dtype=np.int64)


def start_cost_usd(switches: Sequence[Switch], on: BoolArray) -> float:
    """Return what the starts in `on` (hour, switch) cost [USD]."""
    counts = starts_of(on)
    return float(sum(s.start_usd * n for s, n in zip(switches, counts, strict=True)))


def config_of(states: States, on: BoolArray) -> IntArray:
    """Return the configuration of every hour.

    Parameters
    ----------
    states : States
        States.
    on : ndarray of bool
        Which switches are on, shape (hour, switch).

    Returns
    -------
    ndarray of int
        Row of ``states.config_on``, shape (hour,).
    """
    weight = 1 << np.arange(on.shape[1], dtype=np.int64)
    keys = states.config_on @ weight
    order = np.argsort(keys)
    return np.asarray(order[np.searchsorted(keys[order], on @ weight)], dtype=np.int64)
