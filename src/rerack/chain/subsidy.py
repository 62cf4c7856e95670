"""The block subsidy and the supply that it adds up to, in integer satoshi."""

from __future__ import annotations

from typing import Final

from rerack.chain.integers import require_int

#: Satoshi in one bitcoin.
SATOSHI_PER_BTC: Final = 100_000_000
#: Blocks between two halvings.
HALVING_BLOCKS: Final = 210_000
#: Subsidy of the first era [sat].
FIRST_SUBSIDY_SAT: Final = 50 * SATOSHI_PER_BTC
#: Number of the halving that brings the subsidy to zero: 50 BTC has 33 binary digits in satoshi.
LAST_HALVING: Final = FIRST_SUBSIDY_SAT.bit_length()


def subsidy_sat(height: int) -> int:
    """Return the new coins that a block may create, without fees.

    Parameters
    ----------
    height : int
        Height of the block, 0 for the genesis block.

    Returns
    -------
    int
        Subsidy [sat]: ``50 BTC >> (height // 210000)``.

    Raises
    ------
    InputError
        If `height` is not an int or is negative.

    Notes
    -----
    Reference: Bitcoin Core, ``GetBlockSubsidy`` in src/validation.cpp.

    Examples
    --------
    >>> subsidy_sat(839_999), subsidy_sat(840_000)
    (625000000, 312500000)
    """
    require_int(height, 0, None, "height")
    return FIRST_SUBSIDY_SAT >> (height // HALVING_BLOCKS)


def total_supply_sat() -> int:
    """Return the sum of all subsidies that the protocol will ever allow.

    Returns
    -------
    int
        Supply limit [sat]. Coins in circulation are fewer: the genesis reward cannot be spent,
        and some miners claimed less than they were allowed.

    Examples
    --------
    >>> total_supply_sat()
    2099999997690000
    """
    eras = range(LAST_HALVING)
    return sum(HALVING_BLOCKS * (FIRST_SUBSIDY_SAT >> era) for era in eras)


def halving_height(n: int) -> int:
    """Return the height of the first block that earns the subsidy after halving `n`.

    Parameters
    ----------
    n : int
        Number of the halving, 1 (in 2012) to 33 (to zero).

    Returns
    -------
    int
        Height, ``210000 * n``. Its date follows from hashrate, never from a calendar.

    Raises
    ------
    InputError
        If `n` is not an int from 1 to 33.

    Examples
    --------
    >>> halving_height(4)
    840000
    """
    require_int(n, 1, LAST_HALVING, "n")
    return HALVING_BLOCKS * n
