"""Members: who takes part in the combination, and who is in whose way.

A member is one benefit of one instance of a promotion. Whether two members are in each other's way is read here off
what they may touch at most: lines, groups, exclusivity. What they do in the end only a pass can say.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Basket, mask_of
from promoengine.engine.bound import BoundPlan
from promoengine.engine.choice import Turn, Units, turn_of
from promoengine.engine.clock import Clock
from promoengine.engine.gather import Instance
from promoengine.engine.run import Turns
from promoengine.engine.touched import item_lines, reward_lines
from promoengine.records import dataclass, field

UnitKey = tuple[int, int]
"""`(line rank, origin)`: a run of a line as the stage began."""
Kept = dict[Turn, Units]
"""What is kept from each member for later ones."""


@dataclass(slots=True, eq=False)
class Member:
    """One member: its place in the total order, its turn, and the lines on which it may act.

    `effects` are its benefit, or the rungs of its ladder, with the action of each and the lines that it may reward.
    These, `touched` and `read`, are bit sets of line ranks: of units that it may claim or change; and of all that it
    measures or looks at besides. It `claims` where a rung may, `may_be_free` where one is, and is a spread where all
    are; `by_unit`: units of one line may differ in whether they are its items. `related` are all that it may be in the
    way of, or they of it: of those, `rivals` may bar it, with `contests` it may share out units, and none that it
    `excludes` acts beside it.
    """

    order: int
    turn: Turn
    stage: int
    rule: plan.Promotion
    instance: Instance
    effects: list[int] = field(default_factory=list)
    actions: list[plan.Action] = field(default_factory=list)
    rewarded: list[int] = field(default_factory=list)
    touched: int = 0
    read: int = 0
    claims: bool = False
    is_spread: bool = True
    may_be_free: bool = False
    by_unit: bool = False
    rivals: list[Member] = field(default_factory=list)
    contests: list[Member] = field(default_factory=list)
    related: list[Member] = field(default_factory=list)
    excludes: set[Member] = field(default_factory=set)

    @property
    def optional(self) -> bool:
        return self.rule.apply == "if_better"

    @property
    def is_open(self) -> bool:
        """Whether a choice may differ about it: it may be left out, or share units."""
        return self.optional or bool(self.contests) or any([each.order > self.order for each in self.rivals])


def members_of(bound: BoundPlan, basket: Basket, clock: Clock, turns: Turns) -> list[Member]:
    """All members in the total order, each with its rivals and its contests."""
    found: dict[Turn, Member] = {}
    for stage, of_stage in enumerate(turns):
        for index, instance in of_stage:
            turn = turn_of(bound, index, instance)
            if turn not in found:
                found[turn] = Member(len(found), turn, stage, instance.promotion.rule, instance)
            _add_effect(bound, basket, clock, found[turn], index)
    members = [*found.values()]
    for position, second in enumerate(members):
        excludes, touched, stage = second.instance.promotion.may_exclude, second.touched, second.stage
        for first in members[:position]:
            if (first.touched & touched and first.stage == stage) or (excludes or first.instance.promotion.may_exclude):
                _relate(bound, first, second)
    return members


def _add_effect(bound: BoundPlan, basket: Basket, clock: Clock, member: Member, index: int) -> None:
    """Add a benefit, or a rung of a ladder, to its member."""
    instance, trigger = member.instance, member.rule.trigger
    items = mask_of(item_lines(bound.plan.stages[member.stage], instance))
    own = reward_lines(bound, basket, clock, index, instance)
    rewarded = items if own is None else mask_of(own)
    member.effects.append(index)
    member.actions.append(bound.plan.effects[index].action)
    member.rewarded.append(rewarded)
    member.claims = member.claims or bound.plan.effects[index].effect_class is not plan.Class.FREE
    member.may_be_free = member.may_be_free or bound.plan.effects[index].effect_class is plan.Class.FREE
    member.is_spread = member.is_spread and bound.plan.effects[index].effect_class is plan.Class.SPREAD
    promotion = instance.promotion
    member.by_unit = member.by_unit or promotion.rewards.get(index, promotion.items).by_unit
    member.touched |= rewarded
    member.read |= items | rewarded
    if isinstance(trigger, plan.Threshold) and trigger.measure.with_shipping:
        member.read |= mask_of(basket.shipping)


def _relate(bound: BoundPlan, first: Member, second: Member) -> None:
    """Note whether two members, in their order, may bar each other, and whether they may share out units."""
    if first.rule is second.rule:
        return
    groups = [bound.plan.groups[group] for group in first.rule.groups if group in second.rule.groups]
    excluded = _exclude_each_other(bound, first, second, groups)
    same_units = _share_units(bound, first, second, groups)
    if not (same_units or excluded or groups):
        return
    first.related.append(second)
    second.related.append(first)
    if excluded:
        first.excludes.add(second)
        second.excludes.add(first)
    if may_bar(first, second):
        second.rivals.append(first)
    if may_bar(second, first) and (first.stage == second.stage or _meet_in_cart(first, second, groups)):
        first.rivals.append(second)
    same_band = first.stage == second.stage and first.rule.priority == second.rule.priority
    if same_units and same_band and not excluded:
        first.contests.append(second)
        second.contests.append(first)


def may_bar(barrer: Member, other: Member) -> bool:
    """Whether one can bar the other: not where its number is later and its stage is not earlier."""
    return barrer.stage < other.stage or barrer.rule.priority <= other.rule.priority


def share_lines(first: Member, second: Member) -> bool:
    """Whether two members of one promotion, which do not exclude each other, may both have a unit."""
    return first.rule is second.rule and first.touched & second.touched != 0


def _share_units(bound: BoundPlan, first: Member, second: Member, groups: list[plan.Group]) -> bool:
    """Whether both may want a unit that only one of them can have: by the stage, or by a named group of both."""
    if any([group.scope != "cart" for group in groups]):
        return True
    if first.stage != second.stage or bound.plan.stages[first.stage].stacks:
        return False
    return first.claims and second.claims and first.touched & second.touched != 0


def _exclude_each_other(bound: BoundPlan, first: Member, second: Member, groups: list[plan.Group]) -> bool:
    """Whether one of them keeps the other out altogether, whatever the units."""
    exclusive = first.rule.exclusive, second.rule.exclusive
    if "cart" in exclusive or any([group.scope == "cart" and group.at_most == 1 for group in groups]):
        return True
    if first.stage != second.stage:
        return False
    if "stage" in exclusive:
        return True
    spreads = first.is_spread and second.is_spread and first.touched & second.touched
    return bool(spreads) and not (bound.plan.stages[first.stage].stacks or first.by_unit or second.by_unit)


def _meet_in_cart(first: Member, second: Member, groups: list[plan.Group]) -> bool:
    """Whether what sets them against each other holds in the whole cart, so that a later stage can bar an earlier."""
    return "cart" in (first.rule.exclusive, second.rule.exclusive) or any([group.scope == "cart" for group in groups])
