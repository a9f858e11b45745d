"""The turn of a straight promotion, worked out line by line.

`take_straight_turn` lets it act, or says by how much its trigger falls short; or it leaves the turn to the general way,
having changed nothing. It does so wherever it would not know better at once: somebody excludes somebody, of a line
some units are claimed and others are not, nothing would change, a gift runs out.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import sub

from promoengine import plan
from promoengine.allocation import allocate_lines
from promoengine.engine.basket import Line, Run, mask_of
from promoengine.engine.choice import Turn
from promoengine.engine.gather import Instance
from promoengine.engine.gifts import gifts_of
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.notes import Share
from promoengine.engine.state import Applied, State
from promoengine.engine.straight import Straight
from promoengine.engine.straight_sets import StraightSets
from promoengine.engine.touched import reward_lines
from promoengine.engine.triggers import short_of
from promoengine.money import rounded
from promoengine.quote import Outcome

Taking = tuple[Line, Run, int, int]
"""`(line, run, discount of each unit, base of each unit)`."""


def take_straight_turn(
    state: State, index: int, instance: Instance, straight: Straight, *, is_left_out: bool = False
) -> bool:
    """Let a straight promotion take the turn of an effect. Whether it has; if not, nothing has changed. One that the
    choice has left out is noted as such where it would act.

    Whoever comes later on the same ladder finds in `State.held` that the turn was taken.
    """
    if index != straight.effects[0] or state.someone_excludes:
        return False
    lines, code = instance.lines, instance.code
    if not lines or (code is not None and code.uses_left == 0):
        return False
    threshold = straight.threshold
    if threshold is None:
        return _WAYS[straight.way](state, instance, straight, 0, 1, is_left_out)
    plain = straight.way == "gift" or straight.own
    given = lines if plain else _free_lines(state, lines, instance.mask)
    if given is None:
        return False
    measured = _measured(state, threshold.measure, given)
    promotion = instance.promotion.rule.index
    state.measured[promotion] = (*state.measured.get(promotion, ()), measured)
    if measured < straight.first:
        if given is not lines:
            return False
        _fall_short(state, instance, straight, measured)
        return True
    times = rung = 1
    if threshold.every is not None:
        times = min(measured // threshold.every, threshold.max_times or UNBOUNDED)
    if threshold.rungs:
        rung = sum([measured >= each for each in threshold.rungs])
    return _WAYS[straight.way](state, instance, straight, rung - 1, times, is_left_out)


def _some_are_claimed(state: State, instance: Instance) -> bool:
    return not state.stage.stacks and state.claimed_lines & instance.mask != 0


def _free_lines(state: State, lines: list[Line], mask: int) -> list[Line] | None:
    """The lines that nobody has claimed, where the others are claimed whole; None where some units of a line are, or
    all lines.
    """
    claimed = 0 if state.stage.stacks else state.claimed_lines & mask
    if not claimed:
        return lines
    if claimed == mask or claimed & state.mixed_lines():
        return None
    return [line for line in lines if not claimed >> line.rank & 1]


# -- measuring ----------------------------------------------------------------------------------


def _measured(state: State, measure: plan.Measure, lines: list[Line]) -> int:
    """What lines without claims come to on the base of a measure, or how many units they are."""
    if measure.what == "quantity":
        return sum([line.quantity for line in lines])
    totals = state.totals(measure.base, state.clock.stage)
    if lines is state.basket.goods:
        return sum(totals[: len(lines)])
    return sum([totals[line.rank] for line in lines])


def _fall_short(state: State, instance: Instance, straight: Straight, measured: int) -> None:
    assert straight.threshold is not None
    what = straight.threshold.measure.what
    shortfall = short_of(what, measured, straight.first, what == "spend")
    _refuse(state, instance, Outcome(instance.promotion.rule.id, "trigger", shortfall))


def _refuse(state: State, instance: Instance, outcome: Outcome) -> None:
    rule = instance.promotion.rule
    state.held[rule.index, instance.key, instance.use] = outcome
    if state.explains:
        state.record(outcome, rule.index)


# -- what was given -----------------------------------------------------------------------------


def _act(
    state: State,
    instance: Instance,
    times: int,
    amount_minor: int,
    unused_minor: int,
    lines: list[Line],
    counts: list[int] | None,
) -> Applied:
    """Note that the promotion has acted: so often, for so much, on so many units of each line (None: all)."""
    promotion, key, use = instance.promotion, instance.key, instance.use
    index = promotion.rule.index
    if promotion.has_rungs:
        state.held[index, key, use] = promotion.applied
    known = state.applied.get(index)
    if known is None:
        state.outcomes[index] = promotion.applied
        state.stage_applied.add(index)
        member = (0, key, lines, counts)
        known = state.applied[index] = Applied(index, amount_minor, times, unused_minor, ((key, use),), (member,))
        return known
    known.amount_minor += amount_minor
    known.times += times
    known.unused_minor += unused_minor
    known.instances += ((key, use),)
    known.members += ((0, key, lines, counts),)
    return known


def _leave_out(state: State, instance: Instance, straight: Straight) -> bool:
    """Note that the choice has left a promotion out that would act."""
    state.left_out.append((straight.effects[0], instance, ""))
    return True


# -- a figure off each unit ---------------------------------------------------------------------


def _take_units(state: State, instance: Instance, straight: Straight, rung: int, times: int, is_left_out: bool) -> bool:
    whole, takings = _takings(state, instance, straight, rung, times)
    amount = sum(whole.values())
    if not amount and not any([discount for _, _, discount, _ in takings]):
        return False
    if is_left_out:
        return _leave_out(state, instance, straight)
    if state.compares:
        state.note_act(
            _turn(instance), _units_of(state, whole) + [(line, run, run.count) for line, run, _, _ in takings]
        )
    index, face = straight.effects[rung], straight.faces[rung] * times
    lines = [state.lines[rank] for rank in whole]
    counts = None
    lowered = sum([line.quantity for line in lines if whole[line.rank]]) if face else 0
    if whole:
        _take_from_lines(state, index, whole, False)
    if takings:
        counts = [*[line.quantity for line in lines], *[taking[1].count for taking in takings]]
        lines += [taking[0] for taking in takings]
        amount += sum([discount * run.count for _, run, discount, _ in takings])
        lowered += sum([run.count for _, run, discount, _ in takings if discount])
        for taking in takings:
            _take_from_run(state, instance, index, taking)
    _act(state, instance, times, amount, face * lowered - amount if face else 0, lines, counts)
    return True


def _take_from_run(state: State, instance: Instance, index: int, taking: Taking) -> None:
    line, run, discount, base = taking
    promotion, rank = instance.promotion.rule.index, line.rank
    if discount:
        state.adjusted.append((index, line, run.count, base, run.price, run.price - discount))
        state.payable[rank] -= discount * run.count
        state.lower(run, discount, promotion, state.clock.stage)
    if not state.stage.stacks:
        run.claim = promotion
        state.claimed_lines |= 1 << rank


def _takings(
    state: State, instance: Instance, straight: Straight, rung: int, times: int
) -> tuple[dict[int, int], list[Taking]]:
    """What lines give, by rank, all units of which are alike and free; and what the runs of other lines give. Where
    nothing is measured, only what is lowered; else all that the promotion is given.
    """
    payable, whole = state.payable, dict[int, int]()
    runs: list[Taking] = []
    discount_of, base_name = straight.discounts[rung], straight.bases[rung]
    stacks, claims_all = state.stage.stacks, straight.threshold is not None and not straight.own
    alike = ~state.mixed_lines() if stacks else ~(state.mixed_lines() | state.claimed_lines)
    gone = 0 if stacks else state.claimed_lines & ~state.mixed_lines()
    if base_name != "running":
        alike = 0
    for line in _rewarded_lines(state, instance, straight, straight.effects[rung]):
        rank = line.rank
        if gone >> rank & 1:
            continue
        if alike >> rank & 1:
            price = payable[rank] // line.quantity
            discount = discount_of(price, price, times)
            if discount or claims_all:
                whole[rank] = discount * line.quantity
            continue
        for run in state.runs_of(rank):
            if run.claim == -1 or stacks:
                base = state.base_of(line, run, base_name)
                discount = discount_of(run.price, base, times)
                if discount or claims_all:
                    runs.append((line, run, discount, base))
    return whole, runs


def _take_from_lines(state: State, index: int, taken: dict[int, int], spreads: bool) -> None:
    """Note what each line gives; its units are given theirs when somebody asks for them."""
    payable, mask = state.payable, 0
    for rank, share in taken.items():
        payable[rank] -= share
        mask |= 1 << rank
    _note_share(state, index, taken, mask, spreads)


def _note_share(state: State, index: int, taken: dict[int, int], mask: int, spreads: bool) -> None:
    claims = not state.stage.stacks
    effect = state.bound.plan.effects[index]
    state.notes.append(Share(effect.stage, index, effect.promotion, taken, claims, spreads))
    if spreads:
        state.spread_lines |= mask
    if claims:
        state.claimed_lines |= mask


def _units_of(state: State, ranks: Iterable[int]) -> list[tuple[Line, Run, int]]:
    return [(state.lines[rank], run, run.count) for rank in ranks for run in state.runs_of(rank)]


def _rewarded_lines(state: State, instance: Instance, straight: Straight, index: int) -> list[Line]:
    if not straight.own:
        return instance.lines
    if instance.seller is None and instance.promotion.rewards[index].test is None:
        return state.basket.shipping
    return reward_lines(state.bound, state.basket, state.clock, index, instance) or []


# -- one figure over whole lines ----------------------------------------------------------------


def _take_spread(
    state: State, instance: Instance, straight: Straight, rung: int, times: int, is_left_out: bool
) -> bool:
    action, index = straight.actions[rung], straight.effects[rung]
    lines, mask = instance.lines, instance.mask
    if straight.own:
        lines = _rewarded_lines(state, instance, straight, index)
        mask = mask_of(lines)
        if not all([state.payable[line.rank] for line in lines]):
            return False
    if not state.stage.stacks and state.spread_lines & mask:
        return _is_barred_unsaid(state, instance)
    claimed, free = mask & state.claimed_lines, _free_lines(state, lines, mask)
    if free is None or (claimed and straight.own):
        return False
    lines, mask = free, mask & ~claimed
    payable = state.payable
    lefts = payable[: len(lines)] if lines is state.basket.goods else [payable[line.rank] for line in lines]
    total = sum(lefts)
    face = _spread_face(action, total, times)
    amount = min(face, total)
    if amount <= 0:
        return False
    if is_left_out:
        return _leave_out(state, instance, straight)
    if state.compares:
        state.note_act(_turn(instance), _units_of(state, [line.rank for line in lines]))
    shares = [amount] if len(lines) == 1 else allocate_lines(amount, lefts, lefts)
    _share_out(state, index, lines, mask, lefts, shares)
    if claimed:
        _spread_over(state, instance, claimed)
    _act(state, instance, times, amount, face - amount if isinstance(action, plan.Amount) else 0, lines, None)
    return True


def _spread_over(state: State, instance: Instance, claimed: int) -> None:
    """Note that lines are items of a spread, too, which others have claimed: they take no part, but other spreads of
    theirs are barred.
    """
    state.spread_lines |= claimed
    for line in instance.lines:
        if claimed >> line.rank & 1:
            for run in state.runs_of(line.rank):
                run.spread = instance.promotion.rule.index


def _is_barred_unsaid(state: State, instance: Instance) -> bool:
    """Of a spread on lines of which some are another one's: whether that bars it, and nobody has to be told."""
    return not state.explains and instance.promotion.rule.index not in state.stage_applied


