"""Mining by month from chain facts: price, difficulty, subsidy, fees, fleet, power price."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require
from rerack.base.errors import InputError
from rerack.chain import hashprice_usd_per_ph_day
from rerack.markets import network_history
from rerack.markets.history import SOURCE

#: Fees assumed where nobody published them and a price file is given [BTC per block].
ASSUMED_FEES_BTC: Final = 0.02
_CURE: Final = "Mend the file; an empty price is an unknown one."
_HASHES_PER_DIFFICULTY: Final = 2.0**32
_HASHES_PER_PH_DAY: Final = 1e15 * 86_400.0
_COLUMNS: Final = (
    "price_usd",
    "difficulty",
    "subsidy_btc",
    "fees_btc_per_block",
    "hashrate_eh_s",
    "efficiency_j_per_th",
    "power_usd_per_mwh",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class MiningHistory:
    """What decides the network's mining margin, by month; read-only arrays of shape (month,).

    Parameters
    ----------
    labels : tuple of str
        Months such as ``2017-01``, rising; a month of unknown price is left out.
    price_usd : array
        Mean price [USD/BTC].
    difficulty : array
        Difficulty that pays what the month paid: harmonic mean over time.
    subsidy_btc, fees_btc_per_block : array
        Mean subsidy and fees [BTC per block].
    hashrate_eh_s : array
        Mean hashrate estimated from block counts [EH/s].
    efficiency_j_per_th : array
        Mean efficiency of the fleet [J/TH].
    power_usd_per_mwh : array
        What the mean miner pays for electricity [USD/MWh].
    status : tuple of str
        Standing of the month's price and fees: derived, verified, yours, or assumed.
    """

    labels: tuple[str, ...]
    price_usd: FloatArray
    difficulty: FloatArray
    subsidy_btc: FloatArray
    fees_btc_per_block: FloatArray
    hashrate_eh_s: FloatArray
    efficiency_j_per_th: FloatArray
    power_usd_per_mwh: FloatArray
    status: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in _COLUMNS:
            object.__setattr__(
                self, name, frozen_array(as_finite(getattr(self, name), f"history.{name}"))
            )
        require(
            list(self.labels) == sorted(set(self.labels)),
            "history.labels",
            given="months out of order or twice",
            allowed="rising months",
        )

    @property
    def hashprice_usd_per_ph_day(self) -> FloatArray:
        """Hashprice [USD/PH/day], shape (month,)."""
        return hashprice_usd_per_ph_day(
            self.price_usd, self.difficulty, self.subsidy_btc, self.fees_btc_per_block
        )

    def index_of(self, month: str) -> int:
        """Return the position of a month.

        Raises
        ------
        InputError
            A month that the history does not hold.
        """
        if month not in self.labels:
            last = self.labels[-1]
            raise InputError.of(
                "month",
                given=repr(month),
                allowed=f"a month of the history, {self.labels[0]} to {last}",
                cure="After June 2025 only months with a published price are known; give a file "
                "of prices for the others.",
            )
        return self.labels.index(month)


def mining_history(prices: Path | None = None) -> MiningHistory:
    """Return the built-in history, with months of a price file added or replaced.

    Parameters
    ----------
    prices : Path or None
        CSV file with columns ``date`` (or ``month``) and ``price_usd``, and ``fees_btc_per_block``
        if you know it; daily rows are averaged. Months within 2017-01 to 2026-03.

    Returns
    -------
    MiningHistory
        2017-01 to 2025-06 from the packaged monthly means; later months where a price is known.

    Raises
    ------
    InputError
        A file that cannot be read, or a price that is not above 0.

    Notes
    -----
    To June 2025 difficulty is what hashprice implies, ``D = P (s + f) 86400e15 / (h 2^32)``: the
    packaged figures have four digits. Later it comes from block headers. Fees of months that you
    price and nobody published are taken as 0.02 BTC per block, status ``assumed``.

    Examples
    --------
    >>> history = mining_history()
    >>> history.labels[0], history.labels[-1], history.status[-1]
    ('2017-01', '2025-11', 'verified')
    >>> round(float(history.hashprice_usd_per_ph_day[-1]), 1)
    39.8
    """
    rows = {**_early(), **_late()}
    if prices is not None:
        for month, given in read_prices(prices).items():
            rows[month] = _priced(month, given, rows, prices)
    months = [m for m in sorted(rows) if not np.isnan(rows[m][0])]
    columns = np.array([rows[m][:5] for m in months]).T
    at = np.array([_month_number(m) for m in months], dtype=np.float64)
    return MiningHistory(
        labels=tuple(months),
        price_usd=columns[0],
        difficulty=columns[1],
        subsidy_btc=columns[2],
        fees_btc_per_block=columns[3],
        hashrate_eh_s=columns[4],
        efficiency_j_per_th=_path("efficiency_j_per_th", at),
        power_usd_per_mwh=_path("power_usd_per_mwh", at),
        status=tuple(rows[m][5] for m in months),
    )


#: price, difficulty, subsidy, fees, hashrate, status
_Month = tuple[float, float, float, float, float, str]


def _priced(
    month: str, given: tuple[float, float | None], rows: dict[str, _Month], file: Path
) -> _Month:
    """Return a month with the user's price, and with his fees, the known ones or the assumed."""
    if month not in rows:
        raise InputError.of(
            f"{file}, {month}",
            given="a month without chain facts",
            allowed=f"{min(rows)} to {max(rows)}",
            cure="Leave the other months out of the file.",
        )
    price_usd, fees_btc = given
    _, difficulty, subsidy, known, hashrate, _ = rows[month]
    fees = known if fees_btc is None else fees_btc
    status = "yours"
    if np.isnan(fees):
        fees, status = ASSUMED_FEES_BTC, "assumed fees"
    return price_usd, difficulty, subsidy, fees, hashrate, status


