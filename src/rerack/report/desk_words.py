"""What the desk's commands say: a sentence, then a table by period."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from rerack.dispatch.backtest_result import Backtest
from rerack.dispatch.desk_schedule import SiteSchedule
from rerack.report.format import fixed, money, money_unit, number, printable, share, statement
from rerack.report.tables import Written, lay_out, written


def schedule_written(table: Mapping[str, Any]) -> Written:
    """Return a schedule's sums by period with a row of totals.

    Parameters
    ----------
    table : mapping
        As `SiteSchedule.table` makes it for days, months or years.
    """
    usd = ["margin_usd", "battery_usd", "firm_cost_usd", "block_settlement_usd", "credits_usd"]
    kept = [name for name in usd if name in table and (name == usd[0] or np.any(table[name]))]
    factor, unit = _unit(table, [*kept, "net_usd"])
    heads = {
        "period": "period",
        "price_usd_per_mwh": "price",
        "hashprice_usd_per_ph_day": "hashprice",
        "run_frac": "run",
        "mining_mwh": "MWh",
        "margin_usd": "rig margin",
        "battery_usd": "battery",
        "firm_cost_usd": "firm power",
        "block_settlement_usd": "block",
        "credits_usd": "of it credits",
        "net_usd": "net",
    }
    columns = dict(table) | {"firm_cost_usd": -table["firm_cost_usd"]}
    return _with_total(
        columns,
        heads,
        names=["period", *_MEANS, "run_frac", "mining_mwh", *kept, "net_usd"],
        factor=factor,
        unit=unit,
    )


def schedule_text(found: SiteSchedule, *, by: str, prices: str, width: int = 100) -> str:
    """Return what `rerack dispatch` prints.

    Parameters
    ----------
    found : SiteSchedule
        The schedule.
    by : str
        Period of the table: day, month or year.
    prices : str
        Name of the price file.
    width : int
        Characters to keep within.
    """
    table = found.table(by)  # type: ignore[arg-type]
    lines = [*_head(found.site, found.hours, prices, width), "", _schedule_finding(found), ""]
    lines += [lay_out(schedule_written(table), width=width, indent=2), ""]
    lines += [
        "  price: index, USD/MWh; hashprice: USD/PH/day; run: energy drawn over energy available.",
        "  All prices known beforehand: an upper bound. `rerack backtest` shows what a desk makes.",
    ]
    notes = getattr(found.dispatch, "notes", ())
    return "\n".join([*lines, *(f"  {printable(note)}" for note in notes)])


def backtest_written(table: Mapping[str, Any]) -> Written:
    """Return a backtest's sums by period with a row of totals.

    Parameters
    ----------
    table : mapping
        As `Backtest.table` makes it for days, months or years.
    """
    money_names = ["desk_margin_usd", "desk_credits_usd", "desk_net_usd", "foresight_net_usd"]
    factor, unit = _unit(table, money_names)
    heads = {
        "period": "period",
        "price_usd_per_mwh": "price",
        "hashprice_usd_per_ph_day": "hashprice",
        "desk_curtailed_hours": "h off",
        "foresight_curtailed_hours": "best h off",
        "desk_margin_usd": "rig margin",
        "desk_credits_usd": "credits",
        "desk_net_usd": "net",
        "foresight_net_usd": "best net",
        "foregone_usd": "foregone",
        "peaks_met": "peaks met",
        "peaks_judged_by": "judged by",
    }
    met = table["peaks"] - table["desk_peaks_avoided"]
    shown = dict(table) | {"peaks_met": met.astype(np.float64)}
    names = list(heads)
    if not table["peaks"].any():
        names.remove("peaks_met")
    # Where all were judged by load a note says so.
    if "load, weather" not in table["peaks_judged_by"]:
        names.remove("peaks_judged_by")
    if not table["desk_resold_mwh"].any():
        names.remove("desk_credits_usd")
    return _with_total(shown, heads, names=names, factor=factor, unit=unit)


def backtest_text(found: Backtest, *, by: str, prices: str, width: int = 100) -> str:
    """Return what `rerack backtest` prints.

    Parameters
    ----------
    found : Backtest
        The backtest.
    by : str
        Period of the table: day, month or year.
    prices : str
        Names of the price files.
    width : int
        Characters to keep within.
    """
    table = found.table(by)  # type: ignore[arg-type]
    total = found.total()
    lines = [*_head(found.site, found.hours, prices, width), "", *_backtest_finding(total), ""]
    lines += [lay_out(backtest_written(table), width=width, indent=2), ""]
    lines.append("  h off: hours in which rigs stood still, in full-load equivalents. best: every")
    lines.append(
        "  price and peak known beforehand. net: rig margin less firm power and peak charge,"
    )
    lines.append("  plus the settlement of the block, of which credits are the part not used.")
    return "\n".join([*lines, *(f"  {printable(note)}" for note in found.notes)])


def strike_text(table: Mapping[str, Any], *, hashprice_usd_per_ph_day: float, terms: str) -> str:
    """Return what `rerack strike` prints.

    Parameters
    ----------
    table : mapping
        As `rerack.dispatch.desk_strikes.strike_table` makes it.
    hashprice_usd_per_ph_day : float
        Hashprice [USD/PH/s/day].
    terms : str
        Fee and operating cost, in words.
    """
    heads = {
        "model": "rig",
        "efficiency_j_per_th": "J/TH",
        "strike_usd_per_mwh": "strike, USD/MWh",
        "strike_c": "c/kWh",
    }
    columns = dict(table) | {"strike_c": table["strike_usd_per_mwh"] / 10.0}
    names = ["model", "maker", "efficiency_j_per_th", "strike_usd_per_mwh", "strike_c", "status"]
    sheet = written(
        {name: columns[name] for name in names},
        headings=heads,
        formats={"strike_usd_per_mwh": lambda v: fixed(v, 1), "strike_c": lambda v: fixed(v, 2)},
    )
    return "\n".join(
        [
            f"Strike prices at {number(hashprice_usd_per_ph_day)} USD/PH/day, {terms}",
            "",
            lay_out(sheet, width=96, indent=2),
            "",
            "  A rig pays its power below its strike. Maker's efficiency at the wall: cooling and",
            "  losses up to the meter lower the strike in proportion.",
        ]
    )


#: Columns that are means over hours, not sums.
_MEANS = ("price_usd_per_mwh", "hashprice_usd_per_ph_day")


def _unit(table: Mapping[str, Any], names: list[str]) -> tuple[float, str]:
    largest = max(float(np.abs(table[name]).sum()) for name in names)
    return money_unit(largest)


def _with_total(
    table: Mapping[str, Any],
    heads: Mapping[str, str],
    *,
    names: list[str],
    factor: float,
    unit: str,
) -> Written:
    """Write columns with their sums, or means weighted by hours, in a last row."""
    columns, formats = {}, {}
    for name in names:
        values = np.asarray(table[name])
        if name == "period":
            columns[name] = np.append(values, "all")
            continue
        if name == "peaks_judged_by":
            columns[name] = np.append(values, "")
            continue
        weight = table["hours"] if name in _MEANS else None
        total = np.average(values, weights=weight) if weight is not None else values.sum()
        if name == "run_frac":
            available = np.divide(
                table["mining_mwh"], values, out=np.zeros(len(values)), where=values > 0
            )
            total = table["mining_mwh"].sum() / available.sum() if available.any() else 0.0
        columns[name] = np.append(values.astype(np.float64), total)
        formats[name] = _writer(name, factor)
    titles = {name: _title(name, heads[name], unit) for name in names}
    return written(columns, headings=titles, formats=formats)


def _title(name: str, head: str, unit: str) -> str:
    return f"{head}, {unit}" if name in ("net_usd", "desk_net_usd") else head


def _writer(name: str, factor: float) -> Callable[[Any], str]:
    if name.endswith("_usd"):
        return lambda value: statement(value / factor, 2 if factor > 1 else 0)
    if name == "run_frac":
        return share
    places = {"price_usd_per_mwh": 1, "hashprice_usd_per_ph_day": 1, "mining_mwh": 0}
    return lambda value: fixed(value, places.get(name, 0))


def _head(site: str, hours: Any, prices: str, width: int) -> list[str]:
    span = f"{hours[0]}:00Z to {hours[-1]}:00Z"
    return textwrap.wrap(printable(f"{site} · {span} · {len(hours):,} hours · {prices}"), width)


def _schedule_finding(found: SiteSchedule) -> str:
    available = float(found.outcome.available_mw.sum())
    mined = float(found.account.mining_mwh.sum())
    ran = share(mined / available) if available else "none"
    earned = money(float(found.account.margin_usd.sum()))
    net = money(float(found.net_usd.sum()))
    return f"Rigs draw {ran} of what they could and earn {earned} over their power; net {net}."


def _backtest_finding(total: Mapping[str, Any]) -> list[str]:
    desk, best, lazy = (total[f"{name}_net_usd"] for name in ("desk", "foresight", "always"))
    lines = [
        f"The desk nets {money(desk)}, with what it could know; {money(best)} with perfect",
        f"foresight ({money(total['foregone_usd'])} more); {money(lazy)} with rigs never stopped.",
    ]
    if total["peaks"]:
        avoided = f"{total['desk_peaks_avoided']} of {total['peaks']}"
        charge = money(total["desk_peak_charge_usd"])
        lines.append(f"It was off at {avoided} coincident peaks and is charged {charge} for them.")
    return lines
