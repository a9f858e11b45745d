"""§4 One member's turn: what it is given, what it measures, what it would reward, and what it would claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from promoengine.document import PromotionDocument

from .eligibility import codes_of, has_uses_left
from .figures import Cut, Turn
from .members import Applied, Instance, Slot, has_own_items, is_free, is_measured, is_set, key_of, own_selector, per
from .presents import Presents, presents
from .triggers import Fired, FormedSet, Forming, Shortfall, covers, is_item
from .units import Unit, in_unit_order
from .world import World


@dataclass
class Attempt:
    """What came of a turn: a reason why not, or an effect with the units that it claims."""

    reason: str = ""
    cut: Cut = field(default_factory=Cut)
    claimed: set[Unit] = field(default_factory=set)
    counted: int | None = None
    times: int = 1
    presents: Presents = field(default_factory=Presents)
    shortfall: Shortfall | None = None
    in_the_way: set[Unit] = field(default_factory=set)
    beyond: bool = False
    was_held: bool = False

    @property
    def has_effect(self) -> bool:
        """§4: any change of money, gift, points or award."""
        return not self.reason


class Attempting:
    """Makes attempts. `blind` ones see no claim of another member, as §6 tests triggers and limits."""

    def __init__(self, world: World, slot: Slot, instance: Instance, applied: list[Applied], *, blind: bool) -> None:
        self.world = world
        self.slot = slot
        self.promotion: PromotionDocument = slot.promotion
        self.benefit = slot.benefit
        self.stage = slot.stage
        self.instance = instance
        self.applied = applied
        self.blind = blind
        self.own = has_own_items(world.document, slot)
        self.free = is_free(slot)

    # -- which units --------------------------------------------------------------------------

    def covered(self) -> list[Unit]:
        """§4: what the stage covers; in a stage of shipping alone the promotion's items select goods."""
        goods, shipping = covers(self.world.document, self.stage)
        if not goods:
            return [unit for unit in self.world.units if unit.is_goods or self.counts_shipping()]
        return [unit for unit in self.world.units if unit.is_goods or shipping]

    def counts_shipping(self) -> bool:
        return bool(getattr(self.promotion.trigger, "with_shipping", None))

    def items(self) -> list[Unit]:
        """The units of the promotion's items in this instance."""
        return [
            unit
            for unit in self.covered()
            if is_item(self.world.selecting, self.promotion, unit, self.stage)
            and key_of(unit, per(self.promotion)) == self.instance.key
        ]

    def any_unit_will_do(self) -> bool:
        """§6: in a stage of shipping alone a promotion without `items` has any unit, a shipping option too."""
        goods, _ = covers(self.world.document, self.stage)
        without = self.promotion.items is None and getattr(self.promotion.trigger, "parts", None) is None
        return not goods and without and per(self.promotion) == "cart" and bool(self.world.units)

    def stacks(self) -> bool:
        return self.world.document.stages[self.stage].stacking == "all"

    def is_taken(self, unit: Unit) -> bool:
        """§4: claimed by an earlier member of the stage, or full in a named group of this promotion."""
        if self.blind:
            return False
        claimed = not self.stacks() and not self.free and self.world.claimers(unit, self.stage, self.promotion.id)
        return bool(claimed) or self.full_group(unit)

    def full_group(self, unit: Unit) -> bool:
        """§4: named groups work the same way with their own scope and at most n members."""
        return any(
            len(self.world.holders(name, unit, self.promotion.id)) >= self.world.group(name).at_most
            for name in self.promotion.groups or ()
        )

    def given(self, units: Iterable[Unit]) -> list[Unit]:
        return [unit for unit in units if not self.is_taken(unit)]

    def reward_candidates(self, rung: int | None = None) -> list[Unit]:
        """§3: the units of the reward's own items, confined to the seller of the instance; those whose price it
        would lower, in unit order.
        """
        return [unit for unit in in_unit_order(self.given(self.reward_pool())) if self.would_lower(unit)]

    def reward_pool(self) -> list[Unit]:
        goods, shipping = covers(self.world.document, self.stage)
        found = []
        for unit in self.world.units:
            if not (goods if unit.is_goods else shipping):
                continue
            if self.benefit.kind == "add_on":
                selected = unit.is_goods and unit.source.sku in self.benefit.skus
            else:
                selected = self.world.selecting.holds(own_selector(self.slot), unit, self.stage)
            if selected and self.is_confined(unit):
                found.append(unit)
        return found

    def is_confined(self, unit: Unit) -> bool:
        """§3: `per: seller` confines; a shipment that names none is open to each."""
        if per(self.promotion) != "seller" or (not unit.is_goods and unit.seller is None):
            return True
        return key_of(unit, "seller") == self.instance.key

    def would_lower(self, unit: Unit) -> bool:
        return self.world.figures.would_lower(self.promotion, self.benefit, unit, self.turn([unit], [], 1))

    def turn(self, rewarded: Iterable[Unit], sets: list[list[Unit]], times: int, room: int | None = None) -> Turn:
        return Turn(self.stage, self.world.units, in_unit_order(rewarded), sets, [], times, room)

    # -- rewarded units -----------------------------------------------------------------------

    def pick(self, units: Iterable[Unit], parts: FormedSet | None = None, times: int = 1) -> list[Unit]:
        """§3: all, or picked: n cheapest, n dearest, the k-th; of a set also the units of one part."""
        ordered = in_unit_order(units)
        rewarded = getattr(self.benefit, "rewarded", None)
        for key, kind in rewarded.stated() if rewarded is not None else ():
            number = kind.root
            if key == "cheapest":
                ordered = ordered[max(0, len(ordered) - number * times) :]
            elif key == "dearest":
                ordered = ordered[: number * times]
            elif key == "nth":
                ordered = ordered[number - 1 : number]
            else:
                assert parts is not None
                ordered = in_unit_order(parts[number - 1])
        return ordered

    def most(self, name: str) -> int | None:
        """§3: `max_units` per line, per set or per cart."""
        bounds = getattr(self.benefit, "max_units", None)
        if isinstance(bounds, int):
            return bounds if name == "per_cart" else None
        return None if bounds is None else getattr(bounds, name)

    def bounded(self, units: Iterable[Unit]) -> list[Unit]:
        """§3: `max_units` bounds them, in unit order."""
        found: list[Unit] = []
        per_line, per_cart = self.most("per_line"), self.most("per_cart")
        for unit in in_unit_order(units):
            on_line = sum(each.row == unit.row for each in found)
            if (per_line is None or on_line < per_line) and (per_cart is None or len(found) < per_cart):
                found.append(unit)
        return found

    # -- the trigger --------------------------------------------------------------------------

    def forming(self) -> Forming:
        """How the sets of this promotion are formed."""
        trigger: Any = self.promotion.trigger
        measuring = self.world.measuring
        base = measuring.base(self.promotion, self.stage)
        spend = 0 if trigger.spend is None else self.world.asked.money.minor(trigger.spend)
        return Forming(
            trigger,
            lambda selector, unit: self.world.selecting.holds(selector, unit, self.stage),
            lambda unit: measuring.price(unit, base, self.stage),
            spend,
        )

    def measured_units(self, items: list[Unit], picked: Iterable[Unit]) -> list[Unit]:
        """§4: a free effect measures all units of its items; a reward with items of its own all but those it would
        reward; any other only what it is given.
        """
        if self.free or not self.own:
            return self.given(items)
        goods, _ = covers(self.world.document, self.stage)
        apart = {unit for unit in picked if unit.is_goods or goods}
        return [unit for unit in items if unit not in apart]

    def fire(self, items: list[Unit]) -> tuple[Fired, list[Unit], list[list[Unit]]]:
        """The trigger's verdict, the rewarded units before limits, and for sets those of each set."""
        world, promotion = self.world, self.promotion
        held = self.held_verdict()
        if is_set(promotion):
            fired, picks = self.fire_set(items) if held is None else self.rest_of_sets(held)
            return fired, [], picks
        picked = self.bounded(self.pick(self.reward_candidates())) if self.own else []
        beyond = self.beyond(picked)
        measured = self.measured_units(items, [unit for unit in picked if unit not in beyond])
        fired = held or world.measuring.fire(promotion, measured, self.stage)
        rewarded = picked if self.own else self.bounded(self.pick(measured))
        return fired, rewarded, []

    def held_verdict(self) -> Fired | None:
        """§3: the trigger is measured at the first benefit's turn and holds for the rest."""
        return self.world.verdicts.get((self.promotion.id, self.instance, self.blind))

    def fire_set(self, items: list[Unit]) -> tuple[Fired, list[list[Unit]]]:
        """§3: sets, formed one by one while one fits; then some are dissolved."""
        trigger: Any = self.promotion.trigger
        if self.own:
            formed, picks = self.sets_beside_picks(items)
        else:
            formed = self.forming().all(self.given(items), trigger.max_times)
            picks = self.picks_of(formed)
        if not formed:
            apart = {unit for pick in picks for unit in pick}
            return Fired(False, shortfall=self.set_shortfall([unit for unit in items if unit not in apart])), []
        if not self.own and not self.free:
            kept = self.dissolved(list(zip(formed, picks, strict=True)))
            formed, picks = [each for each, _ in kept], [pick for _, pick in kept]
        return Fired(True, len(formed), sets=formed), picks

    def set_shortfall(self, items: list[Unit]) -> Shortfall:
        """§6: how far the units are from one set."""
        return self.forming().shortfall(items if self.own else self.given(items))

    def picks_of(self, formed: list[FormedSet]) -> list[list[Unit]]:
        """The rewarded units of each set; `over: all_sets` picks that many per set among all grouped units."""
        rewarded = getattr(self.benefit, "rewarded", None)
        grouped = [[unit for part in each for unit in part] for each in formed]
        if self.benefit.kind == "set_price":
            return grouped
        if rewarded is not None and rewarded.over == "all_sets":
            chosen = self.pick((unit for units in grouped for unit in units), times=len(formed))
            return [[unit for unit in units if unit in chosen] for units in grouped]
        return [self.pick(units, parts)[: self.most("per_set")] for units, parts in zip(grouped, formed, strict=True)]

    def sets_beside_picks(self, items: list[Unit]) -> tuple[list[FormedSet], list[list[Unit]]]:
        """§4: where so many are rewarded per set, picking and set forming alternate."""
        trigger: Any = self.promotion.trigger
        if self.most("per_set") is None:
            picked = self.bounded(self.pick(self.reward_candidates()))
            rest = [unit for unit in items if unit not in picked]
            return self.forming().all(rest, trigger.max_times), [picked]
        formed, picks = [], []
        apart: set[Unit] = set()
        while trigger.max_times is None or len(formed) < trigger.max_times:
            pick = self.pick(unit for unit in self.reward_candidates() if unit not in apart)[: self.most("per_set")]
            one = self.forming().one([u for u in items if u not in apart and u not in pick])
            if one is None or (not pick and formed):
                picks += [] if formed else [pick]
                break
            formed.append(one)
            picks.append(pick)
            apart |= {*pick, *(unit for part in one for unit in part)}
        return formed, picks

    def rest_of_sets(self, held: Fired) -> tuple[Fired, list[list[Unit]]]:
        """§3: the trigger holds for the rest of a list."""
        if self.own:
            return held, [self.bounded(self.pick(self.reward_candidates()))] if held.sets else []
        free = {unit for formed in held.sets for part in formed for unit in part if not self.is_taken(unit)}
        sets = [formed for formed in held.sets if all(unit in free for part in formed for unit in part)]
        return replace(held, sets=sets, times=len(sets)), self.picks_of(sets)

    # -- the whole turn -----------------------------------------------------------------------

    def attempt(self) -> Attempt:
        """§6: items, trigger, limits, and at last whether there is an effect."""
        items = self.items()
        if not items and not self.any_unit_will_do():
            return Attempt("items")
        in_the_way = {unit for unit in (self.reward_pool() if self.own else items) if self.is_taken(unit)}
        fired, rewarded, picks = self.fire(items)
        fired.position = self.slot.position if fired.position is None else fired.position
        fired.in_the_way = in_the_way if fired.in_the_way is None else fired.in_the_way
        was_held = fired.position != self.slot.position
        self.world.verdicts.setdefault((self.promotion.id, self.instance, self.blind), fired)
        if not fired.met:
            return Attempt(
                "trigger", shortfall=fired.shortfall, in_the_way=fired.in_the_way or set(), was_held=was_held
            )
        if self.slot.rung is not None and fired.rung != self.slot.rung:
            return Attempt("other_rung")
        found = self.rewarding(items, fired, rewarded, picks, was_held)
        found.in_the_way = in_the_way
        return found

    def rewarding(
        self, items: list[Unit], fired: Fired, rewarded: list[Unit], picks: list[list[Unit]], was_held: bool
    ) -> Attempt:
        least = self.world.ledger.least(self.promotion, "uses", "uses_per_customer")
        if least is not None and least <= 0 and not self.world.has_used(self.promotion.id):
            return Attempt("limits")
        codes = codes_of(self.promotion, self.world.asked)
        if codes and not has_uses_left(codes[self.instance.application], self.world.asked):
            return Attempt("limits")
        if self.is_exhausted():
            return Attempt("limits")
        if fired.times == 0:
            return Attempt("no_effect", was_held=was_held)
        if self.free:
            return self.give(items, fired)
        if is_set(self.promotion):
            return self.reward_sets(fired, picks)
        return self.reward_units(items, fired, rewarded)

    def is_exhausted(self) -> bool:
        """§7: a limit that leaves no units, or a budget that leaves no money."""
        kinds = [] if self.benefit.kind in ("gift", "points", "award") else ["budget"]
        counted = self.world.counted_units(self.promotion.id, self.instance.application)
        refuses = self.promotion.limits is not None and self.promotion.limits.beyond == "refuse"
        kinds += ["stock", "per_customer"] if counts_units(self.benefit) and not counted and not refuses else []
        least = self.world.ledger.least(self.promotion, *kinds)
        return least is not None and least <= 0

    def give(self, items: list[Unit], fired: Fired) -> Attempt:
        """§4: free effects claim none; what they hold in a named group are the units of their items."""
        held = self.given(items)
        if items and not held:
            return Attempt("no_effect")
        found = Attempt(claimed=set(held), times=fired.times)
        if self.benefit.kind in ("deposit", "redeem_points"):
            return self.discount_free(found, self.free_turn(held, fired))
        found.presents = presents(self, held, fired.times)
        found.times = fired.times
        found.reason = "" if found.presents else "no_effect"
        return found

    def discount_free(self, found: Attempt, turn: Turn) -> Attempt:
        """A discount on all units; of a deposit, on those that limits admit."""
        if self.benefit.kind == "deposit":
            lowered = [unit for unit in turn.rewarded if self.lowers(unit, turn)]
            beyond = self.beyond(lowered)
            if lowered and len(beyond) == len(lowered):
                return Attempt("limits", beyond=True)
            turn.rewarded = [unit for unit in turn.rewarded if unit not in beyond]
            found.beyond = bool(beyond)
        return self.discounted(found, turn)

    def free_turn(self, held: list[Unit], fired: Fired) -> Turn:
        turn = self.turn(held, [], 1)
        if self.promotion.graduated and not is_set(self.promotion):
            turn = self.graduated(held, turn)
        return turn

    def reward_units(self, items: list[Unit], fired: Fired, rewarded: list[Unit]) -> Attempt:
        """Without sets: limits admit rewarded units in unit order (§7)."""
        turn = self.turn(rewarded, [], fired.times)
        measured = self.given(items)
        if self.promotion.graduated:
            turn = self.graduated(measured, turn)
        lowered = [unit for unit in turn.rewarded if self.lowers(unit, turn)]
        beyond = self.beyond(lowered)
        if lowered and len(beyond) == len(lowered):
            return Attempt("limits", beyond=bool(beyond))
        turn.rewarded = [unit for unit in turn.rewarded if unit not in beyond]
        found = self.discounted(Attempt(times=fired.times, beyond=bool(beyond)), turn)
        if self.own:
            found.claimed = set(turn.rewarded)
        elif is_measured(self.promotion) or self.is_spread():
            found.claimed = set(measured) - beyond
        else:
            found.claimed = {unit for unit, amount in found.cut.by_unit.items() if amount}
        return found

    def lowers(self, unit: Unit, turn: Turn) -> bool:
        if turn.graduated_spend is not None:
            return self.world.figures.floors.left(unit, self.stage) > 0
        if turn.benefit_of:
            return self.world.figures.lowers_one(self.promotion, turn.benefit_of[unit], unit, turn)
        return self.world.figures.would_lower(self.promotion, self.benefit, unit, turn)

    def is_spread(self) -> bool:
        """§3: the class spread: one figure over all rewarded units."""
        benefit = self.benefit
        if self.promotion.graduated:
            return self.promotion.trigger is not None and self.promotion.trigger.kind == "spend"
        if benefit.kind == "percent_off":
            return self.world.figures.once(benefit, self.stage)
        return benefit.kind == "total_price" or (benefit.kind == "amount_off" and benefit.per == "once")

    def beyond(self, lowered: list[Unit]) -> set[Unit]:
        """§7: units beyond a limit; or the whole line is regular."""
        most = self.world.ledger.least(self.promotion, "stock", "per_customer")
        if most is None:
            return set()
        counted = self.world.counted_units(self.promotion.id, self.instance.application)
        assert self.promotion.limits is not None
        over = [unit for unit in lowered if unit not in counted][max(0, most) :]
        if self.promotion.limits.beyond == "line_regular":
            rows = {unit.row for unit in over}
            return {unit for unit in lowered if unit.row in rows}
        return set(over)

    def graduated(self, measured: list[Unit], turn: Turn) -> Turn:
        """§3: the N-th unit in unit order has its own rung; for spend there is one figure."""
        world, promotion = self.world, self.promotion
        assert promotion.tiers is not None
        assert promotion.trigger is not None
        if promotion.trigger.kind == "spend":
            percents = [tier.benefit[0].percent for tier in promotion.tiers]
            turn.graduated_spend = world.measuring.graduated_figure(promotion, measured, self.stage, percents)
            return turn
        first = (world.measuring.measure(promotion, [], self.stage) or 0) + 1
        rungs = {
            unit: world.measuring.graduated_rung(promotion, first + index)
            for index, unit in enumerate(in_unit_order(measured))
        }
        turn.benefit_of = {unit: promotion.tiers[rung].benefit[0] for unit, rung in rungs.items() if rung is not None}
        turn.rewarded = [unit for unit in turn.rewarded if unit in turn.benefit_of]
        return turn

    def reward_sets(self, fired: Fired, picks: list[list[Unit]]) -> Attempt:
        """§3: a set that would save nothing is dissolved, and one that `max_units` leaves without rewarded units;
        §7: a limit admits sets.
        """
        most = self.world.ledger.least(self.promotion, "stock", "per_customer")
        if self.own:
            return self.reward_beside_sets(fired, picks, most)
        kept = self.dissolved(list(zip(fired.sets, picks, strict=True)))
        if not kept:
            return Attempt("no_effect")
        admitted = kept if most is None else kept[: max(0, most)]
        if not admitted:
            return Attempt("limits", beyond=True)
        if self.over_all_sets():
            formed = [each for each, _ in admitted]
            picks = self.picks_of(formed)
            bounded = self.bounded(unit for pick in picks for unit in pick)
            picks = [[unit for unit in pick if unit in bounded] for pick in picks]
            admitted = list(zip(formed, picks, strict=True))
        sets = [pick for _, pick in admitted]
        turn = self.turn((unit for units in sets for unit in units), sets, 1)
        found = Attempt(times=len(admitted), counted=len(admitted), beyond=len(admitted) < len(kept))
        found.claimed = {unit for formed, _ in admitted for part in formed for unit in part}
        return self.discounted(found, turn)

    def dissolved(self, pairs: list[tuple[FormedSet, list[Unit]]]) -> list[tuple[FormedSet, list[Unit]]]:
        """The sets that remain, with the rewarded units of each."""
        saving = [pair for pair in pairs if self.saves([unit for part in pair[0] for unit in part], pair[1])]
        kept = pairs if saving and self.over_all_sets() else saving
        bounded = self.bounded(unit for _, pick in kept for unit in pick)
        kept = [(formed, [unit for unit in pick if unit in bounded]) for formed, pick in kept]
        kept = kept if self.over_all_sets() else [pair for pair in kept if pair[1]]
        sets = [pick for _, pick in kept]
        turn = self.turn((unit for units in sets for unit in units), sets, 1)
        return kept if self.world.figures.cut(self.promotion, self.benefit, turn).total else []

    def reward_beside_sets(self, fired: Fired, picks: list[list[Unit]], most: int | None) -> Attempt:
        """§4: items of the reward's own: it claims only those it rewards."""
        if not any(picks):
            return Attempt("no_effect")
        number = len(fired.sets) if most is None else max(0, min(most, len(fired.sets)))
        if number == 0:
            return Attempt("limits", beyond=True)
        sets = picks[:number] if len(picks) == len(fired.sets) else picks
        turn = self.turn(self.bounded(unit for units in sets for unit in units), sets, 1)
        turn.sets = [[unit for unit in units if unit in turn.rewarded] for units in sets]
        found = Attempt(times=number, counted=number, beyond=number < len(fired.sets))
        found.claimed = set(turn.rewarded)
        return self.discounted(found, turn)

    def over_all_sets(self) -> bool:
        rewarded = getattr(self.benefit, "rewarded", None)
        return rewarded is not None and rewarded.over == "all_sets" and not self.own

    def saves(self, units: list[Unit], pick: list[Unit]) -> bool:
        """§3: whether a set would save anything: of a figure over many units, whether it has a part in it."""
        chosen = self.pick(units) if self.over_all_sets() else pick
        one = self.turn(chosen, [chosen], 1)
        if self.is_spread() or getattr(self.benefit, "per", None) == "line":
            return any(self.lowers(unit, one) for unit in chosen)
        return self.world.figures.cut(self.promotion, self.benefit, one).total > 0

    def discounted(self, found: Attempt, turn: Turn) -> Attempt:
        """The discount, within the budget (§7: refused, or cut)."""
        found.cut = self.cut(turn)
        if found.cut.total == 0:
            return Attempt("no_effect")
        room = self.world.ledger.least(self.promotion, "budget")
        if room is None or found.cut.total <= room:
            return found
        assert self.promotion.limits is not None
        if room <= 0 or self.promotion.limits.on_empty == "refuse":
            return Attempt("limits")
        turn.room = room
        found.cut = self.cut(turn)
        return found if found.cut.total else Attempt("limits")

    def cut(self, turn: Turn) -> Cut:
        figures, cart = self.world.figures, self.world.asked.cart
        if self.benefit.kind == "redeem_points":
            points = min(cart.points_to_redeem, cart.points_balance) - self.world.points_redeemed
            return figures.redeem(self.promotion, self.benefit, turn, max(0, points))
        return figures.cut(self.promotion, self.benefit, turn)


Selects = Callable[[Any, Unit], bool]
Percentages = list[Fraction]


def counts_units(benefit: Any) -> bool:
    """Whether a benefit rewards units, which is what `stock` and `per_customer` count."""
    return benefit.kind not in ("gift", "points", "award", "redeem_points")
