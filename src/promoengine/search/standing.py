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


Order = tuple[tuple[tuple[int, ...], ...], ...]
"""What settles ties: for each member whether it acted and what it claimed; the least is the best."""


def order_of(state: State, members: list[Member]) -> Order:
    """For each member in the total order whether it acted and what it claimed; the least is the best: having it before
    not having it, the dearer unit first, then the lower line, then the longer list.
    """
    claims: dict[Turn, dict[tuple[int, int], int]] = {}
    for turn, units in state.acts:
        counts = claims.setdefault(turn, {})
        for price, rank, _, count in units:
            counts[price, rank] = counts.get((price, rank), 0) + count
    return tuple([_claimed(claims.get(member.turn)) for member in members])


def _claimed(counts: dict[tuple[int, int], int] | None) -> tuple[tuple[int, ...], ...]:
    if counts is None:
        return _ABSENT
    return (*[(price, rank, -counts[price, rank]) for price, rank in sorted(counts)], _END)


def gives(member: Member) -> bool:
    """Whether a member gives a gift, points or an award."""
    return any([isinstance(action, (plan.Gift, plan.Grant)) for action in member.actions])


def gives_value(member: Member) -> bool:
    """Whether each gift, point and award of a member, which gives the same whenever it acts, is worth something."""
    gifts = [item for action in member.actions if isinstance(action, plan.Gift) for item in action.items]
    grants = [action for action in member.actions if isinstance(action, plan.Grant)]
    return all([item.value_minor for item in gifts]) and all(
        [grant.quantity * grant.value[0] >= grant.value[1] for grant in grants]
    )


def may_give_more(state: State, member: Member) -> bool:
    """Whether how much a member gives depends on more than that it acts: on spend, sets, steps or stock."""
    trigger = member.rule.trigger
    if isinstance(trigger, plan.SetTrigger) or state.gift_stock:
        return True
    if isinstance(trigger, plan.Threshold) and (trigger.every is not None or trigger.rungs):
        return True
    return any(
        [
            isinstance(action, plan.Grant) and (action.rate is not None or action.per_spend_minor)
            for action in member.actions
        ]
    )
