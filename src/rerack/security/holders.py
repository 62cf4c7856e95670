"""How few hold how much: Nakamoto coefficient and Herfindahl index of shares of hashrate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rerack.base.checks import require
from rerack.security.state import checked_shares

#: Label of hashrate whose holder is not known.
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Concentration:
    """Concentration of hashrate among holders of one kind.

    Parameters
    ----------
    nakamoto : int or None
        Fewest holders that together pass the threshold; None if all known ones do not.
    nakamoto_holders : tuple of str
        Those holders, the largest first; all known ones if `nakamoto` is None.
    herfindahl_frac : float
        Sum of squared shares of the known holders: 1 is one holder, 1/n is n equal ones. What is
        not known counts as spread without limit, so this is a lower bound.
    herfindahl_upper_frac : float
        The same if all that is not known were one more holder: the upper bound.
    largest_frac : float
        Share of the largest known holder.
    known_frac : float
        Share of hashrate whose holder is known.
    """

    nakamoto: int | None
    nakamoto_holders: tuple[str, ...]
    herfindahl_frac: float
    herfindahl_upper_frac: float
    largest_frac: float
    known_frac: float

    @property
    def effective_holders(self) -> float:
        """Number of equal holders with the same Herfindahl index; infinite if none is known."""
        return 1.0 / self.herfindahl_frac if self.herfindahl_frac > 0.0 else float("inf")


def concentration(shares: Mapping[str, float], *, threshold_frac: float = 0.5) -> Concentration:
    """Return how concentrated hashrate is among holders.

    Parameters
    ----------
    shares : mapping of str to float
        Share of hashrate by holder, together at most 1. The holder "unknown" and what is missing
        to 1 belong to nobody known.
    threshold_frac : float
        Share that the fewest holders must *exceed*, 0 to below 1. One half controls which blocks
        stand; one third and below matters for selfish mining (`selfish_threshold_frac`).

    Returns
    -------
    Concentration
        Coefficients and holders.

    Raises
    ------
    InputError
        A share outside 0 to 1, or shares above 1 together.

    Notes
    -----
    Nakamoto coefficient: Srinivasan & Lee 2017 (news.earn.com, "Quantifying Decentralization").
    Herfindahl: sum of squares. A pool only chooses transactions and parents; its miners can leave
    within hours, so a concentration of pools says how fast an attack could begin, that of owners
    and regions how long it could last. One owner behind several names is not seen here.

    Examples
    --------
    >>> found = concentration({"a": 0.3, "b": 0.25, "c": 0.2, "unknown": 0.1})
    >>> found.nakamoto, found.nakamoto_holders, round(found.herfindahl_frac, 4)
    (2, ('a', 'b'), 0.1925)
    """
    require(
        0.0 <= threshold_frac < 1.0,
        "threshold_frac",
        given=threshold_frac,
        allowed="0 or more and below 1",
    )
    checked = checked_shares(shares, "shares")
    known = {name: share for name, share in checked.items() if name != UNKNOWN and share > 0.0}
    holders = fewest_above(known, threshold_frac)
    known_frac = min(sum(known.values()), 1.0)
    squares = sum(share**2 for share in known.values())
    return Concentration(
        nakamoto=None if holders is None else len(holders),
        nakamoto_holders=ranked(known) if holders is None else holders,
        herfindahl_frac=squares,
        herfindahl_upper_frac=squares + (1.0 - known_frac) ** 2,
        largest_frac=max(known.values(), default=0.0),
        known_frac=known_frac,
    )


def fewest_above(shares: Mapping[str, float], threshold_frac: float) -> tuple[str, ...] | None:
    """Return the largest holders that together exceed a share, or None if all do not."""
    total, taken = 0.0, []
    for name in ranked(shares):
        taken.append(name)
        total += shares[name]
        # Shares are decimal figures: a sum that meets the threshold up to rounding only meets it.
        if total > threshold_frac + 1e-12:
            return tuple(taken)
    return None


def ranked(shares: Mapping[str, float]) -> tuple[str, ...]:
    """Return the names by share, the largest first, equals by name."""
    return tuple(sorted(shares, key=lambda name: (-shares[name], name)))
