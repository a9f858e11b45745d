"""Which units are rewarded: picks, bounds on their number, and limits. All in unit order."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Portion
from promoengine.engine.figures import SetUnits, Units
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.sets import SetGroup
from promoengine.engine.state import State

_NO_BOUNDS = plan.MostUnits()


def lowers(state: State, action: plan.Action, portion: Portion) -> bool:
    """Whether the action would lower the price of a unit taken by itself."""
    line, run = portion[3], portion[4]
    left = state.left_of(line, run)
    if isinstance(action, plan.UnitPrice):
        return left > 0 and run.price > action.price_minor
    if isinstance(action, plan.Percent):
        return left > 0 and state.base_of(line, run, action.base) > 0
    return left > 0


def picked(portions: list[Portion], pick: plan.Pick | None, times: int = 1) -> list[Portion]:
    """The units that a pick rewards, in unit order; `times` multiplies the number where it picks over all sets."""
    if pick is None or pick.kind == "part":
        return portions
    number = pick.number * times
    if pick.kind == "dearest":
        return first_units(portions, number)
    if pick.kind == "cheapest":
        total = sum([portion[5] for portion in portions])
        return after_units(portions, max(0, total - number))
    return first_units(after_units(portions, number - 1), 1)


def first_units(portions: list[Portion], number: int) -> list[Portion]:
    """The first so many units."""
    found: list[Portion] = []
    for portion in portions:
        if number <= 0:
            break
        found.append(portion if portion[5] <= number else _with_count(portion, number))
        number -= portion[5]
    return found


def after_units(portions: list[Portion], number: int) -> list[Portion]:
    """All units after the first so many."""
    found: list[Portion] = []
    for portion in portions:
        if number >= portion[5]:
            number -= portion[5]
            continue
        found.append(_with_count(portion, portion[5] - number) if number else portion)
        number = 0
    return found


def _with_count(portion: Portion, count: int) -> Portion:
    return (*portion[:5], count)


def bounded(portions: list[Portion], most: plan.MostUnits | None) -> list[Portion]:
    """At most so many units of one line, and of the cart."""
    if most is None:
        return portions
    if most.per_line is not None:
        portions = _bounded_per_line(portions, most.per_line)
    return portions if most.per_cart is None else first_units(portions, most.per_cart)


def _bounded_per_line(portions: list[Portion], number: int) -> list[Portion]:
    left: dict[int, int] = {}
    found: list[Portion] = []
    for portion in portions:
        room = left.get(portion[1], number)
        if room > 0:
            found.append(portion if portion[5] <= room else _with_count(portion, room))
        left[portion[1]] = room - portion[5]
    return found


def admitted(portions: list[Portion], units: int, beyond: str) -> list[Portion]:
    """The rewarded units that a limit of so many admits."""
    if sum([portion[5] for portion in portions]) <= units:
        return portions
    if beyond != "line_regular":
        return first_units(portions, units)
    by_line: dict[int, int] = {}
    for portion in portions:
        by_line[portion[1]] = by_line.get(portion[1], 0) + portion[5]
    kept: set[int] = set()
    for rank, count in by_line.items():
        if count <= units:
            kept.add(rank)
            units -= count
    return [portion for portion in portions if portion[1] in kept]


def as_units(portions: list[Portion]) -> list[Units]:
    """Portions as figures read them."""
    return [(portion[3], portion[4], portion[5]) for portion in portions]


def rewarded_sets(
    state: State, effect: plan.Effect, portions: list[Portion], groups: list[SetGroup], most_sets: int
) -> tuple[list[SetUnits], list[SetGroup]]:
    """The rewarded units of each set, and the sets that save something; the others are dissolved.

    `over: all_sets` picks among the units of all sets at once: then the answer has one entry for all of them.
    """
    pick = effect.reward.pick
    if pick is not None and pick.over_all_sets:
        return _picked_over_all(state, effect, portions, groups, most_sets)
    most = effect.reward.most or _NO_BOUNDS
    rewarded: list[SetUnits] = []
    kept: list[SetGroup] = []
    room = _Room(most)
    for group in groups:
        for times in _batches(group.times, most):
            if most_sets <= 0:
                return rewarded, kept
            units = room.take(_set_units(portions, group, pick, most))
            if not _saves(state, effect.action, units):
                break
            times = min(times, most_sets)
            most_sets -= times
            rewarded.append(SetUnits(times, as_units(units)))
            kept.append(SetGroup(times, group.takes))
    return rewarded, kept


def _batches(times: int, most: plan.MostUnits) -> list[int]:
    """Alike sets are taken together, unless bounds on the cart or a line make them differ."""
    return [times] if most.per_cart is None and most.per_line is None else [1] * times


class _Room:
    """What bounds on the cart and its lines leave, set by set."""

    def __init__(self, most: plan.MostUnits) -> None:
        self._per_line = most.per_line
        self._cart = UNBOUNDED if most.per_cart is None else most.per_cart
        self._lines: dict[int, int] = {}

    def take(self, portions: list[Portion]) -> list[Portion]:
        found = []
        for portion in portions:
            line_room = UNBOUNDED if self._per_line is None else self._lines.get(portion[1], self._per_line)
            count = min(portion[5], self._cart, line_room)
            if count > 0:
                found.append(_with_count(portion, count))
                self._cart -= count
                self._lines[portion[1]] = line_room - count
        return found


def _set_units(portions: list[Portion], group: SetGroup, pick: plan.Pick | None, most: plan.MostUnits) -> list[Portion]:
    """The rewarded units of one set of the group, in unit order."""
    counts: dict[int, int] = {}
    for position, part, count in group.takes:
        if pick is None or pick.kind != "part" or part == pick.number - 1:
            counts[position] = counts.get(position, 0) + count
    units = [_with_count(portions[position], counts[position]) for position in counts]
    units.sort()
    units = picked(units, pick)
    return units if most.per_set is None else first_units(units, most.per_set)


def _saves(state: State, action: plan.Action, units: list[Portion]) -> bool:
    if isinstance(action, plan.SetPrice):
        return sum([portion[4].price * portion[5] for portion in units]) > action.price_minor
    return any([lowers(state, action, portion) for portion in units])


def _picked_over_all(
    state: State, effect: plan.Effect, portions: list[Portion], groups: list[SetGroup], most_sets: int
) -> tuple[list[SetUnits], list[SetGroup]]:
    kept = first_sets(groups, most_sets)
    counts: dict[int, int] = {}
    for group in kept:
        for position, _, count in group.takes:
            counts[position] = counts.get(position, 0) + count * group.times
    units = [_with_count(portions[position], counts[position]) for position in counts]
    units.sort()
    units = picked(units, effect.reward.pick, sum([group.times for group in kept]))
    units = bounded(units, effect.reward.most)
    return ([SetUnits(1, as_units(units))], kept) if _saves(state, effect.action, units) else ([], [])


def first_sets(groups: list[SetGroup], number: int) -> list[SetGroup]:
    """The first so many sets."""
    found = []
    for group in groups:
        if number <= 0:
            break
        found.append(SetGroup(min(group.times, number), group.takes))
        number -= group.times
    return found
