"""Compact targets: the 32-bit ``nBits`` of a header, the 256-bit target behind it, difficulty."""

from __future__ import annotations

from typing import Final

from rerack.base.checks import require
from rerack.chain.integers import require_int

#: Largest target that proof of work may have on the main network.
POW_LIMIT: Final = 2**224 - 1
#: Target of difficulty 1.
DIFFICULTY_ONE_TARGET: Final = 0xFFFF * 2**208
#: Hashes expected per block at difficulty 1, by the convention of the industry.
HASHES_PER_DIFFICULTY: Final = 2.0**32

_MAX_UINT32 = 2**32 - 1
_MAX_UINT256 = 2**256 - 1
_SIGN_BIT = 0x0080_0000
_MANTISSA = 0x007F_FFFF


def target_from_bits(bits: int) -> int:
    """Decode ``nBits`` into its 256-bit target.

    Parameters
    ----------
    bits : int
        Compact form, unsigned 32 bits: one byte of length, one sign bit, 23 bits of mantissa.

    Returns
    -------
    int
        Target, 0 to 2^256 - 1. Zero decodes, though no block can meet it.

    Raises
    ------
    InputError
        If `bits` is not an int of 32 bits, or encodes a negative or overflowing number.

    Notes
    -----
    ``target = mantissa * 256**(length - 3)``, truncated where length < 3.
    Reference: Bitcoin Core, ``arith_uint256::SetCompact`` in src/arith_uint256.cpp.

    Examples
    --------
    >>> target_from_bits(0x1B0404CB) == 0x0404CB * 2**192
    True
    """
    require_int(bits, 0, _MAX_UINT32, "bits")
    size = bits >> 24
    word = bits & _MANTISSA
    if size <= 3:
        word >>= 8 * (3 - size)
    # The sign counts only where a mantissa is left to carry it, as in SetCompact.
    negative = word != 0 and bits & _SIGN_BIT != 0
    overflow = word != 0 and (
        size > 34 or (word > 0xFF and size > 33) or (word > 0xFFFF and size > 32)
    )
    require(
        not (negative or overflow),
        "bits",
        given=f"0x{bits:08x}",
        allowed="a compact number that is not negative and fits 256 bits",
        cure="Take nBits from a valid block header.",
    )
    return word << 8 * (size - 3) if size > 3 else word


def bits_from_target(target: int) -> int:
    """Encode a target as ``nBits``, dropping the digits that do not fit the mantissa.

    Parameters
    ----------
    target : int
        Target, 0 to 2^256 - 1.

    Returns
    -------
    int
        Compact form; decoding it gives `target` or slightly less.

    Raises
    ------
    InputError
        If `target` is not an int of 256 bits.

    Notes
    -----
    Reference: Bitcoin Core, ``arith_uint256::GetCompact`` in src/arith_uint256.cpp.

    Examples
    --------
    >>> f"{bits_from_target(2**224 - 1):08x}"
    '1d00ffff'
    """
    require_int(target, 0, _MAX_UINT256, "target")
    size = (target.bit_length() + 7) // 8
    word = target << 8 * (3 - size) if size <= 3 else target >> 8 * (size - 3)
    # Bit 23 is the sign: a mantissa that would set it moves down one byte.
    if word & _SIGN_BIT:
        word >>= 8
        size += 1
    return size << 24 | word


def difficulty_of_target(target: int) -> float:
    """Return the difficulty of a target, correctly rounded.

    Parameters
    ----------
    target : int
        Target, 1 to 2^256 - 1.

    Returns
    -------
    float
        ``0xffff * 2**208 / target``, 1 at the easiest target of the main network.

    Examples
    --------
    >>> difficulty_of_target(0xFFFF * 2**208)
    1.0
    """
    require_int(target, 1, _MAX_UINT256, "target")
    return DIFFICULTY_ONE_TARGET / target


def difficulty(bits: int) -> float:
    """Return the difficulty that ``nBits`` stands for.

    Parameters
    ----------
    bits : int
        Compact form of the target, from a block header.

    Returns
    -------
    float
        ``0xffff * 2**208 / target``.

    Raises
    ------
    InputError
        If `bits` is not an int or does not encode a target above zero.

    Notes
    -----
    Reference: Bitcoin Core, ``GetDifficulty`` in src/rpc/blockchain.cpp. For consensus use the
    target: a float keeps 53 of its 256 bits.

    Examples
    --------
    >>> round(difficulty(0x1B0404CB), 6)
    16307.420939
    """
    target = target_from_bits(bits)
    require(
        target > 0,
        "bits",
        given=f"0x{bits:08x}",
        allowed="the compact form of a target above zero",
        cure="Take nBits from a valid block header.",
    )
    return DIFFICULTY_ONE_TARGET / target
