"""Miners step by step: they mine, pay, are called, sell; sales move the price that calls them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.errors import InputError
from rerack.network.reserves.books import Books, Rules, opening_books, rules_of
from rerack.network.reserves.clearing import greatest_sales, least_sales
from rerack.network.reserves.depth import CoinMarket
from rerack.network.reserves.miner import Miner
from rerack.network.reserves.orders import Orders, orders_at
from rerack.network.reserves.result import ReserveSimulation

_DAYS_PER_MONTH = 365.0 / 12.0
_DAYS_PER_YEAR = 365.0
#: Sales nearer to each other are one fixed point, found from two sides [BTC].
_ALIKE_BTC = 1e-3


class _Step(NamedTuple):
    """What a step brings before anybody sells: shapes (scenario, miner) and (scenario,)."""

    books: Books
    mined_btc: FloatArray
    bills_usd: FloatArray
    undisturbed_usd: FloatArray
    old_btc: FloatArray
    fresh_frac: float


def run_reserves(
    miners: Sequence[Miner],
    market: CoinMarket,
    *,
    price_usd: ArrayLike,
    btc_per_ph_day: ArrayLike,
    days: ArrayLike,
) -> ReserveSimulation:
    """Return what a population of miners sells along every scenario, and what that does.

    Parameters
    ----------
    miners : sequence of Miner
        The population, names distinct.
    market : CoinMarket
        Depth.
    price_usd : array_like, shape (scenario, step) or (step,)
        Price that a coin would have in each step without the population's sales [USD/BTC].
    btc_per_ph_day : array_like
        Income of 1 PH/s [BTC/day]; any shape that broadcasts with the price.
    days : array_like, shape (step,) or ()
        Length of each step [day]: 1 for days, the days of each month for months.

    Returns
    -------
    ReserveSimulation
        Sales by reason and miner, coins, debts, prices.

    Raises
    ------
    InputError
        No miner, two of one name, a price path that ends early or is not above 0.
    SolverError
        A step whose sales do not settle.

    Notes
    -----
    In each step: income and bills; then the number of coins sold q solves

        q = S(q),   S = what all miners sell if the price ends at p(Q + q)

    S does not fall with q, so it has a least and a greatest fixed point (Tarski). The least is
    taken (`least_sales`); the greatest is reported as `run_btc`. Fire sales with this structure:
    Cifuentes, Ferrucci & Shin 2005, doi:10.1162/jeea.2005.3.2-3.556. The market's other side is not
    modelled: it buys at the impact's price.

    Hashrate does not answer to the fall of the price in this function. Give the hashprice of a
    `NetworkSimulation` for one that has.

    Examples
    --------
    A holder of 600 BTC owes 30 MUSD against them; the price falls by a third.

    >>> miner = Miner(name="one", reserve_btc=0.0, pledged_btc=600.0, coin_loan_usd=30e6)
    >>> market = CoinMarket(volume_btc_per_day=150_000.0, volatility_frac=0.025)
    >>> found = run_reserves(
    ...     [miner], market, price_usd=[90e3, 60e3], btc_per_ph_day=0.0, days=1.0
    ... )
    >>> [round(float(x)) for x in found.total_sold_btc[0]]
    [0, 316]
    """
    path, income, lengths = _inputs(miners, price_usd, btc_per_ph_day, days)
    rules = rules_of(miners)
    scenarios, steps = path.shape
    books = opening_books(miners, scenarios)
    calls = _calls(miners, lengths)
    old = np.zeros(scenarios)
    record = _Record(miners, books, path, lengths)
    seen = path[:, 0]
    for t in range(steps):
        step = _begin(
            rules, books, market, calls[t], seen, path[:, t], income[:, t], lengths[t], old
        )
        orders, price, paid, sold, run, rounds = _clear(step, rules, market, t)
        books = record.close(t, step, orders, price, paid, run, rounds)
        old = step.old_btc + step.fresh_frac * sold
        seen = price
    return record.result()


def _begin(
    rules: Rules,
    books: Books,
    market: CoinMarket,
    calls_usd: FloatArray,
    seen_usd: FloatArray,
    price_usd: FloatArray,
    btc_per_ph_day: FloatArray,
    days: float,
    old_btc: FloatArray,
) -> _Step:
    """Mine where it pays at the price last seen, and add up the bills."""
    months, years = days / _DAYS_PER_MONTH, days / _DAYS_PER_YEAR
    ph_s = 1e3 * rules.hashrate_eh_s
    income_usd = ph_s * btc_per_ph_day[:, None] * seen_usd[:, None] * days
    # 1 EH/s at 1 J/TH draws 1 MW.
    power_usd = (
        rules.hashrate_eh_s * rules.efficiency_j_per_th * 24.0 * days * rules.power_usd_per_mwh
    )
    runs = income_usd >= power_usd
    mined = np.where(runs, ph_s * btc_per_ph_day[:, None] * days, 0.0)
    repay = np.minimum(rules.repay_usd_per_month * months, books.debt_usd)
    interest = years * (
        rules.coin_loan_frac_per_year * books.coin_loan_usd
        + rules.debt_frac_per_year * books.debt_usd
    )
    bills = (
        np.where(runs, power_usd, 0.0)
        + rules.opex_usd_per_month * months
        + interest
        + repay
        + calls_usd
        + books.arrears_usd
    )
    return _Step(
        books=books._replace(free_btc=books.free_btc + mined, debt_usd=books.debt_usd - repay),
        mined_btc=mined,
        bills_usd=bills,
        undisturbed_usd=price_usd,
        old_btc=old_btc * market.kept_frac(days),
        fresh_frac=market.fresh_frac(days),
    )


def _clear(
    step: _Step, rules: Rules, market: CoinMarket, t: int
) -> tuple[Orders, FloatArray, FloatArray, FloatArray, FloatArray, int]:
    """Return orders, end price, mean price, sales, what a run would add, and rounds."""

    def prices(sold: FloatArray) -> tuple[FloatArray, FloatArray]:
        last = step.old_btc + step.fresh_frac * sold
        end = step.undisturbed_usd * np.exp(-market.impact(last))
        mean = step.undisturbed_usd * market.mean_factor(step.old_btc, last)
        # Equal but for rounding where nothing is sold.
        return end, np.maximum(mean, end)

    def orders(sold: FloatArray) -> Orders:
        end, mean = prices(sold)
        return orders_at(
            step.books, rules, step.mined_btc, step.bills_usd, end[:, None], mean[:, None]
        )

    def wanted(sold: FloatArray) -> FloatArray:
        total: FloatArray = orders(sold).sold_btc.sum(axis=1)
        return total

    nothing = np.zeros_like(step.undisturbed_usd)
    everything = (step.books.free_btc + step.books.pledged_btc).sum(axis=1)
    sold, rounds = least_sales(wanted, nothing, f"step {t}")
    run, more = greatest_sales(wanted, everything, f"step {t}")
    end, mean = prices(sold)
    extra = np.where(run - sold > _ALIKE_BTC, run - sold, 0.0)
    return orders(sold), end, mean, sold, extra, max(rounds, more)


class _Record:
    """Closes the books of each step and keeps what the result shows."""

    def __init__(
        self, miners: Sequence[Miner], books: Books, path: FloatArray, days: FloatArray
    ) -> None:
        scenarios, steps = path.shape
        self.names = tuple(m.name for m in miners)
        self.opening, self.path, self.days, self.rounds = books, path, days, 0
        by_miner = (scenarios, steps, len(miners))
        names = (*Books._fields, "mined_btc", "bills_usd", "repaid_usd")
        self.kept = {name: np.zeros(by_miner) for name in names}
        self.sold = np.zeros((*by_miner, 4))
        self.proceeds = np.zeros(by_miner)
        self.of_step = {
            name: np.zeros((scenarios, steps))
            for name in ("price_usd", "paid_usd_per_btc", "run_btc")
        }

    def close(
        self,
        t: int,
        step: _Step,
        orders: Orders,
        price: FloatArray,
        paid: FloatArray,
        run: FloatArray,
        rounds: int,
    ) -> Books:
        """Settle a step's orders; return the books after it."""
        before, e = step.books, paid[:, None]
        own = orders.policy_btc + orders.bills_btc
        lender_usd = np.minimum(orders.called_btc * e, before.coin_loan_usd - orders.paid_usd)
        covenant_usd = np.minimum(orders.covenant_btc * e, before.debt_usd)
        repaid = orders.paid_usd + lender_usd + covenant_usd
        proceeds = orders.sold_btc * e
        purse = before.cash_usd + proceeds - repaid
        settled = np.minimum(step.bills_usd, purse)
        after = Books(
            free_btc=before.free_btc - own - orders.covenant_btc - orders.posted_btc,
            pledged_btc=before.pledged_btc + orders.posted_btc - orders.called_btc,
            cash_usd=purse - settled,
            coin_loan_usd=before.coin_loan_usd - orders.paid_usd - lender_usd,
            debt_usd=before.debt_usd - covenant_usd,
            arrears_usd=step.bills_usd - settled,
        )
        for name, values in after._asdict().items():
            self.kept[name][:, t] = values
        self.kept["mined_btc"][:, t] = step.mined_btc
        self.kept["bills_usd"][:, t] = settled
        self.kept["repaid_usd"][:, t] = repaid
        self.proceeds[:, t] = proceeds
        reasons = (orders.policy_btc, orders.bills_btc, orders.covenant_btc, orders.called_btc)
        self.sold[:, t] = np.stack(reasons, axis=-1)
        for name, values in (("price_usd", price), ("paid_usd_per_btc", paid), ("run_btc", run)):
            self.of_step[name][:, t] = values
        self.rounds = max(self.rounds, rounds)
        return after

    def result(self) -> ReserveSimulation:
        """Return everything, with what coins and dollars fail to balance by."""
        kept = self.kept
        coins = (self.opening.free_btc + self.opening.pledged_btc)[:, None]
        gone = np.cumsum(self.sold.sum(axis=3) - kept["mined_btc"], axis=1)
        spent = np.cumsum(kept["bills_usd"] + kept["repaid_usd"] - self.proceeds, axis=1)
        return ReserveSimulation(
            names=self.names,
            days=self.days,
            undisturbed_usd=self.path,
            sold_btc=self.sold,
            imbalance_btc=coins - gone - kept["free_btc"] - kept["pledged_btc"],
            imbalance_usd=self.opening.cash_usd[:, None] - spent - kept["cash_usd"],
            rounds=self.rounds,
            **self.of_step,
            **kept,
        )


