"""The deal book: public contracts, the offers of a site, and time to power, like for like."""

from __future__ import annotations

import numpy as np

from rerack.assets import AiUse, Lease
from rerack.base.checks import require
from rerack.catalog import Row, load
from rerack.scenario import Scenario
from rerack.study.store import Table

_HOURS_PER_YEAR = 8760.0


def public_deals() -> Table:
    """Return every announced contract of the catalogue, one row each.

    Returns
    -------
    Table
        Value [USD], term [years], MW and which MW they are, value per MW-year computed here from
        the three [USD/MW-year], net operating income per MW-year where it is public, third-party
        support and prepayment [USD], start, status and source. NaN is not known.

    Notes
    -----
    A margin reported as a range is taken at its lower end.
    """
    rows = [_public_row(row) for row in load("ai_deals")]
    return {key: np.asarray([row[key] for row in rows]) for key in rows[0]}


def _public_row(row: Row) -> dict[str, float | str]:
    basis = str(row["rate_basis"] or "")
    megawatts = _known(row, "gross_mw" if basis == "gross" else "critical_mw")
    value, years = _known(row, "value_usd"), _known(row, "term_years")
    rate = value / years / megawatts
    noi = _known(row, "noi_usd_per_year") / megawatts
    if np.isnan(noi):
        noi = _known(row, "noi_margin_frac") * rate
    return {
        "deal": row.text("name"),
        "landlord": row.text("landlord").split(" (")[0],
        "announced": row.text("announced"),
        "kind": row.text("kind"),
        "mw": megawatts,
        "basis": basis,
        "term_years": years,
        "value_usd": value,
        "rate_usd_per_mw_year": rate,
        "noi_usd_per_mw_year": noi,
        "support_usd": _known(row, "support_usd"),
        "prepaid_usd": _known(row, "prepaid_usd"),
        "capex_usd_per_mw": _known(row, "capex_usd_per_mw"),
        "capex_high_usd_per_mw": _known(row, "capex_high_usd_per_mw"),
        "owned_frac": float(row["owned_frac"] or 1.0),
        "start": str(row["start"] or ""),
        "part_of": str(row["part_of"] or ""),
        "status": row.status,
        "source": row.text("source"),
    }


def _known(row: Row, column: str) -> float:
    value = row[column]
    return float(value) if isinstance(value, float) else float("nan")


def site_deals(scenario: Scenario) -> Table:
    """Return the offers of a site file in the columns of the deal book.

    Notes
    -----
    Value is the base-term rent without ramp, for the MW of the deal, or of all halls where it names
    none; a GPU cloud without a contract is valued over one life of its servers at list price.
    """
    require(
        bool(scenario.offers),
        "deals",
        given="a site file without offers",
        allowed="one or more offers",
        cure="Add a section `offers`, or leave the file out to see public deals.",
    )
    rows = [_offer_row(name, use, scenario) for name, use in scenario.offers.items()]
    return {key: np.asarray([row[key] for row in rows]) for key in rows[0]}


def _offer_row(name: str, use: AiUse, scenario: Scenario) -> dict[str, float | str]:
    halls_mw = sum(h.utility_mw for h in scenario.site.halls)
    carried = use.conversion.critical_mw(halls_mw)
    megawatts = carried if use.contract_mw is None else use.contract_mw
    if isinstance(use, Lease):
        months = use.term_months
        value = use.contract_value_usd(megawatts) * (1.0 - use.discount_frac)
    elif use.contract is not None:
        months = use.contract.term_months
        value = use.contract_value_usd(megawatts)
    else:
        months = use.gpu_life_months
        hours = _HOURS_PER_YEAR / 12.0 * months * use.utilisation_frac * use.availability_frac
        value = use.price_usd_per_gpu_hour * hours / use.kw_per_gpu * 1e3 * megawatts
    rate = value / megawatts / (months / 12.0)
    prepaid = 0.0
    if use.prepayment is not None:
        prepaid = use.prepayment.at(use.rent_usd_per_kw_month) * 1e3 * megawatts
    return {
        "deal": name,
        "kind": use.kind,
        "critical_mw": megawatts,
        "term_years": months / 12.0,
        "value_usd": value,
        "rate_usd_per_mw_year": rate,
        "noi_usd_per_mw_year": rate - use.opex_usd_per_kw_month * 12e3,
        "security_usd": _security_usd(use, megawatts),
        "prepaid_usd": prepaid,
        "mean_delay_months": 0.0 if use.delay is None else use.delay.mean_months,
        "terms": ", ".join(_terms(use)) or "none besides rent",
    }


def _security_usd(use: AiUse, megawatts: float) -> float:
    """Return deposit, letters of credit and guarantee together [USD]."""
    if use.credit is None:
        return 0.0
    months = use.credit.deposit_months + use.credit.letter_months
    rent = use.rent_usd_per_kw_month * 1e3 * megawatts
    return months * rent + use.credit.guarantee_frac * use.contract_value_usd(megawatts)


def _terms(use: AiUse) -> list[str]:
    names = (
        "contract",
        "delay",
        "queue",
        "damages",
        "prepayment",
        "credit",
        "exit_option",
        "flexibility",
    )
    held = [n.replace("_", " ") for n in names if getattr(use, n, None) is not None]
    return held if use.window.always else [*held, "window"]


def time_to_power(*, queue_months: float = 0.0) -> Table:
    """Return the months from decision to power by route, and those that taking over a mine saves.

    Parameters
    ----------
    queue_months : float
        Months that the interconnection queue adds to a green field beyond the published figure
        [months]: an input of yours, with your source.

    Notes
    -----
    Published figures are bounds, as each row says: a mine takes less than its figure, a green field
    at least its own. The months saved are then a lower bound.
    """
    require(queue_months >= 0.0, "queue_months", given=queue_months, allowed="0 months or more")
    routes = [
        ("take over a mine", "conversion of a suitable mining site", 0.0),
        ("green field", "greenfield with interconnection", queue_months),
        ("green field, 1 GW", "campus of 1 GW", queue_months),
    ]
    by_item = {row.text("item"): row for row in load("build_times")}
    months = np.array([by_item[i].number("duration_months") + q for _, i, q in routes])
    return {
        "route": np.asarray([r[0] for r in routes]),
        "months": months,
        "saved_by_a_mine_months": months - months[0],
        "published": np.asarray([by_item[i].text("published") for _, i, _ in routes]),
        "status": np.asarray([by_item[i].status for _, i, _ in routes]),
        "source": np.asarray([by_item[i].text("source") for _, i, _ in routes]),
    }
