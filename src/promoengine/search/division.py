"""Division by counting: who is given which unit, where units are shared out one by one.

**The problem.** Several members of one stage and one number want the same units: pair deals, any three for a price, ten
percent off each. Each unit goes to one of them or to none, and a set is worth something only when it is full. What is
sought is the division after which the stage costs least.

**The method.** Units stand in unit order, dearest first, and every set takes its units in that order; so while walking
the order it is enough to know how full each member's open set is. That is the state; for each state the best value
so far is kept. Two pair deals have four states, however many units there are.

20, 20, 15, 5 under "the second at half price" (D1) and "a pair 20 % off" (D2): D2 opens with the first 20 and is
filled by the second (-8); D1 opens with 15 and is filled by 5 (-2.50)? Or D1 takes 20 and 20 (-10), D2 the rest (-4):
46.00. Greedy by promotion gives D1 both pairs (-12.50); by dearest first likewise.

**What a unit may do.** It goes to a member that it fits, or to nobody. To nobody only if no open set waits for it,
since a set takes the first unit that fits; and then nobody whom it fits takes a later one either, for the same reason.
(That last is watched only where a later unit may save more at the same place, as when a percentage is of the list
price. Elsewhere taking the earlier one saves no less and comes first in a tie, so the best division never skips it.)
A member that takes units one by one takes each that it is given, so where it lowers one, the unit cannot go to nobody.

**What need not be walked.** A set's gain is shared over its units, so that each unit has a credit, the best that any
member could make of it; an open set may bring a little more than the credits of the units that it waits for. A state
whose value, credits still to come and open sets cannot come up to a division already known is dropped. To know a good
one soon, the first walk keeps only the few most hopeful states of each unit, the next ones more, and the last all.
What was dropped of them says how much any division can save at most: often that is what the best one found saves.

**Ties** are broken by counting too: the value of a state carries, below the gain, one digit for each member and run,
the count of units given, first member first, dearest run first. The greatest value is then the division that comes
first, and its digits say what it is. No path is remembered.
"""

from __future__ import annotations

import heapq
import math
from itertools import combinations, pairwise

from promoengine import plan
from promoengine.engine.basket import Portion
from promoengine.engine.figures import figure
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.rooms import Rooms
from promoengine.engine.state import State
from promoengine.engine.touched import item_lines
from promoengine.records import dataclass, field
from promoengine.search.members import Member, UnitKey, share_lines


@dataclass(slots=True)
class Division:
    """How many units of which run each member is given, by its place among those asked; None where they cannot all
    act, or where none was found yet. The moves it took; and where that was more than it may take, so that this is only
    the best found, `cut_off`. No division saves more than `most_minor`.
    """

    given: list[dict[UnitKey, int]] | None
    nodes: int
    cut_off: bool
    most_minor: int


@dataclass(slots=True)
class _Taker:
    """How a member takes units: in sets of `size` (1: one by one), at most so many.

    `gains[run]` says what the unit at each place of a set saves, None where the run does not fit; `full_minor` what
    a full set saves besides. `is_even`: at each place, a unit that comes later in the order saves no more. `is_last`:
    it is the last places of a set that save.
    """

    size: int
    most: int
    gains: list[list[int] | None]
    full_minor: int
    optional: bool
    is_even: bool = field(init=False)
    is_last: bool = field(init=False)

    def __post_init__(self) -> None:
        found = [gains for gains in self.gains if gains is not None]
        self.is_even = not any(
            [later > gain for first, second in pairwise(found) for gain, later in zip(first, second, strict=True)]
        )
        self.is_last = self.is_even and not any([gain > later for gains in found for gain, later in pairwise(gains)])


def divisible(state: State, members: list[Member]) -> bool:
    """Whether every one of the members takes units in a way that can be counted."""
    floors = state.floors
    if floors is not None and (floors.lines or floors.goods_minor):
        return False
    if any([share_lines(first, second) for first, second in combinations(members, 2)]):
        return False
    return all([_is_countable(state, member) for member in members])


