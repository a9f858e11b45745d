"""The bound: how cheap the cart can become at best from where a pass stands.

**What it must be.** Never above what any legal continuation comes to; so a branch whose bound is above the best price
found needs no visit, and the difference of both is a true gap. It need not be reachable.

**How it is made.** Every line starts with what it costs now. Stage after stage each member that is not left out takes
the most that it may take, with exclusions and floors forgotten:

- A percentage, a unit price, an amount per unit or line lowers each line that it touches, all units of it. In a stage
  that does not stack no unit is had twice, so there a line falls to the lowest that one of the members makes.
- What is one amount over many lines (an amount once, a set's price, points) is a *debt*: somewhere on its lines so
  much comes off, and nobody needs to know where. At the end the debts come off the sum.
- A percentage lowers a debt that an earlier stage left on its lines as it lowers the lines themselves: 10 % off after
  50 off takes 45 less than before, not 50. Written out: if every real line costs at least y - d, then after p % at
  least (1 - p) y - (1 - p) d, less what rounding may add.
- A trigger that cannot be reached even at the prices of now, which only fall, fires nothing.

Prices are measured at most as they are now, so every amount that multiplies (every 300, minus 50) is bounded too.
All figures are ints, rounded towards the shopper.
"""

from __future__ import annotations

from dataclasses import dataclass

from promoengine import plan
from promoengine.engine.basket import Basket, Line
from promoengine.engine.bound import BoundPlan
from promoengine.engine.floors import price_of
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.state import State
from promoengine.engine.touched import item_lines, reward_lines
from promoengine.engine.triggers import fact_number, first_step
from promoengine.search.members import Member, mask_of


@dataclass(slots=True)
class _Debt:
    """So much comes off somewhere on these lines."""

    mask: int
    amount_minor: int


class _Falling:
    """The lines as they fall: what each costs at least, but for the debts."""

    __slots__ = ("debts", "totals")

    def __init__(self, totals: list[int]) -> None:
        self.totals = totals
        self.debts: list[_Debt] = []

    def least_minor(self) -> int:
        """What all lines cost at least together."""
        found = sum(self.totals)
        for debt in self.debts:
            found -= min(debt.amount_minor, sum(self._on(debt.mask)))
        return max(0, found)

    def _on(self, mask: int) -> list[int]:
        return [total for rank, total in enumerate(self.totals) if mask >> rank & 1]


