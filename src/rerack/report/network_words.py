"""A simulated network as words and written tables."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rerack.network.world.halvings import halving_table
from rerack.network.world.result import NetworkSimulation
from rerack.network.world.state import Assumption
from rerack.network.world.tables import Part, part_table, year_table
from rerack.report.format import catalogued, hashrate, number, quantity, share, span
from rerack.report.sheets import standing
from rerack.report.tables import Written, lay_out, table_text, written

#: Headings and divisors of columns, as people read them.
_HEADS = {
    "hashrate_eh_s": ("EH/s mean", 1.0),
    "p5_hashrate_eh_s": ("P5", 1.0),
    "p95_hashrate_eh_s": ("P95", 1.0),
    "hashprice_usd_per_ph_day": ("USD/PH/day mean", 1.0),
    "p5_hashprice_usd_per_ph_day": ("P5", 1.0),
    "p95_hashprice_usd_per_ph_day": ("P95", 1.0),
    "difficulty": ("difficulty, T", 1e12),
    "rig_price_usd_per_th": ("new rig, USD/TH", 1.0),
    "efficiency_j_per_th": ("J/TH", 1.0),
    "online_mw": ("GW mining", 1e3),
    "converted_mw": ("GW to AI", 1e3),
    "share_frac": ("share", 1.0),
    "power_usd_per_btc": ("power, USD/BTC", 1.0),
    "power_usd_per_mwh": ("power, USD/MWh", 1.0),
    "rig_usd_per_th": ("rig, USD/TH", 1.0),
    "price_as_of": ("as of", 1.0),
    "naive_months": ("naive, months", 1.0),
    "p25_months": ("P25", 1.0),
    "median_months": ("median", 1.0),
    "p75_months": ("P75", 1.0),
    "paid_back_frac": ("pay back", 1.0),
    "subsidy_btc": ("subsidy, BTC/block", 1.0),
    "reached_frac": ("found by the end", 1.0),
    "day_p5": ("P5", 1.0),
    "day_p50": ("median day, UTC", 1.0),
    "day_p95": ("P95", 1.0),
}
_UNSHOWN = ("idle_eh_s", "site_usd_per_th")


def headline(simulation: NetworkSimulation) -> str:
    """Return the finding in one sentence."""
    years = year_table(simulation)
    first, last = float(years["hashrate_eh_s"][0]), float(years["hashrate_eh_s"][-1])
    verb = "falls" if last < first else "rises"
    low, high = (float(years[f"p{p}_hashrate_eh_s"][-1]) for p in (5, 95))
    gone_mw = float(years["converted_mw"][-1])
    text = (
        f"Mean hashrate {verb} from {hashrate(first)} to {hashrate(last)} in "
        f"{years['month'][-1]} (P5 {hashrate(low)}, P95 {hashrate(high)})"
    )
    return text if gone_mw < 0.5 else f"{text}; {number(gone_mw / 1e3)} GW utility turn to AI"


def facts(simulation: NetworkSimulation, name: str, seed: int) -> str:
    """Return the line of facts above the finding."""
    weak = sum(a.status == "unverified" for a in simulation.world.assumptions)
    return (
        f"{name} · {simulation.paths:,} scenarios × {span(simulation.grid.months)} from "
        f"{simulation.grid.labels[0]} · {len(simulation.world.cohorts)} cohorts · seed {seed} · "
        f"{weak} of {len(simulation.world.assumptions)} assumptions of the preset unverified"
    )


def network_text(simulation: NetworkSimulation, name: str, seed: int) -> str:
    """Return the answer for a terminal: finding, years, who holds how much, age mix."""
    parts = [
        textwrap.fill(facts(simulation, name, seed), 100, subsequent_indent="  "),
        "\n"
        + textwrap.fill(f"{headline(simulation)}.", 98, initial_indent="  ", subsequent_indent="  ")
        + "\n",
        shown(year_table(simulation)),
    ]
    for part in ("region", "owner", "generation"):
        parts.append(f"\n  share of hashrate by {part}, mean over scenarios\n")
        parts.append(table_text(pivot(simulation, part), width=100, indent=2))
    parts.append(
        "\n"
        + textwrap.fill(
            f"halving  {_halvings(simulation)}",
            98,
            initial_indent="  ",
            subsequent_indent=" " * 11,
            break_on_hyphens=False,
        )
    )
    parts.append("\n  more     --table coins (power per coin by region), --rigs, --assumptions,")
    parts.append("           --report FILE; numbers with --json or --csv")
    return "\n".join(parts)


def shown(columns: Mapping[str, ArrayLike]) -> str:
    """Return a table as aligned text with units in its headings."""
    return lay_out(sheet(columns), width=100, indent=2)


def sheet(columns: Mapping[str, ArrayLike]) -> Written:
    """Return a table as written cells with units in its headings."""
    keep = {name: np.asarray(v) for name, v in columns.items() if name not in _UNSHOWN}
    scaled = {
        n: v / _HEADS[n][1] if n in _HEADS and v.dtype.kind == "f" else v for n, v in keep.items()
    }
    formats: dict[str, Callable[[Any], str]] = {n: share for n in keep if n.endswith("_frac")}
    formats |= {n: _months for n in keep if n.endswith("_months")}
    formats |= {"subsidy_btc": lambda v: f"{v:.8g}", "height": lambda v: f"{v:,}"}
    heads = {n: _HEADS[n][0] for n in keep if n in _HEADS}
    return written(scaled, headings=heads, formats=formats)


def assumptions_sheet(assumptions: Sequence[Assumption]) -> Written:
    """Return every number that a world was built from, with unit, standing, date and source."""
    told = [catalogued(a.value, a.unit) for a in assumptions]
    return written(
        {
            "assumption": [a.what.replace("_", " ") for a in assumptions],
            "value": [value for value, _ in told],
            "unit": ["" if unit == "count" else unit for _, unit in told],
            "standing": [standing(a.status) for a in assumptions],
            "as of": [a.as_of for a in assumptions],
            "source": [a.source for a in assumptions],
        },
        right=("value",),
    )


def _months(value: float) -> str:
    return "never" if not np.isfinite(value) else number(value, 2)


def pivot(simulation: NetworkSimulation, part: Part, *, years: int = 6) -> dict[str, Any]:
    """Return shares with a row a part and a column a year, the largest at the start first.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any simulation.
    part : {"region", "owner", "generation"}
        What to divide by; generations stay in the order of release, others by share.
    years : int
        Columns at most, evenly spread.
    """
    table = part_table(simulation, part)
    months = list(dict.fromkeys(table["month"].tolist()))
    names = list(dict.fromkeys(table[part].tolist()))
    frac = table["share_frac"].reshape(len(months), len(names))
    kept = [k for k in range(len(names)) if frac[:, k].max() >= 5e-4]
    if part != "generation":
        kept.sort(key=lambda k: -frac[:, k].max())
    chosen = np.unique(np.linspace(0, len(months) - 1, min(years, len(months))).round().astype(int))
    out: dict[str, Any] = {part: [names[k] for k in kept]}
    for j in chosen.tolist():
        out[months[j]] = [share(float(frac[j, k])) for k in kept]
    return out


def reasons(simulation: NetworkSimulation) -> dict[str, str]:
    """Return short texts by heading, for the page."""
    years = year_table(simulation)
    start, end = (float(years["hashprice_usd_per_ph_day"][k]) for k in (0, -1))
    best, then = (float(years["efficiency_j_per_th"][k]) for k in (0, -1))
    lost = float(np.abs(simulation.imbalance_eh_s).max())
    return {
        "pays": f"{quantity(start, 'usd_per_ph_day')} at the start, "
        f"{quantity(end, 'usd_per_ph_day')} at the end (means)",
        "rigs": f"{quantity(best, 'j_per_th')} to {quantity(then, 'j_per_th')}, mean of what runs",
        "to AI": f"{number(float(years['converted_mw'][-1]) / 1e3)} GW utility by the end",
        "halving": _halvings(simulation),
        "checks": f"rigs made less rigs found: {lost:.0e} EH/s at most",
    }


def _halvings(simulation: NetworkSimulation) -> str:
    """Say when the coming halvings are found, from the blocks of each scenario."""
    table = halving_table(simulation)
    said = [
        f"block {height:,} on {middle} (P5 {low}, P95 {high}), {btc:.8g} BTC from then"
        for height, btc, low, middle, high in zip(
            table["height"].tolist(),
            table["subsidy_btc"].tolist(),
            table["day_p5"].tolist(),
            table["day_p50"].tolist(),
            table["day_p95"].tolist(),
            strict=True,
        )
    ]
    return "; ".join(said) or "none by the end"
