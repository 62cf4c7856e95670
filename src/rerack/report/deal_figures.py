"""Public contracts and a file's own offers on one scale: money per MW-year, and per kWh."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.report.figures.frame import Figure, axis, broken, categories, filled, framed
from rerack.report.format import number
from rerack.report.source import Table
from rerack.report.tables import Written, written

#: Deal, money per MW-year, which MW, colour's meaning, hatching.
_Row = tuple[str, float, str, str, str]

_KWH_PER_MW_YEAR = 8.76e6
#: Contracts that the chart shows, newest first.
_MOST = 18


def deals_figure(public: Table, offers: Table | None) -> Figure:
    """Return money per MW-year of contracts, the file's offers first.

    Parameters
    ----------
    public : Table
        From `rerack.study.deal_book.public_deals`.
    offers : Table or None
        From `rerack.study.deal_book.site_deals`.
    """
    own = [] if offers is None else _rows(offers, "critical", "ai", "")
    known = sorted(_public(public), key=lambda r: -r[1])[:_MOST]
    shown = [*own, *known]
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": [broken(f"{name} ({basis})", 44) for name, _, basis, _, _ in shown],
        "x": [rate / 1e6 for _, rate, _, _, _ in shown],
        "marker": filled([m for *_, m, _ in shown], [h for *_, h in shown]),
        "hovertemplate": "%{x:.2f} MUSD/MW-year<extra></extra>",
    }
    middle = float(np.median([rate for _, rate, *_ in known])) if known else 0.0
    title = f"Half of the public contracts pay {number(middle / 1e6)} MUSD/MW-year or less"
    if own:
        best = max(own, key=lambda r: r[1])
        own_words = f"“{best[0]}” pays {number(best[1] / 1e6)} MUSD/MW-year"
        title = f"{own_words}; {title[0].lower()}{title[1:]}"
    return framed(
        [bar],
        title=title,
        subtitle="Contract value over term and MW, MUSD/MW-year, of the MW in brackets; solid: "
        "offers of this file; hatched: public contracts (rerack catalog ai_deals)",
        table=deals_written(public, offers),
        xaxis=axis("MUSD/MW-year", rangemode="tozero"),
        yaxis=categories(),
        height=130 + 30 * len(shown),
    )


def deals_written(public: Table, offers: Table | None) -> Written:
    """Return contracts and offers in one table, unknown figures as a dash.

    Parameters
    ----------
    public, offers : Table
        As in `deals_figure`.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _HEADS}
    for table, basis in ((offers, "critical"), (public, None)):
        for k in range(0 if table is None else len(table["deal"])):
            assert table is not None
            mw = table["critical_mw" if basis else "mw"][k]
            rate = float(table["rate_usd_per_mw_year"][k])
            columns["deal"].append(str(table["deal"][k]))
            columns["kind"].append(str(table["kind"][k]).replace("_", " "))
            columns["MW"].append(float(mw))
            columns["of"].append(basis or str(table["basis"][k]))
            columns["years"].append(float(table["term_years"][k]))
            columns["value, bn USD"].append(float(table["value_usd"][k]) / 1e9)
            columns["MUSD/MW-year"].append(rate / 1e6)
            columns["USD/kWh"].append(rate / _KWH_PER_MW_YEAR)
            columns["NOI, MUSD/MW-year"].append(float(table["noi_usd_per_mw_year"][k]) / 1e6)
            columns["standing"].append("this file" if basis else str(table["status"][k]))
            columns["source"].append("offers" if basis else str(table["source"][k]))
    formats = dict.fromkeys((n for n in _HEADS if n not in _TEXT), _or_dash)
    return written(columns, formats=formats)


_HEADS = ("deal", "kind", "MW", "of", "years", "value, bn USD", "MUSD/MW-year", "USD/kWh",
          "NOI, MUSD/MW-year", "standing", "source")  # fmt: skip
_TEXT = {"deal", "kind", "of", "standing", "source"}


def _or_dash(value: float) -> str:
    return "–" if np.isnan(value) else number(value)


def _rows(table: Table, basis: str, meaning: str, hatch: str) -> list[_Row]:
    return [
        (str(name), float(rate), basis, meaning, hatch)
        for name, rate in zip(table["deal"], table["rate_usd_per_mw_year"], strict=True)
    ]


def _public(table: Table) -> list[_Row]:
    return [
        (str(name), float(rate), str(basis) or "MW", "idle", "/")
        for name, rate, basis in zip(
            table["deal"], table["rate_usd_per_mw_year"], table["basis"], strict=True
        )
        if np.isfinite(rate)
    ]