def _inputs(
    miners: Sequence[Miner], price_usd: ArrayLike, btc_per_ph_day: ArrayLike, days: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    require(bool(miners), "miners", given="none", allowed="at least one miner")
    names = [m.name for m in miners]
    twice = sorted({n for n in names if names.count(n) > 1})
    require(not twice, "miners", given=f"{', '.join(twice)} more than once", allowed="each once")
    path = np.atleast_2d(as_finite(price_usd, "price_usd"))
    require(path.ndim == 2, "price_usd", given=path.shape, allowed="shape (scenario, step)")
    require(bool((path > 0.0).all()), "price_usd", given=path.min(), allowed="numbers above 0")
    income, lengths = as_finite(btc_per_ph_day, "btc_per_ph_day"), as_finite(days, "days")
    for name, array, low in (("btc_per_ph_day", income, 0.0), ("days", lengths, 1e-6)):
        require(bool((array >= low).all()), name, given=array.min(), allowed=f"{low:g} or more")
    try:
        return (
            path,
            np.broadcast_to(income, path.shape),
            np.broadcast_to(lengths, path.shape[1:]),
        )
    except ValueError:
        raise InputError.of(
            "price_usd",
            given=f"{path.shape[1]} steps, income {income.shape}, days {lengths.shape}",
            allowed="one price, income and length for each step",
            cure="A path ends early: give all three over the same steps.",
        ) from None


def _calls(miners: Sequence[Miner], days: FloatArray) -> FloatArray:
    """Return calls for cash by step and miner [USD]; the last step takes those of its last day."""
    ends = np.cumsum(days)
    due = np.zeros((days.size, len(miners)))
    for i, miner in enumerate(miners):
        for call in miner.calls:
            step = int(np.searchsorted(ends, call.day, side="right"))
            require(
                step < days.size,
                f"miner {miner.name}.calls",
                given=f"day {call.day}",
                allowed=f"a day before the end, {ends[-1]:g}",
                cure="Lengthen the horizon, or move the call.",
            )
            due[step, i] += call.amount_usd
    return due
