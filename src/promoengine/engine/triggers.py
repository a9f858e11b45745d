"""Triggers at a promotion's turn: measuring, and what the measure fires."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Portion
from promoengine.engine.fired import Fired
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.state import State
from promoengine.engine.straight import first_step
from promoengine.quote import Measured, Shortfall


def measure(state: State, rule: plan.Measure, portions: list[Portion]) -> int | None:
    """A measure of units as they stand; None where a fact that it needs is not stated."""
    if rule.what == "fact":
        return fact_number(state, rule.plus_fact)
    plus = 0 if rule.plus_fact is None else fact_number(state, rule.plus_fact)
    return None if plus is None else plus + _of_units(state, rule, portions)


def _of_units(state: State, rule: plan.Measure, portions: list[Portion]) -> int:
    if rule.what == "spend":
        return sum([state.base_of(line, run, rule.base) * count for _, _, _, line, run, count in portions])
    if rule.what == "quantity":
        return sum([portion[5] for portion in portions])
    if rule.what == "distinct_skus":
        return len({portion[3].sku for portion in portions if portion[5]})
    return len({portion[1] for portion in portions if portion[5]})


def fact_number(state: State, name: str | None) -> int | None:
    """A stated number or amount, and no flag: campaigns that measure one are refused. None where it is not stated."""
    return state.basket.facts.get(name or "")


def fire(state: State, trigger: plan.Threshold, portions: list[Portion]) -> Fired | Shortfall:
    """What the measured units fire, or by how much they fall short of the first step."""
    measured = measure(state, trigger.measure, portions)
    first = first_step(trigger)
    if measured is None or measured < first:
        known = measured or 0
        return short_of(trigger.measure.what, known, first, is_money(state, trigger.measure))
    if trigger.every is not None:
        return Fired(min(measured // trigger.every, trigger.max_times or UNBOUNDED))
    if trigger.graduated:
        return Fired(measured=measured, plus=fact_number(state, trigger.measure.plus_fact) or 0)
    return Fired(tier=sum([measured >= rung for rung in trigger.rungs]) - 1)


def short_of(measure: Measured, measured: int, needed: int, money: bool) -> Shortfall:
    """What was measured of what was needed, and the gap."""
    return Shortfall(measure, measured, needed, needed - measured, money)


def is_money(state: State, rule: plan.Measure) -> bool:
    """Whether a measure is an amount of money."""
    if rule.what != "fact":
        return rule.what == "spend"
    return dict(state.bound.plan.facts).get(rule.plus_fact or "") == "money"
