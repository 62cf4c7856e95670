"""Figures of security: what attacks cost through time, who could, what waits protect, states."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from rerack.report.figures.frame import (
    Figure,
    axis,
    categories,
    filled,
    framed,
    months_axis,
    note,
    nothing,
)
from rerack.report.format import money, share
from rerack.report.palette import ink, wash
from rerack.report.tables import Written, written

Columns = Mapping[str, Sequence[Any]]

#: Colour, dash and words of each route.
_ROUTES = {
    "buy": ("mining", "solid", "buy new rigs"),
    "build": ("storage", "dash", "build rigs"),
    "rent": ("grid-services", "dot", "rent what is offered"),
    "seize": ("loss", "solid", "seize the largest holders"),
    "idle": ("idle", "dash", "switch on idle rigs"),
    "mix": ("ai", "solid", "idle, rented, the rest bought"),
}
_WORLD_INKS = ("mining", "ai", "loss", "grid-services", "storage", "idle")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid")


def capital_figure(curve: Columns, world: str, share_frac: float) -> Figure:
    """Return what each route costs in capital through time."""
    shown = _by_route(curve, "capex_p50_usd")
    if not shown:
        return nothing(title="No route costs capital", subtitle=world, table=curve_sheet(curve))
    data = [*_band(curve, "mix", "capex", "_usd", 1e-9)] if "mix" in shown else []
    data += [_line(m, [v * 1e-9 for v in y], _ROUTES[r], "bn USD") for r, (m, y) in shown.items()]
    first = {r: y[0] for r, (_, y) in shown.items()}
    last = {r: y[-1] for r, (_, y) in shown.items()}
    lead = "mix" if "mix" in shown else next(iter(shown))
    return framed(
        data,
        title=f"{share(share_frac)} of the hashrate: {money(first[lead])} at first, "
        f"{money(last[lead])} in {shown[lead][0][-1]}",
        subtitle=f"{world}: rigs and sites by route, bn USD, median of scenarios; band: P5 to P95 "
        "of the mix. Renting and seizing take no capital; a route may fall short: see the table",
        table=curve_sheet(curve),
        xaxis=_span(curve),
        yaxis=axis("bn USD (log)", type="log"),
        annotations=_ends({_ROUTES[r][2]: (m[-1], y[-1] * 1e-9) for r, (m, y) in shown.items()}),
        margin={"l": 12, "r": 200, "t": 84, "b": 12},
        height=440,
    )


def worlds_figure(curves: Mapping[str, Columns], route: str) -> Figure:
    """Return what one route costs in every world through time."""
    data: list[dict[str, Any]] = []
    ends: dict[str, tuple[str, float]] = {}
    rows: dict[str, list[Any]] = {}
    for (name, curve), meaning, dash in zip(curves.items(), _WORLD_INKS, _DASHES, strict=False):
        months, values = _of_route(curve, route, "capex_p50_usd")
        style = (meaning, dash, name)
        data.append(_line(months, [v * 1e-9 for v in values], style, "bn USD"))
        ends[name] = (months[-1], values[-1] * 1e-9)
        rows.setdefault("month", months)
        rows[f"{name}, bn USD"] = [v * 1e-9 for v in values]
    last = {name: y for name, (_, y) in ends.items()}
    least = min(last, key=last.__getitem__)
    return framed(
        data,
        title=f"Cheapest in the end: {least}, {money(last[least] * 1e9)}",
        subtitle=f"Capital for a majority by the route '{_ROUTES[route][2]}', bn USD, median of "
        "scenarios, by world",
        table=written(rows),
        xaxis=months_axis(),
        yaxis=axis("bn USD (log)", type="log"),
        annotations=_ends(ends),
        margin={"l": 12, "r": 200, "t": 84, "b": 12},
        height=420,
    )


def hour_figure(curve: Columns, world: str) -> Figure:
    """Return what an hour of attack costs by route through time: power and rent."""
    shown = _by_route(curve, "running_p50_usd_per_hour")
    data = [_line(m, [v * 1e-3 for v in y], _ROUTES[r], "kUSD/h") for r, (m, y) in shown.items()]
    top = max(shown, key=lambda r: shown[r][1][0])
    return framed(
        data,
        title=f"An hour of attack costs up to {_money(shown[top][1][0])} at first",
        subtitle=f"{world}: power and rent of what a route gives, kUSD an hour, median of "
        "scenarios, before the rewards that it mines",
        table=curve_sheet(curve),
        xaxis=_span(curve),
        yaxis=axis("kUSD/h (log)", type="log"),
        annotations=_ends({_ROUTES[r][2]: (m[-1], y[-1] * 1e-3) for r, (m, y) in shown.items()}),
        margin={"l": 12, "r": 200, "t": 84, "b": 12},
        height=420,
    )


def concentration_figure(shares: Mapping[str, Mapping[str, float]], date: str) -> Figure:
    """Return shares of the largest holders by kind, as stacked bars up to the whole."""
    kinds = list(shares)
    rows: dict[str, list[Any]] = {"by": [], "holder": [], "share": []}
    ranked = {k: sorted(shares[k].items(), key=lambda item: -item[1]) for k in kinds}
    data: list[dict[str, Any]] = []
    for rank in range(6):
        held = [ranked[k][rank] if rank < len(ranked[k]) else ("", 0.0) for k in kinds]
        meaning, hatch = ("loss", "mining", "idle")[rank // 2], ("", "/")[rank % 2]
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [_KINDS[k] for k in kinds],
                "x": [value for _, value in held],
                "text": [name if value >= 0.06 else "" for name, value in held],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "insidetextfont": {"color": ink("text" if hatch else "ground")},
                "marker": filled([meaning] * len(kinds), [hatch] * len(kinds))
                | {"line": {"color": ink("ground"), "width": 1.5}},
                "hovertemplate": "%{text}: %{x:.1%}<extra></extra>",
            }
        )
    for kind in kinds:
        for name, value in ranked[kind]:
            rows["by"].append(_KINDS[kind])
            rows["holder"].append(name)
            rows["share"].append(value)
    half = {
        "type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": 0.5, "x1": 0.5,
        "line": {"color": ink("text"), "width": 1.2, "dash": "dash"},
    }  # fmt: skip
    fewest = {k: _fewest(ranked[k]) for k in kinds}
    said = ", ".join(f"{n} {_KINDS[k]}" if n else f"no {_KINDS[k]}" for k, n in fewest.items())
    return framed(
        data,
        title=f"Fewest that pass half: {said}",
        subtitle=f"Six largest known holders, share of hashrate or blocks, {date}; owners are "
        "listed companies only, pools can be left within hours",
        table=written(rows, formats={"share": share}),
        xaxis=axis("share", tickformat=".0%", range=[0, 1]),
        yaxis=categories(),
        barmode="stack",
        shapes=[half],
        annotations=[note("half", x=0.5, y=1, yref="paper", yanchor="bottom")],
        height=300,
    )


def waits_figure(curve: Columns) -> Figure:
    """Return what six confirmations protect against a majority."""
    months = list(curve["month"])
    low, middle, high = (
        [v * 1e-6 for v in curve[f"six_confirmations_{q}_usd"]] for q in ("p5", "p50", "p95")
    )
    style = ("ai", "solid", "six confirmations")
    edge = {"color": ink("ai"), "width": 0.5}
    lower = _line(months, low, style, "MUSD") | {"line": edge, "hoverinfo": "skip"}
    upper = _line(months, high, style, "MUSD") | {"line": edge, "hoverinfo": "skip"}
    upper |= {"fill": "tonexty", "fillcolor": wash("ai", 0.15)}
    rows: dict[str, list[Any]] = {"month": months, "six protect, MUSD": middle}
    for size in ("1", "10", "100"):
        rows[f"confirmations for {size} MUSD"] = [
            "none" if n is None else str(n) for n in curve[f"confirmations_{size}_musd"]
        ]
    return framed(
        [lower, upper, _line(months, middle, style, "MUSD")],
        title=f"Six confirmations protect {_money(middle[0] * 1e6)} at first, then "
        f"{_money(middle[-1] * 1e6)}",
        subtitle="Value that a majority gains nothing from double spending, gross flow condition, "
        "MUSD, median and P5 to P95: price and subsidy alone, the same whoever leaves. Beyond it "
        "only the attacker's loss of rigs protects",
        table=written(rows),
        xaxis=months_axis(),
        yaxis=axis("MUSD (log)", type="log"),
        height=380,
    )


def states_figure(table: Columns, hold_frac: float) -> Figure:
    """Return what each state would pay a year to hold a share, and what its guard is worth."""
    names = list(table["state"])
    net = [v * 1e-6 for v in table["hold_net_usd_per_year"]]
    worth = [v * 1e-6 for v in table["worth_usd_per_year"]]
    bars = [
        {
            "type": "bar", "orientation": "h", "name": "net cost a year", "y": names, "x": net,
            "marker": filled(["mining"] * len(names), [""] * len(names)),
            "hovertemplate": "%{x:,.0f} MUSD a year<extra></extra>",
        },
        {
            "type": "bar", "orientation": "h", "name": "worth of the guard a year", "y": names,
            "x": worth, "marker": filled(["ai"] * len(names), ["/"] * len(names)),
            "hovertemplate": "%{x:,.0f} MUSD a year<extra></extra>",
        },
    ]  # fmt: skip
    pays = [n for n, a, b in zip(names, net, worth, strict=True) if a <= b]
    said = ", ".join(pays) if pays else "no state"
    return framed(
        bars,
        title=f"{share(hold_frac)} of the hashrate pays for {said}",
        subtitle="MUSD a year: rigs and sites as annuities and power, less block income (negative: "
        "mining pays by itself); worth is chance of an attack × loss × reserve",
        table=written(state_words(table)),
        xaxis=axis("MUSD a year"),
        yaxis=categories(),
        showlegend=True,
        height=190 + 52 * len(names),
    )


def state_words(table: Columns) -> dict[str, list[Any]]:
    """Return the table of states for people."""
    return {
        "state": list(table["state"]),
        "power, USD/MWh": list(table["power_usd_per_mwh"]),
        "reserve, BTC": list(table["reserve_btc"]),
        "floor that pays": [share(v) for v in table["floor_frac"]],
        "floor, EH/s": list(table["floor_eh_s"]),
        "floor, MW utility": list(table["floor_mw"]),
        "set by": ["its power" if v else "the account" for v in table["limited"]],
        "net cost of it, MUSD/year": [v * 1e-6 for v in table["floor_net_usd_per_year"]],
        "worth of the guard, MUSD/year": [v * 1e-6 for v in table["worth_usd_per_year"]],
        "net cost of the asked share, MUSD/year": [
            v * 1e-6 for v in table["hold_net_usd_per_year"]
        ],
    }


def curve_sheet(curve: Columns) -> Written:
    """Return a cost curve for a page: once a year and the last month, by route."""
    keep = [
        i
        for i, month in enumerate(curve["month"])
        if month.endswith("-12") or month in (curve["month"][0], curve["month"][-1])
    ]

    def column(name: str, factor: float = 1.0) -> list[float]:
        return [curve[name][i] * factor for i in keep]

    return written(
        {
            "route": [curve["route"][i] for i in keep],
            "month": [curve["month"][i] for i in keep],
            "reached": [share(curve["reached_p50_frac"][i]) for i in keep],
            "P5, bn USD": column("capex_p5_usd", 1e-9),
            "P50, bn USD": column("capex_p50_usd", 1e-9),
            "P95, bn USD": column("capex_p95_usd", 1e-9),
            "kUSD/h": column("running_p50_usd_per_hour", 1e-3),
            "months to acquire": column("acquire_p50_months"),
            "holders taken": [str(curve["holders_taken"][i]) for i in keep],
        }
    )


_KINDS = {"pool": "pools", "region": "regions", "owner": "listed owners"}


def _money(value_usd: float) -> str:
    """Write a sum that is known to three figures."""
    return money(float(f"{value_usd:.3g}"))


def _fewest(ranked: list[tuple[str, float]]) -> int:
    total = 0.0
    known = [value for name, value in ranked if name != "unknown"]
    for count, value in enumerate(known, start=1):
        total += value
        if total > 0.5:
            return count
    return 0


def _by_route(curve: Columns, column: str) -> dict[str, tuple[list[str], list[float]]]:
    """Return months and values of the routes that ever cost something there."""
    found = {}
    for route in dict.fromkeys(curve["route"]):
        months, values = _of_route(curve, route, column)
        if min(values) > 0.0:
            found[route] = (months, values)
    return found


def _of_route(curve: Columns, route: str, column: str) -> tuple[list[str], list[float]]:
    rows = [i for i, r in enumerate(curve["route"]) if r == route]
    return [curve["month"][i] for i in rows], [float(curve[column][i]) for i in rows]


def _span(curve: Columns) -> dict[str, Any]:
    """Return the axis of a curve's months, without room beyond them for the words at the ends."""
    return months_axis(range=[min(curve["month"]), max(curve["month"])])


