"""Hashprice: what hashing earns, from difficulty, reward and price."""

from __future__ import annotations

from typing import Final, overload

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require
from rerack.chain.compact import HASHES_PER_DIFFICULTY

#: A number, or an array of any shape that broadcasts with its neighbours.
Numbers = float | FloatArray

# Each function below takes floats to a float and anything with an array to an array. The two
# signatures overlap only on all floats, where mypy picks the first; hence the ignores.

#: Seconds that the protocol aims at between blocks.
BLOCK_INTERVAL_S: Final = 600.0
#: Hashes that one PH/s makes in a day.
HASHES_PER_PH_DAY: Final = 1e15 * 86_400.0


@overload
def btc_per_ph_day(difficulty: float, subsidy_btc: float, fees_btc: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def btc_per_ph_day(difficulty: Numbers, subsidy_btc: Numbers, fees_btc: Numbers) -> FloatArray: ...
def btc_per_ph_day(difficulty: Numbers, subsidy_btc: Numbers, fees_btc: Numbers) -> Numbers:
    """Return the bitcoin that one PH/s is expected to earn in a day.

    Parameters
    ----------
    difficulty : float or array
        Network difficulty, above 0, any shape.
    subsidy_btc : float or array
        Subsidy [BTC per block].
    fees_btc : float or array
        Fees [BTC per block]; from a share of the reward use `fees_btc_from_share`.

    Returns
    -------
    float or array
        Expected income [BTC/PH/s/day], before any pool fee; the broadcast shape.

    Raises
    ------
    InputError
        If a value is NaN, infinite or negative, or difficulty is zero.

    Notes
    -----
    ``1e15 * 86400 / (D * 2^32) * (subsidy + fees)``. It depends on difficulty, not on the hashrate
    of the moment: others who leave raise it only at the next retarget (see `run_epochs`).

    Examples
    --------
    >>> round(btc_per_ph_day(155.973e12, 3.125, 0.02), 7)
    0.0004056
    """
    hashes = _positive(difficulty, "difficulty") * HASHES_PER_DIFFICULTY
    reward_btc = _not_negative(subsidy_btc, "subsidy_btc") + _not_negative(fees_btc, "fees_btc")
    return _plain(HASHES_PER_PH_DAY / hashes * reward_btc)


@overload
def hashprice_usd_per_ph_day(  # type: ignore[overload-overlap]
    price_usd: float, difficulty: float, subsidy_btc: float, fees_btc: float
) -> float: ...
@overload
def hashprice_usd_per_ph_day(
    price_usd: Numbers, difficulty: Numbers, subsidy_btc: Numbers, fees_btc: Numbers
) -> FloatArray: ...
def hashprice_usd_per_ph_day(
    price_usd: Numbers, difficulty: Numbers, subsidy_btc: Numbers, fees_btc: Numbers
) -> Numbers:
    """Return hashprice: the dollars that one PH/s is expected to earn in a day.

    Parameters
    ----------
    price_usd : float or array
        Bitcoin price [USD/BTC], 0 or more, any shape.
    difficulty : float or array
        Network difficulty, above 0.
    subsidy_btc : float or array
        Subsidy [BTC per block].
    fees_btc : float or array
        Fees [BTC per block]; the index of Luxor takes the mean of the last 144 blocks.

    Returns
    -------
    float or array
        Hashprice [USD/PH/s/day], before any pool fee; the broadcast shape.

    Raises
    ------
    InputError
        If a value is NaN, infinite or negative, or difficulty is zero.

    Notes
    -----
    ``1e15 * 86400 / (D * 2^32) * (subsidy + fees) * price``.
    Reference: Luxor, docs.luxor.tech/hashrateindex/hashprice.

    Examples
    --------
    >>> round(hashprice_usd_per_ph_day(106_935, 155.973e12, 3.125, 0.02), 2)
    43.38
    """
    return _plain(
        _not_negative(price_usd, "price_usd") * btc_per_ph_day(difficulty, subsidy_btc, fees_btc)
    )


@overload
def network_hashrate_eh_s(difficulty: float) -> float: ...
@overload
def network_hashrate_eh_s(difficulty: FloatArray) -> FloatArray: ...
def network_hashrate_eh_s(difficulty: Numbers) -> Numbers:
    """Return the hashrate at which blocks of this difficulty come every 600 s.

    Parameters
    ----------
    difficulty : float or array
        Network difficulty, above 0, any shape.

    Returns
    -------
    float or array
        Hashrate [EH/s]: ``D * 2^32 / 600 / 1e18``. The hashrate of the moment differs while an
        epoch lags behind entry or exit.

    Examples
    --------
    >>> round(network_hashrate_eh_s(152.271e12), 1)
    1090.0
    """
    hashes = _positive(difficulty, "difficulty") * HASHES_PER_DIFFICULTY
    return _plain(hashes / (BLOCK_INTERVAL_S * 1e18))


@overload
def breakeven_usd_per_mwh(  # type: ignore[overload-overlap]
    hashprice: float, efficiency_j_per_th: float, pool_fee_frac: float = 0.0
) -> float: ...
@overload
def breakeven_usd_per_mwh(
    hashprice: Numbers, efficiency_j_per_th: Numbers, pool_fee_frac: Numbers = 0.0
) -> FloatArray: ...
def breakeven_usd_per_mwh(
    hashprice: Numbers, efficiency_j_per_th: Numbers, pool_fee_frac: Numbers = 0.0
) -> Numbers:
    """Return the power price at which a rig earns exactly its electricity.

    Parameters
    ----------
    hashprice : float or array
        Hashprice [USD/PH/s/day], any shape.
    efficiency_j_per_th : float or array
        Energy per work [J/TH], above 0, at the meter to which the price applies.
    pool_fee_frac : float or array
        Share of income kept by the pool, 0 to 1.

    Returns
    -------
    float or array
        Break-even price [USD/MWh], which is also the revenue of a MWh; the broadcast shape.

    Raises
    ------
    InputError
        If a value is NaN, infinite or out of range.

    Notes
    -----
    ``hashprice * 1000 / (24 * J/TH) * (1 - fee)``. Other variable cost, and that of stopping and
    starting, are not in it.

    Examples
    --------
    >>> round(breakeven_usd_per_mwh(35.06, 17.5), 1)
    83.5
    """
    fee = _share(pool_fee_frac, "pool_fee_frac")
    # One PH/s at e J/TH draws e kW, so it burns 24 e kWh a day.
    kwh_per_ph_day = 24.0 * _positive(efficiency_j_per_th, "efficiency_j_per_th")
    gross_usd_per_mwh = _not_negative(hashprice, "hashprice") * 1e3 / kwh_per_ph_day
    return _plain(gross_usd_per_mwh * (1.0 - fee))


@overload
def fee_share_frac(subsidy_btc: float, fees_btc: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def fee_share_frac(subsidy_btc: Numbers, fees_btc: Numbers) -> FloatArray: ...
def fee_share_frac(subsidy_btc: Numbers, fees_btc: Numbers) -> Numbers:
    """Return fees as a share of the whole reward, the convention of published fee percentages.

    Parameters
    ----------
    subsidy_btc : float or array
        Subsidy [BTC per block].
    fees_btc : float or array
        Fees [BTC per block]; the two must not both be zero.

    Returns
    -------
    float or array
        ``fees / (subsidy + fees)``, 0 to 1.

    Examples
    --------
    >>> fee_share_frac(3.0, 1.0)
    0.25
    """
    fees = _not_negative(fees_btc, "fees_btc")
    reward = _positive(_not_negative(subsidy_btc, "subsidy_btc") + fees, "subsidy_btc + fees_btc")
    return _plain(fees / reward)


@overload
def fees_btc_from_share(subsidy_btc: float, fee_share_frac: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def fees_btc_from_share(subsidy_btc: Numbers, fee_share_frac: Numbers) -> FloatArray: ...
def fees_btc_from_share(subsidy_btc: Numbers, fee_share_frac: Numbers) -> Numbers:
    """Return fees per block from their share of the whole reward.

    Parameters
    ----------
    subsidy_btc : float or array
        Subsidy [BTC per block].
    fee_share_frac : float or array
        ``fees / (subsidy + fees)``, 0 or more and below 1.

    Returns
    -------
    float or array
        Fees [BTC per block]: ``subsidy * share / (1 - share)``.

    Examples
    --------
    >>> fees_btc_from_share(3.0, 0.25)
    1.0
    """
    share = _share(fee_share_frac, "fee_share_frac")
    _refuse_unless(share, share < 1.0, "fee_share_frac", "a share below 1, the subsidy being some")
    return _plain(_not_negative(subsidy_btc, "subsidy_btc") * share / (1.0 - share))


def _positive(values: Numbers, where: str) -> FloatArray:
    array = as_finite(values, where)
    _refuse_unless(array, array > 0.0, where, "numbers above 0")
    return array


def _not_negative(values: Numbers, where: str) -> FloatArray:
    array = as_finite(values, where)
    _refuse_unless(array, array >= 0.0, where, "numbers, 0 or more")
    return array


def _share(values: Numbers, where: str) -> FloatArray:
    array = as_finite(values, where)
    _refuse_unless(array, (array >= 0.0) & (array <= 1.0), where, "fractions from 0 to 1")
    return array


def _refuse_unless(array: FloatArray, ok: ArrayLike, where: str, allowed: str) -> None:
    bad = array[~np.asarray(ok)]
    require(bad.size == 0, where, given=str(bad[:1].tolist()), allowed=allowed)


def _plain(values: Numbers) -> Numbers:
    """Return a Python float for a scalar, the array otherwise."""
    return float(values) if np.ndim(values) == 0 else values
