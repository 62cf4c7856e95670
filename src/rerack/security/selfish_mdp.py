"""Optimal selfish mining as a decision process: states, actions and where they lead."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.mdp import RatioProcess

# Who mined last, as it matters for a tie: the attacker, the honest, or a tie is being raced.
_IRRELEVANT, _RELEVANT, _ACTIVE = 0, 1, 2
# Kinds of probability: attacker finds a block; honest on the attacker's branch of a tie; honest on
# their own; honest at all; certain.
_ATTACKER, _HONEST_FOR, _HONEST_AGAINST, _HONEST, _CERTAIN = range(5)

ADOPT: Final = 0
OVERRIDE: Final = 1
MATCH: Final = 2
WAIT: Final = 3


@dataclass(frozen=True, kw_only=True)
class _Structure:
    """What does not depend on the hashrate or the reach of the attacker."""

    state_start: IntArray
    action_start: IntArray
    outcome_state: IntArray
    outcome_kind: IntArray
    action_name: IntArray
    attacker_blocks: IntArray
    honest_blocks: IntArray
    #: Blocks that the attacker gains if the honest next build on its branch of a tie.
    tie_blocks: IntArray


def selfish_process(alpha: float, gamma: float, truncation: int) -> RatioProcess:
    """Return the process whose best ratio is the attacker's greatest share of all blocks.

    Parameters
    ----------
    alpha : float
        Attacker's share of hashrate.
    gamma : float
        Share of honest hashrate that mines on the attacker's branch of a tie.
    truncation : int
        Longest private or public branch considered; there the attacker must adopt or override.

    Notes
    -----
    Sapirshtein, Sompolinsky & Zohar 2016 (arXiv:1507.06183, table 1): state (a, h, fork) of blocks
    on the attacker's and the honest branch since they split. Adopt gives up (h honest blocks
    count); override publishes h + 1 (which then count for the attacker); match publishes h at once
    after an honest block, so that the two branches tie; wait mines on. Restricting the attacker at
    the truncation only takes choices from it, so the value is a lower bound.
    """
    s = _structure(truncation)
    probability = np.array([alpha, gamma * (1 - alpha), (1 - gamma) * (1 - alpha), 1 - alpha, 1.0])
    gain: FloatArray = s.attacker_blocks + probability[_HONEST_FOR] * s.tie_blocks
    return RatioProcess(
        state_start=s.state_start,
        action_start=s.action_start,
        outcome_state=s.outcome_state,
        outcome_prob=probability[s.outcome_kind],
        gain=gain,
        weight=gain + s.honest_blocks,
    )


def action_names(truncation: int) -> IntArray:
    """Return ADOPT, OVERRIDE, MATCH or WAIT of every action of the process, shape (action,)."""
    return _structure(truncation).action_name


def state_index(a: int, h: int, fork: int, truncation: int) -> int:
    """Return the number of state (a, h, fork): by a + h, so that waiting leads to higher ones."""
    level = a + h
    # States with a smaller sum: full triangle up to the truncation, cut triangle beyond it.
    if level <= truncation:
        before = level * (level + 1) // 2
        place = a
    else:
        side = truncation + 1
        left = 2 * truncation + 1 - level
        before = side * side - left * (left + 1) // 2
        place = a - (level - truncation)
    return 3 * (before + place) + fork


@cache
def _structure(truncation: int) -> _Structure:
    """Lay out states, actions and outcomes once for a truncation."""
    starts, action_start, to_state, kinds = [0], [0], [], []
    rows: list[tuple[int, int, int, int]] = []
    for level in range(2 * truncation + 1):
        for a in range(max(0, level - truncation), min(level, truncation) + 1):
            for fork in (_IRRELEVANT, _RELEVANT, _ACTIVE):
                for action in _actions(a, level - a, fork, truncation):
                    rows.append(action[0])
                    for (to_a, to_h, to_fork), kind in action[1]:
                        to_state.append(state_index(to_a, to_h, to_fork, truncation))
                        kinds.append(kind)
                    action_start.append(len(to_state))
                starts.append(len(rows))
    table = np.array(rows, dtype=np.int64)
    return _Structure(
        state_start=np.array(starts, dtype=np.int64),
        action_start=np.array(action_start, dtype=np.int64),
        outcome_state=np.array(to_state, dtype=np.int64),
        outcome_kind=np.array(kinds, dtype=np.int64),
        action_name=table[:, 0],
        attacker_blocks=table[:, 1],
        honest_blocks=table[:, 2],
        tie_blocks=table[:, 3],
    )


_Outcome = tuple[tuple[int, int, int], int]
_Action = tuple[tuple[int, int, int, int], list[_Outcome]]


def _actions(a: int, h: int, fork: int, truncation: int) -> list[_Action]:
    """Return ((name, attacker, honest, tie blocks), outcomes) of each action of a state."""
    found: list[_Action] = []
    # State (0, 0) opens the cycle: there is nothing to give up.
    if a + h > 0:
        found.append(((ADOPT, 0, h, 0), [((0, 0, _IRRELEVANT), _CERTAIN)]))
    if a > h:
        after: list[_Outcome] = [
            ((a - h, 0, _IRRELEVANT), _ATTACKER),
            ((a - h - 1, 1, _RELEVANT), _HONEST),
        ]
        found.append(((OVERRIDE, h + 1, 0, 0), after))
    if a == truncation or h == truncation:
        return found
    raced: list[_Outcome] = [
        ((a + 1, h, _ACTIVE), _ATTACKER),
        ((a - h, 1, _RELEVANT), _HONEST_FOR),
        ((a, h + 1, _RELEVANT), _HONEST_AGAINST),
    ]
    if fork == _ACTIVE and a >= h > 0:
        found.append(((WAIT, 0, 0, h), raced))
    else:
        alone: list[_Outcome] = [
            ((a + 1, h, _IRRELEVANT), _ATTACKER),
            ((a, h + 1, _RELEVANT), _HONEST),
        ]
        found.append(((WAIT, 0, 0, 0), alone))
    if fork == _RELEVANT and a >= h > 0:
        found.append(((MATCH, 0, 0, h), raced))
    return found
