"""Quantities with units, read once at the edge; inside rerack a number's name carries its unit.

A *kind* is the unit suffix that names carry (``mw``, ``usd_per_mwh``, ``j_per_th`` ...). Text is
parsed by unit algebra over seven base dimensions, so every spelling of the same dimension is
accepted: ``4.2 c/kWh`` and ``42 USD/MWh`` are one number, ``1.46 MUSD/MW-year`` and
``121.7 USD/kW-month`` too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rerack.base.errors import InputError

#: Exponents of (energy, time, money, hash, coin, gpu, block).
Dimension = tuple[int, int, int, int, int, int, int]

_NONE: Dimension = (0, 0, 0, 0, 0, 0, 0)
_AXES = {"energy": 0, "time": 1, "money": 2, "hash": 3, "coin": 4, "gpu": 5, "block": 6}

#: A month is a twelfth of a year and a year 8,760 hours wherever a rate is converted; calendar
#: months keep their own hours in the time grid.
_HOUR_S = 3600.0
_YEAR_S = 8760.0 * _HOUR_S
_MONTH_S = _YEAR_S / 12.0


def _dim(**exponents: int) -> Dimension:
    out = [0] * 7
    for axis, power in exponents.items():
        out[_AXES[axis]] = power
    return (out[0], out[1], out[2], out[3], out[4], out[5], out[6])


_ENERGY, _TIME, _MONEY = _dim(energy=1), _dim(time=1), _dim(money=1)
_POWER, _HASH, _COIN = _dim(energy=1, time=-1), _dim(hash=1), _dim(coin=1)

_PREFIX = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "Z": 1e21}

_UNITS: dict[str, tuple[float, Dimension]] = {
    "%": (0.01, _NONE),
    "s": (1.0, _TIME),
    "min": (60.0, _TIME),
    "minute": (60.0, _TIME),
    "h": (_HOUR_S, _TIME),
    "hour": (_HOUR_S, _TIME),
    "day": (86_400.0, _TIME),
    "week": (604_800.0, _TIME),
    "month": (_MONTH_S, _TIME),
    "quarter": (3 * _MONTH_S, _TIME),
    "year": (_YEAR_S, _TIME),
    "yr": (_YEAR_S, _TIME),
    "c": (0.01, _MONEY),
    "cent": (0.01, _MONEY),
    "USD": (1.0, _MONEY),
    "kUSD": (1e3, _MONEY),
    "MUSD": (1e6, _MONEY),
    "bnUSD": (1e9, _MONEY),
    "BTC": (1.0, _COIN),
    "sat": (1e-8, _COIN),
    "GPU": (1.0, _dim(gpu=1)),
    "block": (1.0, _dim(block=1)),
}
for _p, _f in _PREFIX.items():
    _UNITS[f"{_p}W"] = (_f, _POWER)
    _UNITS[f"{_p}Wh"] = (_f * _HOUR_S, _ENERGY)
    _UNITS[f"{_p}J"] = (_f, _ENERGY)
    _UNITS[f"{_p}H"] = (_f, _HASH)
for _name in ("minute", "hour", "day", "week", "month", "quarter", "year", "GPU", "block", "cent"):
    _UNITS[f"{_name}s"] = _UNITS[_name]
#: Currencies that people write and rerack does not convert: refused by name, never guessed.
_FOREIGN = {"EUR", "GBP", "CAD", "SEK", "JPY", "CNY", "€", "£"}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A physical quantity that a name suffix stands for.

    Parameters
    ----------
    suffix : str
        Name suffix, the registered unit.
    unit : str
        The unit as people write it, used in messages and schemas.
    scale : float
        Factor from SI-like base (J, s, USD, hash, BTC, GPU) to the suffix's unit.
    dimension : Dimension
        Exponents that a text must have.
    hash_is_rate : bool
        Whether ``PH`` means PH/s, as people write hashprice and rig prices.
    example : str
        A valid text.
    basis : tuple of str
        Words that may follow a power, of which MW must carry one where not empty.
    """

    suffix: str
    unit: str
    scale: float
    dimension: Dimension
    example: str
    hash_is_rate: bool = False
    basis: tuple[str, ...] = ()


