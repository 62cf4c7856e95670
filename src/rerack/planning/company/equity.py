"""From the value of a company to that of its shares, and back from a share price to a megawatt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.planning.company.model import Borrowing, Company


def equity_usd(company: Company, operations_usd: FloatArray, coin_price_usd: float) -> FloatArray:
    """Return what belongs to today's shareholders [USD], shape (scenario,).

    Parameters
    ----------
    company : Company
        Cash, coins, debt and shares.
    operations_usd : ndarray, shape (scenario,)
        Present value of operations after tax [USD].
    coin_price_usd : float
        Price of a coin at the start [USD].

    Notes
    -----
    ``E = operations + cash + coins * price - debt at face``. Convertible debt of face F and price K
    brings ``n = F / K`` new shares; its holders convert where the share is then worth more than K.
    With N shares, today's holders get ``min(E, N (E + F) / (N + n))``, for several instruments in
    order of K. Where the number of shares or K is unknown the face is deducted. Not floored at
    zero: a negative value says that debt exceeds assets in that scenario.

    Examples
    --------
    100 of assets and 50 of notes that convert at 2 a share into 25 of 10 + 25 shares:

    >>> from rerack.planning.company.model import Borrowing
    >>> dilute(np.array([50.0]), 10.0, (Borrowing(name="n", face_usd=50.0,
    ...     conversion_price_usd=2.0),)).round(3).tolist()
    [28.571]
    """
    net = net_holdings_usd(company, coin_price_usd)
    return dilute(operations_usd + net, company.shares_count, company.debt)


def net_holdings_usd(company: Company, coin_price_usd: float) -> float:
    """Return cash and coins at market less debt at face [USD].

    Parameters
    ----------
    company : Company
        The company.
    coin_price_usd : float
        Price of a coin [USD].
    """
    return company.cash_usd + company.coins_btc * coin_price_usd - company.debt_usd


def dilute(
    equity: FloatArray, shares_count: float | None, debt: tuple[Borrowing, ...]
) -> FloatArray:
    """Return the value of today's shares once holders of convertible debt have chosen.

    Parameters
    ----------
    equity : ndarray, shape (scenario,)
        Value of all shares with every instrument deducted at face [USD].
    shares_count : float or None
        Shares outstanding; None leaves `equity` as it is.
    debt : tuple of Borrowing
        Instruments.
    """
    if shares_count is None:
        return equity
    total, shares = equity.copy(), np.full(equity.shape, shares_count)
    notes = [one for one in debt if one.conversion_price_usd is not None and one.face_usd > 0.0]
    for note in sorted(notes, key=lambda one: one.conversion_price_usd or 0.0):
        price = note.conversion_price_usd
        assert price is not None  # filtered above
        converts = total > shares * price
        total = np.where(converts, total + note.face_usd, total)
        shares = np.where(converts, shares + note.face_usd / price, shares)
    # Where nothing converts nothing is computed, so that the sum of parts stays exact.
    return np.where(shares > shares_count, total * shares_count / shares, equity)


@dataclass(frozen=True, kw_only=True)
class Implied:
    """What a share price says of a megawatt.

    Parameters
    ----------
    share_price_usd : float
        Price of a share [USD].
    enterprise_usd : float
        Market value of shares plus debt less cash and coins [USD].
    mining_usd : float
        Value of operations without any conversion [USD].
    per_critical_usd_per_mw : float
        What is left, per critical MW signed or announced [USD/MW critical].
    per_utility_usd_per_mw : float
        The same per MW at the meter that they reserve [USD/MW utility].
    """

    share_price_usd: float
    enterprise_usd: float
    mining_usd: float
    per_critical_usd_per_mw: float
    per_utility_usd_per_mw: float


def implied_mw_value(
    company: Company, mining_usd: float, coin_price_usd: float, share_price_usd: float
) -> Implied:
    """Return what a share price implies for a convertible megawatt.

    Parameters
    ----------
    company : Company
        Shares, debt, cash, coins and convertible MW.
    mining_usd : float
        Mean value of operations without conversion [USD].
    coin_price_usd : float
        Price of a coin [USD].
    share_price_usd : float
        Price of a share [USD].

    Notes
    -----
    ``(shares * price + debt - cash - coins * coin price - mining) / MW``; NaN where the number of
    shares is unknown or no MW are convertible. Convertible debt counts at face: not for a share
    price far above its conversion price.
    """
    shares = np.nan if company.shares_count is None else company.shares_count
    held = company.cash_usd + company.coins_btc * coin_price_usd
    enterprise = shares * share_price_usd + company.debt_usd - held
    left = enterprise - mining_usd
    critical, utility = company.convertible_mw, company.convertible_utility_mw
    return Implied(
        share_price_usd=share_price_usd,
        enterprise_usd=enterprise,
        mining_usd=mining_usd,
        per_critical_usd_per_mw=left / critical if critical else np.nan,
        per_utility_usd_per_mw=left / utility if utility else np.nan,
    )


def share_price_at(
    company: Company, mining_usd: float, coin_price_usd: float, usd_per_utility_mw: float
) -> float:
    """Return the share price at which a convertible MW is worth a given sum [USD]; NaN if unknown.

    Parameters
    ----------
    company, mining_usd, coin_price_usd
        As in `implied_mw_value`, of which this is the inverse.
    usd_per_utility_mw : float
        Value of a convertible MW [USD/MW utility].
    """
    if company.shares_count is None or not company.convertible_utility_mw:
        return float("nan")
    worth = mining_usd + usd_per_utility_mw * company.convertible_utility_mw
    held = company.cash_usd + company.coins_btc * coin_price_usd
    return (worth + held - company.debt_usd) / company.shares_count
