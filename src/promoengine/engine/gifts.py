"""Gifts: which are given, and what happens where there are not enough."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.state import State
from promoengine.quote import Gift, Outcome


def gifts_of(state: State, rule: plan.Promotion, action: plan.Gift, times: int) -> list[Gift] | Outcome:
    """The gifts of one effect; an outcome where a missing gift blocks the cart. Gifts that run out are dropped or
    replaced, and say so.
    """
    chosen = state.basket.gift_choices.get(rule.id)
    found: list[Gift] = []
    stock = dict(state.gift_stock)
    for item in _wanted(state, action, chosen, times):
        wanted = item.quantity * times
        if stock.get(item.sku, UNBOUNDED) < wanted and action.out_of_stock == "block":
            return Outcome(rule.id, "limits", detail=f"gift {item.sku}")
        given = _given(stock, rule, action, item, wanted)
        for gift in given:
            if gift.sku in stock:
                stock[gift.sku] -= gift.quantity
        found.extend(given)
    if chosen is None and action.choose < len(action.items):
        for gift in found:
            gift.note = gift.note or "not_chosen"
    return found


def _wanted(state: State, action: plan.Gift, chosen: tuple[str, ...] | None, times: int) -> list[plan.GiftItem]:
    """What the shopper chose of the list; where nothing was chosen, the first ones that are in stock."""
    if chosen is not None:
        return [item for item in action.items if item.sku in chosen][: action.choose]
    if action.choose == len(action.items):
        return list(action.items)
    in_stock = [i for i in action.items if state.gift_stock.get(i.sku, UNBOUNDED) >= i.quantity * times]
    others = [item for item in action.items if item not in in_stock]
    return (in_stock + others)[: action.choose]


def _given(
    stock: dict[str, int], rule: plan.Promotion, action: plan.Gift, item: plan.GiftItem, wanted: int
) -> list[Gift]:
    have = stock.get(item.sku, UNBOUNDED)
    if have >= wanted:
        return [Gift(rule.id, item.sku, wanted, item.value_minor)]
    replacement = action.replacement
    if replacement is not None:
        most = stock.get(replacement.sku, UNBOUNDED)
        quantity = min(most, replacement.quantity * (wanted // item.quantity))
        if quantity > 0:
            return [Gift(rule.id, replacement.sku, quantity, replacement.value_minor, "replacement", item.sku)]
    if have <= 0:
        return []
    return [Gift(rule.id, item.sku, have, item.value_minor, "short", item.sku)]
