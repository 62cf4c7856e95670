"""What a state pays a year to hold a share of the hashrate, and when its reserve justifies it."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import require, require_between
from rerack.security.budish import BLOCKS_PER_YEAR
from rerack.security.state import TH_PER_EH, NetworkState

_HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True, kw_only=True)
class ReserveCost:
    """Yearly account of a state that holds a share of the hashrate.

    Parameters
    ----------
    share_frac : float
        Share of all hashrate held.
    hashrate_eh_s : float
        The state's hashrate [EH/s].
    power_mw : float
        Utility power [MW].
    capex_usd : float
        Rigs and sites at the start [USD].
    capital_usd_per_year, power_usd_per_year, income_usd_per_year : float
        Annuity of the capital, power bill, block income [USD/year].
    reserve_usd : float
        Worth of the reserve that is guarded [USD].
    break_even_attack_per_year : float or None
        Chance of an attack a year at which the guard pays for itself; None if no chance up to 1
        does; 0 if mining pays by itself.
    """

    share_frac: float
    hashrate_eh_s: float
    power_mw: float
    capex_usd: float
    capital_usd_per_year: float
    power_usd_per_year: float
    income_usd_per_year: float
    reserve_usd: float
    break_even_attack_per_year: float | None

    @property
    def net_usd_per_year(self) -> float:
        """Return the net cost [USD/year]; negative where mining earns more than it costs."""
        return self.capital_usd_per_year + self.power_usd_per_year - self.income_usd_per_year


def reserve_cost(
    state: NetworkState,
    share_frac: float,
    *,
    power_usd_per_mwh: float,
    btc_price_usd: float,
    reserve_btc: float = 0.0,
    price_loss_frac: float = 0.5,
    real_rate_frac: float = 0.05,
    rig_life_years: float = 4.0,
    site_life_years: float = 15.0,
) -> ReserveCost:
    r"""Return what it costs a state a year to hold a share of the hashrate with rigs of its own.

    Parameters
    ----------
    state : NetworkState
        The network without the state's rigs.
    share_frac : float
        Share of all hashrate to hold, above 0 and below 1.
    power_usd_per_mwh : float
        The state's own power cost [USD/MWh]: what the power would else have earned.
    btc_price_usd : float
        Price of a coin [USD].
    reserve_btc : float
        Coins that the state holds [BTC].
    price_loss_frac : float
        Share of their worth that an attack would take, 0 to 1.
    real_rate_frac : float
        Real interest rate, 0 to 1.
    rig_life_years, site_life_years : float
        Years over which rigs and sites are written off, above 0.

    Returns
    -------
    ReserveCost
        Yearly account in the money of the state's date.

    Raises
    ------
    InputError
        An argument is out of range.

    Notes
    -----
    Rigs F = s/(1-s) H at the market price (a state buys slowly), cost C = price F + sites; annuity
    C r / (1 - (1+r)^-n) for each. After the retarget the network's income per year is what it was,
    so the state earns the share s of R = p_block * 52,560 whatever the others do; what it earns
    they lose. The guard pays for itself from the yearly chance pi of an attack where
    pi * loss * reserve = net cost (model of a state in `rerack`'s design: a floor is held when
    reserve times attack probability justifies the loss). That the guard prevents the attack for
    certain is an upper bound of its worth: below half of the hashrate it only makes it dearer.
    Staff, maintenance and cooling beyond the rig's power are left out.

    Examples
    --------
    >>> from rerack.security import december_2025
    >>> cost = reserve_cost(
    ...     december_2025(), 0.1, power_usd_per_mwh=22.0, btc_price_usd=85_000.0
    ... )
    >>> round(cost.hashrate_eh_s), round(cost.power_mw), round(cost.income_usd_per_year / 1e9, 2)
    (118, 1591, 1.41)
    """
    require(
        0.0 < share_frac < 1.0,
        "share_frac",
        given=share_frac,
        allowed="above 0 and below 1",
        cure="Write 10 % as 0.1.",
    )
    for name, value, high in (
        ("power_usd_per_mwh", power_usd_per_mwh, 1e5),
        ("btc_price_usd", btc_price_usd, 1e12),
        ("reserve_btc", reserve_btc, 21e6),
        ("price_loss_frac", price_loss_frac, 1.0),
        ("real_rate_frac", real_rate_frac, 1.0),
    ):
        require_between(value, 0.0, high, name)
    supply = state.supply
    hashrate_eh_s = share_frac / (1.0 - share_frac) * state.hashrate_eh_s
    power_mw = hashrate_eh_s * supply.rig_efficiency_j_per_th
    rigs_usd = state.rig_price_usd_per_th * TH_PER_EH * hashrate_eh_s
    sites_usd = supply.site_usd_per_mw * power_mw
    capital = rigs_usd * annuity_per_year(
        real_rate_frac, rig_life_years, "rig_life_years"
    ) + sites_usd * annuity_per_year(real_rate_frac, site_life_years, "site_life_years")
    power = power_mw * _HOURS_PER_YEAR * power_usd_per_mwh
    income = share_frac * state.block_reward_usd * BLOCKS_PER_YEAR
    reserve_usd = reserve_btc * btc_price_usd
    return ReserveCost(
        share_frac=share_frac,
        hashrate_eh_s=hashrate_eh_s,
        power_mw=power_mw,
        capex_usd=rigs_usd + sites_usd,
        capital_usd_per_year=capital,
        power_usd_per_year=power,
        income_usd_per_year=income,
        reserve_usd=reserve_usd,
        break_even_attack_per_year=_break_even(
            capital + power - income, price_loss_frac * reserve_usd
        ),
    )


def share_of_power_frac(state: NetworkState, power_mw: float) -> float:
    """Return the share of all hashrate that a power makes with new rigs.

    Parameters
    ----------
    state : NetworkState
        The network without those rigs.
    power_mw : float
        Utility power [MW].

    Examples
    --------
    >>> from rerack.security import december_2025
    >>> round(share_of_power_frac(december_2025(), 100.0), 4)
    0.0069
    """
    require_between(power_mw, 0.0, 1e9, "power_mw")
    hashrate_eh_s = power_mw / state.supply.rig_efficiency_j_per_th
    return hashrate_eh_s / (hashrate_eh_s + state.hashrate_eh_s)


def annuity_per_year(rate_frac: float, years: float, where: str) -> float:
    """Return what a dollar of capital costs a year: ``r / (1 - (1+r)^-n)``, 1/n at no interest."""
    require(0.0 < years <= 1e3, where, given=years, allowed="above 0, up to 1000")
    if rate_frac == 0.0:
        return 1.0 / years
    per_year: float = rate_frac / (1.0 - (1.0 + rate_frac) ** -years)
    return per_year


def _break_even(net_usd: float, loss_usd: float) -> float | None:
    if net_usd <= 0.0:
        return 0.0
    return net_usd / loss_usd if net_usd <= loss_usd else None
