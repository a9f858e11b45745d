"""Who and when: conditions of every kind, schedules and codes."""

from __future__ import annotations

from hypothesis import strategies as st

from promoengine.document.schedule import WEEKDAYS
from promoengine.testing.strategies_draft import Draft, Json
from promoengine.testing.strategies_items import CART_AS_GIVEN, selector
from promoengine.testing.strategies_pools import (
    CHANNELS,
    CODES,
    COUNTS,
    CUSTOMERS,
    HOURS,
    METHODS,
    PAYMENT_METHODS,
    POOLS,
    REGIONS,
    SEGMENTS,
    SELLERS,
    THRESHOLDS,
    WALL_TIMES,
)

_LISTS = {
    "segment": SEGMENTS,
    "channel": CHANNELS,
    "region": REGIONS,
    "seller": SELLERS,
    "payment_method": PAYMENT_METHODS,
    "customer": CUSTOMERS,
    "shipping_method": METHODS,
}


def condition(draft: Draft, depth: int = 2) -> Json:
    """Who and when, read off the cart as given."""
    names = [*_LISTS, "orders", "orders", "cart", "cart", *(["fact"] * 4 if draft.head.facts else ())]
    keys = draft.some((*names, *(["not", "any", "all"] * 3 if depth else ())), 2 if draft.chance(4) else 1)
    return {key: _value(draft, key, depth) for key in keys}


def _value(draft: Draft, key: str, depth: int) -> object:
    if key in _LISTS:
        return draft.some(_LISTS[key])
    if key == "not":
        return condition(draft, depth - 1)
    if key in ("any", "all"):
        return [condition(draft, depth - 1) for _ in range(draft.count(1, 2))]
    if key == "orders":
        return _bounds([str(n) for n in (0, 1, 3)], draft, whole=True)
    return _fact_test(draft) if key == "fact" else _cart_test(draft)


def _bounds(ascending: list[str], draft: Draft, *, whole: bool = False) -> Json:
    """Bounds between which something lies: the lower one is `at_least`, or `more_than` of a smaller figure."""
    low, high = sorted((draft.count(0, len(ascending) - 1), draft.count(0, len(ascending) - 1)))
    figures = [int(each) for each in ascending] if whole else ascending
    choice = draft.one(("at_least", "at_most", "both", "more_than"))
    if choice == "both":
        return {"at_least": figures[low], "at_most": figures[high]}
    if choice == "more_than" and low < high:
        return {"more_than": figures[low], "at_most": figures[high]}
    return {choice: figures[low]}


def _cart_test(draft: Draft) -> Json:
    test: Json = {"measure": draft.one(draft.without_lines(("spend", "quantity", "distinct_skus", "distinct_lines")))}
    draft.may(test, "items", 2, lambda: selector(draft, CART_AS_GIVEN))
    figures = sorted(THRESHOLDS) if test["measure"] == "spend" else sorted(COUNTS)
    bounds = _bounds([str(each) for each in figures], draft, whole=True)
    if test["measure"] == "spend":
        bounds = {name: draft.amount(figure) for name, figure in bounds.items()}
    return {**test, **bounds}


def _fact_test(draft: Draft) -> Json:
    kind = draft.one(("flag", "number", "money"))
    name = draft.one(draft.facts_of(kind))
    if kind == "flag":
        return {"name": name, "is": not draft.chance(4)}
    bounds = _bounds([str(each) for each in (1, 2, 10, 50)], draft)
    return {"name": name, **bounds}


# -- schedules and codes ------------------------------------------------------------------------

_two_times = st.lists(st.sampled_from(WALL_TIMES), min_size=2, max_size=2, unique=True)


def schedule(draft: Draft) -> list[Json]:
    """One or two periods: windows, weekly hours, or both."""
    return [_period(draft) for _ in range(draft.count(1, 2))]


def _period(draft: Draft) -> Json:
    shape = draft.one(("window", "weekly", "through", "both", "from", "until"))
    low, high = sorted(draft.draw(_two_times))
    period: Json = {}
    if shape in ("window", "both", "from"):
        period["from"] = low
    if shape in ("window", "both", "until"):
        period["until"] = high
    if shape == "through":
        period = {"from": low[:10], "through": high[:10]}
    if shape in ("weekly", "both"):
        period["weekly"] = [_weekly(draft) for _ in range(draft.count(1, 2))]
    return period


def _weekly(draft: Draft) -> Json:
    weekly: Json = {}
    draft.may(weekly, "days", 2, lambda: draft.some(WEEKDAYS, 4))
    if not weekly or draft.chance(2):
        weekly["from"], weekly["until"] = draft.some(HOURS, 2)[0], draft.one(HOURS)
    return weekly


def codes(draft: Draft) -> object:
    """Codes that are listed, or pools of codes, or both."""
    if not draft.chance(2):
        return draft.one(CODES)
    found: Json = {}
    draft.may(found, "pools", 2, lambda: draft.some(POOLS))
    if not found or draft.chance(2):
        found["listed"] = draft.some(CODES, 3)
    draft.may(found, "per_cart", 2, lambda: draft.count(2, 3))
    return found
