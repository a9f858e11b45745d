"""What fires a promotion: triggers of every kind, thresholds, rungs and sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from promoengine.testing.strategies_draft import Draft, Json
from promoengine.testing.strategies_items import selector
from promoengine.testing.strategies_pools import THRESHOLDS

UNIT_STEPS = (1, 2, 3, 4, 6)
PER = ("cart", "cart", "seller", "sku", "line")


@dataclass(frozen=True, slots=True)
class Fires:
    """A trigger, and what benefits must know of it: `rungs` are the figures of tiers that are to be written,
    `set_size` and `parts` those of a set (0: none); the size of a set of `spend` is a guess.
    """

    document: Json | None
    kind: str = "none"
    per: str = "cart"
    every: bool = False
    rungs: tuple[object, ...] = ()
    set_size: int = 0
    parts: int = 0

    @property
    def own_items(self) -> bool:
        """Whether a reward may have items of its own behind this trigger."""
        return self.per in ("cart", "seller")


NOTHING = Fires(None)


def trigger(draft: Draft, stage: int) -> Fires:
    """A trigger that is valid in this stage."""
    covers = draft.covers(stage)
    per = draft.one(draft.without_lines(PER) if covers == "goods" else ("cart", "cart", "seller"))
    kind = draft.one(("none", "spend", "set", "quantity", "none", "spend", "set", "distinct", "fact"))
    if kind == "none":
        return _none(draft, per)
    if kind == "set":
        return _unit_set(draft, stage, per)
    if kind == "fact" and not draft.facts_of("number", "money"):
        kind = "quantity"
    return _measured(draft, kind, "cart" if kind == "fact" else per, covers)


def _none(draft: Draft, per: str) -> Fires:
    if per == "cart" and not draft.chance(8):
        return NOTHING
    return Fires({"kind": "none", "per": per}, "none", per)


def _unit_set(draft: Draft, stage: int, per: str) -> Fires:
    document: Json = {"kind": "set"}
    quantities = [draft.one((2, 3, 1, 4))]
    if draft.chance(5):
        document["spend"] = draft.money(THRESHOLDS)  # the cart decides how many units that is
    elif draft.chance(2):
        quantities = [draft.one((1, 2)) for _ in range(draft.count(1, 3))]
        document["parts"] = [_part(draft, stage, quantity) for quantity in quantities]
    else:
        document["quantity"] = quantities[0]
    draft.add(document, "per", None if per == "cart" else per)
    draft.may(document, "grouping", 4, lambda: "cheapest_first")
    draft.may(document, "max_times", 4, lambda: draft.count(1, 2))
    return Fires(document, "set", per, set_size=sum(quantities), parts=len(quantities))


def _part(draft: Draft, stage: int, quantity: int) -> Json:
    part: Json = {"quantity": quantity}
    draft.add(part, "items", selector(draft, stage, depth=1) if not draft.chance(4) else None)
    return part


def _measured(draft: Draft, kind: str, per: str, covers: str) -> Fires:
    document: Json = {"kind": kind}
    is_money = kind == "spend"
    if kind == "fact":
        document["fact"] = draft.one(draft.facts_of("number", "money"))
        is_money = document["fact"] in draft.facts_of("money")
    draft.may(
        document, "of", 2, lambda: draft.one(draft.without_lines(("lines", "skus"))) if kind == "distinct" else None
    )
    draft.add(document, "per", None if per == "cart" else per)
    if kind in ("spend", "quantity"):
        addable = draft.facts_of("money" if is_money else "number")
        draft.may(document, "plus_fact", 4, lambda: draft.one(addable) if addable else None)
        if covers != "goods":
            draft.may(document, "with_shipping", 2, lambda: draft.chance(2))
    shape = draft.one(("at_least", "every", "tiers", "tiers"))
    if shape == "tiers":
        return Fires(document, kind, per, rungs=_rungs(draft, is_money))
    document[shape] = _figure(draft, is_money, THRESHOLDS if is_money else UNIT_STEPS)
    draft.may(document, "max_times", 2, lambda: draft.count(1, 3) if shape == "every" else None)
    return Fires(document, kind, per, every=shape == "every")


def _figure(draft: Draft, is_money: bool, pool: Sequence[int]) -> Any:
    return draft.money(pool) if is_money else draft.one(pool)


def _rungs(draft: Draft, is_money: bool) -> tuple[object, ...]:
    """Ascending figures. All of them state the same currencies, because a ladder that lacks one lacks all."""
    steps = sorted(draft.some(THRESHOLDS if is_money else UNIT_STEPS, 3))
    return tuple(draft.amount(step, everywhere=True) if is_money else step for step in steps)
