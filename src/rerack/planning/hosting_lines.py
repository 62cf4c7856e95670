"""What a hosted hall earns and costs per megawatt, line by line of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerack.base.checks import FloatArray, IntArray
from rerack.planning.deal_money import DealMoney

#: Lines of the ledger that every hosted hall posts, and their signs there.
HOSTING_LINES = {
    "AI revenue": 1.0,
    "AI power": -1.0,
    "AI operations": -1.0,
    "SLA credits": -1.0,
    "conversion capex": -1.0,
    "GPU servers": -1.0,
}


@dataclass(frozen=True, kw_only=True)
class HostingCash:
    """Monthly amounts per utility MW converted, shape (scenario, month) if not said.

    Costs are positive numbers.

    Parameters
    ----------
    lines_usd_per_mw : ndarray, shape (line, scenario, month)
        Amounts of `HOSTING_LINES`: gross rent or GPU sales, owner-paid energy, operating cost,
        expected SLA credits, owner's building cost, owner's GPU servers [USD/MW].
    tenant_usd_per_mw : ndarray or None
        What the tenant pays for fit-out [USD/MW]; None for nothing.
    served_frac : ndarray
        Share of the contracted critical MW in service, 0 to 1.
    late_months : ndarray of int, shape (scenario,), or None
        Delay of first service [months]; None where the contract knows none.
    curtailment_usd_per_mw : ndarray or None
        Power cost saved by shedding, as income [USD/MW]; None for a firm contract.
    money : DealMoney
        Prepayment, security, fees and damages.
    """

    lines_usd_per_mw: FloatArray
    tenant_usd_per_mw: FloatArray | None
    served_frac: FloatArray
    late_months: IntArray | None = None
    curtailment_usd_per_mw: FloatArray | None = None
    money: DealMoney = field(default_factory=DealMoney)

    def _line(self, at: int) -> FloatArray:
        line: FloatArray = self.lines_usd_per_mw[at]
        return line

    @property
    def revenue_usd_per_mw(self) -> FloatArray:
        """Gross rent or GPU sales [USD/MW], shape (scenario, month)."""
        return self._line(0)

    @property
    def power_usd_per_mw(self) -> FloatArray:
        """Owner-paid energy [USD/MW], shape (scenario, month)."""
        return self._line(1)

    @property
    def operations_usd_per_mw(self) -> FloatArray:
        """Operating cost [USD/MW], shape (scenario, month)."""
        return self._line(2)

    @property
    def credits_usd_per_mw(self) -> FloatArray:
        """Expected SLA credits [USD/MW], shape (scenario, month)."""
        return self._line(3)

    @property
    def conversion_usd_per_mw(self) -> FloatArray:
        """Owner's building cost [USD/MW], shape (scenario, month)."""
        return self._line(4)

    @property
    def servers_usd_per_mw(self) -> FloatArray:
        """Owner's GPU servers [USD/MW], shape (scenario, month)."""
        return self._line(5)
