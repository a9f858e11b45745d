"""One member at its turn: what it would do to the units that it is given. Nothing is changed here.

The order is that of the rules: the units it is given; what its trigger measures and fires; the units it rewards; what
limits admit; the figures; what it claims. `attempt` answers with a `Change`, or with the outcome that says why not.

Asked with `alone=True`, it answers as if no other member had claimed anything: that is how a refusal is told
apart from being barred.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from promoengine import plan
from promoengine.engine.bars import open_portions
from promoengine.engine.basket import Line, Portion, Run
from promoengine.engine.choice import Units as UnitCounts
from promoengine.engine.figures import Figured, Piece, SetUnits, Units, figure, spread, total_of
from promoengine.engine.fired import ONCE, Fired
from promoengine.engine.gather import Instance
from promoengine.engine.gifts import gifts_of
from promoengine.engine.grants import graduated_percent, graduated_units, grant_of, redeemed
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.reward import (
    admitted,
    as_units,
    bounded,
    counts_of,
    first_units,
    lowers,
    picked,
    rewarded_sets,
)
from promoengine.engine.sets import SetGroup, form_sets, form_worth_sets, places_filled
from promoengine.engine.state import State
from promoengine.engine.touched import item_lines, reward_lines
from promoengine.engine.triggers import fire
from promoengine.engine.trims import trimmed
from promoengine.quote import Gift, Grant, Outcome, Shortfall


@dataclass(slots=True)
class Change:
    """What a member would do. `claimed` counts the claimed units of each run, by its identity."""

    fired: Fired
    pieces: list[Piece] = field(default_factory=list)
    claimed: list[Units] = field(default_factory=list)
    units_used: int = 0
    unused_minor: int = 0
    gifts: list[Gift] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    points: int = 0
    cut: set[int] = field(default_factory=set)
    """Ranks of lines on which a floor cut the figure."""
    budget_short: bool = False

    @property
    def amount_minor(self) -> int:
        return total_of(self.pieces)

    @property
    def has_effect(self) -> bool:
        return bool(self.gifts or self.grants) or self.amount_minor > 0


class Attempt:
    """One attempt of one member. A class only so that its steps share what they have found."""

    __slots__ = (
        "_admitted",
        "_alone",
        "_effect",
        "_index",
        "_instance",
        "_items",
        "_kept",
        "_rule",
        "_state",
        "_trigger",
        "fired",
    )

    def __init__(
        self, state: State, index: int, instance: Instance, *, alone: bool, kept: UnitCounts | None = None
    ) -> None:
        self._state = state
        self._index = index
        self._effect = state.bound.plan.effects[index]
        self._instance = instance
        self._rule = instance.promotion.rule
        self._trigger = self._rule.trigger
        self._alone = alone
        self._kept = kept
        self._items: list[Portion] | None = None
        self._admitted: dict[int, int] | None = None
        self.fired: Fired | None = None

    def run(self, held: Fired | None) -> Change | Outcome | None:
        """The change, the refusal, or None where another rung acts. `held`: what the trigger fired before."""
        if self._effect.effect_class is plan.Class.FREE:
            return self._free(held)
        if self._effect.reward.items is not None:
            return self._own_items(held)
        return self._of_items(held)

    # -- the three ways to units ------------------------------------------------------------

    def _of_items(self, held: Fired | None) -> Change | Outcome | None:
        """The reward is of the items themselves: all is measured, grouped and rewarded of what is given."""
        given = self._open(self.items())
        if not given:
            return self._refused("items")
        if isinstance(self._trigger, plan.SetTrigger):
            return self._of_sets(given)
        fired = self._fire(given, held)
        if not isinstance(fired, Fired):
            return fired
        action = self._effect.action
        if isinstance(action, (plan.Graduated, plan.GraduatedPercent)):
            return self._graduated(given, fired)
        rewarded = bounded(picked(given, self._effect.reward.pick), self._effect.reward.most)
        rewarded = [portion for portion in rewarded if lowers(self._state, action, portion, fired.times)]
        kept = self._admit(rewarded)
        if not isinstance(kept, list):
            return kept
        change = self._change(fired, as_units(kept), [])
        if self._effect.effect_class is plan.Class.SPREAD or isinstance(self._trigger, plan.Threshold):
            change.claimed = as_units(_apart(given, _apart(rewarded, kept)))
        return change

    def _of_sets(self, given: list[Portion]) -> Change | Outcome:
        """Sets are formed of what is given; those that save nothing are dissolved."""
        groups = self._form_sets(given, self._most_sets())
        if not groups:
            return self._refused("trigger", self._set_shortfall(given))
        rewarded, kept = rewarded_sets(self._state, self._effect, given, groups, UNBOUNDED)
        units_left = self._state.limits.left(self._rule).units
        count = sum([group.times for group in kept])
        if count > units_left:
            if self._rule.limits.beyond == "refuse" or units_left <= 0:
                return self._limit_refusal()
            rewarded, kept = rewarded_sets(self._state, self._effect, given, groups, units_left)
        self.fired = fired = Fired(times=sum([group.times for group in kept]))
        change = self._change(ONCE, _flattened(rewarded), rewarded)
        change.fired = fired
        change.units_used = fired.times
        change.claimed = _claimed_by_sets(given, kept)
        return change

    def _own_items(self, held: Fired | None) -> Change | Outcome | None:
        """The reward has items of its own: they are picked first, and all other units of the trigger's items are
        measured, claimed or not.
        """
        reward, action = self._effect.reward, self._effect.action
        reachable = [portion for portion in self._open(self.reward_units()) if lowers(self._state, action, portion)]
        items = self.items()
        if not items and self._instance.promotion.items.test is not None:
            return self._refused("items")
        if isinstance(self._trigger, plan.SetTrigger):
            return self._own_items_by_sets(reachable)
        rewarded = bounded(picked(reachable, reward.pick), reward.most)
        kept = self._admit(rewarded)
        fired = self._fire(_apart(items, kept if isinstance(kept, list) else []), held)
        if not isinstance(fired, Fired):
            return fired
        if not isinstance(kept, list):
            return kept
        change = self._change(fired, as_units(kept), [])
        change.claimed = as_units(kept)
        return change

    def _own_items_by_sets(self, reachable: list[Portion]) -> Change | Outcome:
        """Picking and set forming alternate, so that a unit is either in a set or rewarded."""
        limits, left = self._rule.limits, self._state.limits.left(self._rule).units
        sets, picks = self._sets_and_picks(reachable, self._most_sets())
        if not sets:
            return self._refused("trigger", self._set_shortfall(_apart(self.items(), self._first_picks(reachable))))
        if sets > left:
            if limits.beyond == "refuse" or left <= 0:
                return self._limit_refusal()
            sets, picks = self._sets_and_picks(reachable, left)
        self.fired = Fired(times=sets)
        change = self._change(ONCE, as_units(picks), [])
        change.fired = self.fired
        change.units_used = sets
        change.claimed = as_units(picks)
        return change

    def _first_picks(self, reachable: list[Portion]) -> list[Portion]:
        """The units that are set aside before a first set is formed."""
        reward = self._effect.reward
        if reward.most is not None and reward.most.per_set is not None:
            return first_units(reachable, reward.most.per_set)
        return bounded(reachable, reward.most)

    def _sets_and_picks(self, reachable: list[Portion], most: int) -> tuple[int, list[Portion]]:
        """How many sets fit beside what is picked, up to so many, and the picks."""
        reward, items = self._effect.reward, self.items()
        per_set = None if reward.most is None else reward.most.per_set
        if per_set is not None:
            sets, picks = self._sets_beside(items, reachable, per_set, most)
            return sets, bounded(picks, reward.most)
        picks = bounded(picked(reachable, reward.pick), reward.most)
        groups = self._form_sets(_apart(items, picks), most)
        return sum([group.times for group in groups]), picks

    def _sets_beside(
        self, items: list[Portion], reachable: list[Portion], per_set: int, most: int
    ) -> tuple[int, list[Portion]]:
        """How many sets fit, and what is picked beside them: the units of the first set are picked, the set is formed
        of the others, and so on while one fits and there is something left to pick.
        """
        sets, rest = 0, reachable
        picked_units: list[Portion] = []
        while sets < most:
            pick = first_units(rest, per_set)
            others = _apart(items, pick)
            groups = self._form_sets(others, 1)
            if not groups or (sets and not pick):
                break
            sets += 1
            picked_units.extend(pick)
            taken = [(*others[position][:5], count) for position, _, count in groups[0].takes]
            items = _apart(others, taken)
            rest = _apart(rest, [*pick, *taken])
        unpicked = _apart(reachable, picked_units)
        return sets, _apart(reachable, unpicked)  # in unit order, and each run once

    def _free(self, held: Fired | None) -> Change | Outcome | None:
        """A free effect measures and rewards all units of its items that named groups leave it, claimed or not, and
        claims none.
        """
        items = self._open(self.items())
        if not items and (self._instance.promotion.items.test is not None or self.items()):
            return self._refused("items")
        if held is None and isinstance(self._trigger, plan.SetTrigger):
            held = Fired(times=sum([group.times for group in self._form_sets(items, self._most_sets())]))
        if held is not None and not held.times:
            return self._refused("trigger", self._set_shortfall(items))
        fired = self._fire(items, held)
        if not isinstance(fired, Fired):
            return fired
        change = self._free_change(fired, items)
        if isinstance(change, Change):
            change.claimed = as_units(items)  # claims nothing, and holds these in named groups
        return change

    def _free_change(self, fired: Fired, items: list[Portion]) -> Change | Outcome:
        action, state = self._effect.action, self._state
        if isinstance(action, plan.Gift):
            found = gifts_of(state, self._rule, action, fired.times)
            return found if isinstance(found, Outcome) else Change(fired, gifts=found)
        if isinstance(action, plan.Grant):
            grant = grant_of(state, self._rule, action, as_units(items), fired.times)
            return Change(fired, grants=[grant] if grant is not None else [])
        if isinstance(action, plan.Redeem):
            return self._redeemed(fired, action, as_units(items))
        kept = self._admit([portion for portion in items if lowers(state, action, portion)])
        return self._change(fired, as_units(kept), []) if isinstance(kept, list) else kept

    def _redeemed(self, fired: Fired, action: plan.Redeem, units: list[Units]) -> Change:
        """Points as money: within a budget where it cuts, else refused where they exceed it."""
        budget = self._state.limits.left(self._rule).budget_minor
        cuts = self._rule.limits.on_empty == "cut"
        pieces, points = redeemed(self._state, action, units, budget if cuts else UNBOUNDED)
        if total_of(pieces) > budget:
            return Change(fired, budget_short=True)
        change = Change(fired, pieces, points=points, budget_short=cuts and budget <= 0)
        if self._state.floors is not None:
            change.cut = self._redeem_cut(action, units, pieces)
        return change

    def _redeem_cut(self, action: plan.Redeem, units: list[Units], pieces: list[Piece]) -> set[int]:
        """The lines on which points would have paid for more without floors."""
        state = self._state
        floors, state.floors = state.floors, None
        without, _ = redeemed(state, action, units, state.limits.left(self._rule).budget_minor)
        state.floors = floors
        taken = _by_line(pieces)
        return {rank for rank, amount in _by_line(without).items() if amount > taken.get(rank, 0)}

    # -- trigger, limits, figures -----------------------------------------------------------

    def _fire(self, portions: list[Portion], held: Fired | None) -> Fired | Outcome | None:
        """What the trigger fires; None where it fires another rung than this one."""
        fired: Fired | Shortfall
        if held is not None:
            fired = held
        elif isinstance(self._trigger, plan.Threshold):
            fired = fire(self._state, self._trigger, self._measured(portions))
        else:
            fired = ONCE
        if isinstance(fired, Shortfall):
            return self._refused("trigger", fired)
        self.fired = fired
        return fired if self._effect.tier in (-1, fired.tier) else None

    def _measured(self, portions: list[Portion]) -> list[Portion]:
        """Goods, and shipping where the measure says so."""
        assert isinstance(self._trigger, plan.Threshold)
        if self._trigger.measure.with_shipping:
            stage = self._state.stage
            if stage.goods:
                return portions
            return portions + self._state.portions(self._own_shipping(), None)
        return [portion for portion in portions if portion[3].goods]

    def _own_shipping(self) -> list[Line]:
        """The shipments of the instance: all of the cart's, or those that name the seller."""
        per, shipping = self._rule.trigger.per, self._state.basket.shipping
        if per == "seller":
            return [line for line in shipping if (line.seller or "") == self._instance.key]
        return shipping if per == "cart" else []

    def _admit(self, rewarded: list[Portion]) -> list[Portion] | Outcome:
        """What unit limits leave of the rewarded units; the refusal where they leave nothing."""
        limits = self._rule.limits
        if limits is plan.UNLIMITED:
            return rewarded
        units = self._state.limits.left(self._rule).units
        new = [portion for portion in rewarded if not self._is_counted(portion[4])]
        kept = admitted(new, units, limits.beyond)
        if len(new) < len(rewarded):
            kept = _apart(rewarded, _apart(new, kept))
        if rewarded and kept != rewarded and (limits.beyond == "refuse" or not kept):
            return self._limit_refusal()
        return kept

    def _is_counted(self, run: Run) -> bool:
        """Whether limits have counted these units: once for all benefits, and anew for each further code."""
        rule = self._rule
        if len(rule.effects) == 1 or (rule.codes is not None and rule.codes.per_cart > 1):
            return False
        return any([promotion == rule.index for promotion, _ in run.rewards])

    def _change(self, fired: Fired, units: list[Units], sets: list[SetUnits]) -> Change:
        """The figures of an action on rewarded units, cut where floors and budgets cut."""
        budget = self._state.limits.left(self._rule).budget_minor
        cuts = self._rule.limits.on_empty == "cut"
        figured = self._figured(fired, units, sets, budget if cuts else UNBOUNDED)
        pieces = trimmed(self._state, figured.pieces, budget if cuts else UNBOUNDED)
        asked = total_of(figured.pieces)
        if total_of(pieces) > budget:
            pieces = []
        used = sum([count for _, _, count, discount, _ in pieces if discount])
        counted = sum([count for _, run, count, discount, _ in pieces if discount and self._is_counted(run)])
        unused = 0
        if used and isinstance(self._effect.action, (plan.Amount, plan.Graduated)):
            unused = figured.unused_minor + (asked - total_of(pieces) if _is_amount(self._effect) else 0)
        change = Change(fired, pieces, units_used=used - counted, unused_minor=unused)
        change.budget_short = not used and (asked > budget or budget <= 0)
        change.claimed = [(line, run, count) for line, run, count, discount, _ in pieces if discount]
        if self._state.floors is not None:
            change.cut = self._cut_by_floors(fired, units, sets, figured)
        return change

    def _figured(self, fired: Fired, units: list[Units], sets: list[SetUnits], most_minor: int) -> Figured:
        action = self._effect.action
        if isinstance(action, plan.Graduated):
            return graduated_units(self._state, action, units, fired, self._admitted)
        if isinstance(action, plan.GraduatedPercent):
            amount = min(graduated_percent(action, fired), most_minor)
            return Figured(spread(self._state, amount, units, action.allocation))
        # Sets are no repetition: an amount says by its own `per` whether it is for each set.
        times = 1 if isinstance(self._trigger, plan.SetTrigger) else fired.times
        return figure(self._state, action, units, sets, times, most_minor)

    def _cut_by_floors(self, fired: Fired, units: list[Units], sets: list[SetUnits], figured: Figured) -> set[int]:
        """The lines that would have lost more without floors; budgets apart."""
        taken = _by_line(trimmed(self._state, figured.pieces, UNBOUNDED))
        floors, self._state.floors = self._state.floors, None
        without = self._figured(fired, units, sets, UNBOUNDED).pieces
        self._state.floors = floors
        return {rank for rank, amount in _by_line(without).items() if amount > taken.get(rank, 0)}

    def _graduated(self, given: list[Portion], fired: Fired) -> Change | Outcome:
        """A ladder counts all that it is given. Limits admit of the units that its rungs would lower."""
        by_unit = isinstance(self._effect.action, plan.Graduated)
        lowered = self._lowered_by_rungs(given, fired) if by_unit else self._with_room(given)
        kept = self._admit(lowered)
        if not isinstance(kept, list):
            return kept
        if kept != lowered:
            self._admitted = counts_of(kept)
        change = self._change(fired, as_units(given if by_unit else kept), [])
        change.claimed = as_units(_apart(given, _apart(lowered, kept)))
        return change

    def _lowered_by_rungs(self, given: list[Portion], fired: Fired) -> list[Portion]:
        assert isinstance(self._effect.action, plan.Graduated)
        portions = {id(portion[4]): portion for portion in given}
        pieces = graduated_units(self._state, self._effect.action, as_units(given), fired).pieces
        return [(*portions[id(run)][:5], count) for _, run, count, discount, _ in pieces if discount]

    def _with_room(self, given: list[Portion]) -> list[Portion]:
        return [portion for portion in given if self._state.left_of(portion[3], portion[4])]

    # -- units ------------------------------------------------------------------------------

    def items(self) -> list[Portion]:
        """All units of the items, in unit order, claimed or not."""
        if self._items is None:
            lines = item_lines(self._state.stage, self._instance)
            self._items = self._state.portions(lines, self._instance.promotion.items)
        return self._items

    def spread_units(self) -> list[Portion]:
        """The units by which a spread conflicts with another: those of its reward, claimed or not."""
        return self.items() if self._effect.reward.items is None else self.reward_units()

    def reward_units(self) -> list[Portion]:
        """All units of the reward's own items; none where it has none."""
        state = self._state
        lines = reward_lines(state.bound, state.basket, state.clock, self._index, self._instance)
        return [] if lines is None else state.portions(lines, self._instance.promotion.rewards[self._index])

    def _open(self, portions: list[Portion]) -> list[Portion]:
        """Those that no other member has claimed, and that no named group closes."""
        free = self._effect.effect_class is plan.Class.FREE
        if self._alone:
            return portions
        found = open_portions(self._state, self._rule, portions, free=free)
        return found if self._kept is None else _without_kept(found, self._kept)

    def _most_sets(self) -> int:
        assert isinstance(self._trigger, plan.SetTrigger)
        return self._trigger.max_times or UNBOUNDED

    def _form_sets(self, portions: list[Portion], most: int) -> list[SetGroup]:
        assert isinstance(self._trigger, plan.SetTrigger)
        if not self._trigger.cheapest_first:
            return self._form_sets_in_order(portions, most)
        groups = self._form_sets_in_order(portions[::-1], most)
        last = len(portions) - 1
        return [
            SetGroup(group.times, [(last - position, part, count) for position, part, count in group.takes])
            for group in groups
        ]

    def _form_sets_in_order(self, portions: list[Portion], most: int) -> list[SetGroup]:
        assert isinstance(self._trigger, plan.SetTrigger)
        supply = [portion[5] for portion in portions]
        if not self._trigger.parts:
            return form_worth_sets(supply, self._worths(portions), self._trigger.spend_minor, most)
        quantities = [part.quantity for part in self._trigger.parts]
        return form_sets(supply, self._masks(portions), quantities, most)

    def _worths(self, portions: list[Portion]) -> list[int]:
        """What a unit of each portion adds to the worth of a set."""
        assert isinstance(self._trigger, plan.SetTrigger)
        base = self._trigger.base
        return [self._state.base_of(portion[3], portion[4], base) for portion in portions]

    def _masks(self, portions: list[Portion]) -> list[int]:
        """Which parts of the set each portion fits, as a bit mask."""
        masks = []
        for portion in portions:
            mask = 0
            for bit, selection in enumerate(self._instance.promotion.parts):
                if selection.test is None or selection.test(portion[3], portion[4], self._state.clock):
                    mask |= 1 << bit
            masks.append(mask)
        return masks

    def _set_shortfall(self, portions: list[Portion]) -> Shortfall:
        """How many places a first set has, and how many of them can be filled at once; or what it must be worth, and
        what all units are.
        """
        assert isinstance(self._trigger, plan.SetTrigger)
        if not self._trigger.parts:
            need = self._trigger.spend_minor
            have = sum([worth * portion[5] for worth, portion in zip(self._worths(portions), portions, strict=True)])
            return Shortfall("spend", have, need, need - have, True)
        quantities = [part.quantity for part in self._trigger.parts]
        need = sum(quantities)
        have = places_filled([portion[5] for portion in portions], self._masks(portions), quantities)
        return Shortfall("sets", have, need, need - have, False)

    def _refused(self, reason: str, shortfall: Shortfall | None = None) -> Outcome:
        return Outcome(self._rule.id, reason, shortfall)  # type: ignore[arg-type]

    def _limit_refusal(self) -> Outcome:
        return Outcome(self._rule.id, "limits", detail="units")


