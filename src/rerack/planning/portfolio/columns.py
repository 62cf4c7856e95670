"""The portfolio by decomposition: halls priced one by one against shared limits."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.base.errors import SolverError
from rerack.dispatch.programme_matrix import Program, Solved
from rerack.planning.portfolio.extensive import USD_PER_UNIT, PortfolioSolution, policy_value_usd
from rerack.planning.portfolio.limits import SharedRows, shared_rows
from rerack.planning.portfolio.problem import Portfolio
from rerack.planning.portfolio.stopping import best_stopping, near_best

#: Rounds of pricing after which the bound reached is given; each round adds a policy a hall.
_MOST_ROUNDS = 400
#: Policies of one group of halls up to which all that may matter are listed.
_MOST_POLICIES = 2_000
#: Reduced cost, in MUSD, below which a further policy cannot matter.
_TOLERANCE = 1e-7


@dataclass(frozen=True, kw_only=True, eq=False)
class Decomposed:
    """A portfolio solved by columns.

    Parameters
    ----------
    solution : PortfolioSolution
        Best combination of the policies found, and the bound by prices.
    price : ndarray, shape (row,)
        What one more unit of each shared limit is worth [MUSD per MUSD, crew or MW critical].
    rounds : int
        Rounds of pricing.
    """

    solution: PortfolioSolution
    price: FloatArray
    rounds: int


@dataclass(eq=False)
class _Columns:
    """Policies of single halls: what they gain and what they use."""

    group: list[int] = field(default_factory=list)
    gain: list[float] = field(default_factory=list)
    use: list[FloatArray] = field(default_factory=list)
    decide: list[FloatArray] = field(default_factory=list)


def solve_columns(
    portfolio: Portfolio, *, gap_frac: float = 1e-6, limit_s: float = 60.0
) -> Decomposed:
    r"""Solve a portfolio by column generation (Dantzig and Wolfe 1960, doi:10.1287/opre.8.1.101).

    Parameters
    ----------
    portfolio : Portfolio
        Halls, offers and limits.
    gap_frac : float
        Relative gap at which the search over the policies found may stop.
    limit_s : float
        Seconds for that search.

    Returns
    -------
    Decomposed
        Policy, bound and prices.

    Raises
    ------
    SolverError
        If pricing does not come to an end.

    Notes
    -----
    The master problem mixes policies of halls so that shared limits hold in the mean; its row
    multipliers are prices, at which each hall finds a better policy by `best_stopping`. The bound
    is the master's value plus what halls still could gain at those prices; it equals that of the
    linear relaxation of the extensive form. Then every policy is listed whose loss at those prices
    could still be made good, and the best whole-number mix of all of them is the optimum. Where
    they are too many to list, the best mix of those found is returned, with the gap to the bound.
    """
    rows = shared_rows(portfolio)
    gain = portfolio.node_gain_usd() * portfolio.tree.probability_frac / USD_PER_UNIT
    counts = np.array([portfolio.count(g) for g in portfolio.groups], dtype=np.float64)
    priced = _price_out(portfolio, gain, rows, counts)
    columns, bound = priced.columns, priced.bound
    decide, best, _ = _integer_mix(columns, rows, counts, gain.shape, gap_frac, limit_s)
    if _complete(portfolio, priced, gain, rows, slack=bound - best):
        decide, best, proven = _integer_mix(columns, rows, counts, gain.shape, gap_frac, limit_s)
        bound = min(bound, proven)
    objective = policy_value_usd(portfolio, decide)
    solution = PortfolioSolution(
        decide=decide,
        objective_usd=objective,
        bound_usd=max(bound * USD_PER_UNIT, objective),
    )
    return Decomposed(solution=solution, price=priced.price, rounds=priced.rounds)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Priced:
    """The master problem solved: no policy gains any more at its prices.

    `charged` is the gain of each decision less what it pays for shared limits, `level` what a hall
    of each group adds, `bound` in MUSD.
    """

    columns: _Columns
    charged: FloatArray
    level: FloatArray
    price: FloatArray
    bound: float
    rounds: int


def _price_out(
    portfolio: Portfolio, gain: FloatArray, rows: SharedRows, counts: FloatArray
) -> _Priced:
    columns = _Columns()
    price, level = np.zeros(rows.count), np.zeros(counts.size)
    bound, value = np.inf, 0.0
    for turn in range(_MOST_ROUNDS):
        charged = gain - _charge(rows, price, gain.shape)
        better, extra = False, 0.0
        for g, group in enumerate(portfolio.groups):
            best, decide = best_stopping(charged[group], portfolio.tree.parent)
            extra += counts[g] * max(best - level[g], 0.0)
            if best > level[g] + _TOLERANCE:
                _add(columns, g, group, decide, gain, rows)
                better = True
        bound = min(bound, value + extra)
        if not better:
            return _Priced(
                columns=columns,
                charged=charged,
                level=level,
                price=price,
                bound=bound,
                rounds=turn + 1,
            )
        found, level, price = _master(columns, rows, counts)
        value = found.objective_usd
    raise SolverError("portfolio: pricing did not end; ask for fewer stages or branches")


def _complete(
    portfolio: Portfolio, priced: _Priced, gain: FloatArray, rows: SharedRows, *, slack: float
) -> bool:
    """Add every policy that an optimal mix could hold; whether there were few enough.

    A mix with a policy of reduced cost r is worth no more than the bound plus r, so policies that
    lose more than bound less best found are in no better mix (Baldacci, Christofides and Mingozzi
    2008, doi:10.1007/s10107-007-0178-5).
    """
    for g, group in enumerate(portfolio.groups):
        worth = priced.charged[group]
        best, _ = best_stopping(worth, portfolio.tree.parent)
        allowed = slack - (priced.level[g] - best) + _TOLERANCE
        policies = near_best(worth, portfolio.tree.parent, slack=allowed, most=_MOST_POLICIES)
        if policies is None:
            return False
        for decide in policies:
            _add(priced.columns, g, group, decide, gain, rows)
    return True


def _charge(rows: SharedRows, price: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Return what a decision pays for shared limits, shape (choice, node)."""
    charge = np.zeros(shape)
    np.add.at(charge, (rows.choice, rows.node), rows.use * price[rows.row])
    return charge


