"""What one member takes off at most, from where a pass stands: read off its action, with floors and others forgotten.

Prices only fall from here on, so what is measured, and what a percentage is taken of, is bounded by what it is now.
"""

from __future__ import annotations

from collections.abc import Iterator

from promoengine import plan
from promoengine.engine.basket import Basket, Line, Run
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.state import State
from promoengine.engine.straight import first_step
from promoengine.engine.touched import item_lines
from promoengine.engine.triggers import fact_number
from promoengine.search.members import Member


class Most:
    """The most of each member, seen from one state."""

    __slots__ = ("_actions", "_basket", "_lines", "state")

    def __init__(self, state: State, basket: Basket) -> None:
        self.state = state
        self._actions: dict[Member, list[tuple[plan.Action, int, int, int | None]]] = {}
        self._basket = basket
        self._lines = [*basket.goods, *basket.shipping]

    def actions(self, member: Member) -> list[tuple[plan.Action, int, int, int | None]]:
        """Each action that the member may take: `(action, the lines it may touch, how often it fires at most, its
        debt)`.
        """
        if member not in self._actions:
            self._actions[member] = [
                (action, mask, times, self._debt(member, action, mask, times))
                for action, mask, times in self._firing(member)
            ]
        return self._actions[member]

    def _firing(self, member: Member) -> Iterator[tuple[plan.Action, int, int]]:
        for index, action, mask in zip(member.effects, member.actions, member.rewarded, strict=True):
            times = self._times(member, self.state.bound.plan.effects[index])
            if times:
                bands = [each for _, each in action.bands] if isinstance(action, plan.Graduated) else [action]
                for band in bands:
                    yield band, mask, times

    def limit(self, member: Member) -> int | None:
        """What its limits leave it to take off at most, in minor units; None where it has none."""
        if member.rule.limits is plan.UNLIMITED:
            return None
        left = self.state.limits.left(member.rule)
        most = max(0, left.budget_minor)
        if not _is_by_spend(member):
            dearest = max([run.price for runs in self.state.runs for run in runs], default=0)
            most = min(most, max(0, left.units) * _set_size(member) * dearest)
        return most

    def least_of(self, action: plan.Action, run: Run, rank: int, cost: int, times: int) -> tuple[int, tuple[int, int]]:
        """What a run that costs so much costs at least after an action on all its units, and the slope of that."""
        if isinstance(action, plan.Percent):
            return self._percent(action, run, rank, cost)
        if isinstance(action, plan.UnitPrice):
            return min(cost, action.price_minor * run.count), (1, 1)
        if isinstance(action, plan.Amount):
            return cost - action.amount_minor * run.count * times, (1, 1)
        return 0, (1, 1)

    def _percent(self, action: plan.Percent, run: Run, rank: int, cost: int) -> tuple[int, tuple[int, int]]:
        numerator, denominator = action.rate
        slack = _rounding_slack(action.rounding, run.count)
        if action.base == "running":
            left = cost * (denominator - numerator) // denominator - slack
            return left, (denominator - numerator, denominator)
        base = self._lines[rank].list_minor if action.base == "list" else run.price
        return cost - -(-base * run.count * numerator // denominator) - slack, (1, 1)

    def _debt(self, member: Member, action: plan.Action, mask: int, times: int) -> int | None:
        """What an action takes off its lines together, at most; None where that is said run by run."""
        if isinstance(action, plan.Percent):
            return self._percent_debt(action, mask)
        if isinstance(action, plan.Amount) and action.each == "once":
            return action.amount_minor * times
        if isinstance(action, plan.Amount) and action.each == "line":
            return action.amount_minor * times * mask.bit_count()
        if isinstance(action, plan.Amount) and action.each == "set":
            return action.amount_minor * self._most_sets(member)
        if isinstance(action, plan.SetPrice):
            return self._set_price_debt(member, action, mask)
        if isinstance(action, plan.TotalPrice):
            return max(0, self._total(mask) - action.price_minor)
        if isinstance(action, plan.GraduatedPercent):
            return self._graduated_debt(member, action)
        if isinstance(action, plan.Redeem):
            return -(-self.state.points_left * action.worth[0] // action.worth[1])
        return None

    def _percent_debt(self, action: plan.Percent, mask: int) -> int | None:
        """The cap of a percentage, where it is less than the percentage can come to."""
        cap = action.max_discount_minor
        if cap is None:
            return None
        numerator, denominator = action.rate
        base = sum([line.list_minor * line.quantity for line in self._lines if mask >> line.rank & 1])
        return cap if cap * denominator < base * numerator else None

    def _set_price_debt(self, member: Member, action: plan.SetPrice, mask: int) -> int:
        if _is_by_spend(member):
            return self._total(mask)
        ranks = [line.rank for line in self._lines if mask >> line.rank & 1]
        dearest = max([run.price for rank in ranks for run in self.state.runs_of(rank)], default=0)
        return self._most_sets(member) * max(0, _set_size(member) * dearest - action.price_minor)

    def _graduated_debt(self, member: Member, action: plan.GraduatedPercent) -> int:
        assert isinstance(member.rule.trigger, plan.Threshold)
        most = self._measured_at_most(member, member.rule.trigger.measure)
        found = action.rounding.step_minor
        uppers = [*[rung for rung, _ in action.bands[1:]], UNBOUNDED]
        for (rung, (numerator, denominator)), upper in zip(action.bands, uppers, strict=True):
            found += -(-max(0, min(most, upper) - rung) * numerator // denominator)
        return found

    # -- what is touched, and how often ----------------------------------------------------------

    def _total(self, mask: int) -> int:
        return sum([payable for rank, payable in enumerate(self.state.payable) if mask >> rank & 1])

    def _most_sets(self, member: Member) -> int:
        """How many sets its items hold at most."""
        trigger = member.rule.trigger
        lines = item_lines(self.state.bound.plan.stages[member.stage], member.instance)
        found = sum([line.quantity for line in lines]) // _set_size(member)
        most = trigger.max_times if isinstance(trigger, plan.SetTrigger) else None
        return found if most is None else min(found, most)

    def _times(self, member: Member, effect: plan.Effect) -> int:
        """How often the trigger can fire at most, for this rung; 0 where it cannot."""
        trigger = member.rule.trigger
        if not isinstance(trigger, plan.Threshold):
            return 1
        most = self._measured_at_most(member, trigger.measure)
        if most < first_step(trigger):
            return 0
        if effect.tier >= 0 and not trigger.graduated and most < trigger.rungs[effect.tier]:
            return 0
        return 1 if trigger.every is None else min(most // trigger.every, trigger.max_times or UNBOUNDED)

    def _measured_at_most(self, member: Member, measure: plan.Measure) -> int:
        plus = 0 if measure.plus_fact is None else fact_number(self.state, measure.plus_fact)
        if plus is None:
            return 0
        if measure.what == "fact":
            return plus
        lines = [*item_lines(self.state.bound.plan.stages[member.stage], member.instance)]
        if measure.with_shipping:
            lines += [line for line in self._basket.shipping if line not in lines]
        if measure.what == "spend":
            return plus + sum([self._counted_at_most(line, measure.base) for line in lines])
        if measure.what == "quantity":
            return plus + sum([line.quantity for line in lines])
        return plus + len({line.sku if measure.what == "distinct_skus" else line.id for line in lines})

    def _counted_at_most(self, line: Line, base: plan.Base) -> int:
        """What the units of a line count as on a base at most."""
        if base == "list":
            return line.list_minor * line.quantity
        closing = self.state.closing.get(base.stage) if isinstance(base, plan.AfterStage) else None
        return (self.state.payable if closing is None else closing)[line.rank]


def _rounding_slack(rounding: plan.Rounding, count: int) -> int:
    """What rounding may add to the exact discount of a run: up to a step at each point where it rounds."""
    if rounding.mode == "down" and rounding.step_minor == 1:
        return 0
    return rounding.step_minor * (count if rounding.at == "unit" else 1)


def _is_by_spend(member: Member) -> bool:
    trigger = member.rule.trigger
    return isinstance(trigger, plan.SetTrigger) and not trigger.parts


def _set_size(member: Member) -> int:
    """How many units a set holds, at least one: a set of so much money may be of any number."""
    trigger = member.rule.trigger
    return (sum([part.quantity for part in trigger.parts]) or 1) if isinstance(trigger, plan.SetTrigger) else 1
