"""Tests and conditions become closures, once per plan. The one place where closures are made.

A test reads `(line, run)`; most read the line only, and are asked once a line. `moment_us` is the moment of
pricing: launches are compared with it, so bound tests of launches take it from a `Clock`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.engine.basket import Basket, Line, Run
from promoengine.engine.clock import Clock, launch_holds
from promoengine.records import dataclass

UnitTest = Callable[[Line, Run | None, Clock], bool]
CartTest = Callable[[Basket, Clock], bool]
_NO_CLOCK = Clock(0, ZoneInfo("UTC"), datetime(1970, 1, 1), 0)
"""For tests that read no clock."""
LineTest = Callable[[Line], tuple[bool, bool]]
"""Whether a line can pass a test at some moment, and whether it can fail it."""
_SEVERAL = frozenset({"category", "tag"})


@dataclass(frozen=True, slots=True)
class Selection:
    """A bound selector: `test` None selects everything; `by_unit` where units of one line can differ."""

    test: UnitTest | None
    by_unit: bool


class Binder:
    """Binds the tests of one plan. Promotions are known by id and group for `rewarded_by`."""

    def __init__(self, source: plan.Plan) -> None:
        self._source = source

    def selection(self, test: plan.Test) -> Selection:
        """The bound selector of a test."""
        if test == plan.EVERY:
            return Selection(None, False)
        return Selection(self.unit_test(test), reads_units(test))

    def unit_test(self, test: plan.Test) -> UnitTest:
        """One closure for the whole test."""
        if isinstance(test, plan.Holds):
            return holds(test)
        if isinstance(test, plan.PriceWithin):
            return _price_within(test)
        if isinstance(test, plan.OnSale):
            wanted = test.wanted
            return lambda line, run, clock: line.goods and line.on_sale is wanted
        if isinstance(test, plan.LaunchedWithin):
            days = test.days
            return lambda line, run, clock: launch_holds(line.launched_us, days, clock)
        if isinstance(test, plan.RewardedBy):
            return self._rewarded_by(test)
        return self._composite(test)

    def _composite(self, test: plan.AllOf | plan.AnyOf | plan.Not) -> UnitTest:
        if isinstance(test, plan.Not):
            inner = self.unit_test(test.test)
            return lambda line, run, clock: not inner(line, run, clock)
        tests = tuple(self.unit_test(each) for each in test.tests)
        wanted = isinstance(test, plan.AnyOf)

        def decide(line: Line, run: Run | None, clock: Clock) -> bool:
            for each in tests:
                if each(line, run, clock) is wanted:
                    return wanted
            return not wanted

        return decide

    def _rewarded_by(self, test: plan.RewardedBy) -> UnitTest:
        wanted = {position for position, group in enumerate(self._source.groups) if group.name in test.groups}
        promotions = {
            promotion.index
            for promotion in self._source.promotions
            if promotion.id in test.promotions or not wanted.isdisjoint(promotion.groups)
        }
        stages = test.stages

        def rewarded(line: Line, run: Run | None, clock: Clock) -> bool:
            if run is None:
                return False
            for promotion, stage in run.rewards:
                if stage < clock.stage and (promotion in promotions or stage in stages):
                    return True
            return False

        return rewarded

    def condition(self, condition: plan.Condition) -> CartTest:
        """One closure for the whole condition."""
        if isinstance(condition, plan.ContextHolds):
            field, values = condition.field, condition.values
            return lambda basket, clock: not values.isdisjoint(basket.context.get(field, ()))
        if isinstance(condition, plan.OrdersWithin):
            bounds = condition.bounds
            return lambda basket, clock: basket.orders is not None and within(basket.orders, bounds)
        if isinstance(condition, plan.FactWithin):
            return _fact_within(condition)
        if isinstance(condition, plan.MeasureWithin):
            return self._measure_within(condition)
        return self._composite_condition(condition)

    def _composite_condition(self, condition: plan.AllMet | plan.AnyMet | plan.NotMet) -> CartTest:
        if isinstance(condition, plan.NotMet):
            inner = self.condition(condition.condition)
            return lambda basket, clock: not inner(basket, clock)
        tests = tuple(self.condition(each) for each in condition.conditions)
        wanted = isinstance(condition, plan.AnyMet)

        def decide(basket: Basket, clock: Clock) -> bool:
            for each in tests:
                if each(basket, clock) is wanted:
                    return wanted
            return not wanted

        return decide

    def _measure_within(self, condition: plan.MeasureWithin) -> CartTest:
        what, bounds = condition.measure.what, condition.bounds
        selection = self.selection(condition.measure.items)
        return lambda basket, clock: within(measure_at_list(basket, what, selection.test, clock), bounds)


def reads_units(test: plan.Test) -> bool:
    """Whether units of one line can differ under this test."""
    if isinstance(test, (plan.PriceWithin, plan.RewardedBy)):
        return True
    if isinstance(test, (plan.AllOf, plan.AnyOf)):
        return any([reads_units(each) for each in test.tests])
    return isinstance(test, plan.Not) and reads_units(test.test)


def possibly(test: plan.Test) -> LineTest:
    """What a test can come to at some moment and some price: for each line, whether it can pass, and can fail."""
    if isinstance(test, plan.Holds):
        exact = holds(test)
        return lambda line: (exact(line, None, _NO_CLOCK), not exact(line, None, _NO_CLOCK))
    if isinstance(test, plan.LaunchedWithin):
        return lambda line: (line.launched_us is not None, True)
    if isinstance(test, plan.Not):
        inner = possibly(test.test)
        return lambda line: inner(line)[::-1]
    if isinstance(test, (plan.AllOf, plan.AnyOf)):
        return _possibly_composite(tuple([possibly(each) for each in test.tests]), isinstance(test, plan.AllOf))
    if isinstance(test, plan.OnSale):
        wanted = test.wanted
        return lambda line: (line.goods and line.on_sale is wanted, not (line.goods and line.on_sale is wanted))
    return lambda line: (True, True)


def _possibly_composite(tests: tuple[LineTest, ...], conjunction: bool) -> LineTest:
    def decide(line: Line) -> tuple[bool, bool]:
        found = [test(line) for test in tests]
        passes, fails = [each[0] for each in found], [each[1] for each in found]
        return (all(passes), any(fails)) if conjunction else (any(passes), all(fails))

    return decide


def holds(test: plan.Holds) -> UnitTest:
    """A field of the line holds one of the values."""
    field, values = test.field, test.values
    if field in _SEVERAL:
        attribute = "categories" if field == "category" else "tags"
        return lambda line, run, clock: not values.isdisjoint(getattr(line, attribute))
    if field.startswith("attribute:"):
        name = field.removeprefix("attribute:")
        return lambda line, run, clock: line.attributes.get(name) in values
    return lambda line, run, clock: getattr(line, field) in values


def _price_within(test: plan.PriceWithin) -> UnitTest:
    least = 0 if test.least_minor is None else test.least_minor
    most = test.most_minor

    def decide(line: Line, run: Run | None, clock: Clock) -> bool:
        price = line.list_minor if run is None else run.entry
        return price >= least and (most is None or price <= most)

    return decide


def _fact_within(condition: plan.FactWithin) -> CartTest:
    name, bounds, flag = condition.fact, condition.bounds, condition.flag

    def decide(basket: Basket, clock: Clock) -> bool:
        value = basket.facts.get(name)
        if value is None:
            return False
        return bool(value) is flag if flag is not None else within(value, bounds)

    return decide


def within(value: int, bounds: plan.Bounds) -> bool:
    """Whether a number lies in bounds."""
    if bounds.least is not None and value < bounds.least:
        return False
    if bounds.above is not None and value <= bounds.above:
        return False
    return bounds.most is None or value <= bounds.most


def measure_at_list(basket: Basket, what: plan.What, test: UnitTest | None, clock: Clock) -> int:
    """A measure of the goods of the cart as given."""
    lines = basket.goods if test is None else [line for line in basket.goods if test(line, None, clock)]
    if what == "spend":
        return sum([line.list_minor * line.quantity for line in lines])
    if what == "quantity":
        return sum([line.quantity for line in lines])
    return len({line.sku for line in lines}) if what == "distinct_skus" else len(lines)
