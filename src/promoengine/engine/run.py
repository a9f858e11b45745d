"""The one forward pass over the stages.

`run` takes the candidates in the total order and lets each act once. It is a pure function of the plan, the basket,
the moment and the choice: the search, a shopper's own choice, what losers would have saved and replay all call it.
"""

from __future__ import annotations

from collections.abc import Collection

from promoengine import plan
from promoengine.engine.attempt import Attempt, Change
from promoengine.engine.bars import barrers, barrers_in_cart, claimers
from promoengine.engine.basket import Basket, Portion
from promoengine.engine.bound import BoundPlan
from promoengine.engine.choice import IN_ORDER, Choice, Units, turn_of
from promoengine.engine.clock import Clock
from promoengine.engine.fired import Fired
from promoengine.engine.gather import Candidate, Instance
from promoengine.engine.refusals import refuse_for_reasons, refuse_order
from promoengine.engine.splits import Touched, split_runs
from promoengine.engine.state import State
from promoengine.engine.straight import Straight
from promoengine.engine.straight_turns import take_straight_turn
from promoengine.quote import Outcome

Turns = list[list[tuple[int, Instance]]]
"""By stage, in the total order: the effect, and the instance that takes its turn."""


def run(
    bound: BoundPlan,
    basket: Basket,
    clock: Clock,
    candidates: dict[int, Candidate],
    choice: Choice = IN_ORDER,
    *,
    noted: Collection[int] = (),
    entries: dict[int, State] | None = None,
    compares: bool = True,
    explains: bool = True,
) -> State:
    """One pass. Raises `CartRefused` where a rule forbids the order.

    `entries` takes, for the stages of `noted`, the state in which each was entered. `compares`: whether the pass may be
    compared with others; `explains`: whether it says why members do not act.
    """
    state = State(bound, basket, clock, compares=compares, explains=explains)
    for stage, turns in enumerate(turns_of(bound, candidates, choice.without)):
        if entries is not None and stage in noted:
            entries[stage] = state.copy(explains=False)
        run_stage(state, stage, turns, choice)
    conclude(state)
    return state


def conclude(state: State) -> None:
    """What is known only when all stages are over: who of those left out is barred by a later one, and whether anybody
    refuses the cart for what became of it. Raises `CartRefused`.
    """
    for outcome, promotion in state.not_members:
        _bar_by_later_stages(state, outcome, promotion)
    if state.bound.may_refuse:
        refuse_for_reasons(state)


def turns_of(bound: BoundPlan, candidates: dict[int, Candidate], without: frozenset[int] = frozenset()) -> Turns:
    """The turns of all candidates, by stage, in the total order: of one benefit, instance by instance, each with all
    rungs of its ladder.
    """
    found: Turns = [[] for _ in bound.plan.stages]
    # Candidates come by their numbers, which within a stage is the total order.
    for promotion, candidate in candidates.items():
        if promotion not in without:
            for stage, rungs in candidate.promotion.benefits:
                found[stage] += [(index, instance) for instance in candidate.instances for index in rungs]
    return found


def run_stage(state: State, stage: int, turns: list[tuple[int, Instance]], choice: Choice) -> None:
    """One stage of a pass: every turn in order, then what became of those left out."""
    state.begin_stage(stage)
    in_order = not (choice.left_out or choice.kept)
    for index, instance in turns:
        straight = instance.promotion.straight
        if straight is None or not (
            take_straight_turn(state, index, instance, straight)
            if in_order
            else _goes_straight(state, index, instance, straight, choice)
        ):
            _take_turn(state, index, instance, choice)
    for index, instance, refusal in state.left_out:
        if state.explains or instance.promotion.rule.refuse_for:
            state.record(_left_out_because(state, index, instance, refusal), instance.promotion.rule.index)
    state.end_stage(stage)


def _goes_straight(state: State, index: int, instance: Instance, straight: Straight, choice: Choice) -> bool:
    """Whether the turn of a straight promotion was taken as one, under a choice that may leave it out."""
    if choice.kept:
        return False
    if turn_of(state.bound, index, instance) not in choice.left_out:
        return take_straight_turn(state, index, instance, straight)
    # The rungs of one ladder would each have to know that it was left out.
    return not instance.promotion.has_rungs and take_straight_turn(state, index, instance, straight, is_left_out=True)


