"""Bitcoin's own rules in exact integers, and the income, odds and dates that follow from them."""

from rerack.chain.compact import (
    bits_from_target,
    difficulty,
    difficulty_of_target,
    target_from_bits,
)
from rerack.chain.doublespend import confirmations_for, double_spend_probability
from rerack.chain.epochs import EpochPaths, run_epochs
from rerack.chain.hashprice import (
    breakeven_usd_per_mwh,
    btc_per_ph_day,
    fee_share_frac,
    fees_btc_from_share,
    hashprice_usd_per_ph_day,
    network_hashrate_eh_s,
)
from rerack.chain.payout import PayoutIncome, payout_income
from rerack.chain.retarget import next_bits
from rerack.chain.subsidy import halving_height, subsidy_sat, total_supply_sat
from rerack.chain.trace import EpochTrace, trace_epochs

__all__ = [
    "EpochPaths",
    "EpochTrace",
    "PayoutIncome",
    "bits_from_target",
    "breakeven_usd_per_mwh",
    "btc_per_ph_day",
    "confirmations_for",
    "difficulty",
    "difficulty_of_target",
    "double_spend_probability",
    "fee_share_frac",
    "fees_btc_from_share",
    "halving_height",
    "hashprice_usd_per_ph_day",
    "network_hashrate_eh_s",
    "next_bits",
    "payout_income",
    "run_epochs",
    "subsidy_sat",
    "target_from_bits",
    "total_supply_sat",
    "trace_epochs",
]
