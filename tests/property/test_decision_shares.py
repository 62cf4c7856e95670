"""The table of decisions counts what was decided, scenario by scenario."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rerack.base.timegrid import MonthGrid
from rerack.planning import NEVER
from rerack.study.merge import Merged
from rerack.study.tables.plans import decisions_table

GRID = MonthGrid.parse("2026-01", 7)
OFFERS = ("shell", "cloud")
#: Month and position of the offer in one scenario; a hall that stays has neither.
DECIDED = st.one_of(
    st.just((NEVER, -1)), st.tuples(st.integers(0, GRID.months - 1), st.integers(0, 1))
)


@given(st.lists(DECIDED, min_size=1, max_size=30))
def test_shares_are_counts_of_scenarios(decided: list[tuple[int, int]]) -> None:
    month, use = np.array(decided, dtype=np.int64).T
    plan = SimpleNamespace(
        plan=SimpleNamespace(name="rule"), decided={"A": month}, use={"A": use}, offers=OFFERS
    )
    table = decisions_table(cast("Merged", SimpleNamespace(plans=(plan,))), GRID)
    seen = Counter((OFFERS[u] if u >= 0 else "mining", _label(m)) for m, u in decided)
    keys = zip(table["use"].tolist(), table["month"].tolist(), strict=True)
    shares = dict(zip(keys, table["share_frac"].tolist(), strict=True))
    assert shares == {key: count / len(decided) for key, count in seen.items()}
    assert len(table["share_frac"]) == len(seen)


def _label(month: int) -> str:
    return "never" if month >= GRID.months else GRID.labels[month]
