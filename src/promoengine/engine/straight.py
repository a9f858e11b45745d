"""Which promotions can be worked out line by line, and what is then known of them before any cart comes.

Most promotions of most campaigns are of a few plain shapes: a figure off each unit, an amount off what a threshold
measures, sets of any N, a gift. Nothing limits them, no group or floor binds them, and they ask nothing of single
units.

A `Straight` is such a promotion, made ready when its plan is bound; `straight_turns` lets it act. The general turn
(`run`, `attempt`) knows every promotion, these too: whatever is out of the ordinary in a cart goes there, and a test
holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from promoengine import plan
from promoengine.engine.limits import UNBOUNDED
from promoengine.money import rounded

Discount = Callable[[int, int, int], int]


Way = Literal["units", "spread", "sets", "gift"]
"""What a straight promotion does: a figure off each unit; one figure over whole lines; sets of so many units, with a
figure off the picked units of each, or a price for it; gifts.
"""


@dataclass(frozen=True, slots=True)
class Straight:
    """A straight promotion. `effects` are its rungs, or its only one; `actions` theirs.

    `own`: its reward are the shipping options that its benefit selects. `threshold` is None where nothing is measured;
    `first` is the least measure that fires. `quantity` is the size of a set, `set_price_minor` its price if it has one.

    Of each action, where it takes a figure off units: `discounts` the figure, `(price, base, times)` to minor units;
    `bases` what it is taken of; `faces` the face value whose unused part is reported, 0 where there is none.
    """

    way: Way
    effects: tuple[int, ...]
    actions: tuple[plan.Action, ...]
    own: bool
    threshold: plan.Threshold | None
    first: int
    quantity: int
    most_sets: int
    pick: plan.Pick | None
    set_price_minor: int | None
    discounts: tuple[Discount, ...]
    bases: tuple[plan.UnitBase, ...]
    faces: tuple[int, ...]


def straight_of(rule: plan.Promotion, source: plan.Plan, *, by_unit: bool) -> Straight | None:
    """The promotion as a straight one; None where it is not. `by_unit`: units of one line can differ in whether they
    are its items.
    """
    if by_unit or not rule.effects or not _is_free_of_others(rule) or _is_held_back(source):
        return None
    effects = [source.effects[index] for index in rule.effects]
    stage = source.stages[effects[0].stage]
    if (stage.goods and stage.shipping) or not _is_one_benefit(effects):
        return None
    ways = {_way_of(effect, rule.trigger, stage) for effect in effects}
    way = ways.pop()
    if way is None or ways or not _is_plain_trigger(rule.trigger, way, len(effects)):
        return None
    threshold = rule.trigger if isinstance(rule.trigger, plan.Threshold) else None
    sets = rule.trigger if isinstance(rule.trigger, plan.SetTrigger) else None
    actions = tuple([effect.action for effect in effects])
    return Straight(
        way=way,
        effects=rule.effects,
        actions=actions,
        own=not stage.goods and way != "gift",
        threshold=threshold,
        first=0 if threshold is None else first_step(threshold),
        quantity=0 if sets is None else sets.parts[0].quantity,
        most_sets=UNBOUNDED if sets is None else sets.max_times or UNBOUNDED,
        pick=effects[0].reward.pick,
        set_price_minor=actions[0].price_minor if isinstance(actions[0], plan.SetPrice) else None,
        discounts=tuple([discount_of(action) for action in actions]),
        bases=tuple([action.base if isinstance(action, plan.Percent) else "running" for action in actions]),
        faces=tuple([action.amount_minor if isinstance(action, plan.Amount) else 0 for action in actions]),
    )


def discount_of(action: plan.Action) -> Discount:
    """What an action takes off one unit; never more than its price. Made once, for actions that take a figure off
    units.
    """
    if isinstance(action, plan.Percent):
        return _percent_of(*action.rate, action.rounding)
    if isinstance(action, plan.Amount):
        amount = action.amount_minor
        return lambda price, base, times: min(amount * times, price)
    new_price = action.price_minor if isinstance(action, plan.UnitPrice) else 0
    return lambda price, base, times: price - new_price if price > new_price else 0


def _percent_of(numerator: int, denominator: int, rounding: plan.Rounding) -> Discount:
    if rounding.step_minor == 1 and rounding.mode == "half_up" and numerator <= denominator:
        twice, both = 2 * numerator, 2 * denominator
        return lambda price, base, times: min((twice * base + denominator) // both, price)

    def exact(price: int, base: int, times: int) -> int:
        exact = min(numerator * base, price * denominator)
        return min(rounded(price, exact, denominator, rounding.step_minor, rounding.mode), price)

    return exact


def is_of_lines(measure: plan.Measure) -> bool:
    """Whether a measure is of lines of goods and nothing besides: what they cost, or how many units they are."""
    return measure.what in ("spend", "quantity") and measure.plus_fact is None and not measure.with_shipping


def first_step(trigger: plan.Threshold) -> int:
    """The least measure that fires anything."""
    if trigger.rungs:
        return trigger.rungs[0]
    return trigger.at_least if trigger.at_least is not None else trigger.every or 0


def _is_free_of_others(rule: plan.Promotion) -> bool:
    """Whether nothing but claims can come between the promotion and its units."""
    if rule.limits is not plan.UNLIMITED or rule.groups or rule.exclusive or rule.stop or rule.refuse_for:
        return False
    return rule.priced and (rule.codes is None or rule.codes.per_cart == 1)


def _is_held_back(source: plan.Plan) -> bool:
    """Whether floors, or groups that look at units, may hold back any promotion of the plan."""
    return bool(source.floors) or any([group.scope != "cart" for group in source.groups])


def _is_one_benefit(effects: list[plan.Effect]) -> bool:
    return len({(effect.position, effect.stage) for effect in effects}) == 1


def _is_plain_trigger(trigger: plan.Trigger, way: Way, rungs: int) -> bool:
    if isinstance(trigger, plan.Threshold):
        return is_of_lines(trigger.measure) and not trigger.graduated and rungs == max(1, len(trigger.rungs))
    if isinstance(trigger, plan.SetTrigger):
        one = len(trigger.parts) == 1 and trigger.parts[0].test == plan.EVERY
        return one and way == "sets" and rungs == 1 and not trigger.cheapest_first
    return way != "sets" and rungs == 1


def _way_of(effect: plan.Effect, trigger: plan.Trigger, stage: plan.Stage) -> Way | None:
    reward, action = effect.reward, effect.action
    if isinstance(action, plan.Gift):
        return "gift" if stage.goods and not isinstance(trigger, plan.SetTrigger) else None
    frees = effect.effect_class is plan.Class.FREE
    if frees or reward.most is not None or (reward.items is None) is not stage.goods:
        return None
    if isinstance(trigger, plan.SetTrigger):
        return "sets" if stage.goods and _is_set_action(reward.pick, action) else None
    if reward.pick is not None:
        return None
    if _is_unit_action(action):
        return "units"
    return "spread" if _is_spread_action(action) else None


def _is_unit_action(action: plan.Action) -> bool:
    if isinstance(action, plan.Percent):
        return not action.spread and action.rounding.at == "unit"
    if isinstance(action, plan.Amount):
        return action.each == "unit" and not action.must_fit
    return isinstance(action, plan.UnitPrice)


def _is_set_action(pick: plan.Pick | None, action: plan.Action) -> bool:
    if isinstance(action, plan.SetPrice):
        return pick is None and _is_plain(action.allocation)
    known = pick is None or (pick.kind in ("cheapest", "dearest", "nth") and not pick.over_all_sets)
    return known and _is_unit_action(action)


def _is_spread_action(action: plan.Action) -> bool:
    """Whether one figure is shared by what lines have left. A percentage of prices as they run is shared so, too."""
    if isinstance(action, plan.Percent):
        by_price = action.spread and action.base == "running" and action.rate[0] <= action.rate[1]
        return by_price and action.rounding.at == "total" and action.allocation.odd_units == "largest"
    if isinstance(action, plan.Amount):
        return action.each == "once" and not action.must_fit and _is_plain(action.allocation)
    return False


def _is_plain(allocation: plan.Allocation) -> bool:
    return allocation.weight == "left" and allocation.odd_units == "largest"
