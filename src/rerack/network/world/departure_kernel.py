"""Compiled: sites that leave for AI, and those that leave because it was announced."""

from __future__ import annotations

from rerack.base.checks import FloatArray
from rerack.network.world.arrays import CohortArrays
from rerack.network.world.records import CONVERTED_MW, State
from rerack.numerics.jit import kernel


@kernel
def vacate(cohorts: CohortArrays, state: State, c: int, gone: float) -> float:
    """Take `gone` EH/s of a cohort's rigs off their sites, which AI keeps; return the MW."""
    state.rigs[c] -= gone
    state.left[c] -= gone
    state.sites[c] = max(state.sites[c] - gone, state.rigs[c])
    gone_mw = gone * cohorts.efficiency[c]
    state.taken[cohorts.region[c]] += gone_mw
    return float(gone_mw)


@kernel
def depart(
    cohorts: CohortArrays, member: FloatArray, state: State, departing_mw: FloatArray
) -> None:
    """Let announced conversions happen, and add their rigs to `state.displaced`.

    Parameters
    ----------
    cohorts, state
        The world.
    member : array, shape (group, cohort)
        Above 0 where the cohort belongs to the group.
    departing_mw : array, shape (group,)
        What each group converts this month [MW], taken from its convertible sites in proportion
        to their load. What stands empty already converts as well, but puts out no rigs.
    """
    for g in range(departing_mw.size):
        wanted = departing_mw[g]
        if wanted <= 0.0:
            continue
        standing = 0.0
        for c in range(state.rigs.size):
            if member[g, c] > 0.0:
                free = min(state.left[c], state.rigs[c] - cohorts.floor_eh_s[c])
                standing += max(free, 0.0) * cohorts.efficiency[c]
        share = min(1.0, wanted / standing) if standing > 0.0 else 0.0
        for c in range(state.rigs.size):
            if member[g, c] > 0.0 and share > 0.0:
                free = min(state.left[c], state.rigs[c] - cohorts.floor_eh_s[c])
                gone = share * max(free, 0.0)
                state.displaced[c] += gone
                vacate(cohorts, state, c, gone)
        state.tally[CONVERTED_MW] += wanted
