"""Gifts: which are given, and what happens where there are not enough."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.state import State
from promoengine.quote import Gift


def gifts_of(state: State, rule: plan.Promotion, action: plan.Gift, times: int) -> tuple[list[Gift], str]:
    """The gifts of one effect, and the one whose lack blocks the cart, if there is one. Gifts that run out are dropped
    or replaced, and say so.
    """
    wanted_skus = state.basket.gift_choices.get(rule.id, ())
    chosen = [item for item in action.items if item.sku in wanted_skus][: action.choose]
    found: list[Gift] = []
    missing = ""
    stock = dict(state.gift_stock)
    for item in chosen or _first_in_stock(state, action, times):
        wanted = item.quantity * times
        if stock.get(item.sku, UNBOUNDED) < wanted and action.out_of_stock == "block":
            missing = missing or f"gift {item.sku}"
        given = _given(stock, rule, action, item, wanted)
        for gift in given:
            if gift.sku in stock:
                stock[gift.sku] -= gift.quantity
        found.extend(given)
    if not chosen and action.choose < len(action.items):
        for gift in found:
            gift.note = gift.note or "not_chosen"
    return found, missing


def _first_in_stock(state: State, action: plan.Gift, times: int) -> list[plan.GiftItem]:
    """What is given where nothing of the list was chosen: the first ones that are in stock."""
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