def _is_countable(state: State, member: Member) -> bool:
    rule, effect = member.rule, state.bound.plan.effects[member.effects[0]]
    reward, trigger = effect.reward, rule.trigger
    if len(member.effects) > 1 or reward.items is not None or rule.limits is not plan.UNLIMITED or rule.groups:
        return False
    if rule.exclusive or rule.stop or not member.claims:
        return False
    if isinstance(trigger, plan.Unconditional):
        return reward.pick is None and reward.most is None and _is_by_unit(effect.action)
    if not isinstance(trigger, plan.SetTrigger) or len(trigger.parts) != 1 or trigger.cheapest_first:
        return False
    pick, most = reward.pick, reward.most
    if (pick is not None and (pick.over_all_sets or pick.kind == "part")) or (most is not None and most.per_cart):
        return False
    if most is not None and most.per_line is not None:
        return False
    if isinstance(effect.action, plan.SetPrice):
        return pick is None and most is None and state.floors is None
    return _is_by_unit(effect.action)


def _is_by_unit(action: plan.Action) -> bool:
    if isinstance(action, plan.Percent):
        return not action.spread and action.rounding.at == "unit"
    return isinstance(action, plan.UnitPrice) or (isinstance(action, plan.Amount) and action.each == "unit")


def divide(state: State, members: list[Member], *, all_act: bool, max_nodes: int) -> Division:
    """The best division among members that are `divisible`, in the total order, as a stage begins.

    `all_act`: each of them must get something.
    """
    portions = _portions(state, members)
    takers = [_taker(state, member, portions) for member in members]
    counting = _Counting(takers, [portion[5] for portion in portions], all_act, max_nodes)
    found = counting.run()
    keys = [(portion[1], portion[4].origin) for portion in portions]
    given: list[dict[UnitKey, int]] | None = None
    if found is not None:
        given = [{keys[run]: count for run, count in enumerate(counts) if count} for counts in found]
    return Division(given, counting.nodes, counting.cut_off, counting.most_minor)


def _portions(state: State, members: list[Member]) -> list[Portion]:
    """All units that any of the members may want, in unit order."""
    stage = state.bound.plan.stages[members[0].stage]
    lines = {line.rank: line for member in members for line in item_lines(stage, member.instance)}
    return state.portions([lines[rank] for rank in sorted(lines)], None)


def _taker(state: State, member: Member, portions: list[Portion]) -> _Taker:
    effect = state.bound.plan.effects[member.effects[0]]
    trigger, action = member.rule.trigger, effect.action
    size, most = 1, UNBOUNDED
    if isinstance(trigger, plan.SetTrigger):
        size, most = trigger.parts[0].quantity, trigger.max_times or UNBOUNDED
    places = _rewarded_places(effect.reward, size)
    gains: list[list[int] | None] = []
    for portion in portions:
        if not _fits(state, member, portion):
            gains.append(None)
            continue
        saved = portion[4].price if isinstance(action, plan.SetPrice) else _saved(state, action, portion)
        gains.append([saved if place in places else 0 for place in range(size)])
        if size == 1 and not saved:
            gains[-1] = None
    full = -action.price_minor if isinstance(action, plan.SetPrice) else 0
    return _Taker(size, most, gains, full, member.optional)


def _fits(state: State, member: Member, portion: Portion) -> bool:
    promotion, line, run = member.instance.promotion, portion[3], portion[4]
    if line not in member.instance.lines:
        return False
    tests = [promotion.items.test, *[part.test for part in promotion.parts]]
    return all([test is None or test(line, run, state.clock) for test in tests])


def _saved(state: State, action: plan.Action, portion: Portion) -> int:
    pieces = figure(Rooms(state), action, [(portion[3], portion[4], 1)], [], 1).pieces
    return pieces[0][3] if pieces else 0


def _rewarded_places(reward: plan.Reward, size: int) -> range:
    """The places of a set, dearest first, whose units are rewarded."""
    places, pick = range(size), reward.pick
    if pick is not None and pick.kind == "cheapest":
        places = range(max(0, size - pick.number), size)
    elif pick is not None and pick.kind == "dearest":
        places = range(min(size, pick.number))
    elif pick is not None:
        places = range(pick.number - 1, min(size, pick.number))
    most = None if reward.most is None else reward.most.per_set
    return places if most is None else places[:most]


_States = dict[int, int]
"""The best value of each state. A state packs, for each member: how full its open set is; how many sets it has formed,
where they are bounded; whether it is closed, and whether it has acted, where that matters.
"""

