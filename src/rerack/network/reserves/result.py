"""What miners sold, kept and owe, step by step."""

from __future__ import annotations

from dataclasses import dataclass, fields

from rerack.base.checks import FloatArray, frozen_array

#: Reasons for which coins are sold, in the order of `ReserveSimulation.sold_btc`.
REASONS = ("policy", "bills", "covenant", "margin call")


@dataclass(frozen=True, kw_only=True, eq=False)
class ReserveSimulation:
    """A population of miners along every scenario; read-only arrays, nominal dollars.

    Parameters
    ----------
    names : tuple of str
        Miners, in the order of arrays by miner.
    days : array, shape (step,)
        Length of each step [day].
    undisturbed_usd : array, shape (scenario, step)
        Price of a coin had the population sold nothing [USD/BTC].
    price_usd : array, shape (scenario, step)
        Price at the end of the step, its sales done [USD/BTC].
    paid_usd_per_btc : array, shape (scenario, step)
        Mean price that the step's sales fetched [USD/BTC].
    mined_btc : array, shape (scenario, step, miner)
        Mined in the step [BTC].
    sold_btc : array, shape (scenario, step, miner, reason)
        Sold in the step, by reason: see `REASONS` [BTC].
    run_btc : array, shape (scenario, step)
        Sales at the greatest fixed point less those made: above 0 where a run would justify
        itself [BTC].
    free_btc, pledged_btc : array, shape (scenario, step, miner)
        Coins after the step [BTC].
    cash_usd, coin_loan_usd, debt_usd, arrears_usd : array, shape (scenario, step, miner)
        After the step [USD]; arrears are bills that neither cash nor coins could pay.
    bills_usd : array, shape (scenario, step, miner)
        Bills paid in the step: power, opex, interest, repayments, calls for cash [USD].
    repaid_usd : array, shape (scenario, step, miner)
        Paid to lenders beyond the schedule: covenant and margin call [USD].
    imbalance_btc, imbalance_usd : array, shape (scenario, step, miner)
        Coins and dollars had and got less those gone and left; rounding only.
    rounds : int
        Most evaluations that a step took.
    """

    names: tuple[str, ...]
    days: FloatArray
    undisturbed_usd: FloatArray
    price_usd: FloatArray
    paid_usd_per_btc: FloatArray
    mined_btc: FloatArray
    sold_btc: FloatArray
    run_btc: FloatArray
    free_btc: FloatArray
    pledged_btc: FloatArray
    cash_usd: FloatArray
    coin_loan_usd: FloatArray
    debt_usd: FloatArray
    arrears_usd: FloatArray
    bills_usd: FloatArray
    repaid_usd: FloatArray
    imbalance_btc: FloatArray
    imbalance_usd: FloatArray
    rounds: int

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name not in ("names", "rounds"):
                object.__setattr__(self, field.name, frozen_array(getattr(self, field.name)))

    @property
    def paths(self) -> int:
        """Number of scenarios."""
        return int(self.price_usd.shape[0])

    @property
    def total_sold_btc(self) -> FloatArray:
        """Coins that the population sold in each step, shape (scenario, step) [BTC]."""
        total: FloatArray = self.sold_btc.sum(axis=(2, 3))
        return total

    @property
    def impact_frac(self) -> FloatArray:
        """Fall of the price that the population's sales cause, shape (scenario, step)."""
        fall: FloatArray = 1.0 - self.price_usd / self.undisturbed_usd
        return fall

    def __repr__(self) -> str:
        return (
            f"ReserveSimulation({len(self.names)} miners, {self.paths} scenarios, "
            f"{self.days.size} steps; mean sold {self.total_sold_btc.sum(axis=1).mean():,.0f} BTC)"
        )
