"""Standing: which of two choices is better (semantics 5), by what their passes came to."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.choice import Turn
from promoengine.engine.state import State
from promoengine.search.members import Member

_END = (1 << 62,)
"""Comes after every run, so that of two lists that begin alike the longer is the better."""
_ABSENT = ((1 << 62, 1),)


Standing = tuple[int, int, int, int]
"""What counts, in order, the least first: the payable; the value of what is given, negated; how many promotions give
something, negated; how many members act that need not.
"""


def standing_of(state: State, members: list[Member]) -> Standing:
    """What counts of a finished pass before the order of its members does."""
    acted = {turn for turn, _ in state.acts}
    value = given = 0
    for applied in state.applied.values():
        value += sum([gift.value_minor * gift.quantity for gift in applied.gifts])
        value += sum([grant.value_minor for grant in applied.grants])
        given += bool(applied.gifts or applied.grants)
    optional = sum([member.optional and member.turn in acted for member in members])
    return payable_of(state), -value, -given, optional


def payable_of(state: State) -> int:
    """What the whole cart costs in a state, selected shipping included."""
    return sum(state.payable)


def order_of(state: State, members: list[Member]) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """For each member in the total order whether it acted and what it claimed; the least is the best: having it before
    not having it, the dearer unit first, then the lower line, then the longer list.
    """
    claims: dict[Turn, dict[tuple[int, int, int], int]] = {}
    for turn, units in state.acts:
        counts = claims.setdefault(turn, {})
        for price, rank, origin, count in units:
            counts[price, rank, origin] = counts.get((price, rank, origin), 0) + count
    return tuple([_claimed(claims.get(member.turn)) for member in members])


def _claimed(counts: dict[tuple[int, int, int], int] | None) -> tuple[tuple[int, ...], ...]:
    if counts is None:
        return _ABSENT
    alike: dict[tuple[int, int], int] = {}
    for (price, rank, _), count in counts.items():
        alike[price, rank] = alike.get((price, rank), 0) + count
    return (*[(price, rank, -alike[price, rank]) for price, rank in sorted(alike)], _END)


def gives(state: State, member: Member) -> bool:
    """Whether a member gives a gift, points or an award."""
    actions = [state.bound.plan.effects[index].action for index in member.effects]
    return any([isinstance(action, (plan.Gift, plan.Grant)) for action in actions])


def may_give_more(state: State, member: Member) -> bool:
    """Whether how much a member gives depends on more than that it acts: on spend, sets, steps or stock."""
    trigger = member.rule.trigger
    if isinstance(trigger, plan.SetTrigger) or state.gift_stock:
        return True
    if isinstance(trigger, plan.Threshold) and (trigger.every is not None or trigger.rungs):
        return True
    actions = [state.bound.plan.effects[index].action for index in member.effects]
    return any(
        [isinstance(action, plan.Grant) and (action.rate is not None or action.per_spend_minor) for action in actions]
    )