_Move = tuple[int, int, int, int, int, int, int, list[int]]
"""What giving a unit to a member does: `(fill, mask of a fill, last place, sets, most sets, closed, acted, values)`;
the first and the fourth are the low bits of their fields, the last three but the values flags or 0.
"""

_Hopes = list[tuple[int, int, list[int]]]
"""For each member `(fill, mask of a fill, hopes)`: by how full its set is, what that may yet bring."""

_WIDTHS = (8, 32, 128, UNBOUNDED)
"""So many states of each unit are kept on the first walk, the next, and the last, if it comes to that."""


class _Counting:
    """The walk over the units."""

    def __init__(self, takers: list[_Taker], counts: list[int], all_act: bool, max_nodes: int) -> None:
        self._takers = takers
        self._counts = counts
        self._max_nodes = max_nodes
        self.nodes = 0
        self.cut_off = False
        self.most_minor = UNBOUNDED
        self._closes = any([taker.size > 1 and not taker.is_even for taker in takers])
        self._watched = [all_act or taker.optional for taker in takers]
        self._fields = self._packed()
        flags = [acted for *_, acted in self._fields]
        self._all_of = sum(flags) if all_act else 0
        self._optional = sum([flag for flag, taker in zip(flags, takers, strict=True) if taker.optional])
        self._weights, self._scale = self._digits()
        self._minor = self._scale * (len(takers) + 1)
        self._shares = math.lcm(*[taker.size for taker in takers])

    def _packed(self) -> list[tuple[int, int, int, int, int, int]]:
        """A move's first fields but the last place, and its flags, for each member; the lowest bits first."""
        found, low = [], 0
        for taker, watched in zip(self._takers, self._watched, strict=True):
            most = 0 if taker.most * taker.size >= sum(self._counts) else taker.most
            sets = low + (taker.size - 1).bit_length()
            closed = sets + most.bit_length()
            acted = closed + self._closes
            mask = (1 << (taker.size - 1).bit_length()) - 1
            found.append((low, mask, sets, most, self._closes << closed, watched << acted))
            low = acted + watched
        return found

    def _digits(self) -> tuple[list[list[int]], int]:
        """The worth of one unit of each run given to each member, and that of one member less that need not act."""
        weights = [[0] * len(self._counts) for _ in self._takers]
        weight = 1
        for taker in reversed(range(len(self._takers))):
            for run in reversed(range(len(self._counts))):
                weights[taker][run] = weight
                weight *= self._counts[run] + 1
        return weights, weight

    def run(self) -> list[list[int]] | None:
        """How many units of each run each taker is given."""
        moves = [self._moves(run) for run in range(len(self._counts))]
        credits = [self._credit(run) for run in range(len(self._counts))]
        hopes = [self._hopes(run) for run in range(len(self._counts))]
        self._expect(sum([credit * count for credit, count in zip(credits, self._counts, strict=True)]))
        best: int | None = None
        bar = 0
        for width in _WIDTHS:
            states, dropped = self._walk(moves, credits, hopes, bar, width)
            if self.nodes > self._max_nodes:
                self.cut_off = True
                break
            best = max(filter(None, [best, self._best(states)]), default=None)
            bar = 0 if best is None else (best + self._minor - self._scale) // self._minor * self._minor
            if dropped < bar or width == UNBOUNDED:
                break
            self._expect(max(bar, dropped))
        return None if best is None else self._counted(best % self._scale)

    def _expect(self, value: int) -> None:
        """Note that no division comes to a greater value, ties apart."""
        self.most_minor = min(self.most_minor, (value + self._minor - 1) // (self._minor * self._shares))

    def _walk(
        self, moves: list[list[_Move]], credits: list[int], hopes: list[_Hopes], bar: int, width: int
    ) -> tuple[_States, int]:
        """The states at the end. Those that cannot come up to the bar are dropped; and all but the most hopeful, where
        they are too many: to what these may come at most.
        """
        states: _States = {0: 0}
        ahead = sum([credit * count for credit, count in zip(credits, self._counts, strict=True)])
        dropped = -1
        for run, count in enumerate(self._counts):
            for _ in range(count):
                if len(states) > _WIDTHS[0]:
                    hopeful = _hopeful(states, hopes[run], bar - ahead)
                    if len(hopeful) > width:
                        hopeful = heapq.nsmallest(width + 1, hopeful)
                        dropped = max(dropped, ahead - hopeful.pop()[0])
                    states = {state: value for _, state, value in hopeful}
                self.nodes += len(states) * (1 + len(moves[run]))
                if self.nodes > self._max_nodes:
                    return {}, dropped
                states = _step(states, moves[run])
                ahead -= credits[run]
        return states, dropped

    def _moves(self, run: int) -> list[_Move]:
        """Whom a unit of a run may go to, and what that is worth, by how full the set is."""
        found = []
        for taker, places, weights in zip(self._takers, self._fields, self._weights, strict=True):
            gains = taker.gains[run]
            if gains is not None:
                gains = [*gains[:-1], gains[-1] + taker.full_minor]
                values = [gain * self._shares * self._minor + weights[run] for gain in gains]
                low, mask, sets, most, closed, acted = places
                found.append((low, mask, taker.size - 1, sets, most, closed, acted, values))
        return found

    def _credit(self, run: int) -> int:
        """What a unit of a run brings at most, whoever has it, where each set's gain is shared over its units."""
        return max([0, *[_share(taker, run, self._shares) * self._minor for taker in self._takers if taker.gains[run]]])

    def _hopes(self, run: int) -> _Hopes:
        """What open sets may bring beyond the credits of the units still to come, from a run on."""
        found = []
        for taker, (low, mask, *_) in zip(self._takers, self._fields, strict=True):
            ahead = next((each for each in range(run, len(self._counts)) if taker.gains[each] is not None), None)
            hopes = [0, *[self._hope(taker, ahead, fill) * self._minor for fill in range(1, taker.size)]]
            found.append((low, mask, hopes))
        return found

    def _hope(self, taker: _Taker, ahead: int | None, fill: int) -> int:
        gains = None if ahead is None else taker.gains[ahead]
        if ahead is None or gains is None:
            return -self._shares * UNBOUNDED
        if not taker.is_last:
            return taker.full_minor * self._shares * fill // taker.size
        to_come = (sum(gains[fill:]) + taker.full_minor) * self._shares
        return to_come - (taker.size - fill) * _share(taker, ahead, self._shares)

    def _best(self, states: _States) -> int | None:
        """The best value of the states in which no set is left half full."""
        fills = sum([mask << low for low, mask, *_ in self._fields])
        best: int | None = None
        for state, value in states.items():
            if state & fills or state & self._all_of != self._all_of:
                continue
            value -= (state & self._optional).bit_count() * self._scale
            if best is None or value > best:
                best = value
        return best

    def _counted(self, digits: int) -> list[list[int]]:
        found = []
        for weights in self._weights:
            counts = []
            for weight in weights:
                counts.append(digits // weight)
                digits %= weight
            found.append(counts)
        return found


def _step(states: _States, moves: list[_Move]) -> _States:
    """One unit: every state, whoever it goes to."""
    found: _States = {}
    for state, value in states.items():
        nobody, waits = True, 0
        for low, mask, last, sets, most, closed, acted, values in moves:
            if state & closed or (most and state >> sets & (1 << most.bit_length()) - 1 >= most):
                continue
            fill = state >> low & mask
            waits |= closed
            if fill or not last:
                nobody = False
            better = value + values[fill]
            key = state | acted
            if fill < last:
                key += 1 << low
            else:
                key -= fill << low
                if most:
                    key += 1 << sets
            known = found.get(key)
            if known is None or better > known:
                found[key] = better
        if nobody:
            key = state | waits
            known = found.get(key)
            if known is None or value > known:
                found[key] = value
    return found


def _hopeful(states: _States, hopes: _Hopes, bar: int) -> list[tuple[int, int, int]]:
    """The states that may come up to a bar: `(to what they may come, negated; the state; its value)`."""
    found = []
    for state, value in states.items():
        hope = value
        for low, mask, by_fill in hopes:
            hope += by_fill[state >> low & mask]
        if hope >= bar:
            found.append((-hope, state, value))
    return found


def _share(taker: _Taker, run: int, shares: int) -> int:
    """A unit's share of what its set saves at most, in so many shares of a minor unit."""
    gains = taker.gains[run]
    assert gains is not None
    saved = sum(gains) if taker.is_last else max(gains) * taker.size
    return (saved + taker.full_minor) * shares // taker.size