def _kind(
    suffix: str, unit: str, example: str, *, hash_is_rate: bool = False, basis: tuple[str, ...] = ()
) -> Kind:
    scale, dimension = _unit_product(unit, hash_is_rate)
    return Kind(
        suffix=suffix,
        unit=unit,
        scale=scale,
        dimension=dimension,
        example=example,
        hash_is_rate=hash_is_rate,
        basis=basis,
    )


_TOKEN = re.compile(r"[A-Za-z%€£]+")
#: Digits before a point, for the patterns here and in schemas. A comma is read only where it groups
#: thousands: in ``4,2`` it would be a decimal point to its writer and nothing to a reader.
WHOLE_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d[\d_]*)"
_TEXT = re.compile(rf"^\s*([+-]?(?:{WHOLE_DIGITS}\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$")


def _unit_product(text: str, hash_is_rate: bool) -> tuple[float, Dimension]:
    """Return (factor, dimension) of a unit expression such as ``USD/kW-month``."""
    factor, exponents, sign = 1.0, [0] * 7, 1
    body = text.strip()
    if body.startswith("1/"):
        body = body[1:]
    position = 0
    while position < len(body):
        char = body[position]
        if char == "/":
            sign = -1
            position += 1
            continue
        if char in "-·* ":
            position += 1
            continue
        match = _TOKEN.match(body, position)
        if match is None:
            raise ValueError(f"cannot read {body[position:]!r}")
        unit_factor, unit_dimension = _unit(match.group(), hash_is_rate)
        factor *= unit_factor**sign
        exponents = [e + sign * d for e, d in zip(exponents, unit_dimension, strict=True)]
        position = match.end()
    if hash_is_rate and exponents[3] != 0 and "/s" in body:
        # Somebody wrote the rate in full: "USD/PH/s/day" carries one "/s" too many.
        exponents[1] += -exponents[3]
    e = exponents
    return factor, (e[0], e[1], e[2], e[3], e[4], e[5], e[6])


def _unit(token: str, hash_is_rate: bool) -> tuple[float, Dimension]:
    if token in _FOREIGN:
        raise ValueError(f"{token} is not converted; give US dollars")
    if token not in _UNITS:
        raise ValueError(f"unknown unit {token!r}")
    return _UNITS[token]


