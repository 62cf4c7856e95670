"""The ledger of one plan: every amount posted once, by hall and line, for all scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.base.errors import InputError

#: Cash lines in reporting order. Income is positive, cost negative.
HALL_LINES = (
    "mining revenue",
    "mining power",
    "demand charge",
    "coincident peak",
    "grid services",
    "mining operations",
    "rigs",
    "AI revenue",
    "AI power",
    "AI operations",
    "SLA credits",
    "AI curtailment",
    "delay damages",
    "default recoveries",
    "termination fees",
    "tenant money held",
    "conversion capex",
    "GPU servers",
)
SITE_LINES = (
    "block settlement",
    "minimum take",
    "generation",
    "battery",
    "overhead",
    "tax",
    "loan drawn",
    "interest",
    "principal",
    "working capital",
    "debt reserve",
    "coins kept",
    "coins sold",
    "notes converted",
)
LINES = HALL_LINES + SITE_LINES
#: Lines that are neither investment, tax nor financing: their sum is EBITDA.
OPERATING_LINES = (
    "mining revenue",
    "mining power",
    "demand charge",
    "coincident peak",
    "grid services",
    "mining operations",
    "AI revenue",
    "AI power",
    "AI operations",
    "SLA credits",
    "AI curtailment",
    "delay damages",
    "default recoveries",
    "termination fees",
    "block settlement",
    "minimum take",
    "generation",
    "battery",
    "overhead",
)
_LINE_AT = {line: k for k, line in enumerate(LINES)}
#: The running sum that a line adds to: that of operations, or that of all else.
_SUM_OF = np.array([0 if line in OPERATING_LINES else 1 for line in LINES])


@lru_cache(maxsize=64)
def _columns(signs: tuple[tuple[str, float], ...]) -> tuple[FloatArray, IntArray]:
    """Return the signs of lines, and where they stand in `LINES`."""
    return np.array([sign for _, sign in signs]), np.array([_LINE_AT[line] for line, _ in signs])


@lru_cache(maxsize=8)
def _places(lines: frozenset[str] | None) -> IntArray:
    """Return where each of `LINES` is kept by scenario; -1 for those that are not."""
    kept = [lines is None or line in lines for line in LINES]
    return np.where(kept, np.cumsum(kept) - 1, -1)


#: Name of the row that holds what belongs to no single hall.
SITE_ROW = "site"


class Ledger:
    """Totals by line for each scenario, and sums over scenarios by hall.

    Parameters
    ----------
    halls : tuple of str
        Hall names; a row `SITE_ROW` is added.
    scenarios, months : int
        Shape of what is posted.
    by_scenario : frozenset of str or None
        Lines whose totals are kept for each scenario; None for all, which statements need and the
        value of a plan does not.

    Notes
    -----
    Each post goes to both books, so the hall book summed over halls equals the scenario book summed
    over scenarios; a property test checks it to the cent. The sums of all lines and of operations
    are kept as they grow: the same bits whatever else is kept.
    """

    def __init__(
        self,
        halls: tuple[str, ...],
        scenarios: int,
        months: int,
        *,
        by_scenario: frozenset[str] | None = None,
    ) -> None:
        self.rows = (*halls, SITE_ROW)
        self._row_at = {row: k for k, row in enumerate(self.rows)}
        self._shape = (scenarios, months)
        self._place = _places(by_scenario)
        # Empty, not zero: most lines of a plan are never posted, nor is their memory touched.
        self._totals = np.empty((int(self._place.max()) + 1, *self._shape))
        self._posted = np.zeros(len(LINES), dtype=np.bool_)
        self._sums = np.zeros((2, *self._shape))
        self.sum_usd = np.zeros((len(self.rows), len(LINES), months))

    def post(self, row: str, line: str, amount_usd: FloatArray, *, sign: float = 1.0) -> None:
        """Add `amount_usd` times `sign`, shape (scenario, month), to `line` of `row`."""
        self.post_lines({row: 1.0}, {line: sign}, amount_usd[None])

    def post_halls(
        self,
        sizes_mw: Mapping[str, float],
        line: str,
        usd_per_mw: FloatArray,
        *,
        sign: float = 1.0,
        kept: FloatArray | None = None,
    ) -> None:
        """Add what alike halls earn per MW to `line` of each.

        Parameters
        ----------
        sizes_mw : dict of str to float
            Utility MW by hall.
        line : str
            One of `HALL_LINES`.
        usd_per_mw : ndarray, shape (scenario, month)
            Amount per MW [USD/MW].
        sign : float
            1 for income, -1 for a cost given as a positive amount.
        kept : ndarray, shape (scenario, month), or None
            Share of the amount that is posted; None for all of it.
        """
        self.post_lines(sizes_mw, {line: sign}, usd_per_mw[None], kept=kept)

    def post_lines(
        self,
        sizes_mw: Mapping[str, float],
        signs: Mapping[str, float],
        usd_per_mw: FloatArray,
        *,
        kept: FloatArray | None = None,
    ) -> None:
        """Add what alike halls earn per MW to several lines of each, in one pass.

        Parameters
        ----------
        sizes_mw : dict of str to float
            Utility MW by hall.
        signs : dict of str to float
            Sign of each amount by line, as for `post_halls`.
        usd_per_mw : ndarray, shape (line, scenario, month)
            Amounts per MW in the order of `signs` [USD/MW].
        kept : ndarray, shape (scenario, month), or None
            As for `post_halls`.
        """
        amount = np.ascontiguousarray(usd_per_mw, dtype=np.float64)
        if amount.shape != (len(signs), *self._shape):
            raise InputError.of(
                f"ledger {', '.join(sizes_mw)}, {', '.join(signs)}",
                given=str(amount.shape),
                allowed=str((len(signs), *self._shape)),
                cure="Correct the value.",
            )
        from rerack.planning.ledger_kernel import add_posts

        add_posts(
            amount,
            np.empty((0, 0)) if kept is None else kept,
            *_columns(tuple(signs.items())),
            np.array([self._row_at[row] for row in sizes_mw]),
            np.array(list(sizes_mw.values())),
            _SUM_OF,
            self._sums,
            self._place,
            self._totals,
            self._posted,
            self.sum_usd,
        )

    def posted(self, line: str) -> FloatArray | None:
        """Return what was posted to `line`, itself, shape (scenario, month); None for nothing.

        Raises
        ------
        KeyError
            The line is not kept by scenario.
        """
        at = _LINE_AT.get(line)
        if at is None or not self._posted[at]:
            return None
        if self._place[at] < 0:
            raise KeyError(f"{line} is not kept by scenario")
        found: FloatArray = self._totals[self._place[at]]
        return found

    def total(self, *lines: str) -> FloatArray:
        """Return the sum of `lines`, shape (scenario, month); of all if none is named."""
        if not lines:
            return np.asarray(self._sums[0] + self._sums[1])
        out = np.zeros(self._shape)
        for line in lines:
            found = self.posted(line)
            if found is not None:
                out += found
        return out

    def ebitda(self) -> FloatArray:
        """Return the sum of `OPERATING_LINES`, shape (scenario, month)."""
        return np.array(self._sums[0])
