"""§4 One member's turn: what it is given, what it measures, what it would reward, and what it would claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from promoengine.document import PromotionDocument

from .choices import withheld
from .eligibility import codes_of, has_uses_left
from .figures import Cut, Turn
from .members import Applied, Instance, Slot, has_own_items, is_free, is_measured, is_set, key_of, own_selector, per
from .presents import Presents, presents
from .triggers import Fired, FormedSet, Forming, Shortfall, covers, is_item, parts_select
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
    beyond: bool = False

    @property
    def has_effect(self) -> bool:
        """§4: any change of money, gift, points or award."""
        return not self.reason


class Attempting:
    """Makes attempts. `blind` ones see no claim of another member, as §6 tests triggers and limits."""

    def __init__(
        self,
        world: World,
        slot: Slot,
        instance: Instance,
        applied: list[Applied],
        *,
        blind: bool,
        withholds: bool = True,
    ) -> None:
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
        self.withheld = withheld(world, slot) if withholds and not blind else set()

    # -- which units --------------------------------------------------------------------------

    def covered(self) -> list[Unit]:
        """§4: what the stage covers; in a stage of shipping alone the promotion's items select goods."""
        goods, shipping = covers(self.world.document, self.stage)
        return [unit for unit in self.world.units if unit.is_goods or (goods and shipping)]

    def measured_shipping(self) -> list[Unit]:
        """§4: in a stage of shipping alone `with_shipping` adds the selected options of the instance."""
        goods, _ = covers(self.world.document, self.stage)
        if goods or not getattr(self.promotion.trigger, "with_shipping", None):
            return []
        shipping = [unit for unit in self.world.units if not unit.is_goods]
        each = per(self.promotion)
        if each == "seller":
            return [unit for unit in shipping if key_of(unit, each) == self.instance.key]
        return shipping if each == "cart" else []

    def items(self) -> list[Unit]:
        """The units of the promotion's items in this instance, which do not change while a stage lasts."""
        known = self.world.items_of
        key = self.promotion.id, self.stage, self.instance.key
        if key not in known:
            known[key] = [
                unit
                for unit in self.covered()
                if is_item(self.world.selecting, self.promotion, unit, self.stage)
                and key_of(unit, per(self.promotion)) == self.instance.key
            ]
        return known[key]

    def any_unit_will_do(self) -> bool:
        """§6: in a stage of shipping alone a promotion without `items` has any unit, a shipping option too."""
        goods, _ = covers(self.world.document, self.stage)
        without = self.promotion.items is None and not parts_select(self.promotion.trigger)
        return not goods and without and per(self.promotion) == "cart" and bool(self.world.units)

    def stacks(self) -> bool:
        return self.world.document.stages[self.stage].stacking == "all"

    def is_taken(self, unit: Unit) -> bool:
        """§4: claimed by an earlier member of the stage, kept for a later one, or full in a named group."""
        if self.blind:
            return False
        if unit in self.withheld:
            return True
        claimed = not self.stacks() and not self.free and self.world.claimers(unit, self.stage, self.promotion.id)
        return bool(claimed) or self.full_group(unit)

    def full_group(self, unit: Unit) -> bool:
        """§4: named groups work the same way with their own scope and at most n members; one of the cart bars the
        member, and takes no units away.
        """
        return any(
            len(self.world.holders(name, unit, self.promotion.id)) >= self.world.group(name).at_most
            for name in self.promotion.groups or ()
            if self.world.group(name).scope != "cart"
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

    def bounded(self, units: Iterable[Unit], before: Sequence[Unit] = ()) -> list[Unit]:
        """§3: `max_units` bounds them, in unit order, after those of the sets before."""
        found = list(before)
        per_line, per_cart = self.most("per_line"), self.most("per_cart")
        for unit in in_unit_order(units):
            on_line = sum(each.row == unit.row for each in found)
            if (per_line is None or on_line < per_line) and (per_cart is None or len(found) < per_cart):
                found.append(unit)
        return found[len(before) :]

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

    def fire(self) -> Fired:
        """The trigger's verdict at this benefit's turn, which holds for the rest of a list and for all rungs (§3)."""
        items = self.items()
        if is_set(self.promotion):
            return self.fire_set(items)
        picked = self.own_picks() if self.own else []
        measured = self.measured_units(items, picked)
        return self.world.measuring.fire(self.promotion, [*measured, *self.measured_shipping()], self.stage)

    def own_picks(self) -> list[Unit]:
        """The units that a reward of its own picks out, as far as limits admit them."""
        picked = self.bounded(self.pick(self.reward_candidates()))
        beyond = set() if self.refuses_beyond() else self.beyond(picked)
        return [unit for unit in picked if unit not in beyond]

    def fire_set(self, items: list[Unit]) -> Fired:
        """§3: sets, formed one by one while one fits; then some are dissolved; §7: a limit admits sets."""
        trigger: Any = self.promotion.trigger
        if self.own:
            formed, picks = self.sets_beside_picks(items)
        else:
            formed = self.forming().all(self.given(items), trigger.max_times)
            picks = []
        if not formed:
            apart = {unit for pick in picks for unit in pick}
            return Fired(False, shortfall=self.set_shortfall([unit for unit in items if unit not in apart]))
        if self.free:
            return Fired(True, len(formed), sets=formed)
        pairs = [(one, []) for one in formed] if self.own else self.dissolved(formed)
        number, most = len(pairs), self.world.ledger.least(self.promotion, "stock", "per_customer")
        admitted = number if most is None or self.refuses_beyond() else max(0, min(number, most))
        if self.own:
            picks = picks[:admitted] if len(picks) == number and self.most("per_set") is not None else picks
        elif self.over_all_sets():
            pairs = self.picked_over_all([each for each, _ in pairs[:admitted]])
        fired = Fired(True, admitted, sets=[each for each, _ in pairs[:admitted]])
        fired.picks = picks if self.own else [pick for _, pick in pairs[:admitted]]
        fired.beyond = most is not None and number > most
        return fired

    def set_shortfall(self, items: list[Unit]) -> Shortfall:
        """§6: how far the units are from one set."""
        return self.forming().shortfall(items if self.own else self.given(items))

    def dissolved(self, formed: list[FormedSet]) -> list[tuple[FormedSet, list[Unit]]]:
        """§3: the sets that remain, with the rewarded units of each: one by one `max_units` bounds them, and a set that
        then saves nothing is dissolved.
        """
        if self.over_all_sets():
            return self.picked_over_all(formed)
        found: list[tuple[FormedSet, list[Unit]]] = []
        for parts in formed:
            units = [unit for part in parts for unit in part]
            pick = units if self.benefit.kind == "set_price" else self.pick(units, parts)[: self.most("per_set")]
            bounded = self.bounded(pick, [unit for _, before in found for unit in before])
            if self.saves(bounded):
                found.append((parts, bounded))
        return found

    def picked_over_all(self, formed: list[FormedSet]) -> list[tuple[FormedSet, list[Unit]]]:
        """§3: `over: all_sets` picks that many per set among all grouped units."""
        chosen = self.pick((unit for parts in formed for part in parts for unit in part), times=len(formed))
        chosen = self.bounded(chosen)
        pairs = [(parts, [unit for part in parts for unit in part if unit in chosen]) for parts in formed]
        return pairs if self.saves(chosen) else []

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

    def rest_of_sets(self, held: Fired) -> list[list[Unit]]:
        """§3: for a later benefit of a list the number of sets holds; it picks for that many."""
        per_set = self.most("per_set")
        picked = self.reward_candidates()
        return [self.bounded(picked if per_set is None else picked[: per_set * held.times])]

    # -- the whole turn -----------------------------------------------------------------------

    def lacks_items(self) -> bool:
        return not self.items() and not self.any_unit_will_do()

    def wanted_and_taken(self) -> set[Unit]:
        """The units that it wants and others have claimed."""
        return {unit for unit in (self.reward_pool() if self.own else self.items()) if self.is_taken(unit)}

    def reward(self, fired: Fired) -> Attempt:
        """§6: limits, and at last whether there is an effect."""
        least = self.world.ledger.least(self.promotion, "uses", "uses_per_customer")
        if least is not None and least <= 0 and not self.world.has_used(self.promotion.id):
            return Attempt("limits")
        codes = codes_of(self.promotion, self.world.asked)
        if codes and not has_uses_left(codes[self.instance.application], self.world.asked):
            return Attempt("limits")
        if self.is_exhausted():
            return Attempt("limits")
        if fired.times == 0:
            return Attempt("no_effect")
        if self.free:
            return self.give(self.items(), fired)
        if is_set(self.promotion):
            return self.reward_sets(fired)
        return self.reward_units(fired)

    def refuses_beyond(self) -> bool:
        return self.promotion.limits is not None and self.promotion.limits.beyond == "refuse"

    def is_exhausted(self) -> bool:
        """§7: a limit that leaves no units, or a budget that leaves no money."""
        kinds = [] if self.benefit.kind in ("gift", "points", "award") else ["budget"]
        kinds += ["stock", "per_customer"] if counts_units(self.benefit) and not self.refuses_beyond() else []
        least = self.world.ledger.least(self.promotion, *kinds)
        return least is not None and least <= 0

    def give(self, items: list[Unit], fired: Fired) -> Attempt:
        """§4: free effects claim none; what they hold in a named group are the units of their items."""
        held = self.given(items)
        if items and not held:
            return Attempt("no_effect")
        found = Attempt(claimed=set(held), times=fired.times)
        if self.benefit.kind in ("deposit", "redeem_points"):
            return self.discount_free(found, self.turn(held, [], 1))
        found.presents = presents(self, held, fired.times)
        found.times = fired.times
        found.reason = "" if found.presents else "no_effect"
        return found

    def discount_free(self, found: Attempt, turn: Turn) -> Attempt:
        """A discount on all units; of a deposit, on those that limits admit."""
        if self.benefit.kind == "deposit":
            return self.within_limits(Attempt(times=found.times, claimed=found.claimed), turn)[0]
        return self.discounted(found, turn)

    def within_limits(self, found: Attempt, turn: Turn) -> tuple[Attempt, set[Unit]]:
        """§7: limits admit the units that would be lowered, in unit order; and those beyond them."""
        lowered = [unit for unit in turn.rewarded if self.lowers(unit, turn)]
        beyond = self.beyond(lowered)
        found.beyond = bool(beyond)
        if self.refuses_beyond():
            return self.discounted(found, turn), set()
        if lowered and len(beyond) == len(lowered):
            return Attempt("limits"), beyond
        turn.rewarded = [unit for unit in turn.rewarded if unit not in beyond]
        return self.discounted(found, turn), beyond

    def reward_units(self, fired: Fired) -> Attempt:
        """Without sets."""
        measured = self.given(self.items())
        rewarded = self.bounded(self.pick(self.reward_candidates() if self.own else measured))
        turn = self.turn(rewarded, [], fired.times)
        if self.promotion.graduated:
            turn = self.graduated(measured, turn)
        found, beyond = self.within_limits(Attempt(times=fired.times), turn)
        if self.own:
            found.claimed = set(turn.rewarded)
        elif is_measured(self.promotion) or self.is_spread():
            found.claimed = set(measured) - beyond
        else:
            found.claimed = {unit for unit, amount in found.cut.by_unit.items() if amount}
        return found

    def lowers(self, unit: Unit, turn: Turn) -> bool:
        if turn.graduated_spend is not None:
            return self.world.figures.reach(unit, turn) > 0
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
        assert self.promotion.limits is not None
        over = lowered[max(0, most) :]
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

    def reward_sets(self, fired: Fired) -> Attempt:
        """§4: the units of the sets are claimed; of items of the reward's own, those that it rewards."""
        sets = self.rest_of_sets(fired) if fired.picks is None else fired.picks
        turn = self.turn(self.bounded(unit for units in sets for unit in units), sets, 1)
        turn.sets = [[unit for unit in units if unit in turn.rewarded] for units in sets]
        found = Attempt(times=fired.times, counted=fired.times, beyond=fired.beyond)
        found.claimed = {unit for formed in fired.sets for part in formed for unit in part}
        if self.own:
            found.claimed = set(turn.rewarded)
        return self.discounted(found, turn)

    def over_all_sets(self) -> bool:
        rewarded = getattr(self.benefit, "rewarded", None)
        return rewarded is not None and rewarded.over == "all_sets" and not self.own

    def saves(self, rewarded: list[Unit]) -> bool:
        """§3: whether a set by itself would save anything: of a figure over many units, whether it has a part in it."""
        one = self.turn(rewarded, [rewarded], 1)
        if self.benefit.kind == "set_price" or getattr(self.benefit, "per", None) == "set":
            return self.world.figures.cut(self.promotion, self.benefit, one).total > 0
        return any(self.lowers(unit, one) for unit in rewarded)

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