_BASIS = ("utility", "gross", "critical")
KINDS: dict[str, Kind] = {
    k.suffix: k
    for k in (
        _kind("mw", "MW", "100 MW utility", basis=_BASIS),
        _kind("w", "W", "3500 W"),
        _kind("kw", "kW", "2.6 kW"),
        _kind("mwh", "MWh", "400 MWh"),
        _kind("usd", "USD", "250 MUSD"),
        _kind("btc", "BTC", "3.125 BTC"),
        _kind("btc_per_block", "BTC/block", "0.02 BTC/block"),
        _kind("frac", "%", "9 %"),
        _kind("frac_per_year", "%/year", "9 %/year"),
        _kind("months", "month", "18 months"),
        _kind("years", "year", "20 years"),
        _kind("days", "day", "45 days"),
        _kind("hours", "h", "4 hours"),
        _kind("per_year", "1/year", "0.1 1/year"),
        _kind("per_hour", "1/h", "0.0012 1/h"),
        _kind("usd_per_mwh", "USD/MWh", "4.2 c/kWh"),
        _kind("usd_per_mw", "USD/MW", "9 MUSD/MW", basis=_BASIS),
        _kind("usd_per_kw_month", "USD/kW-month", "1.46 MUSD/MW-year", basis=_BASIS),
        _kind("usd_per_mw_year", "USD/MW-year", "1.46 MUSD/MW-year", basis=_BASIS),
        _kind("usd_per_year", "USD/year", "12 MUSD/year"),
        _kind("usd_per_month", "USD/month", "1 MUSD/month"),
        _kind("btc_per_day", "BTC/day", "150,000 BTC/day"),
        _kind("j_per_th", "J/TH", "17.5 J/TH"),
        _kind("th_s", "TH/s", "200 TH/s"),
        _kind("eh_s", "EH/s", "30 EH/s"),
        _kind("usd_per_ph_day", "USD/PH/day", "35 USD/PH/day", hash_is_rate=True),
        _kind("usd_per_th", "USD/TH", "16 USD/TH", hash_is_rate=True),
        _kind("usd_per_gpu_hour", "USD/GPU-hour", "2.4 USD/GPU-hour"),
        _kind("usd_per_gpu", "USD/GPU", "45 kUSD/GPU"),
        _kind("usd_per_btc", "USD/BTC", "85,000 USD/BTC"),
    )
}
# Fractions are plain numbers inside: "9 %" is 0.09, and a bare 0.09 is allowed too.
for _suffix in ("frac", "frac_per_year"):
    _k = KINDS[_suffix]
    _factor = 1.0 if _suffix == "frac" else 1.0 / _YEAR_S
    KINDS[_suffix] = Kind(
        suffix=_k.suffix, unit=_k.unit, scale=_factor, dimension=_k.dimension, example=_k.example
    )


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A parsed number in the unit of its kind, with the basis word that the text carried."""

    value: float
    kind: str
    basis: str | None = None


@cache
def parse_quantity(text: str, kind: str) -> Quantity:
    """Convert a text such as ``"4.2 c/kWh"`` to the unit that `kind` names.

    Parameters
    ----------
    text : str
        Number, then unit, then for MW the basis word ``utility``, ``gross`` or ``critical``.
    kind : str
        A key of `KINDS`.

    Returns
    -------
    Quantity
        Value in the unit of `kind`.

    Raises
    ------
    InputError
        Not a number with a unit, a foreign currency, an unknown unit, or the wrong dimension.

    Examples
    --------
    >>> parse_quantity("4.2 c/kWh", "usd_per_mwh").value
    42.0
    >>> round(parse_quantity("1.46 MUSD/MW-year", "usd_per_kw_month").value, 3)
    121.667
    >>> parse_quantity("600 MW critical", "mw")
    Quantity(value=600.0, kind='mw', basis='critical')
    """
    target = KINDS[kind]
    match = _TEXT.match(text)
    if match is None:
        raise _refuse(text, target, "that is not a number with a unit")
    number = float(match.group(1).replace(",", "").replace("_", ""))
    unit, basis = _split_basis(match.group(2), target)
    if unit.startswith(","):
        reason = "a comma only groups thousands, as in 85,000: write decimals with a point"
        raise _refuse(text, target, reason)
    if unit == "" and target.dimension == _NONE:
        return Quantity(value=number, kind=kind)
    if unit == "":
        raise _refuse(text, target, "the unit is missing")
    try:
        factor, dimension = _unit_product(unit, target.hash_is_rate)
    except ValueError as reason:
        raise _refuse(text, target, str(reason)) from None
    if dimension != target.dimension:
        raise _refuse(text, target, f"{unit} is another dimension")
    # Rounding to 15 digits keeps 4.2 c/kWh at 42.0, not 42.00000000000001.
    return Quantity(value=float(f"{number * factor / target.scale:.15g}"), kind=kind, basis=basis)


def _split_basis(unit: str, target: Kind) -> tuple[str, str | None]:
    words = unit.split()
    if words and words[-1] in target.basis:
        return " ".join(words[:-1]), words[-1]
    return unit, None


def _refuse(text: str, target: Kind, reason: str) -> InputError:
    return InputError.of(
        target.suffix,
        given=repr(text),
        allowed=f"a quantity in {target.unit} or convertible to it, such as {target.example!r}",
        cure=f"Correct the unit: {reason}.",
    )
