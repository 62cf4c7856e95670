"""The best hours for switches under limits on hours and starts, by prices on the limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.commitment import (
    BoolArray,
    States,
    Switch,
    config_of,
    start_cost_usd,
    starts_of,
)
from rerack.dispatch.commitment_fill import fill_up
from rerack.dispatch.commitment_kernel import path_kernel

#: Reward of what cannot be: large enough to be avoided, small enough to keep all digits.
IMPOSSIBLE_USD = -1e13
_STEPS = 40
_CUTS = 60
#: Distance of the dual from its lower bound at which cutting stops, relative.
_CLOSE_FRAC = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """When switches are on.

    Parameters
    ----------
    on : ndarray of bool
        Shape (hour, switch); keeps all limits.
    value_usd : float
        Reward less start costs [USD].
    bound_usd : float
        What no choice that keeps the limits can exceed [USD].
    hour_usd, start_usd : ndarray
        Price of an hour and of a start of each switch under its limits [USD], shape (switch,).
    """

    on: BoolArray
    value_usd: float
    bound_usd: float
    hour_usd: FloatArray
    start_usd: FloatArray


def choose(switches: Sequence[Switch], states: States, reward_usd: FloatArray) -> Choice:
    """Return when each switch is on so that the limits hold and the reward is high.

    Parameters
    ----------
    switches : sequence of Switch
        Switches with their limits.
    states : States
        ``States.of(switches)``.
    reward_usd : ndarray
        Reward of each hour in each configuration [USD], shape (hour, config); `IMPOSSIBLE_USD`
        where a configuration cannot be. All off is possible in every hour.

    Returns
    -------
    Choice
        A feasible choice and a bound on all.

    Notes
    -----
    Limits on hours and starts are priced: ``g(p) = max_path reward - p · use + p · limit`` bounds
    every feasible choice for any p >= 0 (weak duality); the inner maximum is exact by dynamic
    programming over joint states. One price is bisected; several are found together by cutting
    planes, each new point half way between the best one and the planes' own (Kelley, J. SIAM 8
    (1960), doi:10.1137/0108053). The best feasible path met is then filled up hour by hour. A
    gap of zero is usual for one limit on hours and not promised.

    Examples
    --------
    >>> call = Switch(name="DR", is_call=True, limit_hours=2)
    >>> reward = np.array([[0.0, 5.0], [0.0, 9.0], [0.0, -1.0], [0.0, 7.0]])
    >>> found = choose((call,), States.of((call,)), reward)
    >>> found.on[:, 0].tolist(), found.value_usd, found.bound_usd
    ([False, True, False, True], 16.0, 16.0)
    """
    search = _Search(switches, states, np.ascontiguousarray(reward_usd))
    use = search.evaluate()
    limits = [(i, kind) for i in range(len(switches)) for kind in (0, 1)]
    limits = [(i, kind) for i, kind in limits if np.isfinite(search.limit[i, kind])]
    if (use > search.limit).any():
        if len(limits) == 1:
            search.bisect(*limits[0])
        else:
            search.cut(limits)
    on = fill_up(switches, states, search.reward, search.best_on)
    value = _value_usd(switches, states, search.reward, on)
    return Choice(
        on=on,
        value_usd=value,
        bound_usd=max(search.bound_usd, value),
        hour_usd=search.best_price[:, 0],
        start_usd=search.best_price[:, 1],
    )


class _Search:
    """Prices of all limits, and the best path and bound met so far."""

    def __init__(self, switches: Sequence[Switch], states: States, reward: FloatArray) -> None:
        self.switches, self.states, self.reward = switches, states, reward
        self.limit = np.array(
            [
                [
                    np.inf if s.limit_hours is None else s.limit_hours,
                    np.inf if s.limit_starts is None else s.limit_starts,
                ]
                for s in switches
            ],
            dtype=np.float64,
        ).reshape(len(switches), 2)
        self.price = np.zeros_like(self.limit)
        self.best_price = self.price.copy()
        self.bound_usd = np.inf
        self.last_usd = np.inf
        self.best_usd = -np.inf
        self.best_on = np.zeros((reward.shape[0], len(switches)), dtype=bool)
        self.best_usd = _value_usd(switches, states, reward, self.best_on)

    def evaluate(self) -> FloatArray:
        """Return hours and starts of the best path at the present prices, shape (switch, 2)."""
        states = self.states
        path = np.empty(self.reward.shape[0], dtype=np.int64)
        start_usd = np.array([s.start_usd for s in self.switches]) + self.price[:, 1]
        total = path_kernel(
            self.reward - states.config_on @ self.price[:, 0],
            states.config,
            states.first,
            states.before,
            states.starts @ start_usd,
            path,
        )
        on = states.config_on[states.config[path]]
        use = np.column_stack([on.sum(axis=0), starts_of(on)]).astype(np.float64)
        priced = self.price > 0.0
        total += float((self.price[priced] * self.limit[priced]).sum())
        self.last_usd = total
        if total < self.bound_usd:
            self.bound_usd, self.best_price = total, self.price.copy()
        if (use <= self.limit).all():
            value = _value_usd(self.switches, states, self.reward, on)
            if value > self.best_usd:
                self.best_usd, self.best_on = value, on
        return use

    def cut(self, limits: Sequence[tuple[int, int]]) -> None:
        """Lower the bound over all prices together by cutting planes."""
        from rerack.dispatch.commitment_planes import CuttingPlanes

        at = tuple(np.array(limits).T)
        planes = CuttingPlanes(self._highest(limits))
        point = self.price[at]
        for _ in range(_CUTS):
            self.price[at] = point
            before = self.bound_usd
            use, total = self.evaluate(), self.last_usd
            planes.add(point, total, self.limit[at] - use[at])
            if total <= before:
                best = point
            ideal, least = planes.lowest()
            if self.bound_usd - least <= _CLOSE_FRAC * max(abs(self.bound_usd), 1.0):
                break
            point = 0.5 * (best + ideal)

    def _highest(self, limits: Sequence[tuple[int, int]]) -> FloatArray:
        """Return prices that nothing can pay: a run's worth at the best hour of the horizon."""
        real = np.where(self.reward > 0.5 * IMPOSSIBLE_USD, self.reward, np.nan)
        most = float(np.nanmax(np.nanmax(real, axis=1) - np.nanmin(real, axis=1)))
        longest = [1 if kind == 0 else (self.switches[i].max_hours or real.shape[0])
                   for i, kind in limits]  # fmt: skip
        return max(most, 1.0) * np.array(longest, dtype=np.float64)

    def bisect(self, i: int, kind: int) -> None:
        """Set one price to the least at which its limit holds, the others staying."""
        self.price[i, kind] = 0.0
        if self.evaluate()[i, kind] <= self.limit[i, kind]:
            return
        low, high = 0.0, 1.0
        self.price[i, kind] = high
        while self.evaluate()[i, kind] > self.limit[i, kind]:
            low, high = high, high * 8.0
            self.price[i, kind] = high
        for _ in range(_STEPS):
            if high - low <= 1e-9 * high:
                break
            self.price[i, kind] = 0.5 * (low + high)
            use = self.evaluate()[i, kind]
            if use > self.limit[i, kind]:
                low = self.price[i, kind]
            else:
                high = self.price[i, kind]
                if use == self.limit[i, kind]:
                    break
        self.price[i, kind] = high


def _value_usd(
    switches: Sequence[Switch], states: States, reward: FloatArray, on: BoolArray
) -> float:
    hours = np.arange(on.shape[0])
    return float(reward[hours, config_of(states, on)].sum()) - start_cost_usd(switches, on)
