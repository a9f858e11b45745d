"""What is owed of promotions that were left aside because no pass can reach them: their outcomes, with their numbers.

Such a promotion fails on its trigger, and says what was measured at its turn, claimed or not. On any base but the
running prices that is a sum of what its lines cost when a stage began or ended, which the finished state still knows.
Where it is not so plain (running prices, units that differ in one line, sets of several parts), `outcome_aside` answers
None, and a pass in which the promotion takes its turn has to tell.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Line
from promoengine.engine.gather import Candidate
from promoengine.engine.state import State
from promoengine.engine.straight import first_step
from promoengine.engine.triggers import short_of
from promoengine.quote import Outcome, Shortfall


def outcome_aside(state: State, candidate: Candidate) -> Outcome | None:
    """The outcome of a promotion that took no turn in this finished pass, as if it had; None where that is unknown."""
    promotion = candidate.promotion
    rule, lines = promotion.rule, [line for line in candidate.instances[0].lines if line.goods]
    if not lines or not rule.effects or promotion.items.by_unit or rule.groups:
        return None
    first = state.bound.plan.effects[rule.effects[0]]
    if state.bound.plan.stages[first.stage].goods and first.reward.items is not None:
        return None  # it measures only what it would not reward
    shortfall = _shortfall(state, rule.trigger, first.stage, lines)
    return None if shortfall is None or shortfall.gap <= 0 else Outcome(rule.id, "trigger", shortfall)


def _shortfall(state: State, trigger: plan.Trigger, stage: int, lines: list[Line]) -> Shortfall | None:
    if isinstance(trigger, plan.SetTrigger):
        if len(trigger.parts) != 1 or trigger.parts[0].test != plan.EVERY:
            return None
        return short_of("sets", sum([line.quantity for line in lines]), trigger.parts[0].quantity, False)
    if not isinstance(trigger, plan.Threshold):
        return None
    what = trigger.measure.what
    if what == "quantity":
        return short_of(what, sum([line.quantity for line in lines]), first_step(trigger), False)
    if trigger.measure.base == "running":
        return None
    totals = state.totals(trigger.measure.base, stage)
    return short_of(what, sum([totals[line.rank] for line in lines]), first_step(trigger), True)
