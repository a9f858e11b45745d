"""Influence: whether what one member does can make a difference to another, as far as can be read off both."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Basket
from promoengine.search.members import Member


def may_matter(basket: Basket, member: Member, other: Member) -> bool:
    """Whether what a member does can make a difference to one that acts after it: it may touch what that one reads,
    use up what that one may use, or be in its way. A floor of the whole cart apart, through which all matter to all.
    """
    if member.rule.stop or other in member.related or member.rule is other.rule:
        return True
    if member.touched & (other.touched | other.read) and not _only_gives(member):
        return True
    if member.rule.limits.shared and set(member.rule.limits.shared) & set(other.rule.limits.shared):
        return True
    if basket.gift_stock and _has(member, plan.Gift) and _has(other, plan.Gift):
        return True
    return basket.points_to_redeem > 0 and _has(member, plan.Redeem) and _has(other, plan.Redeem)


def need_not_be_asked(member: Member) -> bool:
    """Whether nothing is lost with the turn of one that does not act: no refusal, and no measure for later benefits."""
    rule = member.rule
    measures = not isinstance(rule.trigger, plan.Unconditional) and len(rule.effects) > len(member.effects)
    return not (rule.refuse_for or measures)


def _only_gives(member: Member) -> bool:
    return all([isinstance(action, (plan.Gift, plan.Grant)) for action in member.actions])


def _has(member: Member, kind: type[plan.Gift | plan.Redeem]) -> bool:
    return any([isinstance(action, kind) for action in member.actions])
