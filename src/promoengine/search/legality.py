"""What makes a choice legal: whoever is left out, and must not be, is barred by a member (semantics 5)."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.attempt import Attempt
from promoengine.engine.bars import closing
from promoengine.engine.basket import Portion
from promoengine.engine.choice import Units
from promoengine.engine.state import State
from promoengine.search.entered import Entered
from promoengine.search.members import Member, may_bar


def barrers_of(state: State, members: list[Member], member: Member) -> list[Member]:
    """Those that have acted, are of another promotion, and may bar this one."""
    acted = {turn for turn, _ in state.acts}
    return [
        each
        for each in members
        if each.turn in acted and each.rule.index != member.rule.index and may_bar(each, member)
    ]


def is_shut_out(state: State, member: Member, barrers: list[Member]) -> bool:
    """Whether one of the barrers keeps the member out whatever its units: exclusive, a group of the cart, spreads."""
    rule = member.rule
    indexes = {each.rule.index for each in barrers}
    same_stage = [each for each in barrers if each.stage == member.stage]
    if any([each.rule.exclusive == "cart" for each in barrers]) or (rule.exclusive == "cart" and barrers):
        return True
    if any([each.rule.exclusive == "stage" for each in same_stage]) or (rule.exclusive == "stage" and same_stage):
        return True
    for group in rule.groups:
        if state.bound.plan.groups[group].scope == "cart":
            of_group = {each.rule.index for each in barrers if group in each.rule.groups}
            if len(of_group) >= state.bound.plan.groups[group].at_most:
                return True
    return member.is_spread and _meets_spreads(state, member, member.effects, indexes)


def is_shut_out_on_rung(state: State, member: Member, barrers: list[Member], tier: int) -> bool:
    """Whether the barrers keep a ladder out on one rung: as spreads, where that rung is one."""
    effects = state.bound.plan.effects
    rung = [index for index in member.effects if effects[index].tier == tier]
    spreads = [index for index in rung if effects[index].effect_class is plan.Class.SPREAD]
    return _meets_spreads(state, member, spreads, {each.rule.index for each in barrers})


def _meets_spreads(state: State, member: Member, effects: list[int], indexes: set[int]) -> bool:
    """Whether a unit that one of these effects would reward is of the items of a spread of one of the promotions: of
    their stage, and as it ends.
    """
    if state.bound.plan.stages[member.stage].stacks or state.clock.stage != member.stage:
        return False
    return any([portion[4].spread in indexes for portion in units_of(state, member, effects)])


def units_of(state: State, member: Member, effects: list[int] | None = None) -> list[Portion]:
    """The units that a member would reward, by some of its effects or all, claimed or not, as its stage ends."""
    found: dict[tuple[int, int], Portion] = {}
    for index in member.effects if effects is None else effects:
        attempt = Attempt(state, index, member.instance, alone=True)
        own = state.bound.plan.effects[index].reward.items is not None
        for portion in attempt.reward_units() if own else attempt.items():
            found[portion[1], portion[2]] = portion
    return [found[key] for key in sorted(found)]


def kept_by_others(state: State, member: Member, barrers: list[Member]) -> tuple[Units, bool]:
    """The units that the barrers have of those that the member would reward, by origin; and whether any is left. A free
    rung has claimed units, too, where no group closes them.
    """
    indexes = {each.rule.index for each in barrers}
    kept: dict[tuple[int, int], int] = {}
    any_left = False
    for portion in units_of(state, member):
        closed = bool(closing(state, member.rule, portion) & indexes)
        claimed = member.claims and not state.stage.stacks and portion[4].claim in indexes
        if closed or claimed:
            key = (portion[1], portion[4].origin)
            kept[key] = kept.get(key, 0) + portion[5]
        any_left = any_left or not (closed or (claimed and not member.may_be_free))
    return kept, any_left


def stands_or_falls(entered: Entered, member: Member, active: list[Member]) -> bool:
    """Whether a member that could act as its stage begins does act, unless one before it excludes it altogether: all
    that might be in its way exclude it, and nobody else changes what it looks at.
    """
    rule, begun = member.rule, entered.begun
    if begun.stage.stacks or not member.claims or member.contests or member.read != member.touched:
        return False
    if rule.limits.shared or rule.stop or (begun.floors is not None and begun.floors.goods_minor):
        return False
    if _has_limited_mate(member, active) or not entered.acts_alone(member):
        return False
    return all(
        [other in member.excludes for other in member.related if other.stage == member.stage and other in active]
    ) and not any([other.stage != member.stage for other in member.related])


def _has_limited_mate(member: Member, active: list[Member]) -> bool:
    """Whether another member of its promotion may use up its limits."""
    mates = [each for each in active if each.rule is member.rule and each is not member]
    return member.rule.limits is not plan.UNLIMITED and bool(mates)
