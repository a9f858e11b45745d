"""§4 How a price flows, and §5: until a search exists, the in-order pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from promoengine.document import PromotionDocument

from .attempts import Attempt, Attempting
from .currency import has_figures
from .eligibility import codes_of
from .limits import Refused
from .members import Applied, Instance, Slot, is_free, keys, per, slots
from .triggers import Shortfall
from .units import Change, Unit
from .world import World

REASONS = (
    *("currency", "code", "schedule", "customer", "context", "contents"),
    *("items", "trigger", "limits", "barred", "no_effect", "applied"),
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


@dataclass
class Flow:
    """One pass over all stages."""

    world: World
    members: list[Member] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
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


def run(world: World, may_act: Callable[[Slot], bool] = lambda slot: True) -> Flow:
    """§4: list, then stage by stage, each member once in the strict total order."""
    flow = Flow(world)
    refusals = {each.id: static_refusal(world, each) for each in world.document.promotions}
    for promotion in world.document.promotions:
        if refusals[promotion.id]:
            flow.outcomes[promotion.id] = [Outcome(refusals[promotion.id])]
    ordered = sorted(
        (slot for promotion in world.document.promotions for slot in slots(world.document, promotion)),
        key=lambda slot: slot.order,
    )
    for stage in range(len(world.document.stages)):
        for unit in world.units:
            unit.began[stage] = unit.price
        for slot in ordered:
            if slot.stage == stage and not refusals[slot.promotion.id] and may_act(slot):
                for instance in instances(world, slot):
                    take_turn(flow, slot, instance)
        for unit in world.units:
            unit.ended[stage] = unit.price
    for promotion in world.document.promotions:
        refuses_for(flow, promotion)
    return flow


def refuses_for(flow: Flow, promotion: PromotionDocument) -> None:
    """§7: `refuse_for`: an outcome of its own, or a floor."""
    reasons = promotion.refuse_for or ()
    reached = [outcome.reason for outcome in flow.outcomes.get(promotion.id, ())]
    if reached and max(reached, key=REASONS.index) in reasons:
        raise Refused(promotion.id, max(reached, key=REASONS.index))
    if "floor" in reasons and promotion.id in flow.below_floor:
        raise Refused(promotion.id, "floor")


def instances(world: World, slot: Slot) -> Iterator[Instance]:
    """§3: each `per` instance, and for each the codes that apply it."""
    for key in keys(world.units, per(slot.promotion)):
        for application in range(applications(world, slot.promotion)):
            yield Instance(key, application)


def take_turn(flow: Flow, slot: Slot, instance: Instance) -> None:
    """One member acts if it has an effect and nothing bars it."""
    verdicts = dict(flow.world.verdicts)
    real = Attempting(flow.world, slot, instance, flow.applied, blind=False)
    found = real.attempt()
    if found.reason == "other_rung" or found.was_held:
        return
    barrers = excluders(flow, slot, real)
    refuses_cart(found, slot.promotion, bool(barrers))
    if not barrers and found.reason in ("", "no_effect") and floor_takes(flow, slot, instance, found, verdicts):
        flow.below_floor.add(slot.promotion.id)
    if found.has_effect and not barrers:
        act(flow, slot, instance, found, real)
        outcome = Outcome("applied")
    else:
        blind = blind_attempt(flow, slot, instance)
        if found.reason == "trigger" and blind.turn.slot is not slot:
            return
        if not found.has_effect:
            barrers = excluders(flow, slot, blind.turn)
        outcome = refusal(flow, slot, found, blind.found, barrers)
    flow.outcomes.setdefault(slot.promotion.id, []).append(outcome)


def floor_takes(flow: Flow, slot: Slot, instance: Instance, found: Attempt, verdicts: dict[Any, Any]) -> bool:
    """§7: whether it takes off less at its turn, before which these were the verdicts, than it would without floors."""
    world = flow.world
    kept, world.verdicts = world.verdicts, verdicts
    rules, world.floors.rules = world.floors.rules, ()
    without = Attempting(world, slot, instance, flow.applied, blind=False).attempt()
    world.verdicts, world.floors.rules = kept, rules
    return without.has_effect and without.cut.total > found.cut.total


def refuses_cart(found: Attempt, promotion: PromotionDocument, barred: bool) -> None:
    """§7: `refuse` beyond a limit, or a gift out of stock with `block`."""
    if barred:
        return
    if found.presents.blocked:
        raise Refused(promotion.id, "gift_stock")
    if found.beyond and promotion.limits is not None and promotion.limits.beyond == "refuse":
        raise Refused(promotion.id, "stock")


def refusal(flow: Flow, slot: Slot, found: Attempt, blind: Attempt, barrers: set[str]) -> Outcome:
    """§6: trigger and limits are tested as if no other member had claimed: what fails only through claims is barred."""
    limits = slot.promotion.limits
    if blind.presents.blocked or (blind.beyond and limits is not None and limits.beyond == "refuse"):
        return Outcome("limits")
    if blind.reason in ("items", "trigger", "limits"):
        return Outcome(blind.reason, blind.shortfall)
    if found.reason and not blind.reason and not barrers:
        barrers = claimers(flow, slot, found.in_the_way)
    return Outcome("barred", barred_by=frozenset(barrers)) if barrers else Outcome("no_effect")


@dataclass
class Blind:
    """A turn as if nobody had claimed, and what would have come of it."""

    turn: Attempting
    found: Attempt


def blind_attempt(flow: Flow, slot: Slot, instance: Instance) -> Blind:
    """The turn as if nobody had claimed; of a ladder, on the rung that would then be reached."""
    rungs = [each for each in slots(flow.world.document, slot.promotion) if each.stage == slot.stage]
    for each in (slot, *rungs):
        turn = Attempting(flow.world, each, instance, flow.applied, blind=True)
        found = turn.attempt()
        if found.reason != "other_rung":
            break
    return Blind(turn, found)


def claimers(flow: Flow, slot: Slot, in_the_way: set[Unit]) -> set[str]:
    """Those who claimed the units (none bars a free effect so), or who hold them in a group that is full."""
    names = set()
    for unit in in_the_way:
        if not is_free(slot):
            names |= flow.world.claimers(unit, slot.stage, slot.promotion.id)
        for group in slot.promotion.groups or ():
            holders = flow.world.holders(group, unit, slot.promotion.id)
            names |= holders if len(holders) >= flow.world.group(group).at_most else set()
    return names


def excluders(flow: Flow, slot: Slot, turn: Attempting) -> set[str]:
    """§4: who bars this member by exclusive, stop, or as a conflicting spread."""
    found = set()
    mine = slot.promotion
    for other in flow.applied:
        theirs = other.slot.promotion
        if theirs.id == mine.id:
            continue
        same_stage = other.slot.stage == slot.stage
        for scope in (mine.exclusive, theirs.exclusive, theirs.stop):
            if scope == "cart" or (scope == "stage" and same_stage):
                found.add(theirs.id)
        if same_stage and not turn.stacks() and other.spread_items & spread_items(turn):
            found.add(theirs.id)
    return found | full_groups(flow, turn)


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
    on_first_units(found)
    claimed = {unit for unit in found.claimed if not turn.free}
    counted_before = world.counted_units(promotion.id, instance.application)
    for unit, amount in found.cut.by_unit.items():
        if amount:
            before = unit.price
            unit.price -= amount
            base = found.cut.bases[unit]
            unit.changes.append(
                Change(promotion.id, slot.stage, slot.position, base, before, unit.price, instance.application)
            )
    for unit in claimed if not turn.stacks() else ():
        unit.claims.append((slot.stage, promotion.id))
    hold(world, promotion, found.claimed)
    use_up(world, slot, instance, found, counted_before)
    flow.applied.append(Applied(slot, instance, claimed, items))
    counts: dict[str, int] = {}
    for unit in claimed:
        name = unit.line if unit.is_goods else f"shipping {unit.line}"
        counts[name] = counts.get(name, 0) + 1
    flow.members.append(Member(slot, instance, found, counts))
    flow.gifts += found.presents.gifts
    flow.grants += found.presents.grants


def hold(world: World, promotion: PromotionDocument, units: set[Unit]) -> None:
    """§4: what a promotion holds in a named group."""
    for name in promotion.groups or ():
        for unit in units:
            world.holdings.append((name, promotion.id, world.scope_key(name, unit)))
            if world.group(name).scope == "unit":
                unit.claims.append((-1, f"{name}/{promotion.id}"))


def use_up(world: World, slot: Slot, instance: Instance, found: Attempt, before: set[Unit]) -> None:
    """§7: limits and budgets are used up in the total order; an order uses a promotion once."""
    promotion = slot.promotion
    first = not world.has_used(promotion.id)
    lowered = {unit for unit, amount in found.cut.by_unit.items() if amount}
    counted = len(lowered - before) if found.counted is None else found.counted
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


def on_first_units(found: Attempt) -> None:
    """§3: among units of a line that are alike an effect is held to act on the first of them, the greatest discount
    first, then those it claims without changing.
    """
    cut = found.cut
    touched = set(cut.by_unit) | found.claimed
    classes: dict[object, list[Unit]] = {}
    for unit in sorted(found_alike(touched), key=lambda unit: unit.position):
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
