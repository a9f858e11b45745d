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
A member that takes units one by one takes each that it is given, so where it lowers one, the unit cannot go to nobody.

**Ties** are broken by counting too: the value of a state carries, below the gain, one digit for each member and run,
the count of units given, first member first, dearest run first. The greatest value is then the division that comes
first, and its digits say what it is. No path is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promoengine import plan
from promoengine.engine.basket import Portion
from promoengine.engine.figures import figure
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.rooms import Rooms
from promoengine.engine.state import State
from promoengine.engine.touched import item_lines
from promoengine.search.members import Member

UnitKey = tuple[int, int]
"""`(line rank, origin)`: a run of a line as the stage began."""


@dataclass(slots=True)
class Division:
    """How many units of which run each member is given, by its place among those asked (None where they cannot all
    act); the states it took, and whether that was more than it may take.
    """

    given: list[dict[UnitKey, int]] | None
    nodes: int
    cut_off: bool = False


@dataclass(slots=True)
class _Taker:
    """How a member takes units: in sets of `size` (1: one by one), at most so many.

    `gains[run]` says what the unit at each place of a set saves, None where the run does not fit; `full_minor` what
    a full set saves besides.
    """

    size: int
    most: int
    gains: list[list[int] | None]
    full_minor: int
    optional: bool


def divisible(state: State, members: Iterable[Member]) -> bool:
    """Whether every one of the members takes units in a way that can be counted."""
    floors = state.floors
    if floors is not None and (floors.lines or floors.goods_minor):
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
    if found is None:
        return Division(None, counting.nodes, counting.nodes > max_nodes)
    keys = [(portion[1], portion[4].origin) for portion in portions]
    given = [{keys[run]: count for run, count in enumerate(counts) if count} for counts in found]
    return Division(given, counting.nodes)


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


_States = dict[tuple[tuple[int, ...], tuple[int, ...], int, int], int]
"""The best value of each state: how full each open set is, sets formed where bounded, closed members, who acted."""


class _Counting:
    """The walk over the units."""

    def __init__(self, takers: list[_Taker], counts: list[int], all_act: bool, max_nodes: int) -> None:
        self._takers = takers
        self._counts = counts
        self._all_act = all_act
        self._max_nodes = max_nodes
        self.nodes = 0
        self._weights, self._scale = self._digits()
        self._watched = [bit for bit, taker in enumerate(takers) if all_act or taker.optional]

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
        unit_of_gain = self._scale * (len(self._takers) + 1)
        empty = (0,) * len(self._takers)
        states: _States = {(empty, empty, 0, 0): 0}
        for run, count in enumerate(self._counts):
            for _ in range(count):
                states = self._step(states, run, unit_of_gain)
                if self.nodes > self._max_nodes:
                    return None
        return self._read(states, unit_of_gain)

    def _step(
        self,
        states: _States,
        run: int,
        unit_of_gain: int,
    ) -> _States:
        """One unit of a run: every state, whoever it goes to."""
        found: _States = {}
        for (fills, sets, closed, acted), value in states.items():
            self.nodes += 1
            nobody, waits = True, 0
            for position, taker in enumerate(self._takers):
                gains = taker.gains[run]
                if gains is None or closed >> position & 1 or sets[position] >= taker.most:
                    continue
                fill = fills[position]
                nobody = nobody and taker.size > 1 and fill == 0
                waits |= 1 << position
                gain, full = gains[fill], fill + 1 == taker.size
                if full:
                    gain += taker.full_minor
                bounded = full and taker.most < UNBOUNDED
                key = (
                    _put(fills, position, 0 if full else fill + 1),
                    _put(sets, position, sets[position] + 1) if bounded else sets,
                    closed,
                    acted | 1 << position if position in self._watched else acted,
                )
                better = value + gain * unit_of_gain + self._weights[position][run]
                known = found.get(key)
                if known is None or better > known:
                    found[key] = better
            if nobody:
                key = (fills, sets, closed | waits, acted)
                known = found.get(key)
                if known is None or value > known:
                    found[key] = value
        return found

    def _read(
        self,
        states: _States,
        unit_of_gain: int,
    ) -> list[list[int]] | None:
        """The counts of the best state in which no set is left half full."""
        best: int | None = None
        everyone = sum([1 << position for position in self._watched])
        optional = sum([1 << position for position, taker in enumerate(self._takers) if taker.optional])
        for (fills, _, _, acted), value in states.items():
            if any(fills) or (self._all_act and acted != everyone):
                continue
            value -= (acted & optional).bit_count() * self._scale
            if best is None or value > best:
                best = value
        if best is None:
            return None
        return self._counted(best % self._scale)

    def _counted(self, digits: int) -> list[list[int]]:
        found = []
        for weights in self._weights:
            counts = []
            for weight in weights:
                counts.append(digits // weight)
                digits %= weight
            found.append(counts)
        return found


def _put(values: tuple[int, ...], position: int, value: int) -> tuple[int, ...]:
    return (*values[:position], value, *values[position + 1 :])
