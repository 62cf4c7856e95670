"""What a month of running or idling earns per installed megawatt-hour, whatever the route."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import FloatArray, frozen_array, require


@dataclass(frozen=True, kw_only=True, eq=False)
class RunMargins:
    """How often each class runs, and what its power then costs.

    Parameters
    ----------
    run_frac : ndarray
        Share of the month's hours in which price < strike, shape (scenario, month, unit).
    run_price_usd_per_mwh : ndarray
        Mean over ALL hours of the month of price in hours that run and 0 in others, that is USD
        per MW and hour of the month [USD/MWh], shape (scenario, month, unit).

    Notes
    -----
    Divide `run_price_usd_per_mwh` by `run_frac` for the mean price of the energy bought.
    Uptime and megawatts are the caller's: a hall of P MW with uptime u draws
    ``P * u * run_frac`` MW on average.
    """

    run_frac: FloatArray
    run_price_usd_per_mwh: FloatArray

    def __post_init__(self) -> None:
        require(
            self.run_frac.shape == self.run_price_usd_per_mwh.shape,
            "run margins",
            given=f"{self.run_frac.shape} and {self.run_price_usd_per_mwh.shape}",
            allowed="two arrays of one shape (scenario, month, unit)",
        )
        for name in ("run_frac", "run_price_usd_per_mwh"):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))

    def margin_usd_per_mwh(self, strike_usd_per_mwh: FloatArray) -> FloatArray:
        """Return ``strike * run_frac - run_price``: margin per MW and hour of the month.

        Parameters
        ----------
        strike_usd_per_mwh : ndarray
            The strikes that the margins were found for [USD/MWh], shape (scenario, month, unit).

        Returns
        -------
        ndarray
            Margin over power and variable operating cost [USD/MWh], 0 or more up to rounding,
            shape (scenario, month, unit).
        """
        return strike_usd_per_mwh * self.run_frac - self.run_price_usd_per_mwh
