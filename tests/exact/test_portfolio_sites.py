"""Sites decided together and alone, where both answers can be seen at a glance."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.planning.portfolio import (
    Choice,
    CompanyLimits,
    Portfolio,
    build_tree,
    site_values,
    solve_portfolio,
)


def portfolio(crews: int) -> Portfolio:
    """Return two sites of one hall each, today or never, worth 10 and 6 MUSD."""
    tree = build_tree([0], np.zeros((16, 1, 2)), (1, 1))
    choices = tuple(
        Choice(
            company="one",
            site=site,
            hall="A",
            offer="shell",
            count=1,
            critical_mw=50.0,
            capex_usd=1e8,
            lead_months=18,
            gain_usd=np.array([[gain]]),
            open_stage=np.ones(1, dtype=np.bool_),
        )
        for site, gain in (("large", 10e6), ("small", 6e6))
    )
    return Portfolio(tree=tree, choices=choices, companies={"one": CompanyLimits(crews=crews)})


@pytest.mark.parametrize(("crews", "small"), [(1, 0.0), (2, 6e6)])
def test_one_crew_for_two_sites_costs_the_smaller_gain(crews: int, small: float) -> None:
    asked = portfolio(crews)
    found = site_values(asked, solve_portfolio(asked).solution)
    assert [v.site for v in found] == ["large", "small"]
    assert [v.together_usd for v in found] == pytest.approx([10e6, small])
    assert [v.alone_usd for v in found] == pytest.approx([10e6, 6e6])
