"""From a reserves file to a population, a market and price paths; all problems at once."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.streams import Streams
from rerack.network.reserves import CashCall, CoinMarket, Miner
from rerack.network.reserves.classes import split_miner
from rerack.network.reserves.paths import interpolated_usd, wandering_usd
from rerack.scenario.build.placed import Placed
from rerack.scenario.errors import Index
from rerack.scenario.inputs import section_rows
from rerack.scenario.kinds import RESERVES
from rerack.scenario.layers import overrides_of
from rerack.scenario.model import InputRow
from rerack.scenario.problems import Finding, raise_all
from rerack.scenario.reading import read_file
from rerack.scenario.reserves.schema import MinerSection, ReservesFile

_BLOCKS_PER_DAY = 144.0


@dataclass(frozen=True, kw_only=True)
class ReserveStudy:
    """A reserves file, read.

    Parameters
    ----------
    name : str
        Name of the study.
    path : Path
        The file.
    labels : tuple of str
        First day of each step; `YYYY-MM` where steps are months.
    days : array, shape (step,)
        Length of each step [day].
    price_usd : array, shape (scenario, step)
        Price without the population's sales [USD/BTC].
    btc_per_ph_day : float
        Income of 1 PH/s [BTC/day].
    market : CoinMarket
        Depth.
    miners : tuple of Miner
        The population, classes split.
    classes : tuple of str
        For each miner, the name in the file.
    inputs : tuple of InputRow
        Every number of the file, with source and status.
    """

    name: str
    path: Path
    labels: tuple[str, ...]
    days: FloatArray
    price_usd: FloatArray
    btc_per_ph_day: float
    market: CoinMarket
    miners: tuple[Miner, ...]
    classes: tuple[str, ...]
    inputs: tuple[InputRow, ...]


def load_reserves(path: str | Path, *, overrides: Iterable[str] = ()) -> ReserveStudy:
    """Read a reserves file.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : iterable of str
        Values set from outside, each ``path.to.key=value``.

    Returns
    -------
    ReserveStudy
        Population, market, price paths.

    Raises
    ------
    ScenarioError
        Every problem found, in file order, each with line, column, YAML path and caret: unknown
        keys and units, a loan without collateral, a price path that begins late, a payment after
        the end.

    Examples
    --------
    >>> load_reserves("examples/network/reserves-rundown.yaml").name  # doctest: +SKIP
    'Run-down of November 2025'
    """
    read = read_file(path, ReservesFile, overrides_of(overrides), kind=RESERVES)
    file, index = read.file, read.index
    starts, days = _steps(file)
    raise_all(_contradictions(file, index, starts[0], float(days.sum())))
    placed = Placed(index)
    miners: list[Miner] = []
    classes: list[str] = []
    for name, section in file.miners.items():
        with placed.at("miners", name):
            parts = _miners(name, section, starts[0])
            miners.extend(parts)
            classes.extend([name] * len(parts))
    raise_all(placed.findings)
    return ReserveStudy(
        name=file.study.name,
        path=Path(path),
        labels=_labels(file, starts),
        days=days,
        price_usd=_prices(file, starts, days),
        btc_per_ph_day=_BLOCKS_PER_DAY * file.chain.reward / (1e3 * file.chain.hashrate),
        market=CoinMarket(
            volume_btc_per_day=file.depth.volume,
            volatility_frac=file.depth.volatility,
            coefficient_frac=file.depth.coefficient,
            exponent_frac=file.depth.exponent,
            half_life_days=file.depth.half_life,
        ),
        miners=tuple(miners),
        classes=tuple(classes),
        inputs=section_rows(file, index, read.provenance),
    )


def _steps(file: ReservesFile) -> tuple[list[datetime.date], FloatArray]:
    """Return the first day of each step, and its length [day]."""
    start, count = _day(file.study.start), file.study.steps
    if file.study.by == "day":
        starts = [start + datetime.timedelta(days=i) for i in range(count)]
        return starts, np.ones(count)
    starts, lengths, day = [], [], start
    for _ in range(count):
        month_days = calendar.monthrange(day.year, day.month)[1]
        starts.append(day)
        lengths.append(float(month_days - day.day + 1))
        day += datetime.timedelta(days=int(lengths[-1]))
    return starts, np.array(lengths)


def _labels(file: ReservesFile, starts: list[datetime.date]) -> tuple[str, ...]:
    form = "%Y-%m-%d" if file.study.by == "day" else "%Y-%m"
    return tuple(day.strftime(form) for day in starts)


def _prices(file: ReservesFile, starts: list[datetime.date], days: FloatArray) -> FloatArray:
    """Return price paths at the end of each step."""
    known = sorted(file.price.items())
    ends = np.array([d.toordinal() for d in starts]) + days - 1.0
    path = interpolated_usd([_day(d).toordinal() for d, _ in known], [p for _, p in known], ends)
    return wandering_usd(
        path,
        days,
        volatility_frac=file.depth.volatility,
        scenarios=file.study.scenarios,
        streams=Streams(file.study.seed),
    )


def _miners(name: str, section: MinerSection, start: datetime.date) -> tuple[Miner, ...]:
    loan, debt = section.loan, section.debt
    terms = {}
    if loan is not None:
        terms = {
            "pledged_btc": loan.collateral,
            "coin_loan_usd": loan.amount,
            "call_ltv_frac": loan.call_at,
            "cure_ltv_frac": loan.cure_to,
            "coin_loan_frac_per_year": loan.interest,
        }
    if debt is not None:
        terms |= {
            "debt_usd": debt.amount,
            "debt_frac_per_year": debt.interest,
            "repay_usd_per_month": debt.repay,
        }
    miner = Miner(
        name=name,
        hashrate_eh_s=section.hashrate,
        efficiency_j_per_th=section.efficiency,
        power_usd_per_mwh=section.power,
        opex_usd_per_month=section.opex,
        reserve_btc=section.coins,
        cash_usd=section.cash,
        cash_floor_usd=section.keep_cash,
        policy=section.policy,
        sell_frac=section.share,
        covenant_frac=section.covenant or 0.0,
        calls=tuple(
            CashCall(day=(_day(p.due) - start).days, amount_usd=p.amount)
            for p in section.payments.values()
        ),
        **terms,
    )
    if section.split is None:
        return (miner,)
    return split_miner(miner, section.split.parts, loan_spread_frac=section.split.loans)


def _contradictions(
    file: ReservesFile, index: Index, start: datetime.date, days: float
) -> Iterator[Finding]:
    first = min(file.price)
    if _day(first) > start:
        yield index.finding(
            ("price", first),
            f"a first price on {first}",
            f"one on or before the first day, {start}",
            "A path cannot begin late: give the price of the first day.",
        )
    end = start + datetime.timedelta(days=days)
    for name, miner in file.miners.items():
        for what, payment in miner.payments.items():
            if not start <= _day(payment.due) < end:
                yield index.finding(
                    ("miners", name, "payments", what, "due"),
                    payment.due,
                    f"a day from {start} to {end - datetime.timedelta(days=1)}",
                    "Move the payment, or lengthen the study.",
                )
        yield from _loan_findings(index, name, miner)
        if miner.policy == "sell share" and miner.share == 0.0:
            yield index.finding(
                ("miners", name, "policy"),
                "'sell share' without a share",
                "a share of what is mined",
                "Add `share: 90 %`, or choose `hold`.",
            )


def _loan_findings(index: Index, name: str, miner: MinerSection) -> Iterator[Finding]:
    loan = miner.loan
    if loan is None:
        return
    where = ("miners", name, "loan")
    if loan.cure_to > loan.call_at:
        yield index.finding(
            (*where, "cure_to"),
            f"{100.0 * loan.cure_to:g} %, above call_at",
            f"at most call_at, {100.0 * loan.call_at:g} %",
            "A call restores a loan-to-value below the one that caused it.",
        )
    if loan.amount > 0.0 and loan.collateral == 0.0:
        yield index.finding(
            (*where, "collateral"),
            "no collateral",
            "coins above 0 where there is a loan against them",
            "Give the collateral, or write the loan as `debt`.",
        )


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