class Bound:
    """Bounds of one cart: `least` answers for any state of its pass and any members left out."""

    def __init__(self, bound: BoundPlan, basket: Basket, members: list[Member]) -> None:
        self._basket = basket
        self._by_stage: dict[int, list[Member]] = {}
        for member in members:
            actions = [bound.plan.effects[index].action for index in member.effects]
            if not all([isinstance(action, (plan.Gift, plan.Grant)) for action in actions]):
                self._by_stage.setdefault(member.stage, []).append(member)

    def least(self, state: State, stage: int, out: frozenset[Member] | set[Member]) -> int:
        """The least that the cart can come to, in minor units, when `state` stands before `stage`."""
        falling = _Falling([price_of(runs) for runs in state.runs])
        for later in sorted(self._by_stage):
            if later >= stage:
                members = [member for member in self._by_stage[later] if member not in out]
                self._pass_stage(state, falling, later, members)
        return falling.least_minor()

    def _pass_stage(self, state: State, falling: _Falling, stage: int, members: list[Member]) -> None:
        stacks = state.bound.plan.stages[stage].stacks
        lowest: dict[int, tuple[int, int, int]] = {}
        debts: list[_Debt] = []
        for member in members:
            found, debt = self._of_member(state, falling, member)
            if debt is not None:
                debts.append(debt)
            if stacks:
                self._settle(falling, found)
                continue
            for rank, each in found.items():
                known = lowest.get(rank)
                lowest[rank] = each if known is None else (min(known[0], each[0]), *_flatter(known[1:], each[1:]))
        self._settle(falling, lowest)
        falling.debts += debts

    def _settle(self, falling: _Falling, lowest: dict[int, tuple[int, int, int]]) -> None:
        """Lower the lines; a debt shrinks where every line of it is lowered by a percentage."""
        for debt in falling.debts:
            slope = (0, 1)
            for rank in _ranks(debt.mask):
                _, numerator, denominator = lowest.get(rank, (0, 1, 1))
                if numerator * slope[1] > slope[0] * denominator:
                    slope = (numerator, denominator)
            debt.amount_minor = -(-debt.amount_minor * slope[0] // slope[1])
        for rank, (total, _, _) in lowest.items():
            falling.totals[rank] = max(0, total)

    # -- what one member takes at most ----------------------------------------------------------

    def _of_member(
        self, state: State, falling: _Falling, member: Member
    ) -> tuple[dict[int, tuple[int, int, int]], _Debt | None]:
        """By line: `(least total, how it falls with its own total as a fraction)`; and the debt it leaves."""
        lines: dict[int, tuple[int, int, int]] = {}
        debt: _Debt | None = None
        for index in member.effects:
            effect = state.bound.plan.effects[index]
            times = self._times(state, member, effect)
            if not times:
                continue
            touched = self._touched(state, member, index)
            action = effect.action
            bands = [each for _, each in action.bands] if isinstance(action, plan.Graduated) else [action]
            for band in bands:
                amount = self._debt(state, member, band, touched, times)
                if amount is None:
                    for line in touched:
                        each = self._line(state, falling, member, band, line, times)
                        known = lines.get(line.rank)
                        if known is not None:
                            each = (min(known[0], each[0]), *_flatter(known[1:], each[1:]))
                        lines[line.rank] = each
                elif debt is None or amount > debt.amount_minor:
                    debt = _Debt(mask_of(touched) | (debt.mask if debt else 0), amount)
                else:
                    debt.mask |= mask_of(touched)
        return self._within_limits(state, falling, member, lines, debt)

    def _within_limits(
        self,
        state: State,
        falling: _Falling,
        member: Member,
        lines: dict[int, tuple[int, int, int]],
        debt: _Debt | None,
    ) -> tuple[dict[int, tuple[int, int, int]], _Debt | None]:
        """The same, or the one debt that its limits leave, where that is less."""
        if member.rule.limits is plan.UNLIMITED:
            return lines, debt
        taken = 0 if debt is None else debt.amount_minor
        taken += sum([falling.totals[rank] - max(0, each[0]) for rank, each in lines.items()])
        mask = 0 if debt is None else debt.mask
        for rank in lines:
            mask |= 1 << rank
        left = state.limits.left(member.rule)
        dearest = max([run.price for rank in _ranks(mask) for run in state.runs[rank]], default=0)
        most = left.budget_minor
        if not _is_by_spend(member):
            most = min(most, max(0, left.units) * _set_size(member) * dearest)
        return (lines, debt) if taken <= most else ({}, _Debt(mask, max(0, most)))

    def _touched(self, state: State, member: Member, index: int) -> list[Line]:
        own = reward_lines(state.bound, self._basket, state.clock, index, member.instance)
        if own is not None:
            return own
        return item_lines(state.bound.plan.stages[member.stage], member.instance)

    def _times(self, state: State, member: Member, effect: plan.Effect) -> int:
        """How often the trigger can fire at most, for this rung; 0 where it cannot."""
        trigger = member.rule.trigger
        if not isinstance(trigger, plan.Threshold):
            return 1
        most = self._measured_at_most(state, member, trigger.measure)
        if most < first_step(trigger):
            return 0
        if effect.tier >= 0 and not trigger.graduated and most < trigger.rungs[effect.tier]:
            return 0
        return 1 if trigger.every is None else min(most // trigger.every, trigger.max_times or UNBOUNDED)

    def _measured_at_most(self, state: State, member: Member, measure: plan.Measure) -> int:
        plus = 0 if measure.plus_fact is None else fact_number(state, measure.plus_fact)
        if plus is None:
            return 0
        if measure.what == "fact":
            return plus
        lines = [*item_lines(state.bound.plan.stages[member.stage], member.instance)]
        if measure.with_shipping:
            lines += [line for line in self._basket.shipping if line not in lines]
        if measure.what == "spend":
            return plus + sum([_counted_at_most(state, line, measure.base) for line in lines])
        if measure.what == "quantity":
            return plus + sum([line.quantity for line in lines])
        return plus + len({line.sku if measure.what == "distinct_skus" else line.id for line in lines})

    def _line(
        self, state: State, falling: _Falling, member: Member, action: plan.Action, line: Line, times: int
    ) -> tuple[int, int, int]:
        """What a line costs at least after an action on all its units, and how that falls with its own total."""
        total = falling.totals[line.rank]
        if isinstance(action, plan.Percent):
            numerator, denominator = action.rate
            slack = _rounding_slack(action.rounding, line)
            stacks = state.bound.plan.stages[member.stage].stacks
            if action.base == "running" or (action.base == "entry" and not stacks):
                left = total * (denominator - numerator) // denominator - slack
                return left, denominator - numerator, denominator
            base = line.list_minor * line.quantity if action.base == "list" else price_of(state.runs[line.rank])
            return total - -(-base * numerator // denominator) - slack, 1, 1
        if isinstance(action, plan.UnitPrice):
            return min(total, action.price_minor * line.quantity), 1, 1
        if isinstance(action, plan.Amount) and action.each == "unit":
            return total - action.amount_minor * line.quantity * times, 1, 1
        if isinstance(action, plan.Amount) and action.each == "line":
            return total - action.amount_minor * times, 1, 1
        return 0, 1, 1

    def _debt(self, state: State, member: Member, action: plan.Action, touched: list[Line], times: int) -> int | None:
        """What an action takes off its lines together, at most; None where that is said line by line."""
        total = sum([price_of(state.runs[line.rank]) for line in touched])
        if isinstance(action, plan.Percent):
            return self._percent_debt(state, action, touched)
        if isinstance(action, plan.Amount) and action.each == "once":
            return action.amount_minor * times
        if isinstance(action, plan.Amount) and action.each == "set":
            return action.amount_minor * _most_sets(member, touched)
        if isinstance(action, plan.SetPrice):
            if _is_by_spend(member):
                return total
            dearest = max([run.price for line in touched for run in state.runs[line.rank]], default=0)
            size = _set_size(member)
            return _most_sets(member, touched) * max(0, size * dearest - action.price_minor)
        if isinstance(action, plan.TotalPrice):
            return max(0, total - action.price_minor)
        if isinstance(action, plan.GraduatedPercent):
            return self._graduated_debt(state, member, action)
        if isinstance(action, plan.Redeem):
            return -(-state.points_left * action.worth[0] // action.worth[1])
        return None

    def _percent_debt(self, state: State, action: plan.Percent, touched: list[Line]) -> int | None:
        """The cap of a percentage, where it is less than the percentage can come to."""
        cap = action.max_discount_minor
        if cap is None:
            return None
        numerator, denominator = action.rate
        base = sum([max(line.list_minor * line.quantity, price_of(state.runs[line.rank])) for line in touched])
        return cap if cap * denominator < base * numerator else None

    def _graduated_debt(self, state: State, member: Member, action: plan.GraduatedPercent) -> int:
        assert isinstance(member.rule.trigger, plan.Threshold)
        most = self._measured_at_most(state, member, member.rule.trigger.measure)
        found = action.rounding.step_minor
        for (rung, (numerator, denominator)), upper in zip(
            action.bands, [*[each for each, _ in action.bands[1:]], UNBOUNDED], strict=True
        ):
            found += -(-max(0, min(most, upper) - rung) * numerator // denominator)
        return found


def _ranks(mask: int) -> list[int]:
    return [rank for rank in range(mask.bit_length()) if mask >> rank & 1]


def _flatter(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, int]:
    """The fraction of two by which less comes off a debt: the greater."""
    return (first[0], first[1]) if first[0] * second[1] >= second[0] * first[1] else (second[0], second[1])


def _rounding_slack(rounding: plan.Rounding, line: Line) -> int:
    """What rounding may add to the exact discount of a line: up to a step at each point where it rounds."""
    if rounding.mode == "down" and rounding.step_minor == 1:
        return 0
    return rounding.step_minor * (line.quantity if rounding.at == "unit" else 1)


def _counted_at_most(state: State, line: Line, base: plan.Base) -> int:
    """What the units of a line count as on a base at most: prices from now on only fall."""
    if base == "list":
        return line.list_minor * line.quantity
    runs = state.runs[line.rank]
    if isinstance(base, plan.AfterStage):
        mark = state.bound.mark_of_stage[base.stage]
        return sum([run.count * (run.marks[mark] if mark < len(run.marks) else run.price) for run in runs])
    return price_of(runs)


def _set_size(member: Member) -> int:
    """How many units a set holds, at least one: a set of so much money may be of any number."""
    trigger = member.rule.trigger
    return sum([part.quantity for part in trigger.parts]) or 1 if isinstance(trigger, plan.SetTrigger) else 1


def _is_by_spend(member: Member) -> bool:
    trigger = member.rule.trigger
    return isinstance(trigger, plan.SetTrigger) and not trigger.parts


def _most_sets(member: Member, touched: list[Line]) -> int:
    """How many sets the lines hold at most."""
    trigger = member.rule.trigger
    found = sum([line.quantity for line in touched]) // _set_size(member)
    most = trigger.max_times if isinstance(trigger, plan.SetTrigger) else None
    return found if most is None else min(found, most)
