"""One member at its turn: what it would do to the units that it is given. Nothing is changed here.

The order is that of the rules: the units it is given; what its trigger measures and fires; the units it rewards; what
limits admit; the figures; what it claims. `fire` answers with what the trigger comes to, `act` with a `Change`; each
with an outcome where there is none.

Asked with `alone=True`, both answer as if no other member had claimed anything: that is how a refusal is told
apart from being barred.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from promoengine import plan
from promoengine.engine.bars import open_portions
from promoengine.engine.basket import Line, Portion, Run
from promoengine.engine.choice import Units as UnitCounts
from promoengine.engine.figures import Figured, Piece, SetUnits, Units, figure, total_of
from promoengine.engine.fired import ONCE, Fired
from promoengine.engine.gather import Instance
from promoengine.engine.gifts import gifts_of
from promoengine.engine.grants import Banded, banded, graduated_percent, graduated_units, grant_of, redeemed
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.reward import admitted, as_units, bounded, counts_of, first_units, lowers, picked, rewarded_sets
from promoengine.engine.rooms import Rooms
from promoengine.engine.sets import SetGroup, form_sets, form_worth_sets, places_filled
from promoengine.engine.state import State
from promoengine.engine.touched import item_lines, reward_lines
from promoengine.engine.triggers import fire, short_of
from promoengine.quote import Gift, Grant, Outcome, Shortfall
from promoengine.records import dataclass, field


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
    refusal: str = ""
    """What makes this an order that must not be placed: a gift that blocks, or units beyond a limit that refuses."""

    @property
    def amount_minor(self) -> int:
        return total_of(self.pieces)

    @property
    def has_effect(self) -> bool:
        return bool(self.gifts or self.grants or self.refusal) or self.amount_minor > 0


class Attempt:
    """One attempt of one member. A class only so that its steps share what they have found."""

    __slots__ = (
        "_alone",
        "_beyond",
        "_effect",
        "_given",
        "_index",
        "_instance",
        "_items",
        "_kept",
        "_picks",
        "_rule",
        "_sets",
        "_state",
        "_trigger",
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
        self._beyond = False
        self._items: list[Portion] | None = None
        self._given: list[Portion] | None = None
        self._picks: list[Portion] | None = None
        self._sets: tuple[list[SetUnits], list[SetGroup]] = ([], [])

    def lacks_items(self) -> bool:
        """Whether no unit is of the items; without `items`, a stage of shipping alone needs none."""
        if self.items():
            return False
        return self._state.stage.goods or self._instance.promotion.items.test is not None or self._trigger.per != "cart"

    def run(self, held: Fired | None) -> Change | Outcome | None:
        """The whole turn: the change, the refusal, or None where another rung acts. `held`: what the trigger came to at
        the turn of an earlier benefit.
        """
        fired = self.verdict(held)
        if isinstance(fired, Outcome):
            return fired
        return self.act(fired) if self._effect.tier in (-1, fired.tier) else None

    def only_changes(self) -> bool:
        """Whether it is known without trying that, once fired, it comes to a change that nothing refuses or limits."""
        straight, code = self._instance.promotion.straight, self._instance.code
        plain = straight is not None and straight.way in ("units", "spread")
        return plain and (code is None or code.uses_left != 0)

    # -- the trigger ------------------------------------------------------------------------

    def verdict(self, held: Fired | None) -> Fired | Outcome:
        """What the trigger came to, at the first benefit's turn, which holds for the others."""
        if self.lacks_items():
            return self._refused("items")
        return self.fire() if held is None else held

    def fire(self) -> Fired | Outcome:
        """What the trigger comes to at this benefit's turn."""
        if isinstance(self._trigger, plan.SetTrigger):
            return self._fire_sets()
        if not isinstance(self._trigger, plan.Threshold):
            return ONCE
        measured = _apart(self.items(), self._own_picks()) if self._has_own_items() else self._open_items()
        fired = fire(self._state, self._trigger, self._measured(measured))
        return self._refused("trigger", fired) if isinstance(fired, Shortfall) else fired

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

    def _fire_sets(self) -> Fired | Outcome:
        """How many sets there are, as far as limits admit them."""
        if self._has_own_items():
            return self._fire_sets_beside_picks()
        given = self._open_items()
        groups = self._form_sets(given, self._most_sets())
        if not groups:
            return self._refused("trigger", self._set_shortfall(given))
        if self._effect.effect_class is plan.Class.FREE:
            return Fired(times=_number(groups))
        self._sets = rewarded_sets(self._state, self._effect, given, groups, UNBOUNDED)
        sets = _number(self._sets[1])
        most = self._most_admitted(sets)
        if most < sets:
            self._sets = rewarded_sets(self._state, self._effect, given, groups, most)
        return Fired(times=min(sets, most))

    def _fire_sets_beside_picks(self) -> Fired | Outcome:
        """Picking and set forming alternate, so that a unit is either in a set or rewarded."""
        reachable = self._reachable()
        sets, self._picks = self._sets_and_picks(reachable, self._most_sets())
        if not sets:
            return self._refused("trigger", self._set_shortfall(_apart(self.items(), self._first_picks(reachable))))
        most = self._most_admitted(sets)
        if most < sets:
            sets, self._picks = self._sets_and_picks(reachable, most)
        return Fired(times=sets)

    def _most_admitted(self, sets: int) -> int:
        """How many of so many sets the limits admit."""
        units = self._state.limits.left(self._rule).units
        if sets > units and self._rule.limits.beyond == "refuse":
            self._beyond = True
            return sets
        return max(0, units)

    # -- limits -----------------------------------------------------------------------------

    def _exhausted(self) -> str:
        """The limit that has nothing left; empty where there is none. One that refuses the cart is asked last."""
        rule, code = self._rule, self._instance.code
        if code is not None and code.uses_left == 0:
            return "code"
        if rule.limits is plan.UNLIMITED:
            return ""
        left = self._state.limits.left(rule)
        if left.uses <= 0 and rule.index not in self._state.applied:
            return "uses"
        if left.budget_minor <= 0 and not isinstance(self._effect.action, (plan.Gift, plan.Grant)):
            return "budget"
        counts = self._effect.effect_class is not plan.Class.FREE or isinstance(self._effect.action, plan.Amount)
        return "units" if counts and left.units <= 0 and rule.limits.beyond != "refuse" else ""

    def _admit(self, rewarded: list[Portion]) -> list[Portion]:
        """What unit limits leave of the rewarded units."""
        limits = self._rule.limits
        if limits is plan.UNLIMITED:
            return rewarded
        units = self._state.limits.left(self._rule).units
        if limits.beyond == "refuse":
            self._beyond = self._beyond or sum([portion[5] for portion in rewarded]) > units
            return rewarded
        return admitted(rewarded, units, limits.beyond)

    # -- the effect -------------------------------------------------------------------------

    def act(self, fired: Fired) -> Change | Outcome:
        """The change, or the limit that leaves none."""
        exhausted = self._exhausted()
        if exhausted:
            return self._limited(exhausted)
        if not fired.times:
            return Change(fired)
        if self._effect.effect_class is plan.Class.FREE:
            return self._give(fired)
        if self._has_own_items():
            return self._reward_own_items(fired)
        if isinstance(self._trigger, plan.SetTrigger):
            return self._reward_sets(fired)
        action = self._effect.action
        if isinstance(action, plan.Graduated):
            return self._graduated(action, fired)
        given = self._open_items()
        rewarded = bounded(picked(given, self._effect.reward.pick), self._effect.reward.most)
        lowered = [portion for portion in rewarded if lowers(self._state, action, portion, fired.times)]
        kept = self._admit(lowered)
        if lowered and not kept:
            return self._limited("units")
        beyond = _apart(lowered, kept)
        units = as_units(_apart(rewarded, beyond))
        if isinstance(action, plan.GraduatedPercent):
            change = self._discounted(fired, partial(graduated_percent, action=action, units=units, fired=fired))
        else:
            change = self._discounted(fired, partial(figure, action=action, units=units, sets=[], times=fired.times))
        return self._claiming(change, _apart(given, beyond))

    def _graduated(self, action: plan.Graduated, fired: Fired) -> Change | Outcome:
        """A ladder counts all that it is given. Limits admit of the units that its rungs would lower."""
        given = self._open_items()
        covered = banded(action, given, fired.plus)
        covered = [each for each in covered if lowers(self._state, each[1], each[0])]
        lowered = [portion for portion, _ in covered]
        kept = self._admit(lowered)
        if lowered and not kept:
            return self._limited("units")
        change = self._discounted(fired, partial(graduated_units, units=_kept_bands(covered, kept)))
        return self._claiming(change, _apart(given, _apart(lowered, kept)))

    def _claiming(self, change: Change | Outcome, units: list[Portion]) -> Change | Outcome:
        """A spread, and any effect behind a measured trigger, claims all that it is given."""
        claims_all = self._effect.effect_class is plan.Class.SPREAD or isinstance(self._trigger, plan.Threshold)
        if claims_all and isinstance(change, Change):
            change.claimed = as_units(units)
        return change

    def _reward_sets(self, fired: Fired) -> Change | Outcome:
        rewarded, groups = self._sets
        # Sets are no repetition: an amount says by its own `per` whether it is for each set.
        figures = partial(figure, action=self._effect.action, units=_flattened(rewarded), sets=rewarded, times=1)
        change = self._discounted(fired, figures)
        if isinstance(change, Change):
            change.units_used = fired.times
            change.claimed = _claimed_by_sets(self._open_items(), groups)
        return change

    def _reward_own_items(self, fired: Fired) -> Change | Outcome:
        behind_sets = isinstance(self._trigger, plan.SetTrigger)
        picks = self._held_picks(fired.times) if behind_sets and self._picks is None else self._own_picks()
        if not picks and self._rewarded_own_items():
            return self._limited("units")
        times = 1 if behind_sets else fired.times
        units = as_units(picks)
        change = self._discounted(fired, partial(figure, action=self._effect.action, units=units, sets=[], times=times))
        if isinstance(change, Change):
            change.claimed = units
            change.units_used = fired.times if behind_sets else change.units_used
        return change

    def _give(self, fired: Fired) -> Change | Outcome:
        """A free effect rewards all units of its items that named groups leave it, claimed or not. It claims none, and
        holds these in named groups.
        """
        items = self._open_items()
        if self.items() and not items:
            return Change(fired)
        change = self._given_free(fired, items)
        if isinstance(change, Change):
            change.claimed = as_units(items)
        return change

    def _given_free(self, fired: Fired, items: list[Portion]) -> Change | Outcome:
        action, state = self._effect.action, self._state
        if isinstance(action, plan.Gift):
            gifts, missing = gifts_of(state, self._rule, action, fired.times)
            return Change(fired, gifts=gifts, refusal=missing)
        if isinstance(action, plan.Grant):
            grant = grant_of(state, self._rule, action, as_units(items), fired.times)
            return Change(fired, grants=[grant] if grant is not None else [])
        if isinstance(action, plan.Redeem):
            change = self._discounted(fired, partial(redeemed, action=action, units=as_units(items)))
            if isinstance(change, Change):
                change.units_used = 0
            return change
        lowered = [portion for portion in items if lowers(state, action, portion)]
        kept = self._admit(lowered)
        if lowered and not kept:
            return self._limited("units")
        return self._discounted(fired, partial(figure, action=action, units=as_units(kept), sets=[], times=1))

    def _discounted(self, fired: Fired, figures: Callable[[Rooms], Figured]) -> Change | Outcome:
        """The figures, cut where floors cut; a budget that they exceed refuses them, or cuts them as well."""
        state = self._state
        uncut = figured = figures(Rooms(state))
        if self._rule.limits is not plan.UNLIMITED:
            budget = state.limits.left(self._rule).budget_minor
            if total_of(figured.pieces) > budget:
                figured = figures(Rooms(state, budget)) if self._rule.limits.on_empty == "cut" else Figured([])
                if not total_of(figured.pieces):
                    return self._limited("budget")
        change = Change(fired, figured.pieces, unused_minor=figured.unused_minor, points=figured.points)
        change.claimed = [(line, run, count) for line, run, count, discount, _ in figured.pieces if discount]
        change.units_used = sum([count for _, _, count in change.claimed])
        if self._beyond and change.units_used:
            change.refusal = "units"
        if state.floors is not None:
            change.cut = self._cut_by_floors(figures, uncut)
        return change

    def _cut_by_floors(self, figures: Callable[[Rooms], Figured], figured: Figured) -> set[int]:
        """The lines that would have lost more without floors; budgets apart."""
        taken = _by_line(figured.pieces)
        floors, self._state.floors = self._state.floors, None
        without = figures(Rooms(self._state)).pieces
        self._state.floors = floors
        return {rank for rank, amount in _by_line(without).items() if amount > taken.get(rank, 0)}

    # -- the reward's own items -------------------------------------------------------------

    def _has_own_items(self) -> bool:
        return self._effect.reward.items is not None

    def _reachable(self) -> list[Portion]:
        """The units of the reward's own items that it is given and would lower."""
        state, action = self._state, self._effect.action
        return [portion for portion in self._open(self.reward_units()) if lowers(state, action, portion)]

    def _rewarded_own_items(self) -> list[Portion]:
        return bounded(picked(self._reachable(), self._effect.reward.pick), self._effect.reward.most)

    def _own_picks(self) -> list[Portion]:
        """The units that the reward picks out, as far as limits admit them."""
        if self._picks is None:
            self._picks = self._admit(self._rewarded_own_items())
        return self._picks

    def _held_picks(self, sets: int) -> list[Portion]:
        """What a later benefit of a list picks for sets that were formed before."""
        reachable, most = self._reachable(), self._effect.reward.most
        if most is not None and most.per_set is not None:
            reachable = first_units(reachable, most.per_set * sets)
        return bounded(reachable, most)

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
        picks = bounded(reachable, reward.most)
        return _number(self._form_sets(_apart(items, picks), most)), picks

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

    def _open_items(self) -> list[Portion]:
        """The units of the items that it is given."""
        if self._given is None:
            self._given = self._open(self.items())
        return self._given

    def _open(self, portions: list[Portion]) -> list[Portion]:
        """Those that no other member has claimed, that no named group closes, and that are not kept for others."""
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
            return short_of("spend", have, need, True)
        quantities = [part.quantity for part in self._trigger.parts]
        need = sum(quantities)
        have = places_filled([portion[5] for portion in portions], self._masks(portions), quantities)
        return short_of("sets", have, need, False)

    def _refused(self, reason: str, shortfall: Shortfall | None = None) -> Outcome:
        return Outcome(self._rule.id, reason, shortfall)  # type: ignore[arg-type]

    def _limited(self, detail: str) -> Outcome:
        return Outcome(self._rule.id, "limits", detail=detail)


def _number(groups: list[SetGroup]) -> int:
    """How many sets there are."""
    return sum([group.times for group in groups])


def _kept_bands(covered: list[Banded], kept: list[Portion]) -> list[Banded]:
    """The covered units that limits admitted: of each run the first."""
    left = counts_of(kept)
    found: list[Banded] = []
    for portion, band in covered:
        count = min(portion[5], left.get(id(portion[4]), 0))
        if count:
            left[id(portion[4])] -= count
            found.append(((*portion[:5], count), band))
    return found


def _by_line(pieces: list[Piece]) -> dict[int, int]:
    found: dict[int, int] = {}
    for line, _, count, discount, _ in pieces:
        found[line.rank] = found.get(line.rank, 0) + count * discount
    return found


def _apart(portions: list[Portion], picks: list[Portion]) -> list[Portion]:
    """The portions less the picked units of the same runs."""
    if not picks:
        return portions
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
