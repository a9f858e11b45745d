"""Onlookers: members of a stage that want none of the units that others divide, but look at what becomes of them.

Points on what is spent, when they act, are worth more while a later member has not lowered its units yet; a threshold
on running prices is reached under one division and missed under another. Where somebody looks on so, a division cannot
be told from its units alone.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.search.members import Member


def looks_on(member: Member, dividing: list[Member], lines: int) -> bool:
    """Whether what a member does may depend on how units of these lines (a bit set) are divided, or the other way."""
    if not (member.read | member.touched) & lines:
        return False
    gives = all([isinstance(action, (plan.Gift, plan.Grant)) for action in member.actions])
    if not (gives or member.claims):
        return True  # it lowers prices, before or after
    if _is_fixed_trigger(member.rule.trigger) and (
        member.claims or all([_is_fixed(action) for action in member.actions])
    ):
        return False
    return not (gives and _sees_the_sum(member, dividing, lines))


def _is_fixed_trigger(trigger: plan.Trigger) -> bool:
    """Whether it comes to the same at every moment of a stage, whatever the members of the stage do."""
    if isinstance(trigger, plan.Threshold):
        return trigger.measure.what != "spend" or trigger.measure.base != "running"
    return not isinstance(trigger, plan.SetTrigger) or len(trigger.parts) == 1


def _is_fixed(action: plan.Action) -> bool:
    """Whether what is given is the same at every moment of a stage."""
    if not isinstance(action, plan.Grant):
        return True
    return (action.rate is None and action.per_spend_minor is None) or action.base != "running"


def _sees_the_sum(member: Member, dividing: list[Member], lines: int) -> bool:
    """Whether it comes after them all and looks at all of the lines together, so that it sees only what they sum to."""
    after_all = member.order > max([each.order for each in dividing])
    sets = isinstance(member.rule.trigger, plan.SetTrigger)
    return after_all and not sets and not member.instance.promotion.items.by_unit and member.read & lines == lines
