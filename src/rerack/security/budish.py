"""The economic limit of trust in mining: what must be paid for security, and what it can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rerack.base.checks import require, require_between
from rerack.chain.doublespend import confirmations_for
from rerack.security.majority import MAX_CONFIRMATIONS, majority_double_spend

#: Block rewards in a year at one block in ten minutes (365 days).
BLOCKS_PER_YEAR: Final = 52_560.0


@dataclass(frozen=True, kw_only=True)
class ValueLimits:
    """Largest value that it does not pay a majority to attack, by each of Budish's conditions.

    Parameters
    ----------
    confirmations : int
        Confirmations for which the merchant waits.
    hashrate_ratio : float
        Attacker's hashrate over the honest.
    gross_flow_usd : float
        Limit if nothing of the hashing came back: A t p_block.
    net_flow_usd : float
        Limit by what is lost for good: (friction + price fall) A t p_block.
    stock_usd : float
        Limit of an attack that ruins the coin and with it the attacker's rigs: the net flow plus
        the share of the hardware that loses its worth.
    """

    confirmations: int
    hashrate_ratio: float
    gross_flow_usd: float
    net_flow_usd: float
    stock_usd: float


def value_limits(
    confirmations: int,
    *,
    block_reward_usd: float,
    hardware_usd: float,
    hashrate_ratio: float = 1.25,
    friction_frac: float = 0.0,
    price_fall_frac: float = 0.0,
    hardware_loss_frac: float = 1.0,
) -> ValueLimits:
    r"""Return the value that confirmations protect against a majority, by flow and by stock.

    Parameters
    ----------
    confirmations : int
        Confirmations e for which the merchant waits.
    block_reward_usd : float
        Subsidy and fees of a block, p_block [USD].
    hardware_usd : float
        Worth of the attacker's rigs and sites, N C [USD]; see `attack_cost`.
    hashrate_ratio : float
        Attacker's hashrate over the honest, A, above 1.
    friction_frac, price_fall_frac : float
        As in `MajorityRace.net_cost_usd`.
    hardware_loss_frac : float
        Share of the hardware's worth that the attack destroys, 0 to 1: near 0 for rented hashrate
        or for a coin that recovers, near 1 for rigs that can do nothing else.

    Returns
    -------
    ValueLimits
        An attack pays where the value at stake V is above the limit.

    Notes
    -----
    Budish (2018, NBER 24717; QJE 140(1), 2025, doi:10.1093/qje/qjae033). Free entry makes the flow
    of hashing cost what it earns, N c = p_block. No attack pays if the flow cost exceeds its gain,

        alpha p_block > V,        alpha = A t(e, A)   (`majority_double_spend`)

    so what must be paid to miners, each block and for ever, is linear in the value secured. If the
    attack destroys the coin, the attacker also loses its stock of hardware:

        alpha p_block + N C > V

    The gross condition assumes that the attacker's own rewards are worth nothing; the net one
    counts them (Budish 2022, section on the net cost). One payment a block is taken to be at stake;
    an attacker who cheats many merchants at once adds their values up.

    Examples
    --------
    >>> limits = value_limits(6, block_reward_usd=250_000.0, hardware_usd=0.0)
    >>> round(limits.gross_flow_usd)
    3552124
    """
    require_between(hardware_usd, 0.0, 1e16, "hardware_usd")
    require_between(hardware_loss_frac, 0.0, 1.0, "hardware_loss_frac")
    race = majority_double_spend(confirmations, hashrate_ratio)
    net = race.net_cost_usd(
        block_reward_usd, friction_frac=friction_frac, price_fall_frac=price_fall_frac
    )
    return ValueLimits(
        confirmations=confirmations,
        hashrate_ratio=hashrate_ratio,
        gross_flow_usd=race.gross_rewards * block_reward_usd,
        net_flow_usd=net,
        stock_usd=net + hardware_loss_frac * hardware_usd,
    )


def block_reward_needed_usd(
    value_usd: float,
    confirmations: int,
    *,
    hashrate_ratio: float = 1.25,
    loss_frac: float = 1.0,
) -> float:
    """Return the block reward above which an attack on a value does not pay, by flow alone.

    Parameters
    ----------
    value_usd : float
        Value at stake V [USD].
    confirmations : int
        Confirmations for which the merchant waits.
    hashrate_ratio : float
        Attacker's hashrate over the honest.
    loss_frac : float
        Friction plus price fall; 1 is the gross condition.

    Returns
    -------
    float
        ``V / (loss A t)`` [USD per block].

    Examples
    --------
    >>> round(block_reward_needed_usd(1e9, 6) / 1e6, 1)
    70.4
    """
    require_between(value_usd, 0.0, 1e16, "value_usd")
    require(0.0 < loss_frac <= 1e3, "loss_frac", given=loss_frac, allowed="above 0, up to 1000")
    race = majority_double_spend(confirmations, hashrate_ratio)
    return value_usd / (loss_frac * race.gross_rewards)


def confirmations_against_majority(
    value_usd: float,
    block_reward_usd: float,
    *,
    hashrate_ratio: float = 1.25,
    loss_frac: float = 1.0,
) -> int:
    """Return the fewest confirmations at which a majority's attack on a value does not pay.

    Parameters
    ----------
    value_usd : float
        Value at stake [USD].
    block_reward_usd : float
        Subsidy and fees of a block [USD], above 0.
    hashrate_ratio : float
        Attacker's hashrate over the honest.
    loss_frac : float
        Friction plus price fall; 1 is the gross condition.

    Raises
    ------
    InputError
        More than 100,000 confirmations (two years) would be needed: the flow does not protect it.

    Examples
    --------
    >>> confirmations_against_majority(5e6, 270_000.0)
    10
    """
    require_between(value_usd, 0.0, 1e16, "value_usd")
    require(
        0.0 < block_reward_usd <= 1e15,
        "block_reward_usd",
        given=block_reward_usd,
        allowed="above 0",
    )
    require(0.0 < loss_frac <= 1e3, "loss_frac", given=loss_frac, allowed="above 0, up to 1000")

    def protects(e: int) -> bool:
        cost = majority_double_spend(e, hashrate_ratio).gross_rewards * loss_frac
        return cost * block_reward_usd >= value_usd

    # A t >= A e, so this many are always enough, and the search ends.
    enough = max(1, -int(-value_usd // (loss_frac * block_reward_usd * hashrate_ratio)))
    require(
        enough <= MAX_CONFIRMATIONS,
        "value_usd",
        given=f"{value_usd:g}",
        allowed=f"a value that {MAX_CONFIRMATIONS} confirmations protect",
        cure="Split the payment; no wait protects it by the cost of hashing alone.",
    )
    low, high = 0, enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if protects(middle) else (middle, high)
    return high


def confirmations_against_minority(value_usd: float, q: float, tolerated_loss_usd: float) -> int:
    """Return the confirmations that keep a merchant's expected loss within a limit.

    Parameters
    ----------
    value_usd : float
        Value of the payment [USD], above the tolerated loss.
    q : float
        Attacker's share of all hashrate, below 0.5.
    tolerated_loss_usd : float
        Expected loss that the merchant accepts [USD], above 0.

    Returns
    -------
    int
        Smallest z with V P(q, z) below the limit, P exact (`rerack.chain.confirmations_for`). The
        attacker is taken to try for certain and never to give up: an upper bound of the risk.

    Examples
    --------
    >>> confirmations_against_minority(1_000_000.0, 0.1, 1_000.0)
    6
    """
    require(
        0.0 < tolerated_loss_usd < value_usd,
        "tolerated_loss_usd",
        given=tolerated_loss_usd,
        allowed=f"above 0 and below the value, {value_usd:g}",
        cure="A loss of the whole value needs no confirmation.",
    )
    return confirmations_for(q, tolerated_loss_usd / value_usd)
