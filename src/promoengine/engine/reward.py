"""Which units are rewarded: picks, bounds on their number, and limits. All in unit order."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Line, Portion, Run
from promoengine.engine.figures import SetUnits, Units, room_of
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.rooms import Rooms
from promoengine.engine.sets import SetGroup
from promoengine.engine.state import State
from promoengine.money import rounded

_NO_BOUNDS = plan.MostUnits()


def lowers(state: State, action: plan.Action, portion: Portion, times: int = 1) -> bool:
    """Whether the action would lower the price of a unit taken by itself; `times` multiplies an amount."""
    line, run = portion[3], portion[4]
    left = state.reach_of(line, run)
    if isinstance(action, plan.UnitPrice):
        return left > 0 and run.price > action.price_minor
    if isinstance(action, plan.Percent):
        return left > 0 and _percent_lowers(state, action, line, run)
    if isinstance(action, plan.Amount) and action.each == "unit" and action.must_fit:
        return left >= action.amount_minor * times
    return left > 0


def _percent_lowers(state: State, action: plan.Percent, line: Line, run: Run) -> bool:
    """Whether a percentage takes something off: of what is rounded on the unit, what remains after rounding."""
    numerator, denominator = action.rate
    exact = numerator * state.base_of(line, run, action.base)
    if action.spread or action.rounding.at != "unit":
        return exact > 0
    exact = min(exact, state.left_of(line, run) * denominator)
    return rounded(run.price, exact, denominator, action.rounding.step_minor, action.rounding.mode) > 0


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
    return portions if most is None else _Bounds(most).serve(portions)


class _Bounds:
    """What bounds on units of a line and of the cart leave, while units are served in order."""

    __slots__ = ("_cart", "_line", "_lines")

    def __init__(self, most: plan.MostUnits) -> None:
        self._cart = UNBOUNDED if most.per_cart is None else most.per_cart
        self._line = UNBOUNDED if most.per_line is None else most.per_line
        self._lines: dict[int, int] = {}

    def serve(self, portions: list[Portion]) -> list[Portion]:
        """As many of the units as the bounds leave. Nothing is used up."""
        found, cart, lines = [], self._cart, dict(self._lines)
        for portion in portions:
            count = min(portion[5], cart, lines.get(portion[1], self._line))
            if count > 0:
                found.append(_with_count(portion, count))
                cart -= count
                lines[portion[1]] = lines.get(portion[1], self._line) - count
        return found

    def take(self, portions: list[Portion]) -> None:
        """Use up what was served."""
        for portion in portions:
            self._cart -= portion[5]
            self._lines[portion[1]] = self._lines.get(portion[1], self._line) - portion[5]


def admitted(portions: list[Portion], units: int, beyond: str) -> list[Portion]:
    """The rewarded units that a limit of so many admits."""
    if sum([portion[5] for portion in portions]) <= units:
        return portions
    if beyond != "line_regular":
        return first_units(portions, units)
    over = {portion[1] for portion in after_units(portions, units)}
    return [portion for portion in portions if portion[1] not in over]


def counts_of(portions: list[Portion]) -> dict[int, int]:
    """How many units of each run, by the run's identity."""
    found: dict[int, int] = {}
    for portion in portions:
        found[id(portion[4])] = found.get(id(portion[4]), 0) + portion[5]
    return found


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
    bounds = None if most.per_line is None and most.per_cart is None else _Bounds(most)
    rewarded: list[SetUnits] = []
    kept: list[SetGroup] = []
    for group in groups:
        units = _set_units(portions, group, pick, most)
        left = min(group.times, most_sets)
        while left > 0:
            served = units if bounds is None else bounds.serve(units)
            if not _saves(state, effect.action, served):
                break
            times = left if bounds is None else 1
            if bounds is not None:
                bounds.take(served)
            rewarded.append(SetUnits(times, as_units(served)))
            kept.append(SetGroup(times, group.takes))
            left -= times
            most_sets -= times
    return rewarded, kept


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
    """Whether a set by itself would save something; of a figure over many units, whether it has a part in it."""
    if isinstance(action, plan.SetPrice) and _price_of(units) <= action.price_minor:
        return False
    if isinstance(action, plan.Amount) and action.each == "set" and action.must_fit:
        return room_of(Rooms(state), as_units(units)) >= action.amount_minor
    return any([lowers(state, action, portion) for portion in units])


def _price_of(units: list[Portion]) -> int:
    return sum([portion[4].price * portion[5] for portion in units])


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
