"""What is out of reach: promotions whose trigger no pass over the cart can meet.

Prices only fall, so no measure of spend, on whatever base, exceeds what its lines cost at list; and no measure of units
exceeds how many there are. A promotion whose first step lies beyond that never acts: it claims nothing, bars nothing,
and need not take part. Only its outcome is owed, with the numbers of its turn, and that is made when outcomes are read.

Those that concern every cart are sorted by their first step, so that a cart looks at none of those beyond its total:
a thousand rules "from 5,000 on" cost a cart of 200 nothing. Nor does it look at those that ask for a segment, a
channel, a region that is not its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from promoengine import plan
from promoengine.engine.basket import Basket, Line
from promoengine.engine.straight import first_step, is_of_lines
from promoengine.quote import Measured


@dataclass(frozen=True, slots=True)
class Reach:
    """The least that the lines of its items must come to: in money, or in units."""

    what: str
    least: int

    def is_beyond(self, lines: list[Line], basket: Basket) -> bool:
        """Whether these lines can never come to that."""
        if self.what == "spend":
            have = basket.goods_minor if lines is basket.goods else sum([line.total_minor for line in lines])
        else:
            have = sum([line.quantity for line in lines])
        return have < self.least


def reach_of(rule: plan.Promotion) -> Reach | None:
    """What must be reached for the promotion to act at all; None where that cannot be told from its lines."""
    trigger = rule.trigger
    if not rule.priced or rule.refuse_for:
        return None
    if isinstance(trigger, plan.Threshold):
        measure = trigger.measure
        return Reach(measure.what, first_step(trigger)) if is_of_lines(measure) else None
    if isinstance(trigger, plan.SetTrigger):
        if not trigger.parts:
            return Reach("spend", trigger.spend_minor)
        return Reach("quantity", sum([part.quantity for part in trigger.parts]))
    return None


class Owed(NamedTuple):
    """What the outcome of a promotion out of reach says was measured, of its lines of goods: `measure`, on `base` (None
    for a number of units) in `stage`, the first in which it would act; and how much is `needed`.
    """

    measure: Measured
    base: plan.Base | None
    stage: int
    needed: int


def owed_of(rule: plan.Promotion, source: plan.Plan, *, by_unit: bool) -> Owed | None:
    """What a finished pass knows that is owed of a promotion out of reach; None where it has to take its turn, since
    that is of running prices, of some units of a line (`by_unit`), or of sets of several parts.
    """
    if not rule.effects or by_unit or rule.groups:
        return None
    first, trigger = source.effects[rule.effects[0]], rule.trigger
    stage = source.stages[first.stage]
    if stage.goods and first.reward.items is not None:
        return None  # it measures only what it would not reward
    if isinstance(trigger, plan.SetTrigger):
        plain = len(trigger.parts) == 1 and trigger.parts[0].test == plan.EVERY
        if not plain or (stage.goods and stage.shipping):
            return None  # parcels fill places, too
        return Owed("sets", None, first.stage, trigger.parts[0].quantity)
    if not isinstance(trigger, plan.Threshold) or not is_of_lines(trigger.measure):
        return None
    if trigger.measure.what == "quantity":
        return Owed("quantity", None, first.stage, first_step(trigger))
    base = trigger.measure.base
    return None if base == "running" else Owed("spend", base, first.stage, first_step(trigger))


def covers_goods_only(rule: plan.Promotion, source: plan.Plan) -> bool:
    """Whether its items are goods; else, as a stage of it covers both, they may be shipping too."""
    return not any([source.stages[each].goods and source.stages[each].shipping for each in rule.stages])


Context = Mapping[str, frozenset[str]]
"""What a cart holds of each field that conditions may ask for."""


@dataclass(frozen=True, slots=True)
class Anywhere:
    """The promotions that concern every cart: those of a first step of spend on all goods, ascending; those that ask
    for a value of the cart's context, by field and value; and the others, which `always` have to be looked at.
    """

    always: tuple[int, ...]
    steps_minor: tuple[int, ...]
    stepped: tuple[int, ...]
    asking: tuple[tuple[int, str, frozenset[str]], ...]
    by_context: dict[str, dict[str, list[int]]]

    def within(self, total_minor: int, context: Context) -> list[int]:
        """Those that a cart may meet whose goods cost so much at list."""
        found = [*self.always, *self.stepped[: bisect_right(self.steps_minor, total_minor)]]
        for name, by_value in self.by_context.items():
            for value in context.get(name, ()):
                found += by_value.get(value, ())
        return found

    def beyond(self, total_minor: int, context: Context) -> list[int]:
        """The others."""
        unmet = [index for index, name, values in self.asking if values.isdisjoint(context.get(name, ()))]
        return [*unmet, *self.stepped[bisect_right(self.steps_minor, total_minor) :]]


def anywhere_of(source: plan.Plan) -> Anywhere:
    """The promotions that the index finds for every cart, by what they ask of it."""
    always: list[int] = []
    stepped: list[tuple[int, int]] = []
    asking: list[tuple[int, str, frozenset[str]]] = []
    by_context: dict[str, dict[str, list[int]]] = {}
    for index in source.index.anywhere:
        rule = source.promotions[index]
        reach = reach_of(rule)
        asked = next((each for each in rule.conditions if isinstance(each, plan.ContextHolds)), None)
        if asked is not None:
            asking.append((index, asked.field, asked.values))
            for value in asked.values:
                by_context.setdefault(asked.field, {}).setdefault(value, []).append(index)
        elif reach is not None and reach.what == "spend" and covers_goods_only(rule, source):
            stepped.append((reach.least, index))
        else:
            always.append(index)
    stepped.sort()
    steps, indexes = [step for step, _ in stepped], [index for _, index in stepped]
    return Anywhere(tuple(always), tuple(steps), tuple(indexes), tuple(asking), by_context)
