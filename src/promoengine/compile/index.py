"""The candidate index: which promotions can concern a cart, found by what its units carry and its codes.

A promotion whose items cannot be pinned to a sku, category, brand, seller or tag stands in `anywhere` and is
looked at for every cart. One that asks for a code is found by that code, never by its items, so that 600,000
codes that nobody entered cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from promoengine import plan

Key = tuple[str, str]


def keys_of(test: plan.Test) -> frozenset[Key] | None:
    """Keys one of which every unit that passes the test must carry; None where there are no such keys."""
    if isinstance(test, plan.Holds):
        return frozenset((test.field, value) for value in test.values) if test.field in plan.INDEXED else None
    if isinstance(test, plan.AnyOf):
        found = [keys_of(each) for each in test.tests]
        return None if None in found else frozenset().union(*(keys for keys in found if keys is not None))
    if isinstance(test, plan.AllOf):
        candidates = [keys for keys in map(keys_of, test.tests) if keys is not None]
        return min(candidates, key=_breadth, default=None)
    return None


def _breadth(keys: frozenset[Key]) -> tuple[bool, int]:
    """Skus are the narrowest keys; otherwise the fewer the better."""
    return any(field != "sku" for field, _ in keys), len(keys)


_Places = dict[str, dict[str, list[int]]]


def build_index(promotions: Iterable[plan.Promotion]) -> plan.Index:
    """The index of a plan's promotions."""
    open_side: tuple[_Places, list[int]] = ({}, [])
    coded_side: tuple[_Places, list[int]] = ({}, [])
    by_code: dict[str, list[int]] = {}
    by_pool: dict[str, list[int]] = {}
    for promotion in promotions:
        _add_by_items(promotion, open_side if promotion.codes is None else coded_side)
        if promotion.codes is not None:
            _add_all(by_code, promotion.codes.listed, promotion.index)
            _add_all(by_pool, promotion.codes.pools, promotion.index)
    return plan.Index(
        _by_field(open_side[0]),
        tuple(open_side[1]),
        _frozen(by_code),
        _frozen(by_pool),
        _by_field(coded_side[0]),
        tuple(coded_side[1]),
    )


def _add_by_items(promotion: plan.Promotion, side: tuple[_Places, list[int]]) -> None:
    items = promotion.items
    if isinstance(items, plan.Holds) and items.field in plan.INDEXED:  # what most promotions select
        _add_all(side[0].setdefault(items.field, {}), items.values, promotion.index)
        return
    keys = keys_of(items)
    if keys is None:
        side[1].append(promotion.index)
        return
    for field, value in keys:
        _add_all(side[0].setdefault(field, {}), (value,), promotion.index)


def _add_all(found: dict[str, list[int]], names: Iterable[str], index: int) -> None:
    for name in names:
        found.setdefault(name, []).append(index)


def _frozen(found: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(indexes) for name, indexes in found.items()}


def _by_field(found: _Places) -> dict[str, dict[str, tuple[int, ...]]]:
    return {field: _frozen(values) for field, values in found.items()}