def _take_turn(state: State, index: int, instance: Instance, choice: Choice) -> None:
    """One member's turn: it acts, or its outcome says why not."""
    rule = instance.promotion.rule
    key = (rule.index, instance.key, instance.use)
    held = state.held.get(key)
    if isinstance(held, Outcome):
        return
    turn = turn_of(state.bound, index, instance)
    attempt = Attempt(state, index, instance, alone=False, kept=choice.kept.get(turn))
    fired = attempt.verdict(held)
    if held is None and not isinstance(rule.trigger, plan.Unconditional):
        state.held[key] = fired
    if isinstance(fired, Fired) and state.bound.plan.effects[index].tier not in (-1, fired.tier):
        return
    spread_units = _spread_units(state, index, attempt)
    bars = barrers(state, rule, spread_units)
    if bars:
        if state.explains or rule.refuse_for:
            state.record(_why_not(state, index, instance, held, None, bars), rule.index)
        return
    answer = attempt.act(fired) if isinstance(fired, Fired) else fired
    if isinstance(answer, Change) and turn in choice.left_out:
        if answer.has_effect:
            state.left_out.append((index, instance, _refusal_alone(state, index, instance, held)))
            return
    elif isinstance(answer, Change):
        refuse_order(rule, answer.refusal)
        if "floor" in rule.refuse_for and _floor_takes(state, index, instance, held, choice.kept.get(turn), answer):
            state.cut_short.add(rule.index)
        if answer.has_effect:
            for portion in spread_units:
                portion[4].spread = rule.index
                state.spread_lines |= 1 << portion[1]
            commit(state, index, instance, answer)
            state.record(instance.promotion.applied, rule.index)
            return
    if state.explains or rule.refuse_for:
        state.record(_why_not(state, index, instance, held, answer, []), rule.index)


def _refusal_alone(state: State, index: int, instance: Instance, held: Fired | None) -> str:
    """For what a member that the choice left out would refuse the cart at its turn, if no other member had claimed;
    empty where it would not, or nobody has to be told.
    """
    if not (state.explains or instance.promotion.rule.refuse_for):
        return ""
    attempt = Attempt(state, index, instance, alone=True)
    alone = None if attempt.only_changes() else attempt.run(held)
    return alone.refusal if isinstance(alone, Change) else ""


def _left_out_because(state: State, index: int, instance: Instance, refusal: str) -> Outcome:
    """Who bars a member that the choice left out, seen from the end of its stage; without any, the cart costs less
    without it. `refusal` is that for which it would refuse the cart.
    """
    rule = instance.promotion.rule
    if refusal:
        return Outcome(rule.id, "limits", detail=refusal)
    attempt = Attempt(state, index, instance, alone=True)
    own = state.bound.plan.effects[index].reward.items is not None
    units = attempt.reward_units() if own else attempt.items()
    found = {*barrers(state, rule, _spread_units(state, index, attempt), stopped=False)}
    found |= {*claimers(state, rule, units, free=_is_free(state, index))}
    outcome = Outcome(rule.id, "barred" if found else "not_chosen", barred_by=_names(state, sorted(found)))
    state.not_members.append((outcome, rule.index))
    return outcome


def _bar_by_later_stages(state: State, outcome: Outcome, promotion: int) -> None:
    """Name the members of later stages too that bar a member left out: of a group of the cart, or exclusive in it."""
    found = {*barrers_in_cart(state, state.bound.plan.promotions[promotion])}
    if found and state.outcomes.get(promotion) is outcome:
        found |= {index for index in state.applied if state.bound.plan.promotions[index].id in outcome.barred_by}
        state.outcomes[promotion] = Outcome(outcome.promotion, "barred", barred_by=_names(state, sorted(found)))


def _floor_takes(
    state: State, index: int, instance: Instance, held: Fired | None, kept: Units | None, change: Change
) -> bool:
    """Whether a member would take more off, at its turn, if there were no floors."""
    floors, state.floors = state.floors, None
    without = Attempt(state, index, instance, alone=False, kept=kept).run(held)
    state.floors = floors
    return isinstance(without, Change) and without.amount_minor > change.amount_minor


