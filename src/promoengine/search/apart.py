"""A family of members decided for itself, as if nothing came after its stage."""

from __future__ import annotations

from promoengine.search.division import divisible
from promoengine.search.entered import Apart, Entered
from promoengine.search.influence import need_not_be_asked
from promoengine.search.members import Member, share_lines
from promoengine.search.stages import NodesUsedUp, Stages, kept_of_given
from promoengine.search.whole import Contender, best_of


def best_apart(stages: Stages, entered: Entered, family: list[Member], out: set[Member]) -> Apart | None:
    """What makes the lowest payable at the stage's end; None where that cannot be told at once: neither do members
    have all of their units or none, nor can their units be counted out.
    """
    if len(family) == 1:
        return Apart(frozenset(), frozenset(), {})
    if all([member.claims for member in family]) and _excluding(family):
        return _whole(stages, entered, family)
    one_number = len({member.rule.priority for member in family}) == 1
    if one_number and stages.stands_alone(entered, family, out) and divisible(entered.begun, family):
        found = stages.count(entered.begun, family, all_act=False)
        if found.given is not None:
            acting = frozenset([member for member, units in zip(family, found.given, strict=True) if units])
            kept = kept_of_given(family, found.given)
            return Apart(acting, frozenset(family) - acting, kept, cut_off=found.cut_off, most_minor=found.most_minor)
        if found.cut_off:
            raise NodesUsedUp
    return None


def _excluding(family: list[Member]) -> bool:
    """Whether members that are in each other's way exclude each other, and need no count to tell."""
    for member in family:
        if member.contests or member.rule.stop or member.rule.limits.shared:
            return False
        if any([share_lines(member, other) for other in family if other is not member]):
            return False
        for other in member.related:
            if other in family and other not in member.excludes:
                return False
    return True


def _whole(stages: Stages, entered: Entered, family: list[Member]) -> Apart | None:
    gains = [entered.gain(member) for member in family]
    if any([gain is None or gain <= 0 for gain in gains]):
        return None
    bits = {member.turn: 1 << (len(family) - 1 - place) for place, member in enumerate(family)}
    contenders = [
        Contender(
            bits[member.turn],
            gain or 0,
            sum([bits[other.turn] for other in member.related if other.turn in bits]),
            sum([bits[other.turn] for other in member.rivals if other.turn in bits]),
            member.optional,
        )
        for member, gain in zip(family, gains, strict=True)
    ]
    found = best_of(contenders, stages.nodes_left)
    stages.use(found.nodes)
    if found.cut_off:
        raise NodesUsedUp
    acting = frozenset([member for member in family if bits[member.turn] & found.chosen])
    others = frozenset(family) - acting
    silent = frozenset([member for member in others if need_not_be_asked(member)])
    return Apart(acting, frozenset([member for member in others if member.is_open]), {}, silent)
