"""The closed loop as words and written tables."""

from __future__ import annotations

import textwrap

import numpy as np

from rerack.report.format import money, money_unit, number, share, span
from rerack.report.source import Table
from rerack.report.tables import Written, lay_out, written

#: Names of the tables that a closed loop adds to a run.
LOOP_TABLES = ("loop", "loop_starts", "loop_paths", "calculator")


def loop_text(tables: dict[str, Table], *, width: int = 100) -> str:
    """Return the closed loop for a terminal.

    Parameters
    ----------
    tables : dict of str to Table
        The tables of `LOOP_TABLES`.
    width : int
        Characters to keep within.
    """
    lines = textwrap.wrap(headline(tables), width, initial_indent="  ", subsequent_indent="  ")
    parts = [
        "Closed loop: plans, exits, hashprice and rents agree",
        "",
        *lines,
        "",
        lay_out(plan_sheet(tables), width=width, indent=2),
        "",
        *textwrap.wrap(residual_words(tables), width, initial_indent="  ", subsequent_indent="  "),
        "",
        *textwrap.wrap(
            calculator_words(tables), width, initial_indent="  ", subsequent_indent="  "
        ),
        "",
        lay_out(calculator_sheet(tables), width=width, indent=2),
    ]
    return "\n".join(parts)


def headline(tables: dict[str, Table]) -> str:
    """Return what the sites that are alike do in equilibrium."""
    plans = tables["loop"]
    order = np.argsort(-plans["share_frac"], kind="stable")
    used = [k for k in order.tolist() if plans["share_frac"][k] >= 5e-4]
    shares = ", ".join(f"{share(float(plans['share_frac'][k]))} {plans['plan'][k]}" for k in used)
    paths = tables["loop_paths"]
    k = min(60, len(paths["month"]) - 1)
    here, nobody = (
        float(paths[n][k]) for n in ("hashprice_usd_per_ph_day", "nobody_usd_per_ph_day")
    )
    return (
        f"If all convertible sites of the world choose as this one, {shares}: "
        f"{number(float(paths['converted_mw'][-1]) / 1e3)} GW utility leave mining, hashprice in "
        f"{paths['month'][k]} is {number(here)} USD/PH/day against {number(nobody)} if nobody did, "
        f"and rents signed then are {share(1.0 - float(paths['lease_left_frac'][k]))} lower."
    )


def residual_words(tables: dict[str, Table]) -> str:
    """Return how many equilibria were found, from how many starts, and how well they hold."""
    starts = tables["loop_starts"]
    count = int(starts["equilibrium"].max())
    word = "equilibrium" if count == 1 else "different equilibria"
    return (
        f"{count} {word} from {len(starts['start'])} starts (all sites on one plan, each in turn). "
        f"Residual: the mean site would gain {money(float(starts['residual_usd'].max()))} "
        f"({share(float(starts['residual_frac'].max()))} of the largest NPV) by changing its plan; "
        f"plans and network agree to {number(float(starts['unsettled_mw'].max()), 2)} MW."
    )


def calculator_words(tables: dict[str, Table]) -> str:
    """Return by how much typed-in growth errs."""
    table = tables["calculator"]
    typed = np.flatnonzero(table["method"] == "typed-in growth")
    worst = int(typed[np.argmax(np.abs(table["delta_error_usd"][typed]))])
    return (
        f"A calculator with typed-in difficulty growth of "
        f"{share(float(table['growth_frac_per_year'][worst]))} a year would have put the gain of "
        f"“{table['plan'][worst]}” over mining on at {money(float(table['delta_usd'][worst]))}: off"
        f" by {money(float(table['delta_error_usd'][worst]), plus=True)}."
    )


def plan_sheet(tables: dict[str, Table]) -> Written:
    """Return plans with their share of the sites and their NPV alone and in equilibrium."""
    table = tables["loop"]
    factor, unit = money_unit(float(np.abs(table["npv_usd"]).max()))
    return written(
        {
            "plan": table["plan"],
            "sites": [share(float(s)) for s in table["share_frac"]],
            f"NPV if nobody else converts, {unit}": table["npv_alone_usd"] / factor,
            f"NPV in equilibrium, {unit}": table["npv_usd"] / factor,
            f"over mining on, {unit}": table["delta_usd"] / factor,
            "standard error": table["delta_se_usd"] / factor,
        }
    )


def calculator_sheet(tables: dict[str, Table]) -> Written:
    """Return what each way of looking at the network says, and its error."""
    table = tables["calculator"]
    factor, unit = money_unit(float(np.abs(table["keep_npv_usd"]).max()))
    rates = [
        m if np.isnan(g) else f"{m}, {share(float(g))} a year"
        for m, g in zip(table["method"], table["growth_frac_per_year"], strict=True)
    ]
    return written(
        {
            "network": rates,
            f"mining on, {unit}": table["keep_npv_usd"] / factor,
            "error": table["keep_error_usd"] / factor,
            f"{table['plan'][0]} over it, {unit}": table["delta_usd"] / factor,
            "error ": table["delta_error_usd"] / factor,
            "payback": [span(float(m)) for m in table["payback_months"]],
        }
    )
