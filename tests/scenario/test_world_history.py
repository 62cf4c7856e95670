"""What dated worlds make of the price that came: hashrate months ahead, and three forces."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets import BitcoinSpec, MarketSpec, Outlook, build_outlook
from rerack.network.world import NetworkSimulation, World, simulate, world_of


def certain(date: str) -> World:
    world = world_of(date)
    sure = replace(world.behaviour, power_error_frac=0.0, foundry_error_frac=0.0)
    return replace(world, behaviour=sure)


def monthly(folder: Path) -> dict[str, FloatArray]:
    """Return month -> mean price, fees per block and hashrate [EH/s], from daily data."""
    days: dict[str, list[list[float]]] = {}
    with (folder / "btc_daily_coinmetrics.csv").open() as file:
        for row in csv.DictReader(file):
            if row["date"] >= "2021-01-01":
                blocks = float(row["blocks"])
                fees = float(row["fees_btc"]) / blocks
                day = [float(row["price_usd"]), fees, float(row["hashrate_ths"]) / 1e6]
                days.setdefault(row["date"][:7], []).append(day)
    return {month: np.mean(rows, axis=0) for month, rows in days.items()}


def outlook(grid: MonthGrid, price: FloatArray, fees: FloatArray) -> Outlook:
    spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=50_000.0))
    drawn = build_outlook(spec, grid, Streams(1), paths=1)
    return replace(drawn, btc_price_usd=price[None], fees_btc_per_block=fees[None])


def follow(date: str, months: int, history: dict[str, FloatArray]) -> FloatArray:
    """Return ln(model / actual) of hashrate, month by month, with the actual price given."""
    grid = MonthGrid.parse(date, months)
    actual = np.array([history[label] for label in grid.labels])
    result = simulate(
        certain(date), outlook(grid, actual[:, 0], actual[:, 1]), months=months, seed=0
    )
    error: FloatArray = np.log(result.online_eh_s[0] / actual[:, 2])
    return error


def test_the_year_after_the_halving_of_2024(shared_data: Path) -> None:
    error = follow("2024-04", 15, monthly(shared_data))
    assert np.abs(error[:7]).max() < 0.10
    assert np.sqrt(np.mean(error**2)) < 0.10
    # Growth of 2025 is underestimated: said in docs/explanation/network-equilibrium.md.
    assert -0.16 < error[12] < 0.0


def test_2021_without_the_ban_and_the_years_that_are_missed(shared_data: Path) -> None:
    error = follow("2021-01", 37, monthly(shared_data))
    assert np.abs(error[:5]).max() < 0.15
    # Nobody told the world of the ban: half as much again as there was.
    assert 0.3 < error[6] < 0.7
    assert abs(error[12]) < 0.15
    # From 2023 on it falls far short: foundries grew faster than the rule says.
    assert error[36] < -0.4


def test_the_dip_after_the_halving_of_2024(shared_data: Path) -> None:
    history = monthly(shared_data)
    error = follow("2024-04", 7, history)
    actual = np.array([history[label][2] for label in MonthGrid.parse("2024-04", 7).labels])
    moved = actual * np.exp(error)
    growth = moved[1:] / moved[0] - 1.0
    # Observed: -4.2, -7.2, -1.7, +0.9, +2.6, +12.5 %. The second month comes back too early.
    assert -0.08 < growth[0] < -0.03
    assert (growth[:3] < 0.0).all()
    assert np.abs(growth - (actual[1:] / actual[0] - 1.0)).max() < 0.06


def steady(months: int, **changes: object) -> NetworkSimulation:
    """Return the world of April 2024 under a constant price and constant fees."""
    grid = MonthGrid.parse("2024-04", months)
    flat = outlook(grid, np.full(months, 65_000.0), np.full(months, 0.3))
    world = replace(certain("2024-04"), **changes)  # type: ignore[arg-type]
    return simulate(world, flat, months=months, seed=0)


def test_a_halving_costs_hashrate_far_less_than_revenue() -> None:
    halved = steady(6)
    spared = steady(6, height=640_000)
    loss = 1.0 - halved.online_eh_s[0] / spared.online_eh_s[0]
    fall = 1.0 - halved.hashprice_usd_per_ph_day[0, 2] / spared.hashprice_usd_per_ph_day[0, 2]
    assert loss[0] < 0.02
    # Of the three halvings seen, hashrate had lost 0 to 11 % after 28 days (papers.md 5.1).
    assert 0.0 < loss[1] < 0.11
    assert loss[5] > loss[1]
    assert 0.40 < fall < 0.50


def response(date: str, price_usd: float, factor: float, fees_btc: float) -> FloatArray:
    """Return the elasticity of hashrate, by month, to a lasting step of price in month 1."""
    grid, logs = MonthGrid.parse(date, 13), []
    for step in (factor, 1.0):
        price = price_usd * np.array([1.0, *[step] * 12])
        given = outlook(grid, price, np.full(13, fees_btc))
        logs.append(np.log(simulate(certain(date), given, months=13, seed=0).online_eh_s[0]))
    slope: FloatArray = (logs[0] - logs[1]) / np.log(factor)
    return slope


def test_exit_is_little_where_hashprice_is_far_above_cost_and_much_near_it() -> None:
    rich = response("2021-01", 30_000.0, 0.7, 0.7)
    poor = response("2025-12", 85_000.0, 0.7, 0.05)
    # Measured over 2017 to 2025: -0.128 (0.306) for falls, six months summed (papers.md 5.1).
    assert 0.0 <= rich[6] < 0.128
    assert poor[6] > 0.25


def test_entry_is_slower_than_the_measured_one() -> None:
    # 0.335 (0.183) for rises over six months; foundries bind here. Not reached, and said so.
    up = response("2024-04", 65_000.0, 1.0 / 0.7, 0.3)
    assert 0.0 < up[6] < 0.335
    assert up[12] > up[6]


def test_the_fleet_renews_itself() -> None:
    result = steady(61)
    efficiency = result.efficiency_j_per_th[0]
    # Shares of the fleet by generation: the oldest fades, the newest has come to stay.
    fleet = result.generation_eh_s[0] / result.online_eh_s[0][:, None]
    assert efficiency[60] < 0.85 * efficiency[0]
    assert fleet[60, 0] < 0.5 * fleet[0, 0]
    assert fleet[60, 4:].sum() > 0.1
    assert fleet.sum(axis=1) == pytest.approx(np.ones(61))