def spread_alone(state: State, instance: Instance) -> int | None:
    """What a straight promotion would take off its lines by one figure, as a stage begins and if nobody else acted;
    None where it is none, or measures something first.
    """
    straight, code = instance.promotion.straight, instance.code
    if straight is None or straight.way != "spread" or straight.own or straight.threshold is not None:
        return None
    if not instance.lines or (code is not None and code.uses_left == 0):
        return None
    total = sum([state.payable[line.rank] for line in instance.lines])
    return min(_spread_face(straight.actions[0], total, 1), total)


def _spread_face(action: plan.Action, total: int, times: int) -> int:
    """The one figure over lines that cost so much together, however much that is."""
    if isinstance(action, plan.Amount):
        return action.amount_minor * times
    assert isinstance(action, plan.Percent)
    rounding = action.rounding
    face = rounded(total, action.rate[0] * total, action.rate[1], rounding.step_minor, rounding.mode)
    return face if action.max_discount_minor is None else min(face, action.max_discount_minor)


def _share_out(state: State, index: int, lines: list[Line], mask: int, lefts: list[int], shares: list[int]) -> None:
    """Take its share off each line."""
    if lines is state.basket.goods:
        state.payable[: len(lefts)] = map(sub, lefts, shares)
        _note_share(state, index, dict(enumerate(shares)), mask, True)
    else:
        ranks = [line.rank for line in lines]
        _take_from_lines(state, index, dict(zip(ranks, shares, strict=True)), True)


