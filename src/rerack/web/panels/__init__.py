"""The panels of every page.

What makes a panel is imported when it is first asked: together it takes longer to import than a
first answer takes to make.
"""

from __future__ import annotations

from rerack.web.panel import PanelSpec
from rerack.web.panels.deals import deals_panel
from rerack.web.panels.design import design_panel
from rerack.web.panels.finance import finance_panel
from rerack.web.panels.history import history_panel
from rerack.web.panels.network import calculator_panel, network_panel
from rerack.web.panels.policy import policy_panel
from rerack.web.panels.portfolio import portfolio_panel
from rerack.web.panels.power import power_panel
from rerack.web.panels.reliability import topology_panel
from rerack.web.panels.reserves import reserves_panel
from rerack.web.panels.security import security_panel
from rerack.web.panels.stress import stress_panel
from rerack.web.server import Server


def panels_of(server: Server) -> tuple[PanelSpec, ...]:
    """Return the panels of a server's pages, in their order on them."""
    makers = (
        policy_panel,
        stress_panel,
        power_panel,
        topology_panel,
        design_panel,
        network_panel,
        calculator_panel,
        history_panel,
        security_panel,
        finance_panel,
        reserves_panel,
        deals_panel,
        portfolio_panel,
    )
    found = (make(server) for make in makers)
    return tuple(spec for spec in found if spec is not None)
