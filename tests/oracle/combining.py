"""§5 Which combination, by brute force: every set of members and every division of their units, nothing cleverer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cmp_to_key
from itertools import combinations, groupby, product

from promoengine.cart import Cart
from promoengine.document import CampaignDocument, PromotionDocument

from .attempts import Attempt, Attempting
from .choices import Choice, Kept, Moment, Name, Past, exclude_each_other, name_of
from .flow import (
    Flow,
    LeftOut,
    act,
    begin_stage,
    begun,
    end_stage,
    excluders,
    excluding,
    fired_at_turn,
    full_groups,
    hold,
    later_excluders,
    matters,
    refuses_cart,
    run,
    turns,
)
from .limits import Refused
from .members import Applied, Instance, Slot, is_free
from .units import Unit, selected_methods
from .world import World

Order = tuple[int, int, str, int, str, int]
"""§4: (stage, priority, id), then position, key and code."""
Units = list[tuple[int, str, bool]]
"""The units of a member in unit order: dearest first, then by line."""


class TooMany(Exception):
    """More turns than the brute force may take."""


@dataclass
class Turn:
    """A member that might act in a stage."""

    rungs: list[Slot]
    instance: Instance

    @property
    def promotion(self) -> PromotionDocument:
        return self.rungs[0].promotion

    @property
    def name(self) -> Name:
        return name_of(self.rungs[0], self.instance)


@dataclass
class Combination:
    """What one choice comes to: who acted with which units, and all that it is compared by."""

    payable: int
    value: int
    givers: int
    if_better: int
    units: dict[Order, Units]
    names: frozenset[Name]
    kept: Kept
    moment: Moment | None = field(default=None, repr=False)

    @property
    def choice(self) -> Choice:
        return Choice(self.names.__contains__, self.kept)


def best(
    document: CampaignDocument, cart: Cart, at: datetime, most: int = 100_000, chosen: frozenset[str] | None = None
) -> Combination | None:
    """§5: the best legal choice; None where there is none. `chosen`: of the promotions that act only if better exactly
    these. Raises `Refused` where the in-order pass does, and `TooMany` after so many turns.
    """
    run(a_world(document, cart, at))
    search = Search(a_world(document, cart, at), most, chosen=chosen)
    every = sorted(search.combinations(), key=cmp_to_key(compared))
    legal = (each for each in every if has_chosen(document, each, chosen))
    return next((each for each in legal if is_legal(a_world(document, cart, at), each)), None)


def realized(document: CampaignDocument, cart: Cart, at: datetime, names: frozenset[Name]) -> Iterator[Choice]:
    """Every legal choice with exactly these members, however their units are divided."""
    search = Search(a_world(document, cart, at), 100_000, names=names)
    for each in search.combinations():
        if each.names == names and is_legal(a_world(document, cart, at), each):
            yield each.choice


def a_world(document: CampaignDocument, cart: Cart, at: datetime) -> World:
    return World(document, cart, at, selected_methods(cart))


# -- which is better ------------------------------------------------------------------------------


def combination_of(flow: Flow) -> Combination:
    """§5: what a pass is compared by."""
    value = sum(quantity * one for _, _, quantity, one, _, _ in flow.gifts)
    value += sum(grant[4] for grant in flow.grants)
    return Combination(
        payable=sum(unit.price for unit in flow.world.units),
        value=value,
        givers=len({each[0] for each in (*flow.gifts, *flow.grants)}),
        if_better=sum(is_if_better(member.slot.promotion) for member in flow.members),
        units={order_of(member.slot, member.instance): member.units for member in flow.members},
        names=frozenset(member.name for member in flow.members),
        kept=dict(flow.world.kept),
    )


def order_of(slot: Slot, instance: Instance) -> Order:
    return (slot.stage, slot.promotion.priority, *name_of(slot, instance))


def is_if_better(promotion: PromotionDocument) -> bool:
    """§5: `always` for automatic promotions, `if_better` for those that need a code, unless stated."""
    return (promotion.apply or ("always" if promotion.codes is None else "if_better")) == "if_better"


def compared(one: Combination, other: Combination) -> int:
    """§5: below 0 where one is better, above where the other is, 0 where the page does not tell them apart."""
    for mine, theirs in (
        (one.payable, other.payable),
        (-one.value, -other.value),
        (-one.givers, -other.givers),
        (one.if_better, other.if_better),
    ):
        if mine != theirs:
            return mine - theirs
    for order in sorted({*one.units, *other.units}):
        if order not in one.units or order not in other.units:
            return -1 if order in one.units else 1
        if one.units[order] != other.units[order]:
            return -1 if has_first_units(one.units[order], other.units[order]) else 1
    return 0


def has_first_units(mine: Units, theirs: Units) -> bool:
    """§5: at the first difference the dearer, then the lower line id, then the longer list."""
    for my, your in zip(mine, theirs, strict=False):
        if my != your:
            return my < your
    return len(mine) > len(theirs)


# -- every set of members, and every division -----------------------------------------------------


class Search:
    """Walks the stages; of the divisions of a stage among the same members the best is kept, or, where all members are
    named, each.
    """

    def __init__(
        self,
        world: World,
        most: int,
        *,
        chosen: frozenset[str] | None = None,
        names: frozenset[Name] | None = None,
    ) -> None:
        self.world = world
        self.flow = begun(world, Choice(kept={}))
        self.left = most
        self.chosen = chosen
        self.names = names

    def combinations(self, stage: int = 0) -> Iterator[Combination]:
        """§5: every set of members that all keep their effect, with its units so divided."""
        if stage == len(self.world.document.stages):
            yield combination_of(self.flow)
            return
        for each in self.divided(stage):
            assert each.moment is not None
            each.moment.restore()
            self.world.kept = each.kept
            yield from self.combinations(stage + 1)

    def divided(self, stage: int) -> list[Combination]:
        """For each set of members of a stage the best of its divisions."""
        begin_stage(self.world, stage)
        found: dict[object, Combination] = {}
        members = [Turn(rungs, instance) for rungs, instance in turns(self.flow, stage)]
        members = [each for each in members if self.might_act(each)]
        bands = [[*band] for _, band in groupby(members, key=lambda turn: turn.promotion.priority)]
        for _ in self.bands(stage, bands):
            end_stage(self.world, stage)
            one = combination_of(self.flow)
            key = one.names if self.names is None else repr((sorted(one.units.items()), one.payable))
            if key not in found or compared(one, found[key]) < 0:
                one.moment = Moment(self.flow)
                found[key] = one
        return [*found.values()]

    def might_act(self, turn: Turn) -> bool:
        """A member without items never does, nor one that the shopper did not choose."""
        name, promotion = turn.promotion.id, turn.promotion
        if self.chosen is not None and is_if_better(promotion) and name not in self.chosen:
            return False
        attempts = [Attempting(self.world, slot, turn.instance, [], blind=True) for slot in turn.rungs]
        return any(each.items() or each.any_unit_will_do() for each in attempts)

    def bands(self, stage: int, bands: list[list[Turn]]) -> Iterator[None]:
        """Stops at the end of the stage of each way to go through these bands."""
        if not bands:
            yield
            return
        before, kept_before = Moment(self.flow), self.world.kept
        ways = subsets(bands[0]) if self.names is None else [[each for each in bands[0] if each.name in self.names]]
        for members in ways:
            for kept in self.keepings(stage, members):
                before.restore()
                self.world.kept = {**kept_before, **kept}
                if self.acted(bands[0], members, kept):
                    yield from self.bands(stage, bands[1:])

    def acted(self, band: list[Turn], members: list[Turn], kept: Kept) -> bool:
        """Let the members of a band act; false where one of them has no effect, or what is kept from one is not claimed
        by later ones.
        """
        if not all(self.act(turn, acts=turn in members) for turn in band):
            return False
        return all(self.is_claimed(turn.rungs[0], kept) for turn in members)

    def act(self, turn: Turn, *, acts: bool) -> bool:
        """One turn: whether the member acted. One that does not act may still measure for its later benefits."""
        if not acts and len(turn.promotion.benefit or turn.promotion.tiers or ()) < 2:
            return True
        for slot in turn.rungs:
            self.left -= 1
            if self.left < 0:
                raise TooMany
            attempting = Attempting(self.world, slot, turn.instance, self.flow.applied, blind=False, withholds=acts)
            fired = fired_at_turn(self.flow, attempting)
            if acts and fired is not None:
                return fired.met and self.acts(turn, attempting, attempting.reward(fired))
        return not acts

    def acts(self, turn: Turn, attempting: Attempting, found: Attempt) -> bool:
        """Carry an effect out, if there is one, nothing excludes it and it does not refuse the cart."""
        if not found.has_effect or excluders(self.flow, attempting.slot, attempting):
            return False
        try:
            refuses_cart(found, turn.promotion)
        except Refused:
            return False
        act(self.flow, attempting.slot, turn.instance, found, attempting)
        return True

    def is_claimed(self, slot: Slot, kept: Kept) -> bool:
        """§4: the later members for which units are kept from one must claim them."""
        later = {
            owner
            for _, owner in kept
            if owner > slot.promotion.id and exclude_each_other(self.world, slot.stage, slot, owner)
        }
        wanted: Counter[Past] = Counter()
        for (_, owner), counts in kept.items():
            wanted.update(counts if owner in later else {})
        claimed: set[Unit] = set()
        for each in self.flow.applied:
            same_band = each.slot.stage == slot.stage and each.slot.promotion.priority == slot.promotion.priority
            if same_band and each.slot.promotion.id > slot.promotion.id:
                claimed |= each.claimed
        return all(count <= len(claimed & set(self.world.alike[past])) for past, count in wanted.items())

    def keepings(self, stage: int, members: list[Turn]) -> Iterator[Kept]:
        """Every way to keep contested units for later members of one band."""
        pasts = [*self.world.alike]
        ways = [[*self.shares(stage, past, members)] for past in pasts]
        for way in product(*ways):
            kept: dict[tuple[int, str], dict[Past, int]] = {}
            for past, counts in zip(pasts, way, strict=True):
                for owner, count in counts.items():
                    kept.setdefault((stage, owner), {})[past] = count
            yield kept

    def shares(self, stage: int, past: Past, members: list[Turn]) -> Iterator[dict[str, int]]:
        """How many of the units that are alike are kept for which promotion."""
        owners = self.owners(stage, past, members)
        number = len(self.world.alike[past])
        for counts in product(range(number + 1), repeat=len(owners)):
            if sum(counts) <= number:
                yield {owner: count for owner, count in zip(owners, counts, strict=True) if count}

    def owners(self, stage: int, past: Past, members: list[Turn]) -> list[str]:
        """The promotions that may claim such a unit, and before which another one may that they exclude."""
        unit = self.world.alike[past][0]
        wanting = [turn for turn in members if self.wants(turn, unit)]
        return sorted(
            {
                turn.promotion.id
                for turn in wanting
                if not all(is_free(slot) for slot in turn.rungs)
                and any(
                    each.promotion.id < turn.promotion.id
                    and exclude_each_other(self.world, stage, each.rungs[0], turn.promotion.id)
                    for each in wanting
                )
            }
        )

    def wants(self, turn: Turn, unit: Unit) -> bool:
        """Whether a unit is of a member's items, or of its reward's own."""
        for slot in turn.rungs:
            attempting = Attempting(self.world, slot, turn.instance, [], blind=True)
            if unit in (attempting.reward_pool() if attempting.own else attempting.items()):
                return True
        return False


def subsets(members: Sequence[Turn]) -> Iterator[list[Turn]]:
    for number in range(len(members) + 1):
        for found in combinations(members, number):
            yield [*found]


# -- which are legal ------------------------------------------------------------------------------


def has_chosen(document: CampaignDocument, one: Combination, chosen: frozenset[str] | None) -> bool:
    """§5: of the members that act only if better exactly the chosen ones."""
    if chosen is None:
        return True
    acting = {name[0] for name in one.names}
    return acting >= {each.id for each in document.promotions if is_if_better(each) and each.id in chosen}


def is_legal(world: World, one: Combination) -> bool:
    """§5 (b), of a pass in which every member acts: each `always` promotion left out is barred; no cart is refused."""
    try:
        flow = run(world, one.choice)
    except Refused:
        return False
    assert {member.name for member in flow.members} == one.names
    return all(is_if_better(each.slot.promotion) or is_barred(flow, each) for each in flow.left_out)


def is_barred(flow: Flow, left: LeftOut) -> bool:
    """§5: p can bar q unless p's number is later and its stage is not earlier; from a later stage only by exclusivity
    or a group of the cart.
    """
    mine = left.slot.promotion
    can_bar = [
        each
        for each in flow.members
        if each.slot.promotion.id != mine.id
        and not (each.slot.promotion.priority > mine.priority and each.slot.stage >= left.slot.stage)
    ]
    names = {each.name for each in can_bar}
    others = [each for each in flow.applied if name_of(each.slot, each.instance) in names]
    if later_excluders(flow, left, others):
        return True
    now = Moment(flow)
    left.moment.restore()
    for each, applied in zip(can_bar, others, strict=True):
        if name_of(each.slot, each.instance) not in {member.name for member in flow.members}:
            later_stage = each.slot.stage > left.slot.stage
            hold(flow.world, each.slot.promotion, each.attempt.claimed, only_of_cart=later_stage)
            for unit in applied.claimed if each.slot.stage == left.slot.stage and not left.turn.stacks() else ():
                unit.claims.append((each.slot.stage, each.slot.promotion.id))
    found = has_effect(flow, left, others)
    now.restore()
    return not found


def claimed_later(flow: Flow, slot: Slot, others: list[Applied]) -> set[Unit]:
    """The units that later members of its stage claim; they leave none of them to any rung of a ladder."""
    later = [each for each in others if each not in flow.applied and each.slot.stage == slot.stage]
    return {unit for each in later for unit in each.claimed}


def has_effect(flow: Flow, left: LeftOut, others: list[Applied]) -> bool:
    """Whether a member left out would have an effect at its turn, on any rung, and the others not exclude it."""
    for rungs, instance in turns(flow, left.slot.stage):
        if name_of(rungs[0], instance) == left.name:
            for slot in rungs:
                attempting = Attempting(flow.world, slot, instance, flow.applied, blind=False, withholds=False)
                if not all(is_free(each) for each in rungs) and not attempting.stacks():
                    attempting.withheld = claimed_later(flow, slot, others)
                fired = fired_at_turn(flow, attempting)
                if fired is not None and fired.met and matters(attempting.reward(fired)):
                    return not (full_groups(flow, attempting) or excluding(others, slot, attempting, stops=False))
    return False
