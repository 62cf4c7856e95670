"""What the best policy of a hall is worth, how sure that is, and when it acts."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.lsm import StoppingRule
from rerack.planning.policy.features import Basis
from rerack.planning.policy.region import ExerciseRegion


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean over scenarios and its standard error.

    Parameters
    ----------
    mean_usd, se_usd : float
        Of a hall or a site [USD].
    """

    mean_usd: float
    se_usd: float


@dataclass(frozen=True, kw_only=True, eq=False)
class HallRule:
    """A fitted rule of one hall: it can be applied to any scenarios of the same study.

    Parameters
    ----------
    hall : str
        Hall that it was fitted for.
    offers : tuple of str
        Offers in the order of the choices.
    months : ndarray of int, shape (date,)
        Decision months.
    rule : StoppingRule
        Fitted gains and hedges, per utility MW.
    basis : Basis
        Terms and scales.
    """

    hall: str
    offers: tuple[str, ...]
    months: IntArray
    rule: StoppingRule
    basis: Basis


@dataclass(frozen=True, kw_only=True, eq=False)
class PolicyResult:
    """The best policy of a hall, on scenarios that it was not fitted on.

    Parameters
    ----------
    rule : HallRule
        The policy itself.
    utility_mw : float
        Size of the hall [MW utility]; all money below is for the whole hall.
    lower_usd, lower_se_usd : float
        What the policy earns: present value after tax and debt, mining included [USD].
    upper_usd, upper_se_usd : float
        What no policy that does not see the future can exceed [USD].
    gap_frac : float
        Upper less lower over the larger of their absolute values.
    decide_month : ndarray of int, shape (scenario,)
        Decision month; `rerack.planning.NEVER` where the hall mines on.
    use : ndarray of int, shape (scenario,)
        Position of the offer in ``rule.offers``; -1 where the hall mines on.
    chance_frac : ndarray, shape (date, offer)
        Share of scenarios that decide for the offer at the date.
    mining_on : Estimate
        Value of never converting.
    best_fixed : Estimate
        Value of the best single date and offer, or of never, chosen on the fit's scenarios.
    best_fixed_month : int
        Its month; `NEVER` if it is to mine on.
    best_fixed_use : str
        Its offer, or ``mining``.
    value_of_waiting, value_of_flexibility, value_of_converting : Estimate
        The policy less the best fixed date; less the better of converting today and never; less
        mining on.
    regions : tuple of ExerciseRegion
        Where in the market the policy converts, year by year.
    """

    rule: HallRule
    utility_mw: float
    lower_usd: float
    lower_se_usd: float
    upper_usd: float
    upper_se_usd: float
    gap_frac: float
    decide_month: IntArray
    use: IntArray
    chance_frac: FloatArray
    mining_on: Estimate
    best_fixed: Estimate
    best_fixed_month: int
    best_fixed_use: str
    value_of_waiting: Estimate
    value_of_flexibility: Estimate
    value_of_converting: Estimate
    regions: tuple[ExerciseRegion, ...]
