"""Reading what tests read: for checks, and for what a schedule depends on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from promoengine import plan


def parts_of(test: plan.Test) -> list[plan.Test]:
    """The test and all tests within it."""
    if isinstance(test, (plan.AllOf, plan.AnyOf)):
        return [test, *chain.from_iterable(map(parts_of, test.tests))]
    return [test, *parts_of(test.test)] if isinstance(test, plan.Not) else [test]


def tests_of_condition(condition: plan.Condition) -> list[plan.Test]:
    """The tests of units that a condition contains."""
    if isinstance(condition, plan.MeasureWithin):
        return parts_of(condition.measure.items)
    if isinstance(condition, (plan.AllMet, plan.AnyMet)):
        return tests_of_conditions(condition.conditions)
    return tests_of_condition(condition.condition) if isinstance(condition, plan.NotMet) else []


def tests_of_conditions(conditions: Iterable[plan.Condition]) -> list[plan.Test]:
    """The tests of units that conditions contain."""
    return [*chain.from_iterable(map(tests_of_condition, conditions))]


def tests_of_units(items: plan.Test, trigger: plan.Trigger, effects: Iterable[plan.Effect]) -> list[plan.Test]:
    """The tests by which a promotion selects units, conditions apart."""
    return [*parts_of(items), *tests_of_acts(trigger, effects)]


def tests_of_acts(trigger: plan.Trigger, effects: Iterable[plan.Effect]) -> list[plan.Test]:
    """The tests by which a trigger and effects select units of their own."""
    tests = [part.test for part in trigger.parts] if isinstance(trigger, plan.SetTrigger) else []
    tests += [effect.reward.items for effect in effects if effect.reward.items is not None]
    return [*chain.from_iterable(map(parts_of, tests))]


def days_read(tests: Iterable[plan.Test]) -> tuple[int, ...]:
    """The days of every `launched_within` among the tests, ascending."""
    days = {test.days for test in tests if isinstance(test, plan.LaunchedWithin)}
    return tuple(sorted(days)) if days else ()
