"""What is owed of promotions that were left aside because no pass can reach them: their outcomes, with their numbers.

Such a promotion fails on its trigger, and says what was measured at its turn, claimed or not. On any base but the
running prices that is a sum of what its lines cost when a stage began or ended, which the finished state still knows.
Where it is not so plain (running prices, units that differ in one line, sets of several parts: `owed_of` answers
None), a pass in which the promotion takes its turn has to tell.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Basket, Line
from promoengine.engine.bound import BoundPromotion
from promoengine.engine.clock import Clock
from promoengine.engine.gather import Gathered, ask, items_of
from promoengine.engine.reach import Owed
from promoengine.engine.state import State
from promoengine.engine.triggers import short_of
from promoengine.quote import Outcome, Shortfall


def tell_aside(state: State, basket: Basket, clock: Clock, gathered: Gathered) -> Gathered | None:
    """What was gathered, and those that were left aside as refused, each with the outcome of its turn, had it taken
    one in this finished pass; None where that is not known of every one.
    """
    whole = Gathered(
        True,
        dict(gathered.candidates),
        dict(gathered.refused),
        [*gathered.scheduled],
        [*gathered.launching],
    )
    if gathered.all_too:
        return whole
    telling = _Telling(state, basket, clock, whole)
    known = all([telling.of_lines(promotion, lines) for promotion, lines in gathered.aside])
    return whole if known and telling.of_anywhere() else None


class _Telling:
    """Tells the outcomes of one cart. Each way of it answers whether they are known."""

    __slots__ = ("_basket", "_clock", "_of_goods", "_state", "_whole")

    def __init__(self, state: State, basket: Basket, clock: Clock, whole: Gathered) -> None:
        self._state, self._basket, self._clock, self._whole = state, basket, clock, whole
        self._of_goods: dict[tuple[plan.Base | None, int], int] = {}
        """What all goods came to, by base and stage: worked out once for all who ask."""

    def of_anywhere(self) -> bool:
        """Those that concern every cart. There may be a thousand: most ask for nothing but what all goods came to."""
        bound, basket, refused, known = self._state.bound, self._basket, self._whole.refused, self._of_goods
        for promotion in bound.promotions(bound.anywhere.beyond(basket.goods_minor, basket.context)):
            owed = promotion.owed_of_goods
            if owed is None or not basket.goods:
                if not self.of_lines(promotion, items_of(promotion, None, basket, self._clock)):
                    return False
                continue
            measure, base, stage, needed = owed
            measured = known.get((base, stage))
            if measured is None:
                measured = known[base, stage] = self._measured(owed, basket.goods)
            if measured >= needed:
                return False
            shortfall = Shortfall(measure, measured, needed, needed - measured, base is not None)
            rule = promotion.rule
            refused[rule.index] = Outcome(rule.id, "trigger", shortfall)
        return True

    def of_lines(self, promotion: BoundPromotion, lines: list[Line]) -> bool:
        """One whose items are these lines."""
        rule, owed = promotion.rule, promotion.owed
        if not (lines and promotion.asks_nothing):
            ask(self._state.bound, promotion, self._basket, self._clock, lines, self._whole)
            candidate = self._whole.candidates.pop(rule.index, None)
            if candidate is None:
                return True
            lines = candidate.instances[0].lines
        goods = [line for line in lines if line.goods]
        if owed is None or not goods:
            return False
        shortfall = short_of(owed.measure, self._measured(owed, goods), owed.needed, owed.base is not None)
        self._whole.refused[rule.index] = Outcome(rule.id, "trigger", shortfall)
        return shortfall.gap > 0

    def _measured(self, owed: Owed, goods: list[Line]) -> int:
        if owed.base is None:
            return sum([line.quantity for line in goods])
        totals = self._state.totals(owed.base, owed.stage)
        return sum([totals[line.rank] for line in goods])
