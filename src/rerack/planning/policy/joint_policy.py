"""The joint policy of several halls in one call: fitted on one world, judged on another."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import IntArray
from rerack.markets import MarketSpec
from rerack.numerics.dual import mean_and_error
from rerack.planning.policy.hall_policy import gap_frac
from rerack.planning.policy.hall_problem import PolicyDates
from rerack.planning.policy.joint import fit_site, judge_site
from rerack.planning.policy.limits import SiteLimits
from rerack.planning.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class SitePolicy:
    """A joint policy of several halls, with both bounds.

    Parameters
    ----------
    halls : tuple of str
        Halls, in the order of the columns below.
    offers : tuple of str
        Offers, in the order of `use`.
    lower_usd, lower_se_usd, upper_usd, upper_se_usd : float
        Bounds of the halls' joint value and their standard errors [USD].
    gap_frac : float
        Upper less lower over the larger of their absolute values.
    decide_month : ndarray of int, shape (scenario, hall)
        Decision month; `rerack.planning.NEVER` where the hall mines on.
    use : ndarray of int, shape (scenario, hall)
        Position of the offer; -1 where the hall mines on.
    """

    halls: tuple[str, ...]
    offers: tuple[str, ...]
    lower_usd: float
    lower_se_usd: float
    upper_usd: float
    upper_se_usd: float
    gap_frac: float
    decide_month: IntArray
    use: IntArray


def site_policy(
    world_fit: World,
    world_eval: World,
    *,
    market: MarketSpec,
    halls: tuple[str, ...] = (),
    offers: tuple[str, ...] = (),
    dates: PolicyDates | None = None,
    limits: SiteLimits | None = None,
    threads: int = 2,
) -> SitePolicy:
    """Decide several halls under shared limits, and bound what the best joint policy could add.

    Parameters
    ----------
    world_fit, world_eval : World
        Independent scenarios of one study.
    market : MarketSpec
        What both were drawn with.
    halls : tuple of str
        Halls that may be converted; none named means all of the site.
    offers : tuple of str
        Offers; none named means all of the world's.
    dates : PolicyDates or None
        When decisions may be taken; None for every quarter.
    limits : SiteLimits or None
        What is shared; None for no limit.
    threads : int
        Halls that are fitted or judged at once; the result does not depend on it.

    Notes
    -----
    Each hall's rule is fitted as if it were alone. At each date the halls that want to convert are
    served in the order of what they gain in dollars, as long as a crew is free and MW are left;
    the others mine on and ask again. That is feasible, so its value is a lower bound, but it is not
    optimal: it never holds a crew back for a better use, and no hall foresees a queue. The upper
    bound prices crews and MW (`rerack.numerics.dual_shared`), so the gap covers that neglect.
    Halls of equal rigs that are run alike share one fit.
    """
    fitted = fit_site(
        world_fit,
        market=market,
        halls=halls,
        offers=offers,
        dates=dates,
        limits=limits,
        threads=threads,
    )
    judged = judge_site(fitted, world_eval, threads=threads)
    low, low_se = mean_and_error(judged.lower_usd)
    high, high_se = mean_and_error(judged.upper_usd)
    return SitePolicy(
        halls=tuple(fitted.halls),
        offers=fitted.offers,
        lower_usd=low,
        lower_se_usd=low_se,
        upper_usd=high,
        upper_se_usd=high_se,
        gap_frac=gap_frac(low, high),
        decide_month=judged.decide_month,
        use=judged.use,
    )
