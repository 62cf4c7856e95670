"""Rules on finance: methods unknown, loans that never end, coins and promises that contradict."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.base.errors import InputError
from rerack.planning.depreciation import depreciation_rates
from rerack.scenario.build.finance import build_finance
from rerack.scenario.draft import Draft
from rerack.scenario.rules.contradiction import Contradiction
from rerack.scenario.schema.plans import PolicyPlanSection


def unknown_depreciation(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a depreciation method that does not exist."""
    methods = draft.finance.depreciation.model_dump() if draft.finance is not None else {}
    for asset, method in methods.items():
        try:
            depreciation_rates(method)
        except InputError as error:
            problem = error.problems[0]
            yield Contradiction(
                path=("finance", "depreciation", asset),
                given=problem.given,
                allowed=problem.allowed,
                cure="Name one of these.",
            )


def loan_never_repaid(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a grace period that is as long as the loan."""
    loan = draft.finance.loan if draft.finance is not None else None
    if loan is not None and loan.grace >= loan.tenor:
        yield Contradiction(
            path=("finance", "loan", "grace"),
            given=f"a grace of {loan.grace} months",
            allowed=f"less than the tenor of {loan.tenor} months",
            cure="Shorten `grace` or lengthen `tenor`.",
        )


def grace_beside_sculpt(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a grace period on a loan that is repaid as cash comes in."""
    loan = draft.finance.loan if draft.finance is not None else None
    if loan is not None and loan.sculpt is not None and loan.grace > 0:
        yield Contradiction(
            path=("finance", "loan", "grace"),
            given=f"a grace of {loan.grace} months beside `sculpt`",
            allowed="no `grace`: a sculpted loan is repaid from when contracted cash begins",
            cure="Remove `grace` or `sculpt`.",
        )


def nothing_to_sculpt_by(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a loan sized by contracted cash where no offer is a lease."""
    loan = draft.finance.loan if draft.finance is not None else None
    if loan is None or loan.sculpt is None or len(draft.offers) < len(draft.offer_names):
        return
    if draft.offers and all(o.type == "gpu_cloud" for o in draft.offers.values()):
        yield Contradiction(
            path=("finance", "loan", "sculpt"),
            given="a loan sized by contracted cash, with no lease among the offers",
            allowed="`sculpt` beside a powered shell or colocation",
            cure="Remove `sculpt`, or use `finance.equipment` for servers.",
            at_key=True,
        )


def coins_kept_and_sold(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a share to hold, or a loan against coins, where all coins are sold."""
    coins = draft.finance.treasury if draft.finance is not None else None
    if coins is None or coins.policy != "sell_all":
        return
    for name in ("loan", "impact"):
        if getattr(coins, name) is not None and coins.opening == 0.0:
            yield Contradiction(
                path=("finance", "treasury", name),
                given=f"`{name}` beside the policy sell_all",
                allowed="coins that are held, or coins at the start",
                cure="Remove it, or choose hold or sell_to_cover.",
                at_key=True,
            )


def margin_out_of_order(draft: Draft) -> Iterator[Contradiction]:
    """Refuse loan-to-value levels that do not rise from loan to margin call to liquidation."""
    coins = draft.finance.treasury if draft.finance is not None else None
    loan = coins.loan if coins is not None else None
    if loan is None:
        return
    rises = loan.ltv < loan.margin_call <= loan.liquidation <= 1.0
    if not rises or loan.ltv >= 1.0 - loan.haircut:
        yield Contradiction(
            path=("finance", "treasury", "loan"),
            given=f"ltv {loan.ltv:.0%}, margin call {loan.margin_call:.0%}, liquidation "
            f"{loan.liquidation:.0%}, haircut {loan.haircut:.0%}",
            allowed="ltv below margin_call, margin_call at most liquidation, ltv below 100 % less "
            "haircut",
            cure="Put the levels in order.",
            at_key=True,
        )


def liquidity_out_of_reach(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a promise of liquidity that a company without cash or coins breaks at once."""
    finance = draft.finance
    promised = finance.covenants.min_liquidity if finance and finance.covenants else None
    if finance is None or promised is None:
        return
    cash = 0.0 if finance.dividends is None else finance.dividends.minimum_cash
    coins = finance.treasury
    holds = coins is not None and (coins.policy != "sell_all" or coins.opening > 0.0)
    if cash < promised and not holds:
        yield Contradiction(
            path=("finance", "covenants", "min_liquidity"),
            given=f"{promised:,.0f} USD promised, {cash:,.0f} USD kept",
            allowed="at most `finance.dividends.minimum_cash`, where no coins are held",
            cure="Raise `finance.dividends.minimum_cash`, or hold coins.",
        )


def coupon_dates(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a note whose tenor is no whole number of half years."""
    note = draft.finance.convertible if draft.finance is not None else None
    if note is not None and note.tenor % 6:
        yield Contradiction(
            path=("finance", "convertible", "tenor"),
            given=f"{note.tenor} months",
            allowed="a multiple of 6 months: coupons are paid every half year",
            cure="Round the tenor.",
        )


def policy_beside_terms(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a policy to be searched under terms that tie a hall's value to its neighbours'."""
    if draft.finance is None or draft.study is None:
        return
    try:
        keys = build_finance(draft.finance, draft.study).not_linear()
    except InputError:
        return  # reported where the terms are built
    for name, plan in draft.plans.items():
        if keys and isinstance(plan, PolicyPlanSection):
            yield Contradiction(
                path=("plans", name, "kind"),
                given=f"a policy beside {', '.join(keys)}",
                allowed="a policy beside a level term loan, equipment finance, a note, plain tax",
                cure="Leave these keys out to find the rule; evaluate its dates with them in a "
                "staged plan.",
            )