# -- sets ---------------------------------------------------------------------------------------


def _take_sets(state: State, instance: Instance, straight: Straight, rung: int, times: int, is_left_out: bool) -> bool:
    rows = state.rows(instance.lines)
    sets = StraightSets(state, straight.effects[rung], straight, rows)
    if not sets.found:
        have = sum([row[4] for row in rows])
        return have < straight.quantity and _lack_units(state, instance, straight, have)
    if is_left_out:
        return _leave_out(state, instance, straight)
    if state.compares:
        state.note_act(_turn(instance), sets.claimed())
    lines = [state.lines[rows[position][1]] for position in sets.touched]
    counts = [claimed for _, claimed in sets.touched.values()]
    _act(state, instance, sets.number, sets.amount_minor, sets.unused_minor, lines, counts)
    sets.carry_out(instance.promotion.rule.index)
    return True


def _lack_units(state: State, instance: Instance, straight: Straight, have: int) -> bool:
    """Say how many units a set lacks, where no claim keeps any of them."""
    if _some_are_claimed(state, instance):
        return False
    shortfall = short_of("sets", have, straight.quantity, False)
    _refuse(state, instance, Outcome(instance.promotion.rule.id, "trigger", shortfall))
    return True


# -- gifts --------------------------------------------------------------------------------------


def _take_gift(state: State, instance: Instance, straight: Straight, rung: int, times: int, is_left_out: bool) -> bool:
    action = straight.actions[rung]
    assert isinstance(action, plan.Gift)
    gifts, missing = gifts_of(state, instance.promotion.rule, action, times)
    if missing or not gifts:
        return False
    if is_left_out:
        return _leave_out(state, instance, straight)
    if state.compares:
        state.note_act(_turn(instance), [])
    state.hand_out(_act(state, instance, times, 0, 0, [], None), gifts)
    return True


def _turn(instance: Instance) -> Turn:
    return instance.promotion.rule.index, 0, instance.key, instance.use


_WAYS = {"units": _take_units, "spread": _take_spread, "sets": _take_sets, "gift": _take_gift}
