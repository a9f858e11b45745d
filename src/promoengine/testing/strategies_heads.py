"""Everything of a campaign but its promotions: currency, stages, groups, facts, limits, floors, rounding, tax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from promoengine.testing.strategies_draft import Draft, Json, draft_for
from promoengine.testing.strategies_items import CART_AS_GIVEN, selector
from promoengine.testing.strategies_pools import AMOUNTS, PRICES, TIMEZONES

LAYOUTS: tuple[tuple[str | Json, ...], ...] = (
    ("item", "order", "shipping"),
    ("item",),
    ("item", "order"),
    ("item", "shop", "shop-coupon", "platform", "platform-coupon", "shipping", "payment"),
    ("item", "order", "payment"),
    ("item", {"name": "freight", "covers": "shipping"}, {"name": "all", "covers": "both"}),
    ({"name": "all", "covers": "both"}, "item"),
)
FACTS = {"sold": "number", "spent": "money", "vip": "flag"}
MODES = ("half_up", "half_even", "half_down", "up", "down")


def campaign_head(
    draw: st.DrawFn, currencies: Sequence[str], min_stages: int, max_stages: int, *, by_lines: bool
) -> Json:
    """A campaign document without its promotions."""
    currency = draw(st.sampled_from(currencies))
    head: Json = {"campaign": "c", "currency": currency, "timezone": draw(st.sampled_from(TIMEZONES))}
    draft = draft_for(draw, head, (), by_lines=by_lines)
    if len(currencies) > 1 and draft.chance(8):
        head["other_currencies"] = [next(each for each in currencies if each != currency)]
    _add_stages(draft, head, min_stages, max_stages)
    draft.may(head, "facts", 2, lambda: dict(FACTS))
    _add_groups(draft, head)
    draft.may(head, "allocation", 6, lambda: allocation(draft))
    draft.may(head, "tax", 4, lambda: _tax(draft))
    _add_money(draft_for(draw, head, (), by_lines=by_lines), head)
    return head


def _add_stages(draft: Draft, head: Json, min_stages: int, max_stages: int) -> None:
    if draft.chance(3) and min_stages <= 3 <= max_stages:
        return  # item, order, shipping, left to the default
    layout = draft.one([layout for layout in LAYOUTS if min_stages <= len(layout) <= max_stages])
    stages: list[Json] = [dict(stage) if isinstance(stage, dict) else {"name": stage} for stage in layout]
    for index, stage in enumerate(stages):
        _add_rules(draft, stage, [each["name"] for each in stages[:index]])
    head["stages"] = stages


def _add_rules(draft: Draft, stage: Json, earlier: Sequence[str]) -> None:
    draft.may(stage, "threshold_base", 3, lambda: threshold_base(draft, earlier))
    draft.may(stage, "discount_base", 4, lambda: draft.one(("entry", "list", "running")))
    draft.may(stage, "stacking", 5, lambda: "all")
    draft.may(stage, "allocation", 10, lambda: allocation(draft))


def threshold_base(draft: Draft, earlier: Sequence[str]) -> str | Json:
    """What a threshold is measured on, in a stage that has these before it."""
    if earlier and draft.chance(2):
        return {"after": draft.one(earlier)}
    return draft.one(("list", "running", "entry"))


def allocation(draft: Draft) -> Json:
    """How one amount is shared over lines."""
    found: Json = {"weight": draft.one(("list", "quantity", "equal", "left"))}
    odd = draft.one(("largest", "first", "last", "in_turn"))
    draft.add(found, "odd_units", odd)
    if odd != "largest":
        draft.may(found, "share_rounding", 2, lambda: draft.one(("floor", "half_up", "half_down")))
    return found


def _add_groups(draft: Draft, head: Json) -> None:
    if not draft.chance(3):
        return
    names = draft.some(("g1", "g2"))
    groups: list[Json] = [
        {"name": name, "scope": draft.one(draft.without_lines(("cart", "unit", "line", "seller")))} for name in names
    ]
    for group in groups:
        draft.may(group, "at_most", 3, lambda: 2)
    head["groups"] = groups


def _tax(draft: Draft) -> Json:
    return {
        "prices_include_tax": draft.chance(2),
        "at": draft.one(("line", "unit", "total") if draft.by_lines else ("total",)),
        "mode": draft.one(MODES),
    }


def _add_money(draft: Draft, head: Json) -> None:
    """What states amounts, and so must know the currencies, all of them."""
    draft = replace(draft, everywhere=True)
    if draft.chance(4):
        head["rounding"] = {"mode": draft.one(MODES)}
        draft.may(head["rounding"], "step", 3, lambda: draft.money((5, 10, 100)))
    if draft.chance(4):
        head["floors"] = [_floor(draft) for _ in range(draft.count(1, 2))]
    if draft.chance(4):
        head["shared_limits"] = [_shared(draft, name) for name in draft.some(("pot", "pool"))]


def _floor(draft: Draft) -> Json:
    floor: Json = {}
    figure = draft.one(("amount", "rate", "field"))
    if figure == "amount":
        floor["per"] = draft.one(draft.without_lines(("unit", "line", "cart")))
        floor["amount"] = draft.money(AMOUNTS if floor["per"] == "unit" else PRICES[:-1])
    elif figure == "rate":
        floor["rate"] = draft.one(("50", "80", "33.3"))
    else:
        floor["field"] = draft.one(("cost", "min_price"))
    if floor.get("per") != "cart":
        draft.may(floor, "items", 3, lambda: selector(draft, CART_AS_GIVEN))
    return floor


def _shared(draft: Draft, name: str) -> Json:
    shared: Json = {"name": name}
    for what in draft.some(("stock", "budget", "uses"), 3):
        shared[what] = draft.money() if what == "budget" else draft.count(1, 4)
    return shared