def _why_not(
    state: State, index: int, instance: Instance, held: Fired | None, answer: Change | Outcome | None, bars: list[int]
) -> Outcome:
    """The first reason, tested as if no other member had claimed; what fails only through others is barred. `answer` is
    what it came to at its turn; None where it is barred in any case.
    """
    rule = instance.promotion.rule
    attempt = Attempt(state, index, instance, alone=True)
    fired = attempt.verdict(held)
    if isinstance(fired, Outcome):
        return fired
    if bars and attempt.only_changes():
        return Outcome(rule.id, "barred", barred_by=_names(state, bars))
    alone = attempt.act(fired)
    if isinstance(alone, Outcome):
        return alone
    if alone.refusal:
        return Outcome(rule.id, "limits", detail=alone.refusal)
    fails_by_trigger = isinstance(answer, Outcome) and answer.reason == "trigger"
    if not (bars or fails_by_trigger or alone.has_effect):
        return Outcome(rule.id, "no_effect", detail=_missing_gift(state, index))
    if not bars:
        has_own = state.bound.plan.effects[index].reward.items is not None
        wanted = attempt.reward_units() if has_own else attempt.items()
        bars = claimers(state, rule, wanted, free=_is_free(state, index))
    return Outcome(rule.id, "barred", barred_by=_names(state, bars))


def _spread_units(state: State, index: int, attempt: Attempt) -> list[Portion]:
    """The units by which an effect conflicts with other spreads; none where it is no spread."""
    spreads = state.bound.plan.effects[index].effect_class is plan.Class.SPREAD
    return attempt.spread_units() if spreads else []


def _is_free(state: State, index: int) -> bool:
    return state.bound.plan.effects[index].effect_class is plan.Class.FREE


def _missing_gift(state: State, index: int) -> str:
    """The first gift of an effect of which nothing is left; empty where it gives none."""
    action = state.bound.plan.effects[index].action
    skus = [item.sku for item in action.items] if isinstance(action, plan.Gift) else []
    gone = [sku for sku in skus if state.gift_stock.get(sku, 1) <= 0]
    return f"gift {gone[0]}" if gone else ""


def _names(state: State, indexes: list[int]) -> list[str]:
    return [state.bound.plan.promotions[index].id for index in indexes]


# -- what a change does to the state ------------------------------------------------------------


def commit(state: State, index: int, instance: Instance, change: Change) -> None:
    """Carry a change out: prices, claims, groups, limits, and what the promotion has given."""
    effect = state.bound.plan.effects[index]
    rule = instance.promotion.rule
    claimed = [] if effect.effect_class is plan.Class.FREE else change.claimed
    state.note_act(turn_of(state.bound, index, instance), claimed)
    for line, run, count, discount, base in change.pieces:
        if discount:
            state.adjusted.append((index, line, count, base, run.price, run.price - discount))
            state.payable[line.rank] -= discount * count
    split_runs(state, rule.index, effect.stage, effect.effect_class is not plan.Class.FREE, _touched(change))
    _note_applied(state, effect, instance, change)
    state.limits.use(rule, change.units_used, 0 if rule.index in state.used else 1, change.amount_minor)
    state.used.add(rule.index)


def _note_applied(state: State, effect: plan.Effect, instance: Instance, change: Change) -> None:
    applied = state.applied_of(instance.promotion.rule)
    if (instance.key, instance.use) not in applied.instances:
        applied.times += max(change.fired.times, 1)
        applied.instances = (*applied.instances, (instance.key, instance.use))
    applied.amount_minor += change.amount_minor
    applied.unused_minor += change.unused_minor
    applied.units_used += change.units_used
    applied.points_redeemed += change.points
    applied.grants = (*applied.grants, *change.grants)
    claimed = change.claimed if effect.effect_class is not plan.Class.FREE else []
    lines, counts = [each[0] for each in claimed], [each[2] for each in claimed]
    applied.members = (*applied.members, (effect.position, instance.key, lines, counts))
    state.points_left -= change.points
    state.hand_out(applied, change.gifts)
    state.cut |= change.cut


def _touched(change: Change) -> list[Touched]:
    """The runs that a change touches, in the order of its pieces, then of its claims."""
    found: dict[int, Touched] = {}
    for line, run, count, discount, _ in change.pieces:
        if discount:
            touched = found.setdefault(id(run), Touched(line, run, {}, 0))
            touched.changed[discount] = touched.changed.get(discount, 0) + count
    for line, run, count in change.claimed:
        found.setdefault(id(run), Touched(line, run, {}, 0)).claimed += count
    return [*found.values()]
