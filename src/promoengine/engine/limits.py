"""Limits during one pass: what is left of each, and what the pass has used of it.

What is left comes with the basket, and is never more than the limit as written. Shared limits are used up by all
promotions that name them, in the total order.
"""

from __future__ import annotations

from dataclasses import replace

from promoengine import plan
from promoengine.engine.basket import Basket, Left
from promoengine.records import dataclass

UNBOUNDED = 1 << 60


@dataclass(slots=True)
class Rest:
    """What is left of one bundle of limits."""

    units: int
    uses: int
    budget_minor: int


class LimitBook:
    """What is left of every limit that a pass has looked at."""

    __slots__ = ("_basket", "_own", "_shared", "_shared_rules")

    def __init__(self, shared_rules: dict[str, plan.SharedLimit], basket: Basket) -> None:
        self._basket = basket
        self._own: dict[int, Rest] = {}
        self._shared: dict[str, Rest] = {}
        self._shared_rules = shared_rules

    def copy(self) -> LimitBook:
        """The same book, to be used up another way."""
        other = LimitBook(self._shared_rules, self._basket)
        other._own = {index: replace(rest) for index, rest in self._own.items()}
        other._shared = {name: replace(rest) for name, rest in self._shared.items()}
        return other

    def left(self, rule: plan.Promotion) -> Rest:
        """What the promotion may still use, the tightest of all its limits."""
        if rule.limits is plan.UNLIMITED:
            return Rest(UNBOUNDED, UNBOUNDED, UNBOUNDED)
        rests = self._rests(rule)
        return Rest(
            min([rest.units for rest in rests]),
            min([rest.uses for rest in rests]),
            min([rest.budget_minor for rest in rests]),
        )

    def use(self, rule: plan.Promotion, units: int, uses: int, amount_minor: int) -> None:
        """Take from every limit of the promotion."""
        if rule.limits is plan.UNLIMITED:
            return
        for rest in self._rests(rule):
            rest.units -= units
            rest.uses -= uses
            rest.budget_minor -= amount_minor

    def _rests(self, rule: plan.Promotion) -> list[Rest]:
        own = self._own.get(rule.index)
        if own is None:
            own = self._own[rule.index] = _own_rest(rule.limits, self._basket.left.get(rule.id))
        return [own, *[self._shared_rest(name) for name in rule.limits.shared]]

    def _shared_rest(self, name: str) -> Rest:
        rest = self._shared.get(name)
        if rest is None:
            shared = self._shared_rules[name]
            left = self._basket.left.get(name) or Left()
            rest = self._shared[name] = Rest(
                written_or_left(shared.stock, left.stock),
                written_or_left(shared.uses, left.uses),
                written_or_left(shared.budget_minor, left.budget_minor),
            )
        return rest


def written_or_left(written: int | None, left: int | None) -> int:
    """A limit as written, or what is left of it where that is less; unbounded where none is written."""
    if written is None:
        return UNBOUNDED
    return written if left is None else min(written, left)


def _own_rest(limits: plan.Limits, left: Left | None) -> Rest:
    left = left or Left()
    return Rest(
        min(written_or_left(limits.stock, left.stock), written_or_left(limits.per_customer, left.per_customer)),
        min(
            written_or_left(limits.uses, left.uses),
            written_or_left(limits.uses_per_customer, left.uses_per_customer),
        ),
        written_or_left(limits.budget_minor, left.budget_minor),
    )