@cache
def _early() -> dict[str, _Month]:
    found = network_history()
    reward = found.fees_btc_per_block / found.fee_share_frac
    rows: dict[str, _Month] = {}
    for i, month in enumerate(found.labels):
        fees = float(found.fees_btc_per_block[i])
        subsidy = _subsidy_btc(month, float(reward[i]) - fees)
        revenue = float(found.price_usd[i]) * (subsidy + fees)
        paid = float(found.hashprice_usd_per_ph_day[i])
        difficulty = revenue * _HASHES_PER_PH_DAY / (paid * _HASHES_PER_DIFFICULTY)
        hashrate = float(found.hashrate_eh_s[i])
        rows[month] = (float(found.price_usd[i]), difficulty, subsidy, fees, hashrate, "derived")
    return rows


def _subsidy_btc(month: str, mixed_btc: float) -> float:
    """Return the subsidy of a month: exact but in the two months in which it halved."""
    if month in ("2020-05", "2024-04"):
        return mixed_btc
    return 12.5 if month < "2020-05" else 6.25 if month < "2024-04" else 3.125


@cache
def _late() -> dict[str, _Month]:
    rows: dict[str, _Month] = {}
    for row in read_rows("chain_monthly_from_2025_07.csv"):
        rows[row["month"]] = (
            _number(row["price_usd"]),
            float(row["difficulty_mean"]),
            float(row["subsidy_btc"]),
            _number(row["fees_btc_per_block"]),
            float(row["hashrate_eh_s"]),
            row["price_status"] or "unknown",
        )
    return rows


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file of `rerack.network`, comments left out.

    Parameters
    ----------
    name : str
        File in ``rerack/network/data``.
    """
    text = files("rerack.network").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def _path(column: str, at: FloatArray) -> FloatArray:
    """Return a column of the fleet's history, interpolated in logarithms, shape (month,)."""
    rows = [r for r in read_rows("fleet_history.csv") if r[column]]
    known = np.array([_month_number(r["date"]) for r in rows], dtype=np.float64)
    values = np.log([float(r[column]) for r in rows])
    path: FloatArray = np.exp(np.interp(at, known, values))
    return path


def read_prices(path: Path) -> dict[str, tuple[float, float | None]]:
    """Return month -> mean price [USD/BTC] and fees [BTC per block] (None where not given).

    Parameters
    ----------
    path : Path
        As in `mining_history`.
    """
    allowed = "a CSV file with columns date (or month) and price_usd"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.of(
            str(path), given=reason_of(error), allowed=allowed, cure=_CURE
        ) from None
    day = next((c for c in ("month", "date") if rows and c in rows[0]), None)
    if day is None or "price_usd" not in rows[0]:
        raise InputError.of(
            str(path), given=", ".join(rows[0]) if rows else "no rows", allowed=allowed, cure=_CURE
        )
    found: dict[str, list[tuple[float, float]]] = {}
    for line, row in enumerate(rows, start=2):
        if not row["price_usd"]:
            continue  # an empty cell is an unknown price
        where = f"{path}, row {line}"
        price = _given(row["price_usd"], where, "price_usd", least=1e-9)
        text = row.get("fees_btc_per_block") or ""
        fees = _given(text, where, "fees_btc_per_block", least=0.0) if text else float("nan")
        found.setdefault((row[day] or "")[:7], []).append((price, fees))
    means = {month: np.mean(values, axis=0) for month, values in found.items()}
    return {m: (float(v[0]), None if np.isnan(v[1]) else float(v[1])) for m, v in means.items()}


def reason_of(error: OSError | UnicodeDecodeError) -> str:
    """Return why a file could not be read, in words.

    Parameters
    ----------
    error : OSError or UnicodeDecodeError
        What reading it raised.
    """
    if isinstance(error, UnicodeDecodeError):
        return "a file that is not text"
    return (error.strerror or str(error)).lower()


def _given(text: str, where: str, name: str, *, least: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not (np.isfinite(value) and value >= least):
        raise InputError.of(
            f"{where}, {name}", given=repr(text), allowed="a number above 0", cure=_CURE
        )
    return value


def _number(text: str) -> float:
    return float(text) if text else float("nan")


def _month_number(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:7]) - 1


#: What the figures rest on, for every table that shows them.
SOURCES: Final = (
    f"{SOURCE}; from 2025-07 block headers, price and fees where a monthly mean was published "
    "(Luxor); fleet: Cambridge index, Coin Metrics, CCAF"
)
