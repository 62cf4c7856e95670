"""A site of a few figures as halls: one for each deal, then what mines on and what stands free."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.assets import Hall, RigFleet

#: Parts of a megawatt that rounding leaves over.
_DUST_MW = 1e-6


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What one deal takes of a site.

    Parameters
    ----------
    name : str
        Name of the deal.
    utility_mw : float
        Power reserved at the meter [MW utility].
    """

    name: str
    utility_mw: float


def divide(
    utility_mw: float, rigs_mw: float, fleet: RigFleet | None, claims: list[Claim]
) -> tuple[tuple[Hall, ...], dict[str, tuple[str, ...]]]:
    """Return the halls of a site, and which of them each deal takes.

    Parameters
    ----------
    utility_mw : float
        Power of the site [MW utility].
    rigs_mw : float
        Power of its rigs [MW utility], at most `utility_mw`.
    fleet : RigFleet or None
        Those rigs.
    claims : list of Claim
        Deals in order; together at most `utility_mw`.

    Notes
    -----
    A deal takes free power first, then that of rigs, whose hall it replaces.

    Examples
    --------
    >>> fleet = RigFleet(model="r", efficiency_j_per_th=20.0)
    >>> halls, taken = divide(100.0, 70.0, fleet, [Claim(name="a", utility_mw=40.0)])
    >>> [(h.name, round(h.utility_mw, 6)) for h in halls]
    [('a', 30.0), ('a, rigs', 10.0), ('rigs', 60.0)]
    """
    free = max(0.0, utility_mw - rigs_mw)
    halls: list[Hall] = []
    taken: dict[str, tuple[str, ...]] = {}
    for claim in claims:
        from_free = min(free, claim.utility_mw)
        from_rigs = min(claim.utility_mw - from_free, rigs_mw)
        parts = [(claim.name, from_free, None), (f"{claim.name}, rigs", from_rigs, fleet)]
        made = [Hall(name=n, utility_mw=mw, rigs=r) for n, mw, r in parts if mw > _DUST_MW]
        halls += made
        taken[claim.name] = tuple(h.name for h in made)
        free, rigs_mw = free - from_free, rigs_mw - from_rigs
    rest = [Hall(name="rigs", utility_mw=rigs_mw, rigs=fleet)] if rigs_mw > _DUST_MW else []
    if free > _DUST_MW:
        rest.append(Hall(name="free", utility_mw=free))
    return (*halls, *rest), taken
