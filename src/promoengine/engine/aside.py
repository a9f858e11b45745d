"""What is owed of promotions that were left aside because no pass can reach them: their outcomes, with their numbers.

Such a promotion fails on its trigger, and says what was measured at its turn, claimed or not. On any base but the
running prices that is a sum of what its lines cost when a stage began or ended, which the finished state still knows.
Where it is not so plain (running prices, units that differ in one line, sets of several parts: `owed_of` answers
None), a pass in which the promotion takes its turn has to tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from promoengine.engine.basket import Basket, Line
from promoengine.engine.bound import BoundPromotion
from promoengine.engine.clock import Clock
from promoengine.engine.gather import Gathered, ask, items_of
from promoengine.engine.reach import Owed
from promoengine.engine.state import State
from promoengine.engine.triggers import short_of
from promoengine.quote import Outcome


def tell_aside(state: State, basket: Basket, clock: Clock, gathered: Gathered) -> Gathered | None:
    """What was gathered, and those that were left aside as refused, each with the outcome of its turn, had it taken
    one in this finished pass; None where that is not known of every one.
    """
    whole = replace(gathered, all_too=True, candidates=dict(gathered.candidates), refused=dict(gathered.refused), aside=[])
    whole.scheduled, whole.launching = [*gathered.scheduled], [*gathered.launching]
    measures = _Measures(state)
    for promotion, lines in _left_aside(state, basket, clock, gathered):
        index = promotion.rule.index
        if not (lines and promotion.asks_nothing):
            ask(state.bound, promotion, basket, clock, lines, whole)
            candidate = whole.candidates.pop(index, None)
            if candidate is None:
                continue
            lines = candidate.instances[0].lines
        outcome = measures.outcome(promotion, lines)
        if outcome is None:
            return None
        whole.refused[index] = outcome
    return whole


def _left_aside(
    state: State, basket: Basket, clock: Clock, gathered: Gathered
) -> Iterable[tuple[BoundPromotion, list[Line]]]:
    """Those that this cart found by its lines, and those that every cart finds, with the lines of their items."""
    if gathered.all_too:
        return
    yield from gathered.aside
    for index in state.bound.anywhere.beyond(basket.goods_minor):
        promotion = state.bound.promotion(index)
        yield promotion, items_of(promotion, None, basket, clock)


class _Measures:
    """What lines came to in a finished pass; what all goods came to is worked out once for all who ask."""

    __slots__ = ("_of_goods", "_state")

    def __init__(self, state: State) -> None:
        self._state = state
        self._of_goods: dict[Owed, int] = {}

    def outcome(self, promotion: BoundPromotion, lines: list[Line]) -> Outcome | None:
        """By how much a promotion falls short at its turn; None where that is not known, or it does not."""
        owed, reach = promotion.owed, promotion.reach
        if owed is None or reach is None or not lines:
            return None
        measured = self._measured(owed, lines)
        if measured >= reach.least:
            return None
        shortfall = short_of(owed.measure, measured, reach.least, owed.base is not None)
        return Outcome(promotion.rule.id, "trigger", shortfall)

    def _measured(self, owed: Owed, lines: list[Line]) -> int:
        if lines is not self._state.basket.goods:
            return self._sum(owed, [line for line in lines if line.goods])
        known = self._of_goods.get(owed)
        if known is None:
            known = self._of_goods[owed] = self._sum(owed, lines)
        return known

    def _sum(self, owed: Owed, lines: list[Line]) -> int:
        if owed.base is None:
            return sum([line.quantity for line in lines])
        totals = self._state.totals(owed.base, owed.stage)
        return sum([totals[line.rank] for line in lines])
