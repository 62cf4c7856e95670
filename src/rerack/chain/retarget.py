"""The difficulty adjustment: every 2016 blocks, in integers, bit for bit as the network does it."""

from __future__ import annotations

from typing import Final

from rerack.base.checks import require
from rerack.chain.compact import POW_LIMIT, bits_from_target, target_from_bits
from rerack.chain.integers import require_int

#: Blocks between two adjustments.
EPOCH_BLOCKS: Final = 2016
#: Seconds that an epoch ought to take: two weeks.
TARGET_TIMESPAN_S: Final = 1_209_600
#: Largest factor of one adjustment, up or down.
MAX_STEP: Final = 4

_MAX_UINT32 = 2**32 - 1


def next_bits(bits: int, first_time: int, last_time: int) -> int:
    """Return ``nBits`` of the epoch that follows.

    Parameters
    ----------
    bits : int
        Compact target of the epoch that ends.
    first_time : int
        Header time of its first block, height 2016 k [s, unix].
    last_time : int
        Header time of its last block, height 2016 k + 2015 [s, unix]. It may precede
        `first_time`: header times need not increase.

    Returns
    -------
    int
        Compact target of the next epoch.

    Raises
    ------
    InputError
        If an argument is not an int of 32 bits, or `bits` is no target of the main network.

    Notes
    -----
    With T = 1,209,600 s::

        timespan = clamp(last_time - first_time, T // 4, 4 T)
        target'  = min(target * timespan // T, 2^224 - 1), rounded down to compact form

    The timespan covers 2015 intervals, not 2016: an off-by-one of the first release that is now
    consensus, so blocks settle at 600 * 2016 / 2015 s. The product starts from the target decoded
    from `bits`, digits already dropped. Reference: Bitcoin Core, ``CalculateNextWorkRequired`` in
    src/pow.cpp. Not for test networks, which have a lower limit and the 20-minute rule.

    Examples
    --------
    >>> f"{next_bits(0x1D00FFFF, 1261130161, 1262152739):08x}"
    '1d00d86a'
    """
    require_int(first_time, 0, _MAX_UINT32, "first_time")
    require_int(last_time, 0, _MAX_UINT32, "last_time")
    target = target_from_bits(bits)
    require(
        0 < target <= POW_LIMIT,
        "bits",
        given=f"0x{bits:08x}",
        allowed="a target above zero and no easier than 0x1d00ffff",
        cure="Take nBits from a block header of the main network.",
    )
    shortest = TARGET_TIMESPAN_S // MAX_STEP
    longest = TARGET_TIMESPAN_S * MAX_STEP
    timespan = min(max(last_time - first_time, shortest), longest)
    # Core multiplies modulo 2^256; 2^224 * 4 T stays far below it, so plain integers agree.
    return bits_from_target(min(target * timespan // TARGET_TIMESPAN_S, POW_LIMIT))