def _add(
    columns: _Columns,
    group: int,
    choices: IntArray,
    decide: FloatArray,
    gain: FloatArray,
    rows: SharedRows,
) -> None:
    full = np.zeros(gain.shape)
    full[choices] = decide
    columns.group.append(group)
    columns.gain.append(float(gain[full > 0.0].sum()))
    used = rows.use * full[rows.choice, rows.node]
    columns.use.append(np.bincount(rows.row, used, minlength=rows.count).astype(np.float64))
    columns.decide.append(full)


def _program(
    columns: _Columns, rows: SharedRows, counts: FloatArray, *, integer: bool
) -> tuple[Program, IntArray, IntArray]:
    program = Program()
    count = len(columns.gain)
    number = program.columns((count,), cost=np.array(columns.gain), integer=integer)
    member = np.array(columns.group)
    once = [
        program.rows([(number[member == g][None, :], 1.0)], upper=halls)
        for g, halls in enumerate(counts)
        if (member == g).any()
    ]
    use = np.array(columns.use).reshape(count, rows.count)
    shared = [
        program.rows([(number[None, :], use[:, r][None, :])], upper=rows.capacity[r])
        for r in range(rows.count)
    ]
    empty = np.zeros(0, dtype=np.int64)
    return program, np.concatenate([*once, empty]), np.concatenate([*shared, empty])


def _master(
    columns: _Columns, rows: SharedRows, counts: FloatArray
) -> tuple[Solved, FloatArray, FloatArray]:
    """Return the master's solution, what a hall of each group adds, and prices of limits."""
    program, once, shared = _program(columns, rows, counts, integer=False)
    found = program.solve(relaxed=True, limit_s=60.0, gap_frac=0.0, tolerance=1e-9)
    level = np.zeros(counts.size)
    level[sorted(set(columns.group))] = found.price[once]
    return found, level, found.price[shared]


def _integer_mix(
    columns: _Columns,
    rows: SharedRows,
    counts: FloatArray,
    shape: tuple[int, ...],
    gap_frac: float,
    limit_s: float,
) -> tuple[FloatArray, float, float]:
    """Return the best whole-number mix of the policies found, its value and bound [MUSD]."""
    decide = np.zeros(shape)
    if not columns.gain:
        return decide, 0.0, 0.0
    program, _, _ = _program(columns, rows, counts, integer=True)
    found = program.solve(relaxed=False, limit_s=limit_s, gap_frac=gap_frac, tolerance=1e-9)
    for halls, policy in zip(np.round(found.value), columns.decide, strict=True):
        decide += halls * policy
    return decide, found.objective_usd, found.bound_usd
