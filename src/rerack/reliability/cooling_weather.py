"""Wet-bulb temperature from what weather stations report."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require

#: Psychrometer constant of a ventilated thermometer [1/K], with its slope in wet-bulb degrees.
_PSYCHROMETER, _PSYCHROMETER_SLOPE = 6.53e-4, 9.44e-4
#: Halvings of a bracket of at most 200 K: the last is narrower than 1e-9 K.
_HALVINGS = 40
#: Highest and lowest air temperature that the vapour formula is meant for [deg C].
_COLDEST, _HOTTEST = -60.0, 60.0


def wet_bulb_c(
    dry_bulb_c: ArrayLike, dew_point_c: ArrayLike, pressure_hpa: ArrayLike = 1013.25
) -> FloatArray:
    r"""Return the wet-bulb temperature [deg C], to which evaporation can cool.

    Parameters
    ----------
    dry_bulb_c : array_like
        Air temperature [deg C], shape (hour,).
    dew_point_c : array_like
        Dew point [deg C], shape (hour,); above the air temperature, as rounding makes it, it counts
        as equal.
    pressure_hpa : array_like
        Surface pressure [hPa], shape (hour,) or one number.

    Notes
    -----
    The root t_w of the psychrometer equation

        e_s(t_w) - A p (t - t_w) = e_s(t_d),    A = 6.53e-4 (1 + 9.44e-4 t_w)

    (WMO No. 8, Guide to Instruments, annex 4.B), with e_s over water by Alduchov and Eskridge
    (1996), doi:10.1175/1520-0450(1996)035<0601:IMFAOS>2.0.CO;2. The left side grows with t_w, and
    the root lies between dew point and air temperature. Below freezing the bulb is taken as wet,
    not iced, which is at most some tenths of a degree off and matters to no cooling plant.

    Examples
    --------
    >>> wet_bulb_c([30.0], [20.0]).round(2)
    array([23.01])
    """
    dry, dew, pressure = np.broadcast_arrays(
        as_finite(dry_bulb_c, "dry_bulb_c"),
        as_finite(dew_point_c, "dew_point_c"),
        as_finite(pressure_hpa, "pressure_hpa"),
    )
    for name, value, low, high in (
        ("dry_bulb_c", dry, _COLDEST, _HOTTEST),
        ("dew_point_c", dew, -100.0, _HOTTEST),
        ("pressure_hpa", pressure, 400.0, 1100.0),
    ):
        outside = value[(value < low) | (value > high)]
        require(
            outside.size == 0,
            name,
            given=str(outside.flat[0]) if outside.size else "",
            allowed=f"from {low:g} to {high:g}",
            cure="Give degrees Celsius and hectopascal.",
        )
    low_c, high_c = np.minimum(dew, dry), np.array(dry)
    vapour_hpa = _saturation_hpa(low_c)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low_c + high_c)
        constant = _PSYCHROMETER * (1.0 + _PSYCHROMETER_SLOPE * middle)
        above = _saturation_hpa(middle) - constant * pressure * (dry - middle) > vapour_hpa
        low_c, high_c = np.where(above, low_c, middle), np.where(above, middle, high_c)
    return np.asarray(0.5 * (low_c + high_c))


def dew_point_c(dry_bulb_c: ArrayLike, humidity_frac: ArrayLike) -> FloatArray:
    """Return the dew point [deg C] of air at a relative humidity, the inverse of e = h e_s(t).

    Parameters
    ----------
    dry_bulb_c : array_like
        Air temperature [deg C], shape (hour,).
    humidity_frac : array_like
        Relative humidity over water, more than 0 and at most 1, shape (hour,) or one number.

    Examples
    --------
    >>> dew_point_c([30.0], 0.5).round(2)
    array([18.45])
    """
    dry = as_finite(dry_bulb_c, "dry_bulb_c")
    humidity = as_finite(humidity_frac, "humidity_frac")
    require(
        bool(((humidity > 0.0) & (humidity <= 1.0)).all()),
        "humidity_frac",
        given=f"{humidity.min():g} to {humidity.max():g}",
        allowed="more than 0 and at most 1",
        cure="Divide per cent by 100.",
    )
    exponent = np.log(humidity) + 17.625 * dry / (243.04 + dry)
    return np.asarray(243.04 * exponent / (17.625 - exponent))


def _saturation_hpa(temperature_c: FloatArray) -> FloatArray:
    """Return the saturation vapour pressure over water [hPa] (Alduchov and Eskridge, eq. 21)."""
    return np.asarray(6.1094 * np.exp(17.625 * temperature_c / (243.04 + temperature_c)))
