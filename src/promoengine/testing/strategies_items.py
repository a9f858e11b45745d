"""Selectors of every kind, by the stage in which they are read."""

from __future__ import annotations

from collections.abc import Callable

from promoengine.testing.strategies_draft import Draft, Json
from promoengine.testing.strategies_pools import (
    ATTRIBUTES,
    BRANDS,
    CATEGORIES,
    METHODS,
    PRICES,
    SELLERS,
    SKUS,
    TAGS,
)

CART_AS_GIVEN = -1
"""The stage of selectors that read the cart as given: conditions and floors."""


def selector(draft: Draft, stage: int, *, methods: bool = False, depth: int = 2) -> Json:
    """Which units. `methods`: shipping methods may be selected; `depth`: how far selectors may nest."""
    plain = [*_PLAIN, *(["shipping_method"] * 4 if methods else ())]
    rewarded = ["rewarded_by"] if stage >= 0 and draft.ids else []
    nested = ["not", "any", "all"] if depth else []
    keys = draft.some((*plain, *plain, *rewarded, *rewarded, *nested), 2 if draft.chance(4) else 1)
    return {key: _value(draft, key, stage, methods, depth) for key in keys}


def _value(draft: Draft, key: str, stage: int, methods: bool, depth: int) -> object:
    if key == "not":
        return selector(draft, stage, methods=methods, depth=depth - 1)
    if key in ("any", "all"):
        return [selector(draft, stage, methods=methods, depth=depth - 1) for _ in range(draft.count(1, 2))]
    if key == "rewarded_by":
        return _rewarders(draft, stage)
    if key == "shipping_method":
        return draft.some(METHODS)
    return _PLAIN[key](draft)


def _price_range(draft: Draft) -> Json:
    low, high = sorted((draft.one(PRICES[:-1]), draft.one(PRICES[:-1])))
    bounds = draft.one(("at_least", "at_most", "both"))
    found: Json = {}
    draft.add(found, "at_least", draft.amount(low) if bounds != "at_most" else None)
    draft.add(found, "at_most", draft.amount(high) if bounds != "at_least" else None)
    return found


def _rewarders(draft: Draft, stage: int) -> Json:
    """Promotions, and where there are some, earlier stages and groups."""
    groups = [group.name for group in draft.head.groups]
    earlier = [each.name for each in draft.stages[:stage]]
    found: Json = {}
    draft.add(found, "stages", draft.some(earlier) if earlier and draft.chance(2) else None)
    draft.add(found, "groups", draft.some(groups) if groups and draft.chance(2) else None)
    if not found or draft.chance(3):
        found["promotions"] = draft.some(draft.ids)
    return found


_PLAIN: dict[str, Callable[[Draft], object]] = {
    "sku": lambda draft: draft.some(SKUS, 3),
    "category": lambda draft: draft.some(CATEGORIES),
    "seller": lambda draft: draft.some(SELLERS),
    "tag": lambda draft: draft.some(TAGS),
    "brand": lambda draft: draft.some(BRANDS),
    "attribute": lambda draft: {
        name: draft.some(ATTRIBUTES[name]) for name in draft.some(tuple(ATTRIBUTES), 2 if draft.chance(4) else 1)
    },
    "price": _price_range,
    "on_sale": lambda draft: draft.one((False, True)),
    "launched_within": lambda draft: {"days": draft.one((3, 1, 30))},
}
