"""What a report needs of a run: two members, and the columns that each table must have."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import require
from rerack.base.errors import InputError

#: Columns by name, all of one length; text columns hold strings, others numbers or booleans.
Table = Mapping[str, NDArray[Any]]


class RunTables(Protocol):
    """A finished run, as the report sees it.

    `meta` holds the keys of `META`; `table(name)` returns the columns listed in `COLUMNS`.
    """

    @property
    def meta(self) -> Mapping[str, Any]:
        """Facts about the run as a whole."""
        ...

    def table(self, name: str) -> Table:
        """Return the columns of table `name`, arrays of shape (row,)."""
        ...


#: Keys that `RunTables.meta` must have.
META = (
    "name",
    "site",
    "interconnect_mw",
    "scenarios",
    "months",
    "start",
    "seed",
    "wall_s",
    "discount_rate_frac",
    "money_basis",
    "answer_plan",
    "version",
    "run_id",
    "run_path",
    "created",
    "inputs_unverified",
    "lp_gap",
    "halls",
    "hours",
)

#: Columns that each table must have.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "plans": (
        "plan",
        "kind",
        "npv_mean_usd",
        "npv_se_usd",
        "npv_p5_usd",
        "npv_p95_usd",
        "delta_mean_usd",
        "delta_se_usd",
        "p_below_keep_frac",
        "irr_frac",
        "irr_note",
        "payback_months",
        "capex_usd",
        "tenant_capex_usd",
        "worst_dscr",
        "moic",
        "ai_mw_utility",
        "ai_mw_critical",
    ),
    "scenarios": ("plan", "scenario", "npv_usd"),
    "cashflow": ("plan", "hall", "month", "line", "mean_usd"),
    "uses": ("plan", "month", "use", "mean_mw"),
    "outlook": ("driver", "month", "mean", "p5", "p25", "p50", "p75", "p95"),
    "per_kwh": (
        "use",
        "basis",
        "revenue_usd_per_kwh",
        "revenue_usd_per_critical_kwh",
        "margin_usd_per_kwh",
        "capex_usd_per_mw_utility",
        "note",
    ),
    "duration": ("hour_share_frac", "price_usd_per_mwh"),
    "strikes": ("hall", "rigs", "strike_usd_per_mwh", "run_frac"),
    "capex": ("offer", "component", "owner_usd_per_mw", "tenant_usd_per_mw"),
    "tornado": ("input", "low", "high", "low_delta_usd", "high_delta_usd", "base_delta_usd"),
    "flips": ("input", "factor", "searched_low", "searched_high"),
    "decisions": ("plan", "hall", "use", "month", "share_frac"),
    "inputs": ("path", "value", "unit", "source", "status", "as_of", "where"),
    "rigs": (
        "model",
        "efficiency_j_per_th",
        "strike_usd_per_mwh",
        "earns_at_40",
        "earns_at_50",
        "earns_at_60",
        "earns_at_80",
        "status",
    ),
    "policy_values": ("plan", "value", "mean_usd", "se_usd", "meaning"),
    "exercise_region": (
        "plan",
        "from_month",
        "hashprice_low_usd_per_ph_day",
        "hashprice_high_usd_per_ph_day",
        "lease_index_low",
        "lease_index_high",
        "seen_count",
        "converted_count",
    ),
    "option_values": ("plan", "value", "unit", "mean", "se", "meaning"),
    "time_to_power": (
        "plan",
        "sooner",
        "months",
        "mean_usd",
        "se_usd",
        "mean_usd_per_month",
        "se_usd_per_month",
    ),
    "coin_cost": ("definition", "usd_per_btc", "formula"),
    "covenants": ("plan", "covenant", "month", "level", "breached_frac", "ever_breached_frac"),
    "statements": ("plan", "scenario", "statement", "line", "month", "usd"),
    "debt": (
        "plan",
        "instrument",
        "month",
        "drawn_usd",
        "interest_usd",
        "repaid_usd",
        "balance_usd",
    ),
    "treasury": ("plan", "month", "coins_btc", "coins_usd", "cash_usd"),
    "reliability": (
        "offer",
        "topology",
        "source",
        "critical_mw",
        "plants",
        "unavailability_frac",
        "minutes_lost_per_year",
        "outages_per_year",
        "mean_outage_hours",
        "promised_frac",
        "promise_missed_frac",
        "schedule",
        "expected_credit_frac",
        "credits_usd_per_mw_year",
        "exit_frac_per_year",
        "capex_usd_per_mw",
        "components",
        "components_unverified",
    ),
    "outages": ("topology", "cause", "outages_per_year", "mean_hours", "planned"),
    "outage_causes": ("topology", "cause", "minutes_per_year", "share_frac"),
    "blocks": (
        "topology",
        "parent",
        "role",
        "kind",
        "name",
        "count",
        "needed",
        "beta_frac",
        "fuel_hours",
        "ride_through_hours",
        "failure_rate_per_year",
        "fail_to_run_per_hour",
        "mttr_hours",
        "capacity_mw",
        "source",
    ),
    "loop": (
        "plan",
        "share_frac",
        "npv_alone_usd",
        "npv_usd",
        "delta_usd",
        "delta_se_usd",
    ),
    "loop_starts": ("start", "equilibrium", "residual_usd", "residual_frac", "unsettled_mw"),
    "loop_paths": (
        "month",
        "hashprice_usd_per_ph_day",
        "nobody_usd_per_ph_day",
        "converted_mw",
        "lease_left_frac",
    ),
    "calculator": (
        "method",
        "growth_frac_per_year",
        "keep_npv_usd",
        "keep_error_usd",
        "plan",
        "delta_usd",
        "delta_error_usd",
        "payback_months",
    ),
}

#: Tables that set two plans against each other; a run of one plan need not have them.
COMPARING = frozenset({"tornado", "flips"})

#: Tables of policies; a run that has none, or was kept from before them, need not have them.
OF_POLICIES = frozenset({"policy_values", "exercise_region"})

#: Tables of rights that a run values when asked to.
OF_OPTIONS = frozenset({"option_values", "time_to_power"})

#: Tables of finance; a run whose meta does not say that it keeps accounts has none.
OF_ACCOUNTS = frozenset({"covenants", "statements", "debt", "treasury"})

#: Tables of reliability; a run none of whose offers describes its plant has none.
OF_PLANTS = frozenset({"reliability", "outages", "outage_causes", "blocks"})

#: Columns in which NaN has a meaning: no rate of return, never paid back, nothing to divide by, no
#: flip within the range searched, no standard error of a single scenario.
MAY_BE_NAN = frozenset(
    {
        "irr_frac",
        "payback_months",
        "moic",
        "p_below_keep_frac",
        "revenue_usd_per_critical_kwh",
        "capex_usd_per_mw_utility",
        "efficiency_j_per_th",
        "usd_per_btc",
        "factor",
        "npv_se_usd",
        "delta_se_usd",
        "se_usd",
        "growth_frac_per_year",
        "payback_error_months",
        "se",
    }
)


class CheckedRun:
    """A run whose tables are read once, on first use, and checked as they are read.

    Parameters
    ----------
    run : RunTables
        The run to read.

    Raises
    ------
    InputError
        A key of `meta` or a column is missing, columns differ in length, or a number is NaN
        where NaN means nothing.
    """

    def __init__(self, run: RunTables) -> None:
        missing = [key for key in META if key not in run.meta]
        require(not missing, "run.meta", given=f"no {', '.join(missing)}", allowed="every key")
        self._run = run
        self._tables: dict[str, Table] = {}

    @property
    def meta(self) -> Mapping[str, Any]:
        """Facts about the run as a whole."""
        return self._run.meta

    def table(self, name: str) -> Table:
        """Return table `name`, arrays of shape (row,)."""
        if name not in self._tables:
            nearest(name, COLUMNS, "table")
            if self._has_none(name):
                self._tables[name] = {c: np.array([]) for c in COLUMNS[name]}
            else:
                self._tables[name] = _checked(name, self._run.table(name))
        return self._tables[name]

    def _has_none(self, name: str) -> bool:
        if name in OF_ACCOUNTS:
            return not self.meta.get("accounts", False)
        if name in OF_PLANTS:
            return not self.meta.get("topologies")
        if name in OF_OPTIONS:
            return not self.meta.get("option_values", False)
        plans = self.table("plans") if name in COMPARING | OF_POLICIES else {}
        if name in OF_POLICIES:
            return not bool((plans["kind"] == "policy").any())
        return name in COMPARING and length(plans) == 1


def check_run(run: RunTables) -> CheckedRun:
    """Return `run` with every table checked on first use; a checked run comes back as it is."""
    return run if isinstance(run, CheckedRun) else CheckedRun(run)


def nearest(name: str, known: Iterable[str], where: str) -> str:
    """Return `name` if it is among `known`; else raise `InputError` naming the closest ones.

    Examples
    --------
    >>> nearest("capexx", ("npv", "capex"), "figure")
    Traceback (most recent call last):
    rerack.base.errors.InputError: figure: given 'capexx'; allowed: npv, capex. Did you mean capex?
    """
    names = tuple(known)
    if name in names:
        return name
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    cure = f"Did you mean {' or '.join(close)}?" if close else "Choose one of these."
    raise InputError.of(where, given=repr(name), allowed=", ".join(names), cure=cure)


def select(table: Table, **equal: str) -> dict[str, NDArray[Any]]:
    """Return the rows of `table` whose named text columns equal the given values."""
    keep = np.ones(length(table), dtype=bool)
    for column, value in equal.items():
        keep &= table[column] == value
    return {column: values[keep] for column, values in table.items()}


def rows(table: Table) -> list[dict[str, Any]]:
    """Return `table` as a list of rows with plain Python values."""
    columns = {name: values.tolist() for name, values in table.items()}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def length(table: Table) -> int:
    """Return the number of rows."""
    return len(next(iter(table.values()))) if table else 0


def keep_plan(run: RunTables) -> str:
    """Return the name of the first plan, the one that keeps mining."""
    return str(run.table("plans")["plan"][0])


def answer_plan(run: RunTables) -> str:
    """Return the name of the plan that the run recommends."""
    return chosen_plan(run, str(run.meta["answer_plan"]))


def compared_plan(run: RunTables) -> str | None:
    """Return the plan that the run sets against keeping the rigs.

    That is the recommended one or, where keeping is recommended, the best of the others; None
    where there is no other.
    """
    keep, best = keep_plan(run), answer_plan(run)
    if best != keep:
        return best
    plans = run.table("plans")
    others = [k for k, name in enumerate(plans["plan"]) if name != keep]
    if not others:
        return None
    return str(plans["plan"][max(others, key=lambda k: float(plans["delta_mean_usd"][k]))])


def chosen_plan(run: RunTables, plan: str | None) -> str:
    """Return `plan`, or the recommended one where None; unknown names raise `InputError`."""
    if plan is None:
        return answer_plan(run)
    return nearest(plan, [str(p) for p in run.table("plans")["plan"]], "plan")


def plan_row(run: RunTables, plan: str) -> dict[str, Any]:
    """Return the row of table ``plans`` that belongs to `plan`."""
    plans = run.table("plans")
    row = plans["plan"].tolist().index(chosen_plan(run, plan))
    return {column: values[row : row + 1].tolist()[0] for column, values in plans.items()}


def _checked(name: str, table: Table) -> Table:
    missing = [column for column in COLUMNS[name] if column not in table]
    require(not missing, f"run.{name}", given=f"no {', '.join(missing)}", allowed="every column")
    lengths = {column: len(values) for column, values in table.items()}
    require(
        len(set(lengths.values())) <= 1,
        f"run.{name}",
        given=f"columns of lengths {lengths}",
        allowed="columns of one length",
    )
    if name == "plans":
        require(length(table) > 0, "run.plans", given="no rows", allowed="one plan or more")
    for column, values in table.items():
        if values.dtype.kind == "f" and column not in MAY_BE_NAN:
            bad = np.isnan(values)
            if bad.any():
                raise InputError.of(
                    f"run.{name}.{column}[{int(bad.argmax())}]",
                    given="NaN",
                    allowed="a number",
                    cure="Mend the run that wrote the table.",
                )
    return {column: np.asarray(values) for column, values in table.items()}
