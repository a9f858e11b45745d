"""Refusals of the whole cart: orders that a rule of the campaign forbids. There is no quote of them."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.state import State
from promoengine.errors import CartRefused, Diagnostic, Place
from promoengine.money import format_amount
from promoengine.quote import Outcome, Shortfall

CART = Place(("lines",))


def refuse_order(rule: plan.Promotion, refusal: str) -> None:
    """`beyond: refuse` and a gift that blocks make this an order that must not be placed. Raises `CartRefused`."""
    if not refusal:
        return
    blocks = refusal.startswith("gift ")
    code = "gift_out_of_stock" if blocks else "limit_exceeded"
    what = refusal if blocks else "its limit of units"
    raise CartRefused([Diagnostic(code, _sentence(rule, f"{what} does not allow it"), CART)])


def refuse_for_reasons(state: State) -> None:
    """What promotions refuse the cart for by `refuse_for`, when a pass is over. Raises `CartRefused` with all of it."""
    found = []
    for index in sorted(state.outcomes):
        outcome = state.outcomes[index]
        rule = state.bound.plan.promotions[index]
        if outcome.reason in rule.refuse_for:
            found.append(_for_outcome(state, rule, outcome))
        if index in state.cut_short:
            found.append(_for_floor(rule))
    if found:
        raise CartRefused(found)


def _for_outcome(state: State, rule: plan.Promotion, outcome: Outcome) -> Diagnostic:
    if outcome.reason == "barred":
        what = f"{', '.join(outcome.barred_by)} stands in its way"
        return Diagnostic("promotion_barred", _sentence(rule, what), CART)
    if outcome.reason == "limits":
        what = f"its limits leave nothing ({outcome.detail})"
        return Diagnostic("limit_used_up", _sentence(rule, what), CART)
    what = "its trigger is not reached"
    if outcome.shortfall is not None:
        what += f", {_numbers(state, outcome.shortfall)}"
    return Diagnostic("trigger_not_reached", _sentence(rule, what), CART)


def _for_floor(rule: plan.Promotion) -> Diagnostic:
    what = "a floor does not let it take off what it gives"
    return Diagnostic("below_floor", _sentence(rule, what), CART)


def _sentence(rule: plan.Promotion, what: str) -> str:
    return f"promotion {rule.id!r} refuses this order: {what}"


def _numbers(state: State, shortfall: Shortfall) -> str:
    exponent = state.bound.plan.exponent
    numbers = [
        format_amount(each, exponent) if shortfall.money else str(each)
        for each in (shortfall.measured, shortfall.needed)
    ]
    return " of ".join(numbers)
