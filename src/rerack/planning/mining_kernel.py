"""Compiled arithmetic of mining per MW: one pass over scenarios instead of one for each step."""

from __future__ import annotations

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def step_strikes(
    hashprice: FloatArray,
    coins_per_ph_day: FloatArray,
    efficiency: FloatArray,
    fee_frac: float,
    variable_om: float,
    gains: FloatArray,
    earned: FloatArray,
    strikes: FloatArray,
) -> None:
    """Fill what a MWh earns, and the price below which each step of the rigs runs.

    Parameters
    ----------
    hashprice, coins_per_ph_day : ndarray, shape (scenario, month)
        [USD/PH/day] and [BTC/PH/day].
    efficiency : ndarray, shape (scenario, end month)
        Of the fleet [J/TH].
    fee_frac, variable_om : float
        Pool fee, and operating cost [USD/MWh].
    gains : ndarray, shape (step,)
        Income over rated income of each step.
    earned : ndarray, shape (2, scenario, end month)
        To be filled: [USD/MWh] and [BTC/MWh] at rated power.
    strikes : ndarray, shape (step, scenario, month)
        To be filled up to the end month [USD/MWh].

    Notes
    -----
    ``hashprice 1e3 / (24 J/TH) (1 - fee)``, as `rerack.chain.breakeven_usd_per_mwh`.
    """
    scenarios, end_month = efficiency.shape
    kept = 1.0 - fee_frac
    for s in range(scenarios):
        for m in range(end_month):
            kwh_per_ph_day = 24.0 * efficiency[s, m]
            earned[0, s, m] = hashprice[s, m] * 1e3 / kwh_per_ph_day * kept
            earned[1, s, m] = coins_per_ph_day[s, m] * 1e3 / kwh_per_ph_day * kept
            for k in range(gains.size):
                strikes[k, s, m] = gains[k] * earned[0, s, m] - variable_om


@kernel
def monthly_amounts(
    run_frac: FloatArray,
    run_price: FloatArray,
    earned: FloatArray,
    mean_price: FloatArray,
    widths: FloatArray,
    gains: FloatArray,
    hours: FloatArray,
    idle_mwh: FloatArray,
    fixed_om: FloatArray,
    variable_om: float,
    money: FloatArray,
    produced: FloatArray,
) -> None:
    """Fill a class's money and what it draws and makes, per installed MW.

    Parameters
    ----------
    run_frac, run_price : ndarray, shape (step, scenario, end month)
        Share of hours that each step runs, and their price over all hours [USD/MWh].
    earned : ndarray, shape (2, scenario, end month)
        As `step_strikes` fills it.
    mean_price : ndarray, shape (scenario, month)
        At the meter [USD/MWh].
    widths, gains : ndarray, shape (step,)
        Power over rated power, and income over rated income, of each step.
    hours, idle_mwh, fixed_om : ndarray, shape (month,)
        Hours that rigs hash when wanted; energy of idling [MWh/MW]; fixed operations [USD/MW].
    variable_om : float
        [USD/MWh].
    money : ndarray, shape (3, scenario, month)
        To be filled up to the end month: revenue, power, operations [USD/MW].
    produced : ndarray, shape (2, scenario, month)
        Likewise: coins [BTC/MW] and energy [MWh/MW].
    """
    steps, scenarios, end_month = run_frac.shape
    for s in range(scenarios):
        for m in range(end_month):
            energy, rated, price = 0.0, 0.0, 0.0
            for k in range(steps):
                drawn = widths[k] * run_frac[k, s, m] * hours[m]
                energy += drawn
                rated += gains[k] * drawn
                price += widths[k] * run_price[k, s, m]
            money[0, s, m] = rated * earned[0, s, m]
            money[1, s, m] = price * hours[m] + idle_mwh[m] * mean_price[s, m]
            money[2, s, m] = energy * variable_om + fixed_om[m]
            produced[0, s, m] = rated * earned[1, s, m]
            produced[1, s, m] = energy + idle_mwh[m]
