"""A customer's contract for GPU-hours at a fixed price."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import require_between


@dataclass(frozen=True, kw_only=True)
class CloudContract:
    """Take or pay: the customer pays for its GPU-hours at the price signed, used or not.

    Parameters
    ----------
    term_months : int
        Length from first service [months].
    committed_frac : float
        Share of GPU-hours that it pays for, of those that are available.
    resale_frac : float
        Price on the market of the study start over the price signed: GPU-hours are sold at it, as
        it moves, after the term, and when the customer has failed or left.

    Notes
    -----
    For contracts that fix price and volume, as most of five years do. Not for reserved capacity
    that may be handed back, nor for prices that follow an index.

    Examples
    --------
    >>> CloudContract(term_months=60).committed_frac
    1.0
    """

    term_months: int
    committed_frac: float = 1.0
    resale_frac: float = 1.0

    def __post_init__(self) -> None:
        require_between(self.term_months, 1, 600, "cloud contract: term_months")
        require_between(self.committed_frac, 0.0, 1.0, "cloud contract: committed_frac")
        require_between(self.resale_frac, 0.0, 10.0, "cloud contract: resale_frac")