def _is_amount(effect: plan.Effect) -> bool:
    """Only an amount has a face value, of which something can go unused."""
    actions = [effect.action]
    if isinstance(effect.action, plan.Graduated):
        actions = [action for _, action in effect.action.bands]
    return all([isinstance(action, plan.Amount) for action in actions])


def _by_line(pieces: list[Piece]) -> dict[int, int]:
    found: dict[int, int] = {}
    for line, _, count, discount, _ in pieces:
        found[line.rank] = found.get(line.rank, 0) + count * discount
    return found


def _apart(portions: list[Portion], picks: list[Portion]) -> list[Portion]:
    """The portions less the picked units of the same runs."""
    taken: dict[tuple[int, int], int] = {}
    for portion in picks:
        key = (portion[1], portion[2])
        taken[key] = taken.get(key, 0) + portion[5]
    found = []
    for portion in portions:
        key = (portion[1], portion[2])
        took = min(portion[5], taken.get(key, 0))
        if took:
            taken[key] -= took
        if took < portion[5]:
            found.append((*portion[:5], portion[5] - took))
    return found


def _without_kept(portions: list[Portion], kept: UnitCounts) -> list[Portion]:
    """The open units less those that the choice keeps for later members, the last of each origin."""
    found = []
    left = dict(kept)
    for portion in reversed(portions):
        key = (portion[1], portion[4].origin)
        away = min(portion[5], left.get(key, 0)) if portion[4].claim == -1 else 0
        if away:
            left[key] -= away
        if away < portion[5]:
            found.append((*portion[:5], portion[5] - away))
    return found[::-1]


def _flattened(sets: list[SetUnits]) -> list[Units]:
    """The rewarded units of all sets, each run once, in unit order of first appearance by price."""
    counts: dict[int, int] = {}
    first: dict[int, tuple[Line, Run]] = {}
    for group in sets:
        for line, run, count in group.units:
            counts[id(run)] = counts.get(id(run), 0) + count * group.times
            first[id(run)] = (line, run)
    units = [(line, run, counts[key]) for key, (line, run) in first.items()]
    units.sort(key=lambda each: (-each[1].price, each[0].rank))
    return units


def _claimed_by_sets(portions: list[Portion], groups: list[SetGroup]) -> list[Units]:
    """All units of the sets."""
    counts: dict[int, int] = {}
    for group in groups:
        for position, _, count in group.takes:
            counts[position] = counts.get(position, 0) + count * group.times
    return [(portions[position][3], portions[position][4], count) for position, count in sorted(counts.items())]
