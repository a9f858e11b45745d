"""Carts in which there is nothing to choose, told without a search.

Two questions, each answered with yes only where it is sure. *Does nobody compete?* No two promotions of one stage and
number may touch one line, and none belongs to a group or excludes others: then legal choices differ only in who is left
out of those that need not act, mostly coupons. *Is each of these worth having?* A coupon of 20 takes 20 off, and what
later stages take may then be less: a threshold is missed, a percentage is of less. Where no threshold can be crossed by
all that the coupons take together, and what percentages lose is less than the least coupon takes, any choice without
one of them costs more.

**Why that is so.** Leave out coupons that take x together. Behind them every line costs at least as much as before, in
all at most x more (and some minor units, for rounding). An amount behind a threshold that fires as before takes as much
as before. A percentage r takes at most r * x more, and rounds. So the cart costs at least x - R * x more, less the
rounding, where R is the sum of the percentages; and x is at least what the least of the coupons takes.

Everything else is for the search, which proves the same thing where it holds, at a higher price.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.bound import BoundPlan
from promoengine.engine.gather import Candidate
from promoengine.engine.state import State
from promoengine.engine.straight import Straight


def nobody_competes(candidates: dict[int, Candidate]) -> bool:
    """Whether legal choices can differ only in which promotions that need not act are left out."""
    touched: dict[tuple[int, int], int] = {}
    for candidate in candidates.values():
        promotion = candidate.promotion
        if promotion.may_exclude:
            return False
        for place, own in promotion.claims_in:
            # Own items may be any line of the stage.
            mask = -1 if own else candidate.mask
            known = touched.get(place, 0)
            if known & mask:
                return False
            touched[place] = known | mask
    return True


def each_is_worth_having(bound: BoundPlan, state: State, candidates: dict[int, Candidate]) -> bool:
    """Whether, after a pass in which nobody competes, leaving out any promotions that need not act would cost more."""
    acted = [each for index, each in candidates.items() if each.promotion.is_optional and index in state.applied]
    if not acted:
        return True
    if not all([each.promotion.straight for each in acted]):
        return False  # its limits, gifts or points could be had by others
    stages = {each.promotion.last_stage for each in acted}
    if len(stages) > 1:
        return False
    stage = stages.pop()
    amounts = [state.applied[each.promotion.rule.index].amount_minor for each in acted]
    behind = _Behind(bound, state, stage, sum(amounts))
    for candidate in candidates.values():
        last = candidate.promotion.last_stage
        if last > stage and not behind.take(candidate):
            return False
        if last == stage and not _is_apart(bound, candidate, acted):
            return False
    return behind.lose_less_than(min(amounts))


def _is_apart(bound: BoundPlan, candidate: Candidate, acted: list[Candidate]) -> bool:
    """Whether a promotion of their stage would take no more off if some that need not act took nothing: it only gives,
    or it has nothing to do with their lines.
    """
    promotion = candidate.promotion
    actions = [bound.plan.effects[index].action for index in promotion.rule.effects]
    if all([isinstance(action, (plan.Gift, plan.Grant)) for action in actions]):
        return True
    # Own items may be any line of the stage.
    mask = -1 if promotion.rewards else candidate.mask
    return not any([each is not candidate and each.mask & mask for each in acted])


class _Behind:
    """What the stages behind some coupons of one stage could take more, if they took nothing."""

    def __init__(self, bound: BoundPlan, state: State, stage: int, amount_minor: int) -> None:
        self._bound, self._state, self._stage, self._amount = bound, state, stage, amount_minor
        self._numerator, self._denominator = 0, 1
        self._slack = 0

    def take(self, candidate: Candidate) -> bool:
        """Count what one promotion that acts behind them could take more; False where it cannot be told."""
        straight = candidate.promotion.straight
        if straight is None or straight.way == "sets" or self._fires_otherwise(candidate, straight):
            return False
        applied = self._state.applied.get(candidate.promotion.rule.index)
        if applied is None or straight.way == "gift" or straight.own:
            # What has nothing to act on now has nothing behind dearer lines either; shipping costs what it costs.
            return applied is not None or straight.threshold is not None
        return all([self._add(action, applied.unused_minor) for action in straight.actions])

    def _fires_otherwise(self, candidate: Candidate, straight: Straight) -> bool:
        """Whether a measure that is greater by all that the coupons take would fire something else."""
        threshold = straight.threshold
        if threshold is None or threshold.measure.what != "spend" or not self._counts(threshold.measure.base):
            return False
        known = self._state.measured.get(candidate.promotion.rule.index, ())
        if len(known) < len(candidate.instances):
            return True  # not every turn was a straight one, which would have noted what it measured
        steps = threshold.rungs or (straight.first,)
        for measured in known:
            if threshold.every is not None:
                if (measured + self._amount) // threshold.every != measured // threshold.every:
                    return True
            elif any([measured < step <= measured + self._amount for step in steps]):
                return True
        return False

    def _counts(self, base: plan.Base) -> bool:
        """Whether a base is of what lines cost behind the coupons."""
        if isinstance(base, plan.AfterStage):
            return base.stage >= self._stage
        return base != "list"

    def _add(self, action: plan.Action, unused_minor: int) -> bool:
        if isinstance(action, plan.Amount):
            self._slack += len(self._state.lines)
            return unused_minor == 0
        if not isinstance(action, plan.Percent):
            return False
        numerator, denominator = action.rate
        self._numerator = self._numerator * denominator + numerator * self._denominator
        self._denominator *= denominator
        units = sum([line.quantity for line in self._state.lines])
        self._slack += len(self._state.lines) + action.rounding.step_minor * (1 if action.spread else units)
        return True

    def lose_less_than(self, amount_minor: int) -> bool:
        """Whether all of this is less than so much."""
        more = self._numerator * (amount_minor + self._slack)
        return self._slack * self._denominator + more < amount_minor * self._denominator
