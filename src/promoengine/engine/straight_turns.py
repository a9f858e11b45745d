"""The turn of a straight promotion, worked out line by line.

`take_straight_turn` lets it act, or says by how much its trigger falls short; or it leaves the turn to the general way,
having changed nothing. It does so wherever it would not know better at once: somebody excludes somebody, units of a
measured line are claimed, nothing would change, a gift runs out.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.allocation import allocate_lines, allocate_units
from promoengine.engine.basket import Line, Portion, Run
from promoengine.engine.figures import rounded
from promoengine.engine.gather import Instance
from promoengine.engine.gifts import gifts_of
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.sets import SetGroup, form_sets
from promoengine.engine.splits import Touched, split_runs
from promoengine.engine.state import Applied, Share, State
from promoengine.engine.straight import Straight, Way
from promoengine.engine.touched import reward_lines
from promoengine.quote import Outcome, Shortfall

Taking = tuple[Line, Run, int, int]
"""`(line, run, discount of each unit, base of each unit)`."""


def take_straight_turn(state: State, instance: Instance, straight: Straight) -> bool:
    """Let a straight promotion take its turn. Whether it has; if not, nothing has changed.

    Whoever comes later on the same ladder finds in `State.held` that the turn was taken.
    """
    if state.exclusive_cart or state.exclusive_stage or state.stopped_cart >= 0 or state.stopped_stage >= 0:
        return False
    lines, code = instance.lines, instance.code
    if not lines or (code is not None and code.uses_left == 0):
        return False
    times, rung = 1, 0
    if straight.threshold is not None:
        if straight.way is not Way.GIFT and not straight.own and _some_are_claimed(state, instance):
            return False
        measured = _measured(state, straight.threshold.measure, lines)
        index = instance.promotion.rule.index
        state.measured[index] = (*state.measured.get(index, ()), measured)
        if measured < straight.first:
            _fall_short(state, instance, straight, measured)
            return True
        times, rung = _fired(straight.threshold, measured)
    return _WAYS[straight.way](state, instance, straight, straight.actions[rung], straight.effects[rung], times)


def _some_are_claimed(state: State, instance: Instance) -> bool:
    return not state.stage.stacks and state.claimed_lines & instance.mask != 0


# -- measuring ----------------------------------------------------------------------------------


def _measured(state: State, measure: plan.Measure, lines: list[Line]) -> int:
    """What lines without claims come to on the base of a measure, or how many units they are."""
    if measure.what == "quantity":
        return sum([line.quantity for line in lines])
    if measure.base == "entry":
        totals = state.entry
    elif measure.base == "running":
        totals = state.payable
    elif measure.base == "list":
        return sum([line.total_minor for line in lines])
    else:
        assert isinstance(measure.base, plan.AfterStage)
        totals = state.closing[measure.base.stage]
    if lines is state.basket.goods:
        return sum(totals[: len(lines)])
    return sum([totals[line.rank] for line in lines])


def _fired(threshold: plan.Threshold, measured: int) -> tuple[int, int]:
    """How many times, and which rung."""
    if threshold.every is not None:
        return min(measured // threshold.every, threshold.max_times or UNBOUNDED), 0
    return 1, max(0, sum([measured >= rung for rung in threshold.rungs]) - 1)


def _fall_short(state: State, instance: Instance, straight: Straight, measured: int) -> None:
    assert straight.threshold is not None
    what, needed = straight.threshold.measure.what, straight.first
    shortfall = Shortfall(what, measured, needed, needed - measured, what == "spend")
    _refuse(state, instance, Outcome(instance.promotion.rule.id, "trigger", shortfall))


def _refuse(state: State, instance: Instance, outcome: Outcome) -> None:
    rule = instance.promotion.rule
    state.held[rule.index, instance.key, instance.use] = outcome
    if state.explains:
        state.record(outcome, rule.index)


# -- what was given -----------------------------------------------------------------------------


def _applied(
    state: State, instance: Instance, times: int, amount_minor: int, claimed: list[tuple[Line, int]]
) -> Applied:
    """Note that the promotion has acted: so often, for so much, on so many units of each line."""
    promotion = instance.promotion
    index = promotion.rule.index
    state.held[index, instance.key, instance.use] = promotion.applied
    state.outcomes[index] = promotion.applied
    applied = state.applied_of(promotion.rule)
    applied.amount_minor += amount_minor
    applied.times += times
    applied.instances = (*applied.instances, (instance.key, instance.use))
    applied.members = (*applied.members, (0, instance.key, claimed))
    return applied


# -- a figure off each unit ---------------------------------------------------------------------


def _take_units(
    state: State, instance: Instance, straight: Straight, action: plan.Action, index: int, times: int
) -> bool:
    takings: list[Taking] = []
    effective = False
    for line in _rewarded_lines(state, instance, straight, index):
        for run in state.runs_of(line.rank):
            if run.claim == -1 or state.stage.stacks:
                base = state.base_of(line, run, _base_of(action))
                discount = _discount_of(action, run.price, base, times)
                if discount:
                    effective = True
                if discount or (straight.threshold is not None and not straight.own):
                    takings.append((line, run, discount, base))
    if not effective:
        return False
    if state.compares:
        _note_act(state, instance, [(line, run, run.count) for line, run, _, _ in takings])
    amount, unused = _take_all(state, instance, index, takings, _face_of(action, times))
    _applied(state, instance, times, amount, [(line, run.count) for line, run, _, _ in takings]).unused_minor += unused
    return True


def _take_all(
    state: State, instance: Instance, index: int, takings: list[Taking], face_minor: int
) -> tuple[int, int]:
    """Take the discounts off all units of the runs, and claim them: the amount, and what of the face is unused."""
    promotion, stage = instance.promotion.rule.index, state.bound.plan.effects[index].stage
    amount = unused = 0
    for line, run, discount, base in takings:
        if discount:
            state.adjusted.append((index, line, run.count, base, run.price, run.price - discount))
            state.payable[line.rank] -= discount * run.count
            state.lower(run, discount, promotion, stage)
            amount += discount * run.count
            unused += max(0, face_minor - discount) * run.count
        if not state.stage.stacks:
            run.claim = promotion
            state.claimed_lines |= 1 << line.rank
    return amount, unused


def _discount_of(action: plan.Action, price: int, base: int, times: int) -> int:
    """What an action takes off one unit; never more than its price."""
    if isinstance(action, plan.Percent):
        exact = min(action.rate[0] * base, price * action.rate[1])
        return min(rounded(price, exact, action.rate[1], action.rounding), price)
    if isinstance(action, plan.Amount):
        return min(action.amount_minor * times, price)
    assert isinstance(action, plan.UnitPrice)
    return max(0, price - action.price_minor)


def _base_of(action: plan.Action) -> plan.UnitBase:
    return action.base if isinstance(action, plan.Percent) else "running"


def _face_of(action: plan.Action, times: int) -> int:
    """The face value whose unused part is reported; 0 where there is none."""
    return action.amount_minor * times if isinstance(action, plan.Amount) else 0


def _rewarded_lines(state: State, instance: Instance, straight: Straight, index: int) -> list[Line]:
    if not straight.own:
        return instance.lines
    return reward_lines(state.bound, state.basket, state.clock, index, instance) or []


# -- one figure over whole lines ----------------------------------------------------------------


def _take_spread(
    state: State, instance: Instance, straight: Straight, action: plan.Action, index: int, times: int
) -> bool:
    lines, mask = instance.lines, instance.mask
    if straight.own:
        lines = _rewarded_lines(state, instance, straight, index)
        mask = sum([1 << line.rank for line in lines])
        if not all([state.payable[line.rank] for line in lines]):
            return False
    if not state.stage.stacks and (state.claimed_lines | state.spread_lines) & mask:
        return False
    lefts = [state.payable[line.rank] for line in lines]
    total = sum(lefts)
    face = _spread_face(action, total, times)
    amount = min(face, total)
    if amount <= 0:
        return False
    if state.compares:
        _note_act(state, instance, [(line, run, run.count) for line in lines for run in state.runs_of(line.rank)])
    _share_out(state, index, lines, mask, allocate_lines(amount, lefts, lefts))
    applied = _applied(state, instance, times, amount, [(line, line.quantity) for line in lines])
    if isinstance(action, plan.Amount):
        applied.unused_minor += face - amount
    return True


def _spread_face(action: plan.Action, total: int, times: int) -> int:
    """The one figure over lines that cost so much together, however much that is."""
    if isinstance(action, plan.Amount):
        return action.amount_minor * times
    assert isinstance(action, plan.Percent)
    face = rounded(total, action.rate[0] * total, action.rate[1], action.rounding)
    return face if action.max_discount_minor is None else min(face, action.max_discount_minor)


def _share_out(state: State, index: int, lines: list[Line], mask: int, shares: list[int]) -> None:
    """Note what each line gives; its units are given theirs when somebody asks for them."""
    taken: dict[int, int] = {}
    for line, share in zip(lines, shares, strict=True):
        taken[line.rank] = share
        state.payable[line.rank] -= share
    effect = state.bound.plan.effects[index]
    state.shares.append(Share(effect.stage, index, effect.promotion, not state.stage.stacks, taken))
    state.spread_lines |= mask
    if not state.stage.stacks:
        state.claimed_lines |= mask


# -- sets ---------------------------------------------------------------------------------------


def _take_sets(
    state: State, instance: Instance, straight: Straight, action: plan.Action, index: int, times: int
) -> bool:
    portions = state.portions(instance.lines, None)
    if not state.stage.stacks:
        portions = [portion for portion in portions if portion[4].claim == -1]
    sets = _Sets(state, index, action, portions)
    trigger = instance.promotion.rule.trigger
    assert isinstance(trigger, plan.SetTrigger)
    supply = [portion[5] for portion in portions]
    have = sum(supply)
    for group in form_sets(supply, [1] * len(portions), [straight.quantity], trigger.max_times or UNBOUNDED):
        sets.add(group, straight.pick)
    if not sets.number:
        return have < straight.quantity and _lack_units(state, instance, straight, have)
    claimed = sets.claimed()
    if state.compares:
        _note_act(state, instance, claimed)
    units = [(line, count) for line, _, count in claimed]
    _applied(state, instance, sets.number, sets.amount_minor, units).unused_minor += sets.unused_minor
    sets.carry_out(instance.promotion.rule.index)
    return True


def _lack_units(state: State, instance: Instance, straight: Straight, have: int) -> bool:
    """Say how many units a set lacks, where no claim keeps any of them."""
    if _some_are_claimed(state, instance):
        return False
    shortfall = Shortfall("sets", have, straight.quantity, straight.quantity - have, False)
    _refuse(state, instance, Outcome(instance.promotion.rule.id, "trigger", shortfall))
    return True


class _Sets:
    """The sets that save something, and what they come to."""

    __slots__ = ("_action", "_index", "_portions", "_state", "_touched", "amount_minor", "number", "unused_minor")

    def __init__(self, state: State, index: int, action: plan.Action, portions: list[Portion]) -> None:
        self._state, self._index, self._action, self._portions = state, index, action, portions
        self._touched: dict[int, Touched] = {}
        self.number = self.amount_minor = self.unused_minor = 0

    def add(self, group: SetGroup, pick: plan.Pick | None) -> None:
        """Keep the sets of a group, if they save something."""
        takes = [(position, count) for position, _, count in group.takes]
        if isinstance(self._action, plan.SetPrice):
            found = self._off_the_price(takes, self._action.price_minor)
        else:
            found = self._off_each(_picked(takes, pick))
        if not found:
            return
        self.number += group.times
        for position, count in takes:
            self._of(position).claimed += count * group.times
        for position, count, discount in found:
            changed = self._of(position).changed
            changed[discount] = changed.get(discount, 0) + count * group.times
            self.amount_minor += count * discount * group.times
            self.unused_minor += max(0, _face_of(self._action, 1) - discount) * count * group.times

    def _of(self, position: int) -> Touched:
        touched = self._touched.get(position)
        if touched is None:
            touched = self._touched[position] = Touched(self._portions[position][3], self._portions[position][4], {}, 0)
        return touched

    def _off_each(self, picked: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
        """`(position, count, discount)` of the picked units that it lowers."""
        found = []
        for position, count in picked:
            _, _, _, line, run, _ = self._portions[position]
            base = self._state.base_of(line, run, _base_of(self._action))
            discount = _discount_of(self._action, run.price, base, 1)
            if discount:
                found.append((position, count, discount))
        return found

    def _off_the_price(self, takes: list[tuple[int, int]], price_minor: int) -> list[tuple[int, int, int]]:
        """The same for a set that costs so much together: what that takes off is shared over its lines by price, then
        within each.
        """
        lines: dict[int, list[tuple[int, int]]] = {}
        for position, count in takes:
            lines.setdefault(self._portions[position][1], []).append((position, count))
        ranks = sorted(lines)
        costs = [sum([-self._portions[position][0] * count for position, count in lines[rank]]) for rank in ranks]
        off = sum(costs) - price_minor
        if off <= 0:
            return []
        found = []
        for rank, share in zip(ranks, allocate_lines(off, costs, costs), strict=True):
            prices = [-self._portions[position][0] for position, _ in lines[rank]]
            units = [(count, price, price) for (_, count), price in zip(lines[rank], prices, strict=True)]
            for (position, _), pieces in zip(lines[rank], allocate_units(share, units), strict=True):
                found += [(position, count, discount) for count, discount in pieces if discount]
        return found

    def claimed(self) -> list[tuple[Line, Run, int]]:
        """All units of the sets, in unit order."""
        return [
            (each.line, each.run, each.claimed) for _, each in sorted(self._touched.items(), key=lambda item: item[0])
        ]

    def carry_out(self, promotion: int) -> None:
        """Change prices, and claim the units of the sets."""
        state = self._state
        for each in self._touched.values():
            base = state.base_of(each.line, each.run, _base_of(self._action))
            for discount, count in each.changed.items():
                price = each.run.price
                state.adjusted.append((self._index, each.line, count, base, price, price - discount))
                state.payable[each.line.rank] -= discount * count
        split_runs(state, promotion, state.bound.plan.effects[self._index].stage, True, self._touched.values())


def _picked(takes: list[tuple[int, int]], pick: plan.Pick | None) -> list[tuple[int, int]]:
    """The rewarded units of one set; `takes` are in unit order."""
    if pick is None:
        return takes
    if pick.kind == "cheapest":
        return _first(takes[::-1], pick.number)
    if pick.kind == "dearest":
        return _first(takes, pick.number)
    before = 0
    for position, count in takes:
        before += count
        if before >= pick.number:
            return [(position, 1)]
    return []


def _first(takes: list[tuple[int, int]], number: int) -> list[tuple[int, int]]:
    found = []
    for position, count in takes:
        if number <= 0:
            break
        found.append((position, min(count, number)))
        number -= count
    return found


# -- gifts --------------------------------------------------------------------------------------


def _take_gift(
    state: State, instance: Instance, straight: Straight, action: plan.Action, index: int, times: int
) -> bool:
    assert isinstance(action, plan.Gift)
    gifts, missing = gifts_of(state, instance.promotion.rule, action, times)
    if missing or not gifts:
        return False
    if state.compares:
        _note_act(state, instance, [])
    applied = _applied(state, instance, times, 0, [])
    applied.gifts = (*applied.gifts, *gifts)
    for gift in gifts:
        if gift.sku in state.gift_stock:
            state.gift_stock[gift.sku] -= gift.quantity
    return True


def _note_act(state: State, instance: Instance, claimed: list[tuple[Line, Run, int]]) -> None:
    """Note who acts, and which units it claims, before their prices change."""
    turn = (instance.promotion.rule.index, 0, instance.key, instance.use)
    units = tuple([(-run.price, line.rank, run.origin, count) for line, run, count in claimed])
    state.acts.append((turn, units))


_WAYS = {Way.UNITS: _take_units, Way.SPREAD: _take_spread, Way.SETS: _take_sets, Way.GIFT: _take_gift}
