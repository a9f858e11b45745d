"""Reading what tests read: for checks, and for what a schedule depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from promoengine import plan


def parts_of(test: plan.Test) -> Iterator[plan.Test]:
    """The test and all tests within it."""
    yield test
    if isinstance(test, (plan.AllOf, plan.AnyOf)):
        for each in test.tests:
            yield from parts_of(each)
    elif isinstance(test, plan.Not):
        yield from parts_of(test.test)


def tests_of_condition(condition: plan.Condition) -> Iterator[plan.Test]:
    """The tests of units that a condition contains."""
    if isinstance(condition, plan.MeasureWithin):
        yield from parts_of(condition.measure.items)
    elif isinstance(condition, (plan.AllMet, plan.AnyMet)):
        for each in condition.conditions:
            yield from tests_of_condition(each)
    elif isinstance(condition, plan.NotMet):
        yield from tests_of_condition(condition.condition)


def tests_of_units(items: plan.Test, trigger: plan.Trigger, effects: Iterable[plan.Effect]) -> Iterator[plan.Test]:
    """The tests by which a promotion selects units, conditions apart."""
    yield from parts_of(items)
    if isinstance(trigger, plan.SetTrigger):
        for part in trigger.parts:
            yield from parts_of(part.test)
    for effect in effects:
        if effect.reward.items is not None:
            yield from parts_of(effect.reward.items)


def launch_days(
    items: plan.Test, trigger: plan.Trigger, conditions: Iterable[plan.Condition], effects: Iterable[plan.Effect]
) -> tuple[int, ...]:
    """The days of every `launched_within` that a promotion reads, ascending."""
    tests = [*tests_of_units(items, trigger, effects)]
    for condition in conditions:
        tests.extend(tests_of_condition(condition))
    return days_read(tests)


def days_read(tests: Iterable[plan.Test]) -> tuple[int, ...]:
    """The days of every `launched_within` among the tests, ascending."""
    return tuple(sorted({test.days for test in tests if isinstance(test, plan.LaunchedWithin)}))