def _line(x: list[str], y: list[float], style: tuple[str, str, str], unit: str) -> dict[str, Any]:
    meaning, dash, words = style
    return {
        "type": "scatter",
        "mode": "lines",
        "name": words,
        "x": x,
        "y": y,
        "line": {"color": ink(meaning), "width": 2, "dash": dash},
        "hovertemplate": f"{words}: %{{y:,.3g}} {unit}<extra></extra>",
    }


def _band(curve: Columns, route: str, stem: str, unit: str, factor: float) -> list[dict[str, Any]]:
    meaning = _ROUTES[route][0]
    lines = []
    for q in ("p5", "p95"):
        months, values = _of_route(curve, route, f"{stem}_{q}{unit}")
        lines.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": months,
                "y": [max(v, 1e3) * factor for v in values],
                "line": {"color": ink(meaning), "width": 0.5},
                "hoverinfo": "skip",
                # A narrow screen names the lines in a legend; these are the band's edges.
                "showlegend": False,
            }
        )
    lines[1] |= {"fill": "tonexty", "fillcolor": wash(meaning, 0.15)}
    return lines


def _ends(ends: Mapping[str, tuple[str, float]]) -> list[dict[str, Any]]:
    """Return words at the ends of lines on a log axis, moved apart where they would overlap."""
    placed: list[dict[str, Any]] = []
    highest = math.inf
    for words, (x, y) in sorted(ends.items(), key=lambda item: -item[1][1]):
        at = min(math.log10(max(y, 1e-12)), highest - 0.13)
        highest = at
        placed.append(note(words, x=x, y=at, xanchor="left", xshift=6, font={"size": 11.5}))
    return placed
