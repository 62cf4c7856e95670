"""What a policy is worth, as texts: bounds, waiting, and each right by itself."""

from __future__ import annotations

import math

from rerack.report.format import money, money_with_error
from rerack.report.source import CheckedRun, RunTables, check_run, rows
from rerack.report.tables import Written


def policy_sheet(run: RunTables) -> Written:
    """Return each policy's bounds and values, one row a value."""
    found = rows(check_run(run).table("policy_values"))
    return Written(
        heads=("plan", "value", "worth", "meaning"),
        rows=tuple(
            (str(r["plan"]), str(r["value"]), worth(r["mean_usd"], r["se_usd"]), str(r["meaning"]))
            for r in found
        ),
        right=(False, False, True, False),
    )


def option_sheet(run: RunTables) -> Written:
    """Return what each right is worth; no rows where the run did not value them."""
    found = rows(check_run(run).table("option_values"))
    return Written(
        heads=("plan", "right", "worth", "meaning"),
        rows=tuple(
            (
                str(r["plan"]),
                str(r["value"]),
                worth(r["mean"], r["se"]) + ("/MW" if r["unit"] == "USD/MW" else ""),
                str(r["meaning"]),
            )
            for r in found
        ),
        right=(False, False, True, False),
    )


def left_out_sheet(run: RunTables) -> Written:
    """Return what each rule leaves out, by key of the site file; no rows where it is nothing."""
    return Written(
        heads=("plan", "key", "in the rule"),
        rows=tuple((r["plan"], r["key"], r["how"]) for r in run.meta.get("policy_leaves_out", [])),
        right=(False, False, False),
    )


def power_sheet(run: RunTables) -> Written:
    """Return what each month of time to power saved is worth; no rows where it was not valued."""
    found = rows(check_run(run).table("time_to_power"))
    return Written(
        heads=("plan", "sooner", "worth", "worth of each month"),
        rows=tuple(
            (
                str(r["plan"]),
                str(r["sooner"]),
                worth(r["mean_usd"], r["se_usd"]),
                worth(r["mean_usd_per_month"], r["se_usd_per_month"]),
            )
            for r in found
        ),
        right=(False, False, True, True),
    )


def option_words(run: CheckedRun) -> str:
    """Say in one line what the rights are worth; empty where the run did not value them."""
    texts = [
        f"{r['value']} {worth(r['mean'], r['se'])}{'/MW' if r['unit'] == 'USD/MW' else ''}"
        for r in rows(run.table("option_values"))
        if r["plan"] == run.table("option_values")["plan"][0]
    ]
    return "; ".join(texts)


def worth(mean_usd: float, error_usd: float) -> str:
    """Return a mean with its standard error, without one where there is none."""
    return money(mean_usd) if math.isnan(error_usd) else money_with_error(mean_usd, error_usd)
