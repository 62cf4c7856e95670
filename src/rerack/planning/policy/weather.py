"""The weather of a year as a surprise: what its prices are worth to a fleet, less the mean year."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch import margins
from rerack.markets import MarketSpec
from rerack.planning.world import World

#: Strike prices at which a weather year is measured, as quantiles of the library's hours.
_STRIKES = 64


def weather_surprise(
    world: World, market: MarketSpec, strike_usd_per_mwh: FloatArray
) -> FloatArray | None:
    r"""Return what each year's weather gives a fleet over the mean of the library.

    Parameters
    ----------
    world : World
        The scenarios.
    market : MarketSpec
        What they were drawn with.
    strike_usd_per_mwh : ndarray, shape (scenario, month)
        Price at the meter below which the fleet runs [USD/MWh].

    Returns
    -------
    ndarray, shape (scenario, month), or None
        Column m holds what happens between months m - 1 and m, of the size of one:
        zero but for each January, and for month 1, which stands for the first year. None where
        prices are fixed, replayed as they are or the same in all hours: there is no chance.

    Notes
    -----
    A weather year l is drawn from the library with equal chances, independently of all else. With
    x the strike less adder and mean rate by time of use, over the level with losses, all known the
    month before, the surprise is

    .. math:: \frac{L}{L_0 s}\Big(G_l(x) - \frac1n\sum_k G_k(x)\Big),
              \qquad G_l(x) = E_l[(x - p)^+],

    s the spread between years at a usual strike. Its mean is zero exactly, also after interpolation
    in x, which is the same for every year. Whoever decides during a year and sees its prices knows
    no more than this.
    """
    power, tariff = world.meter.power, world.meter.tariff
    replayed = market.power.price_file is not None and market.power.treatment == "as_is"
    if tariff.fixed_price_usd_per_mwh is not None or replayed or power.library.library_years < 2:
        return None
    strikes, margin = _margins_by_year(world)
    if strikes.size < 2:
        return None
    surplus = margin - margin.mean(axis=0)
    month_of_year = world.meter.grid.month_of_year
    gross = world.meter.gross_level
    rated = world.meter.rated
    rate = np.zeros(month_of_year.size) if rated is None else rated.mean_rate_usd_per_mwh()
    out = np.zeros(gross.shape)
    begins = [m for m in range(1, month_of_year.size) if month_of_year[m] == 1 or m == 1]
    for month in begins:
        level = gross[:, month - 1]
        x = strike_usd_per_mwh[:, month - 1] - tariff.adder_usd_per_mwh - rate[month - 1]
        x /= level
        # In month 1 a first year that has just begun; from the next January on, the new one.
        out[:, month] = level * _interpolated(
            np.clip(x, strikes[0], strikes[-1]), strikes, surplus, power.library_year[:, month]
        )
    usual = _interpolated_spread(surplus, strikes, 2.0 * power.library.mean_usd_per_mwh)
    return out / (gross[:, :1] * usual)


def _interpolated_spread(surplus: FloatArray, strikes: FloatArray, strike: float) -> float:
    """Return the standard deviation between years at a strike, to give the surprise size one."""
    spread = float(np.interp(strike, strikes, surplus.std(axis=0)))
    return spread if spread > 0.0 else 1.0


def _margins_by_year(world: World) -> tuple[FloatArray, FloatArray]:
    """Return strikes, and each library year's mean margin there, shape (year, strike) [USD/MWh]."""
    duration = world.meter.duration
    prices = duration.shape_sorted_usd_per_mwh
    strikes = np.unique(np.quantile(prices, np.linspace(0.0, 1.0, _STRIKES)))
    years, hours = duration.years, duration.month_hours
    shape = (years, 12, strikes.size)
    found = margins(
        duration,
        month_of_year=np.arange(1, 13),
        library_year=np.broadcast_to(np.arange(years)[:, None], (years, 12)).copy(),
        level=np.ones((years, 12)),
        adder_usd_per_mwh=0.0,
        strike_usd_per_mwh=np.broadcast_to(strikes, shape).copy(),
    )
    by_month = strikes * found.run_frac - found.run_price_usd_per_mwh
    return strikes, np.einsum("ymk,m->yk", by_month, hours / hours.sum())


def _interpolated(
    x: FloatArray, strikes: FloatArray, table: FloatArray, year: np.ndarray
) -> FloatArray:
    """Return each scenario's row of `table` at its x, linear between strikes."""
    right = np.clip(np.searchsorted(strikes, x, side="right"), 1, strikes.size - 1)
    share = (x - strikes[right - 1]) / (strikes[right] - strikes[right - 1])
    value: FloatArray = table[year, right - 1] * (1.0 - share) + table[year, right] * share
    return value
