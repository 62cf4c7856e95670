"""Numbers as people read them: three significant figures, units, true minus signs."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from fractions import Fraction
from functools import cache

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.base.units import KINDS

MINUS = "−"
_MINUTES_A_YEAR = 365.0 * 24.0 * 60.0
_HALF_A_CENT_USD = 0.005
_MOST_DECIMALS = 12
_HASH_PREFIXES = (("ZH/s", 1e3), ("EH/s", 1.0), ("PH/s", 1e-3), ("TH/s", 1e-6))


def number(value: float, digits: int = 3) -> str:
    """Write `value` with `digits` significant figures, thousands separated, no exponent.

    Whole digits are never rounded away: 46,317 stays 46,317.

    Examples
    --------
    >>> number(35.06), number(1460.4), number(-0.1691), number(0.0), number(9.999)
    ('35.1', '1,460', '−0.169', '0', '10.0')
    """
    if not math.isfinite(value):
        return "none" if math.isnan(value) else ("∞" if value > 0 else f"{MINUS}∞")
    return fixed(value, decimals(value, digits))


def numbers(values: FloatArray, digits: int = 3) -> list[str]:
    """Write each of a column of values as `number` does, decimals looked up for all at once.

    Examples
    --------
    >>> numbers(np.array([35.06, 1460.4, 0.0])), numbers(np.array([-0.1691, np.nan]))
    (['35.1', '1,460', '0'], ['−0.169', 'none'])
    """
    if not ((values >= 0.0) & (values < np.inf)).all():
        return [number(value, digits) for value in values.tolist()]
    places = _MOST_DECIMALS - np.searchsorted(_fewer_decimals(digits), values, side="right")
    places[values == 0.0] = 0
    pairs = zip(np.abs(values).tolist(), places.tolist(), strict=True)
    return [f"{value:,.{count}f}" for value, count in pairs]


def rounded(value: float, digits: int = 3) -> str:
    """Write `value` with `digits` significant figures, whole digits rounded too.

    Examples
    --------
    >>> rounded(46317.0), rounded(35.06)
    ('46,300', '35.1')
    """
    return number(float(f"{value:.{digits - 1}e}"), digits)


def fixed(value: float, places: int) -> str:
    """Write `value` with that many decimals, thousands separated and a true minus sign.

    Examples
    --------
    >>> fixed(-1234.5, 2), fixed(-0.001, 2)
    ('−1,234.50', '0.00')
    """
    text = f"{abs(value):,.{places}f}"
    # What is rounded to nothing has no sign.
    negative = value < 0 and text.strip("0.") != ""
    return f"{MINUS}{text}" if negative else text


def decimals(value: float, digits: int = 3) -> int:
    """Return how many decimals show `digits` significant figures of `value`, 0 to 12.

    Figures are counted after rounding, so that 9.999 becomes 10.0 and not 10.00.

    Examples
    --------
    >>> decimals(9.994), decimals(9.996), decimals(99.96), decimals(1e-20), decimals(0.0)
    (2, 1, 0, 12, 0)
    """
    if value == 0:
        return 0
    return _MOST_DECIMALS - bisect_right(_fewer_decimals(digits), abs(value))


@cache
def _fewer_decimals(digits: int) -> tuple[float, ...]:
    """Return the least values that need fewer than 12, 11, ... and 1 decimals, rising.

    With p decimals, `digits` figures end where rounding leads to 10^(digits - p): half a unit of
    the last figure below that, where a tie rounds up, for nines are odd.
    """
    least = []
    for places in range(_MOST_DECIMALS, 0, -1):
        power = Fraction(10) ** (digits - places)
        start = power - power / 10**digits / 2
        value = float(start)
        least.append(value if Fraction(value) >= start else math.nextafter(value, math.inf))
    return tuple(least)


def quantity(value: float, kind: str, basis: str = "") -> str:
    """Write `value` with the unit of its registered kind.

    Parameters
    ----------
    value : float
        Number in the unit of `kind`.
    kind : str
        A key of `rerack.base.units.KINDS`.
    basis : str
        ``utility``, ``gross`` or ``critical``; required where the kind is a power or is per power.

    Examples
    --------
    >>> quantity(35.06, "usd_per_ph_day"), quantity(600, "mw", "utility")
    ('35.1 USD/PH/day', '600 MW utility')
    >>> quantity(1.46e6, "usd_per_mw_year", "critical"), quantity(17.5, "j_per_th")
    ('1.46 MUSD/MW-year (critical)', '17.5 J/TH')
    """
    unit = KINDS[kind]
    require(
        (basis in unit.basis) if unit.basis else basis == "",
        f"quantity of {kind}",
        given=f"basis {basis!r}",
        allowed=" or ".join(unit.basis) or "no basis",
    )
    if kind == "frac":
        return share(value)
    suffix = "" if not basis else (f" {basis}" if kind == "mw" else f" ({basis})")
    if unit.unit.startswith("USD/MW-") or unit.unit == "USD/MW":
        return f"{number(value / 1e6)} M{unit.unit}{suffix}"
    return f"{number(value)} {unit.unit}{suffix}"


def money(value_usd: float, *, plus: bool = False) -> str:
    """Write a sum in bn USD, MUSD or USD; less than half a cent is rounding, so nothing.

    Examples
    --------
    >>> money(1.904e9), money(-2.5e8), money(46317.0), money(1.9e9, plus=True), money(4e-8)
    ('1.90 bn USD', '−250 MUSD', '46,317 USD', '+1.90 bn USD', '0 USD')
    """
    value_usd = _rounding_out(value_usd)
    factor, unit = money_unit(value_usd)
    sign = "+" if plus and value_usd > 0 else ""
    return f"{sign}{number(value_usd / factor)} {unit}"


def is_rounding(value_usd: float) -> bool:
    """Return whether a sum is nothing but rounding: less than half a cent.

    Examples
    --------
    >>> is_rounding(4e-8), is_rounding(-0.01), is_rounding(float("nan"))
    (True, False, False)
    """
    return abs(value_usd) < _HALF_A_CENT_USD


def _rounding_out(value_usd: float) -> float:
    return 0.0 if is_rounding(value_usd) else value_usd


def money_unit(largest_usd: float) -> tuple[float, str]:
    """Return (divisor, name) of the money unit that suits a largest amount.

    Examples
    --------
    >>> money_unit(3e9), money_unit(-4e6), money_unit(12.0)
    ((1000000000.0, 'bn USD'), (1000000.0, 'MUSD'), (1.0, 'USD'))
    """
    size = abs(largest_usd)
    if size >= 0.9995e9:
        return 1e9, "bn USD"
    return (1e6, "MUSD") if size >= 0.9995e6 else (1.0, "USD")


def money_with_error(value_usd: float, error_usd: float) -> str:
    """Write a sum and its standard error in one unit, with the error's first digit shown.

    An error of NaN, that of a single scenario, is left out.

    Examples
    --------
    >>> money_with_error(1.904e9, 0.101e9), money_with_error(-2e7, 3.1e8)
    ('+1.90 ± 0.10 bn USD', '−20 ± 310 MUSD')
    >>> money_with_error(1.2e-7, 8e-8)
    '0 ± 0 USD'
    """
    if math.isnan(error_usd):
        return money(value_usd, plus=True)
    value_usd, error_usd = _rounding_out(value_usd), _rounding_out(error_usd)
    factor, unit = money_unit(max(abs(value_usd), error_usd))
    value, error = value_usd / factor, error_usd / factor
    places = max(decimals(max(abs(value), error)), decimals(error, 1))
    sign = "+" if value > 0 else ""
    return f"{sign}{fixed(value, places)} ± {fixed(error, places)} {unit}"


def statement(value: float, places: int = 1) -> str:
    """Write an entry of a statement: negative in parentheses, an en dash for nothing.

    Examples
    --------
    >>> statement(-1234.56), statement(98.02), statement(0.0)
    ('(1,234.6)', '98.0', '–')
    """
    text = f"{abs(value):,.{places}f}"
    if text.strip("0.") == "":
        return "–"
    return f"({text})" if value < 0 else text


def share(value_frac: float) -> str:
    """Write a fraction in per cent; what is not zero or whole is not rounded to it.

    Examples
    --------
    >>> share(0.0712), share(0.71), share(1.0), share(0.0), share(1e-5), share(0.99999)
    ('7.1 %', '71 %', '100 %', '0 %', '< 0.1 %', '> 99.9 %')
    """
    if math.isnan(value_frac):
        return "none"
    if 0 < value_frac < 5e-4:
        return "< 0.1 %"
    if 0.9995 <= value_frac < 1:
        return "> 99.9 %"
    per_cent = value_frac * 100.0
    near_whole = abs(per_cent) >= 9.95 and not 99.5 <= per_cent < 100.0
    return f"{fixed(per_cent, 0 if near_whole or per_cent == 0 else 1)} %"


def rate(value_frac: float) -> str:
    """Write a yearly rate with one decimal; NaN is ``none``.

    Examples
    --------
    >>> rate(0.237), rate(float("nan"))
    ('23.7 %', 'none')
    """
    return "none" if math.isnan(value_frac) else f"{fixed(value_frac * 100.0, 1)} %"


def availability(value_frac: float) -> str:
    """Write an availability with the minutes a year that it leaves out.

    Examples
    --------
    >>> availability(0.99999)
    '99.999 % (5.3 min/year)'
    """
    per_cent = np.format_float_positional(value_frac * 100.0, precision=7, trim="-")
    out_min = (1.0 - value_frac) * _MINUTES_A_YEAR
    return f"{per_cent} % ({number(out_min, 2)} min/year)"


def span(months: float) -> str:
    """Write a number of months; NaN or infinity is ``never``.

    Examples
    --------
    >>> span(50), span(240), span(7), span(1), span(float("nan"))
    ('4.2 years', '20 years', '7 months', '1 month', 'never')
    """
    if not math.isfinite(months):
        return "never"
    if months >= 12:
        years = f"{months / 12.0:.1f}".removesuffix(".0")
        return "1 year" if years == "1" else f"{years} years"
    whole = round(months)
    return "1 month" if whole == 1 else f"{whole} months"


def cover(dscr: float) -> str:
    """Write a debt service cover ratio; infinity is ``no debt``.

    Examples
    --------
    >>> cover(1.234), cover(float("inf"))
    ('1.23', 'no debt')
    """
    return "no debt" if dscr == math.inf else fixed(dscr, 2)


def per_kwh(value_usd_per_kwh: float) -> str:
    """Write an amount a kilowatt-hour to a tenth of a cent, so that amounts compare.

    Examples
    --------
    >>> per_kwh(0.0841), per_kwh(-0.5)
    ('0.084', '−0.500')
    """
    return fixed(value_usd_per_kwh, 3)


def hashrate(value_eh_s: float) -> str:
    """Write a hashrate with the prefix that suits it.

    Examples
    --------
    >>> hashrate(1090.0), hashrate(31.4), hashrate(0.000149)
    ('1.09 ZH/s', '31.4 EH/s', '149 TH/s')
    """
    for unit, scale_eh_s in _HASH_PREFIXES:
        if abs(value_eh_s) >= 0.9995 * scale_eh_s:
            return f"{number(value_eh_s / scale_eh_s)} {unit}"
    return f"{number(value_eh_s / _HASH_PREFIXES[-1][1])} {_HASH_PREFIXES[-1][0]}"


def heading(column: str) -> str:
    """Write a column's name as a heading: words, then the unit that the name ends in.

    Examples
    --------
    >>> heading("hashprice_usd_per_ph_day"), heading("margin_frac"), heading("as_of")
    ('hashprice, USD/PH/day', 'margin', 'as of')
    """
    kinds = sorted((k for k in KINDS if column.endswith(f"_{k}")), key=len)
    if not kinds:
        return column.replace("_", " ")
    words = column.removesuffix(f"_{kinds[-1]}").replace("_", " ")
    return words if kinds[-1] == "frac" else f"{words}, {KINDS[kinds[-1]].unit}"


def catalogued(value: float, kind: str) -> tuple[str, str]:
    """Write a figure of the catalogue and its unit as people do; a count's unit is a word.

    Examples
    --------
    >>> catalogued(0.358, "frac"), catalogued(85_000.0, "usd_per_btc"), catalogued(7.0, "gpu_count")
    (('35.8', '%'), ('85,000', 'USD/BTC'), ('7.00', 'gpu count'))
    """
    if kind not in KINDS:
        return number(value), kind.replace("_", " ")
    unit = KINDS[kind].unit
    # Fractions are kept as such and written in per cent.
    return number(100.0 * value if unit.startswith("%") else value), unit


def cents(price_usd_per_mwh: float) -> str:
    """Write a power price in cents a kilowatt-hour.

    Examples
    --------
    >>> cents(42.0)
    '4.2 c/kWh'
    """
    return f"{fixed(price_usd_per_mwh / 10.0, 1)} c/kWh"


def quarter(month: str) -> str:
    """Write a month label as its quarter.

    Examples
    --------
    >>> quarter("2026-07")
    '2026 Q3'
    """
    year, month_of_year = month.split("-")[:2]
    return f"{year} Q{(int(month_of_year) + 2) // 3}"


def printable(text: object) -> str:
    r"""Replace control characters, so that no name can steer a terminal or break a line.

    Examples
    --------
    >>> printable("hall\x1b[31m A")
    'hall�[31m A'
    """
    plain = str(text)
    # Almost every text is printable throughout, which is quickly seen.
    if plain.isprintable():
        return plain
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cf") else c for c in plain)
