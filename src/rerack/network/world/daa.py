"""What a rule of difficulty adjustment does to block times when hashrate follows reward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from rerack.base.checks import FloatArray, frozen_array, require, require_between
from rerack.base.errors import SolverError
from rerack.base.streams import Streams

Rule = Literal["bitcoin", "window", "first_best"]

#: Rule by name: number in the kernel, and blocks looked at.
RULES: Final[dict[str, tuple[int, int]]] = {
    "bitcoin": (0, 2016),
    "window": (1, 144),
    "first_best": (2, 1),
}
#: Blocks in the study, target [min], and how often more blocks than that are drawn.
BLOCKS: Final = 12_096
TARGET_MIN: Final = 10.0
_SPARE: Final = 3
#: Blocks of epoch 273 before the first (the code of the paper adjusts after 943 blocks), and the
#: mean time of blocks before it [min], by rule: from daily block counts of Coin Metrics, 551,443
#: stands 0.38 days into 25 November 2018. Single block times of then are not at hand.
_OFFSET: Final = 1_073
_PAST_MIN: Final = {"bitcoin": 11.23, "window": 10.5, "first_best": 10.0}
#: Difficulty of epoch 273, and the price at the first block (25 November 2018).
_DIFFICULTY: Final = 6_653_303_141_405.96
_PRICE_USD: Final = 3_604.59
_REWARD_BTC: Final = 12.5
#: Standard deviation of a relative price change over the square root of a minute.
_SIGMA: Final = 0.001117728
#: Supply ``55 / (1 + exp(-3 (R - 1.5)))`` EH/s at R USD/EH.
_SUPPLY: Final = (55.0, 1.5, 3.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class AdjustmentStudy:
    """Block times under one rule; each array of shape (path,).

    Parameters
    ----------
    rule : str
        Which.
    mean_minutes, sd_minutes, longest_minutes : array
        Mean, standard deviation and largest block time of each path [min].
    blocks : array
        Blocks found in 84 days.
    """

    rule: str
    mean_minutes: FloatArray
    sd_minutes: FloatArray
    longest_minutes: FloatArray
    blocks: FloatArray

    @property
    def mean_error_minutes(self) -> float:
        """Standard error of the mean of `mean_minutes` [min]."""
        return float(self.mean_minutes.std(ddof=1) / np.sqrt(self.mean_minutes.size))

    def over_frac(self, minutes: float) -> float:
        """Return the share of paths in which some block took longer [min]."""
        return float((self.longest_minutes > minutes).mean())


def adjustment_study(
    rule: Rule,
    *,
    paths: int = 500,
    seed: int = 0,
    slope: float = 3.0,
    price_step_usd: float = 0.0,
) -> AdjustmentStudy:
    """Simulate 84 days of blocks under a rule of difficulty adjustment.

    Parameters
    ----------
    rule : {"bitcoin", "window", "first_best"}
        Every 2016 blocks; by a moving window of 144 (Bitcoin Cash); the difficulty at which the
        expected time is 10 min in every block.
    paths : int
        Price paths.
    seed : int
        0 or more. Rules are compared on the same prices and the same luck.
    slope : float
        Slope of supply, 3 in the paper; its elasticity at R is ``slope R (1 - H / 55)``.
    price_step_usd : float
        Step to which the first best rounds the price down before it looks up its difficulty; 0
        for none. The authors' code reads it from a table in steps of 50 USD, which makes blocks
        come early: that is the 9.883 min of the paper's table [USD].

    Returns
    -------
    AdjustmentStudy
        Block times.

    Notes
    -----
    Noda, Okumura and Hashimoto, ssrn.com/abstract=3410460, section 6: price a driftless geometric
    walk, hashrate at once ``55 / (1 + exp(-3 (R - 1.5)))`` EH/s at a reward of R USD/EH, block
    times exponential. Bitcoin's rule amplifies where the elasticity is above 1: the deviation of
    one epoch is ``-elasticity`` times that of the epoch before. The start is that of the paper,
    block 551,443, except that blocks before it are taken to have lasted their mean.

    Examples
    --------
    >>> study = adjustment_study("window", paths=2)
    >>> bool((abs(study.mean_minutes - 10.0) < 0.5).all())
    True
    """
    from rerack.network.world.daa_kernel import run_blocks  # numba: only when it is needed

    require(rule in RULES, "rule", given=repr(rule), allowed=", ".join(RULES))
    require(paths >= 1, "paths", given=paths, allowed="1 or more")
    require_between(slope, 0.01, 30.0, "slope")
    require_between(price_step_usd, 0.0, 500.0, "price_step_usd")
    number, window = RULES[rule]
    rate = 1e18 / (_DIFFICULTY * 2.0**32)
    most, centre, _ = _SUPPLY
    streams = Streams(seed)
    found = np.zeros((4, paths))
    times, inverse = np.zeros(_SPARE * BLOCKS), np.zeros(_SPARE * BLOCKS)
    for path in range(paths):
        price, luck = _draws(streams, path)
        count = run_blocks(
            number,
            window,
            _OFFSET,
            _PAST_MIN[rule],
            rate,
            price,
            luck,
            _REWARD_BTC,
            TARGET_MIN,
            np.array([most, centre, slope]),
            price_step_usd,
            times,
            inverse,
        )
        if count < 1:
            raise SolverError(f"path {path}: more than {times.size} blocks in 84 days")
        block = times[:count]
        found[:, path] = block.mean(), block.std(ddof=1), block.max(), count
    mean, sd, longest, blocks = (frozen_array(row) for row in found)
    return AdjustmentStudy(
        rule=rule, mean_minutes=mean, sd_minutes=sd, longest_minutes=longest, blocks=blocks
    )


def _draws(streams: Streams, path: int) -> tuple[FloatArray, FloatArray]:
    """Return the price every 10 min and one exponential a block, of one path."""
    normals = streams.generator("daa-price", path).standard_normal(BLOCKS + 1)
    steps = 1.0 + _SIGMA * np.sqrt(TARGET_MIN) * normals
    price = _PRICE_USD * np.concatenate(([1.0], np.cumprod(steps)))
    luck = streams.generator("daa-luck", path).standard_exponential(_SPARE * BLOCKS)
    return price, luck
