"""§4 How a price flows: one pass, in which a choice (§5) says who acts and what is kept for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from promoengine.document import PromotionDocument

from .attempts import Attempt, Attempting
from .choices import IN_ORDER, Choice, Moment, Name, name_of
from .currency import has_figures
from .eligibility import codes_of
from .limits import Refused
from .members import Applied, Instance, Slot, is_free, is_measured, is_set, keys, per, slots
from .triggers import Fired, Shortfall
from .units import Change, Unit
from .world import World

REASONS = (
    *("currency", "code", "schedule", "customer", "context", "contents"),
    *("items", "trigger", "limits", "barred", "not_chosen", "no_effect", "applied"),
)
"""§6: the reasons in the order in which they are tested."""


@dataclass
class Outcome:
    """§6: the first reason, with its numbers."""

    reason: str
    shortfall: Shortfall | None = None
    barred_by: frozenset[str] = frozenset()


@dataclass
class Member:
    """One member that acted, and what came of it."""

    slot: Slot
    instance: Instance
    attempt: Attempt
    claimed: dict[str, int]
    units: list[tuple[int, str, bool]]

    @property
    def name(self) -> Name:
        return name_of(self.slot, self.instance)


@dataclass
class LeftOut:
    """A member that could have acted at its turn, and the pass as it was then."""

    slot: Slot
    instance: Instance
    turn: Attempting
    fired: Fired
    moment: Moment
    place: int
    claimers: set[str] = field(default_factory=set)

    @property
    def name(self) -> Name:
        return name_of(self.slot, self.instance)


@dataclass
class Flow:
    """One pass over all stages."""

    world: World
    members: list[Member] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    below_floor: set[str] = field(default_factory=set)
    gifts: list[object] = field(default_factory=list)
    grants: list[object] = field(default_factory=list)


def static_refusal(world: World, promotion: PromotionDocument) -> str:
    """§6: currency, code, and then what eligibility asks."""
    if not has_figures(world.document, promotion, world.asked.money):
        return "currency"
    if promotion.codes is not None and not codes_of(promotion, world.asked):
        return "code"
    return world.eligibility.first_refusal(promotion)


def applications(world: World, promotion: PromotionDocument) -> int:
    """§3: once per cart, unless `codes.per_cart: n`."""
    if promotion.codes is None:
        return 1
    return min(promotion.codes.per_cart, len(codes_of(promotion, world.asked)))


def run(world: World, choice: Choice = IN_ORDER, among: frozenset[str] | None = None) -> Flow:
    """§4: list, then stage by stage, each member once in the strict total order; `among` promotions, where stated."""
    flow = begun(world, choice)
    for stage in range(len(world.document.stages)):
        begin_stage(world, stage)
        for rungs, instance in turns(flow, stage):
            if among is None or rungs[0].promotion.id in among:
                before = Moment(flow)
                for slot in rungs:
                    take_turn(flow, slot, instance, choice, before)
        for left in flow.left_out:
            if left.slot.stage == stage:
                left.claimers = claimers(flow, left.slot, left.turn.wanted_and_taken())
        end_stage(world, stage)
    for each in flow.left_out:
        flow.outcomes[each.slot.promotion.id].append(outcome_of_left_out(flow, each))
    for promotion in world.document.promotions:
        refuses_for(flow, promotion)
    return flow


def begun(world: World, choice: Choice) -> Flow:
    """A pass before its first stage."""
    flow = Flow(world)
    world.kept = choice.kept
    for promotion in world.document.promotions:
        refused = static_refusal(world, promotion)
        flow.outcomes[promotion.id] = [Outcome(refused)] if refused else []
    return flow


def begin_stage(world: World, stage: int) -> None:
    """What units cost and how they are alike as the stage begins."""
    world.alike, world.items_of = {}, {}
    for unit in world.units:
        unit.began[stage] = unit.price
        world.alike.setdefault(unit.past, []).append(unit)


def end_stage(world: World, stage: int) -> None:
    """What units cost when it ends."""
    for unit in world.units:
        unit.ended[stage] = unit.price


def turns(flow: Flow, stage: int) -> Iterator[tuple[list[Slot], Instance]]:
    """§4: the members of a stage in the total order. The rungs of a ladder are one member."""
    world = flow.world
    members: dict[tuple[int, int, str, int], list[Slot]] = {}
    for promotion in world.document.promotions:
        for slot in slots(world.document, promotion):
            if slot.stage == stage and not any(each.reason in STATIC for each in flow.outcomes[promotion.id]):
                members.setdefault(slot.order, []).append(slot)
    for _, rungs in sorted(members.items()):
        for instance in instances(world, rungs[0]):
            yield rungs, instance


def refuses_for(flow: Flow, promotion: PromotionDocument) -> None:
    """§7: `refuse_for`: an outcome of its own, or a floor."""
    reasons = promotion.refuse_for or ()
    reached = [outcome.reason for outcome in flow.outcomes.get(promotion.id, ())]
    if reached and max(reached, key=REASONS.index) in reasons:
        raise Refused(promotion.id, max(reached, key=REASONS.index))
    if "floor" in reasons and promotion.id in flow.below_floor:
        raise Refused(promotion.id, "floor")


STATIC = REASONS[: REASONS.index("items")]
"""The reasons for which a promotion is refused before its turn."""


def instances(world: World, slot: Slot) -> Iterator[Instance]:
    """§3: each `per` instance, and for each the codes that apply it."""
    for key in keys(world.units, per(slot.promotion)):
        for application in range(applications(world, slot.promotion)):
            yield Instance(key, application)


def take_turn(flow: Flow, slot: Slot, instance: Instance, choice: Choice, before: Moment) -> None:
    """One member acts if the choice has it, it has an effect and nothing bars it. Units are kept from members only."""
    acts = choice.acts(name_of(slot, instance))
    held = flow.world.verdicts.get((slot.promotion.id, instance))
    real = Attempting(flow.world, slot, instance, flow.applied, blind=False, withholds=acts)
    fired = fired_at_turn(flow, real)
    if fired is None:
        return
    found = real.reward(fired) if fired.met else Attempt("trigger")
    barrers = excluders(flow, slot, real)
    if not barrers and acts:
        refuses_cart(found, slot.promotion)
        if found.reason in ("", "no_effect") and floor_takes(flow, slot, instance, found, held):
            flow.below_floor.add(slot.promotion.id)
    if matters(found) and not barrers and not acts:
        flow.left_out.append(LeftOut(slot, instance, real, fired, before, len(flow.applied)))
        return
    if found.has_effect and not barrers:
        act(flow, slot, instance, found, real)
        outcome = Outcome("applied")
    else:
        blind = Attempting(flow.world, slot, instance, flow.applied, blind=True)
        outcome = refusal(flow, slot, real, found, barrers, outcome_of(blind, verdict(blind, held)))
    flow.outcomes[slot.promotion.id].append(outcome)


def fired_at_turn(flow: Flow, turn: Attempting) -> Fired | None:
    """§3: what the trigger came to at the first benefit's turn holds for the rest, and of a ladder only the rung
    reached acts; None where this turn is not for this benefit.
    """
    slot, verdicts = turn.slot, flow.world.verdicts
    held = verdicts.get((slot.promotion.id, turn.instance))
    if held is not None and not held.met:
        return None
    fired = verdict(turn, held)
    if held is None and (is_set(slot.promotion) or is_measured(slot.promotion)):
        verdicts[slot.promotion.id, turn.instance] = fired
    return None if fired.met and slot.rung is not None and fired.rung != slot.rung else fired


def floor_takes(flow: Flow, slot: Slot, instance: Instance, found: Attempt, held: Fired | None) -> bool:
    """§7: whether it takes off less at its turn than it would without floors."""
    floors = flow.world.floors
    rules, floors.rules = floors.rules, ()
    turn = Attempting(flow.world, slot, instance, flow.applied, blind=False)
    without = outcome_of(turn, verdict(turn, held))
    floors.rules = rules
    return without.has_effect and without.cut.total > found.cut.total


def verdict(turn: Attempting, held: Fired | None) -> Fired:
    """What the trigger comes to."""
    if turn.lacks_items():
        return Fired(False)
    return turn.fire() if held is None else replace(held, picks=None)


def outcome_of(turn: Attempting, fired: Fired) -> Attempt:
    """What comes of a turn, when the trigger has come to this."""
    if turn.lacks_items():
        return Attempt("items")
    return turn.reward(fired) if fired.met else Attempt("trigger", shortfall=fired.shortfall)


def matters(found: Attempt) -> bool:
    """§5 (b): it has an effect, or would refuse the cart."""
    return found.has_effect or bool(found.presents.blocked)


def refuses_cart(found: Attempt, promotion: PromotionDocument) -> None:
    """§7: `refuse` beyond a limit, where it would act otherwise, or a gift out of stock with `block`."""
    if found.presents.blocked:
        raise Refused(promotion.id, "gift_stock")
    if found.has_effect and is_refused(found, promotion):
        raise Refused(promotion.id, "stock")


def is_refused(found: Attempt, promotion: PromotionDocument) -> bool:
    return found.beyond and promotion.limits is not None and promotion.limits.beyond == "refuse"


def refusal(flow: Flow, slot: Slot, real: Attempting, found: Attempt, barrers: set[str], blind: Attempt) -> Outcome:
    """§6: trigger and limits are tested as if no other member had claimed: what fails only through claims is barred."""
    if blind.presents.blocked or (blind.has_effect and is_refused(blind, slot.promotion)):
        return Outcome("limits")
    if blind.reason in ("items", "trigger", "limits"):
        return Outcome(blind.reason, blind.shortfall)
    if not barrers and (found.reason == "trigger" or blind.has_effect):
        barrers = claimers(flow, slot, real.wanted_and_taken())
    return Outcome("barred", barred_by=frozenset(barrers)) if barrers else Outcome("no_effect")


def outcome_of_left_out(flow: Flow, left: LeftOut) -> Outcome:
    """§6: barred by the members that have its units or exclude it, earlier or later; or not chosen."""
    turn = Attempting(flow.world, left.slot, left.instance, flow.applied, blind=True)
    blind = outcome_of(turn, verdict(turn, left.fired))
    if blind.presents.blocked or (blind.has_effect and is_refused(blind, left.slot.promotion)):
        return Outcome("limits")
    barrers = left.claimers | later_excluders(flow, left, flow.applied) | full_groups(flow, left.turn)
    return Outcome("barred", barred_by=frozenset(barrers)) if barrers else Outcome("not_chosen")


def later_excluders(flow: Flow, left: LeftOut, others: Iterable[Applied]) -> set[str]:
    """§4: who of the others excludes a member that was left out; to stop, one has to come before."""
    earlier = flow.applied[: left.place]
    later = [each for each in others if each not in earlier]
    return excluding(earlier, left.slot, left.turn, stops=True) | excluding(later, left.slot, left.turn, stops=False)


def claimers(flow: Flow, slot: Slot, in_the_way: set[Unit]) -> set[str]:
    """Those who claimed the units, or who hold them in a group that is full."""
    names = set()
    for unit in in_the_way:
        names |= set() if is_free(slot) else flow.world.claimers(unit, slot.stage, slot.promotion.id)
        for group in slot.promotion.groups or ():
            holders = flow.world.holders(group, unit, slot.promotion.id)
            names |= holders if len(holders) >= flow.world.group(group).at_most else set()
    return names


def excluders(flow: Flow, slot: Slot, turn: Attempting) -> set[str]:
    """§4: who of those that acted before bars this member: by exclusive, stop, as a conflicting spread, or in a full
    group of the cart.
    """
    return excluding(flow.applied, slot, turn, stops=True) | full_groups(flow, turn)


def excluding(others: Iterable[Applied], slot: Slot, turn: Attempting, *, stops: bool) -> set[str]:
    """§4: exclusive, stop, and conflicting spreads."""
    found = set()
    mine = slot.promotion
    for other in others:
        theirs = other.slot.promotion
        if theirs.id == mine.id:
            continue
        same_stage = other.slot.stage == slot.stage
        for scope in (mine.exclusive, theirs.exclusive, theirs.stop if stops else None):
            if scope == "cart" or (scope == "stage" and same_stage):
                found.add(theirs.id)
        if same_stage and not turn.stacks() and other.spread_items & spread_items(turn):
            found.add(theirs.id)
    return found


def full_groups(flow: Flow, turn: Attempting) -> set[str]:
    """§4: the holders of named groups of the whole cart, which leave a member nothing."""
    names = set()
    for name in turn.promotion.groups or ():
        group = flow.world.group(name)
        holders = flow.world.holders_of_cart(name, turn.promotion.id)
        if group.scope == "cart" and len(holders) >= group.at_most:
            names |= holders
    return names


def spread_items(turn: Attempting) -> set[Unit]:
    """§4: the items of a spread; those of a reward with its own."""
    if turn.free or not turn.is_spread():
        return set()
    return set(turn.reward_pool() if turn.own else turn.items())


def act(flow: Flow, slot: Slot, instance: Instance, found: Attempt, turn: Attempting) -> None:
    """Change prices, claim, and use up."""
    world, promotion = flow.world, slot.promotion
    items = spread_items(turn)
    on_first_units(found, turn.withheld)
    claimed = {unit for unit in found.claimed if not turn.free}
    at_turn = sorted((-unit.price, unit.line, not unit.is_goods) for unit in claimed)
    for unit, amount in found.cut.by_unit.items():
        if amount:
            before = unit.price
            unit.price -= amount
            base = found.cut.bases[unit]
            unit.changes.append(Change(promotion.id, slot.stage, slot.position, base, before, unit.price))
    for unit in claimed if not turn.stacks() else ():
        unit.claims.append((slot.stage, promotion.id))
    hold(world, promotion, found.claimed)
    use_up(world, slot, found)
    flow.applied.append(Applied(slot, instance, claimed, items))
    counts: dict[str, int] = {}
    for unit in claimed:
        name = unit.line if unit.is_goods else f"shipping {unit.line}"
        counts[name] = counts.get(name, 0) + 1
    flow.members.append(Member(slot, instance, found, counts, at_turn))
    flow.gifts += found.presents.gifts
    flow.grants += found.presents.grants


def hold(world: World, promotion: PromotionDocument, units: set[Unit], *, only_of_cart: bool = False) -> None:
    """§4: what a promotion holds in a named group."""
    for name in promotion.groups or ():
        if only_of_cart and world.group(name).scope != "cart":
            continue
        for unit in units:
            world.holdings.append((name, promotion.id, world.scope_key(name, unit)))
            if world.group(name).scope == "unit":
                unit.claims.append((-1, f"{name}/{promotion.id}"))


def use_up(world: World, slot: Slot, found: Attempt) -> None:
    """§7: limits and budgets are used up in the total order; an order uses a promotion once."""
    promotion = slot.promotion
    first = not world.has_used(promotion.id)
    lowered = [unit for unit, amount in found.cut.by_unit.items() if amount]
    counted = len(lowered) if found.counted is None else found.counted
    counted = 0 if slot.benefit.kind == "redeem_points" else counted
    amounts = {"stock": counted, "per_customer": counted, "budget": found.cut.total}
    amounts |= {"uses": int(first), "uses_per_customer": int(first)}
    world.ledger.use(promotion, amounts)
    for kind, amount in amounts.items():
        world.uses_of[promotion.id, kind] += amount
    world.users.add(promotion.id)
    world.points_redeemed += found.cut.points_redeemed
    for _, sku, quantity, _, _, _ in found.presents.gifts:
        world.gifts_given[sku] += quantity


def on_first_units(found: Attempt, withheld: set[Unit]) -> None:
    """§3: among units of a line that are alike an effect is held to act on the first of them, the greatest discount
    first, then those it claims without changing. Units that are kept for others are told apart.
    """
    cut = found.cut
    touched = set(cut.by_unit) | found.claimed
    classes: dict[object, list[Unit]] = {}
    for unit in sorted(found_alike(touched), key=lambda unit: unit.position):
        if unit not in withheld:
            classes.setdefault(unit.past, []).append(unit)
    by_unit, bases, claimed = {}, {}, set()
    for alike in classes.values():
        fates = sorted(
            ((cut.by_unit.get(unit, 0), unit in found.claimed, cut.bases.get(unit, 0)) for unit in alike), reverse=True
        )
        for unit, (amount, is_claimed, base) in zip(alike, fates, strict=True):
            by_unit[unit], bases[unit] = amount, base
            claimed |= {unit} if is_claimed else set()
    cut.by_unit, cut.bases, found.claimed = by_unit, bases, claimed


def found_alike(touched: set[Unit]) -> set[Unit]:
    """The touched units and all that are alike to one of them."""
    pasts = {unit.past for unit in touched}
    family = {mate for unit in touched for mate in unit.mates}
    return touched | {unit for unit in family if unit.past in pasts}
