"""Figures: what an action takes off the rewarded units, exact to the minor unit.

Every figure is an exact fraction until it is rounded, once, at its point. Figures are served one after the other: those
of units in unit order, those of lines in the order of their first units, those of sets as they were formed. Each is
cut to the rooms that floors and a budget leave it, and then shared by `allocation`: over lines first, then inside a
line over its units. The answer is a list of pieces, each so many units of one run with the same discount.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from promoengine import plan
from promoengine.allocation import allocate_lines, allocate_units
from promoengine.engine.basket import Line, Run
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.rooms import Rooms
from promoengine.money import rounded
from promoengine.records import dataclass

Piece = tuple[Line, Run, int, int, int]
"""`(line, run, count, discount of each unit, base of each unit)`."""
Units = tuple[Line, Run, int]
"""`count` units of a run."""


@dataclass(slots=True)
class SetUnits:
    """The rewarded units of one set, and how many sets are alike."""

    times: int
    units: list[Units]


@dataclass(slots=True)
class Figured:
    """Pieces in order; what was not used of face values that were used in part; and the points that paid for them."""

    pieces: list[Piece]
    unused_minor: int = 0
    points: int = 0


def figure(rooms: Rooms, action: plan.Action, units: list[Units], sets: list[SetUnits], times: int) -> Figured:
    """What the action takes off, as far as the rooms let it. `units` are all rewarded ones in unit order; `sets` the
    same by set, where there are sets; `times` multiplies amounts.
    """
    if isinstance(action, plan.Percent):
        return Figured(_percent(rooms, action, units))
    if isinstance(action, plan.UnitPrice):
        state, price = rooms.state, action.price_minor
        asked = [min(max(0, run.price - price), state.left_of(line, run)) for line, run, _ in units]
        return Figured(_served(rooms, units, asked, "running"))
    if isinstance(action, plan.Amount):
        return _amount(rooms, action, units, sets, times)
    if isinstance(action, plan.SetPrice):
        price = action.price_minor
        found = _by_set(rooms, sets, action.allocation, lambda total: max(0, total - price), False, by_price=True)
        return Figured(found.pieces)
    if isinstance(action, plan.TotalPrice):
        total = sum([run.price * count for _, run, count in units])
        return Figured(spread(rooms, max(0, total - action.price_minor), units, action.allocation))
    raise AssertionError(f"{type(action).__name__} takes nothing off units")


def _served(
    rooms: Rooms, units: list[Units], asked: list[int], base: plan.Base, *, must_fit: bool = False
) -> list[Piece]:
    """What each unit asks, units served in order."""
    state, pieces = rooms.state, []
    for (line, run, count), discount in zip(units, asked, strict=True):
        unit_base = state.base_of(line, run, base)
        if rooms.unbounded:
            pieces.append((line, run, count, discount, unit_base))
        else:
            served = rooms.serve(line, count, discount, must_fit=must_fit)
            pieces += [(line, run, part, each, unit_base) for part, each in served]
    return pieces


# -- percentages --------------------------------------------------------------------------------


def _percent(rooms: Rooms, action: plan.Percent, units: list[Units]) -> list[Piece]:
    """P % of each unit's base, at most what it has left, rounded at the unit, the line or the total."""
    state, (numerator, denominator) = rooms.state, action.rate
    exact = [
        min(numerator * state.base_of(line, run, action.base), state.left_of(line, run) * denominator)
        for line, run, _ in units
    ]
    if action.spread:
        return _percent_once(rooms, action, *_within_floors(rooms, units, exact, denominator))
    if action.rounding.at == "line":
        return _percent_by_line(rooms, action, units, exact)
    asked = [
        min(
            rounded(run.price, each, denominator, action.rounding.step_minor, action.rounding.mode),
            state.left_of(line, run),
        )
        for (line, run, _), each in zip(units, exact, strict=True)
    ]
    return _served(rooms, units, asked, action.base)


def _within_floors(
    rooms: Rooms, units: list[Units], exact: list[int], denominator: int
) -> tuple[list[Units], list[int]]:
    """The figures as far as floors of lines and of all goods let them, units served in order: what they cut of a
    percentage does not spill to other units.
    """
    served = Rooms(rooms.state, UNBOUNDED, denominator)
    if served.unbounded:
        return units, exact
    found: list[tuple[Units, int]] = []
    for (line, run, count), figure in zip(units, exact, strict=True):
        found += [((line, run, part), each) for part, each in served.serve(line, count, figure)]
    return [each[0] for each in found], [each[1] for each in found]


def _by_line(units: Sequence[Units]) -> list[list[int]]:
    """Positions of the units of each line, lines in the order of their first units."""
    found: dict[int, list[int]] = {}
    for position, (line, _, _) in enumerate(units):
        found.setdefault(line.rank, []).append(position)
    return list(found.values())


def _rounded_sum(action: plan.Percent, units: Sequence[Units], exact: Sequence[int], positions: Sequence[int]) -> int:
    """The figures of some units as one, rounded; a step rounds the price that they then cost together."""
    numerator = sum([exact[position] * units[position][2] for position in positions])
    price = sum([units[position][1].price * units[position][2] for position in positions])
    return rounded(price, numerator, action.rate[1], action.rounding.step_minor, action.rounding.mode)


def _percent_by_line(rooms: Rooms, action: plan.Percent, units: list[Units], exact: list[int]) -> list[Piece]:
    pieces: list[Piece] = []
    for positions in _by_line(units):
        amount = _rounded_sum(action, units, exact, positions)
        pieces.extend(_within_line(rooms, amount, positions, units, exact, action.base))
    return pieces


def _percent_once(rooms: Rooms, action: plan.Percent, units: list[Units], exact: list[int]) -> list[Piece]:
    """The figures summed, rounded, cut to the cap, and shared by the figures."""
    most = rooms.budget if action.max_discount_minor is None else min(rooms.budget, action.max_discount_minor)
    if action.rounding.at == "line":
        amounts = [
            (units[positions[0]][0], min(_rounded_sum(action, units, exact, positions), room))
            for positions in _by_line(units)
            for room in [_line_room(rooms, positions, units, exact)]
        ]
        amount = sum([each for _, each in amounts])
        if amount <= most and sum([each for line, each in amounts if line.goods]) <= rooms.goods:
            return _percent_by_line(rooms, action, units, exact)
    else:
        amount = _rounded_sum(action, units, exact, range(len(units)))
    by_figures = plan.Allocation("left", action.allocation.odd_units, action.allocation.share_rounding)
    return _share(rooms, min(amount, most), units, exact, by_figures, action.base)


# -- sharing ------------------------------------------------------------------------------------


def spread(
    rooms: Rooms, amount: int, units: list[Units], allocation: plan.Allocation, base: plan.Base = "running"
) -> list[Piece]:
    """One amount shared over units, as far as they have room: over lines by weight, then inside each line. A unit that
    has nothing left has no weight.
    """
    weights = [rooms.state.left_of(line, run) for line, run, _ in units]
    if allocation.weight == "list":
        weights = [line.list_minor if left else 0 for (line, _, _), left in zip(units, weights, strict=True)]
    elif allocation.weight != "left":
        weights = [1 if left else 0 for left in weights]
    return _share(rooms, amount, units, weights, allocation, base)


def _share(
    rooms: Rooms,
    amount: int,
    units: list[Units],
    weights: list[int],
    allocation: plan.Allocation,
    base: plan.Base,
) -> list[Piece]:
    lines = _by_line(units)
    lines.sort(key=lambda positions: units[positions[0]][0].rank)
    lefts = [_line_room(rooms, positions, units, weights) for positions in lines]
    if allocation.weight == "equal":
        line_weights = [1 if left else 0 for left in lefts]
    else:
        line_weights = [sum([weights[p] * units[p][2] for p in positions]) for positions in lines]
    shares = _line_shares(rooms, amount, line_weights, lefts, [units[each[0]][0] for each in lines], allocation)
    pieces: list[Piece] = []
    for positions, share in zip(lines, shares, strict=True):
        pieces.extend(_within_line(rooms, share, positions, units, weights, base))
    return pieces


def _line_room(rooms: Rooms, positions: list[int], units: list[Units], weights: Sequence[int]) -> int:
    """What the rewarded units of one line can take, the rooms of all goods and the budget apart."""
    state = rooms.state
    room = sum([state.left_of(units[p][0], units[p][1]) * units[p][2] for p in positions if weights[p]])
    return min(room, rooms.line(units[positions[0]][0]))


def room_of(rooms: Rooms, units: list[Units]) -> int:
    """How much all the units together can still lose: as far as floors of units, lines and all goods let them, and a
    budget.
    """
    room = {True: 0, False: 0}
    everything = [1] * len(units)
    for positions in _by_line(units):
        room[units[positions[0]][0].goods] += _line_room(rooms, positions, units, everything)
    return min(rooms.budget, room[False] + min(room[True], rooms.goods))


def _line_shares(
    rooms: Rooms,
    amount: int,
    weights: list[int],
    lefts: list[int],
    lines: list[Line],
    allocation: plan.Allocation,
) -> list[int]:
    """Shares of an amount over lines, as much of it as fits. Where a floor of all goods binds, the goods together
    take what they have left and drop out, and shipping bears the rest.
    """
    amount = min(amount, rooms.budget)
    order = list(range(len(lines)))
    if allocation.odd_units != "largest":
        order.sort(key=lambda index: lines[index].position)
    shares = _shares_over(amount, weights, lefts, allocation, order)
    on_goods = sum([share for share, line in zip(shares, lines, strict=True) if line.goods])
    if on_goods <= rooms.goods:
        return shares
    goods = [weight if line.goods else 0 for weight, line in zip(weights, lines, strict=True)]
    others = [0 if line.goods else weight for weight, line in zip(weights, lines, strict=True)]
    shares = _shares_over(rooms.goods, goods, lefts, allocation, order)
    rest = _shares_over(amount - rooms.goods, others, lefts, allocation, order)
    return [goods_share + other_share for goods_share, other_share in zip(shares, rest, strict=True)]


def _shares_over(
    amount: int, weights: list[int], lefts: list[int], allocation: plan.Allocation, order: list[int]
) -> list[int]:
    room = sum([left for left, weight in zip(lefts, weights, strict=True) if weight])
    return allocate_lines(
        min(amount, room),
        weights,
        lefts,
        order=order,
        odd=allocation.odd_units,
        share_rounding=allocation.share_rounding,
    )


def _within_line(
    rooms: Rooms,
    share: int,
    positions: list[int],
    units: list[Units],
    weights: Sequence[int],
    base: plan.Base,
) -> list[Piece]:
    """A line's share over its units: the odd minor units to the largest remainders, ties in unit order."""
    state, line = rooms.state, units[positions[0]][0]
    lefts = [state.left_of(line, units[p][1]) for p in positions]
    room = sum([left * units[p][2] for left, p in zip(lefts, positions, strict=True) if weights[p]])
    share = min(share, room, rooms.of(line))
    shared = allocate_units(share, [(units[p][2], weights[p], left) for left, p in zip(lefts, positions, strict=True)])
    rooms.take(line, share)
    pieces: list[Piece] = []
    for position, portions in zip(positions, shared, strict=True):
        run = units[position][1]
        unit_base = state.base_of(line, run, base)
        pieces += [(line, run, count, discount, unit_base) for count, discount in portions]
    return pieces


# -- amounts ------------------------------------------------------------------------------------


def _amount(rooms: Rooms, action: plan.Amount, units: list[Units], sets: list[SetUnits], times: int) -> Figured:
    amount = action.amount_minor * times
    if action.each == "unit":
        return _amount_each_unit(rooms, amount, units, action.must_fit)
    if action.each == "line":
        lines = [SetUnits(1, [units[position] for position in positions]) for positions in _by_line(units)]
        return _by_set(rooms, lines, action.allocation, lambda total: amount, action.must_fit)
    if action.each == "set":
        return _by_set(rooms, sets, action.allocation, lambda total: amount, action.must_fit)
    return _by_set(rooms, [SetUnits(1, units)], action.allocation, lambda total: amount, action.must_fit)


def _amount_each_unit(rooms: Rooms, amount: int, units: list[Units], must_fit: bool) -> Figured:
    asked = [min(amount, rooms.state.left_of(line, run)) for line, run, _ in units]
    if must_fit:
        asked = [each if each == amount else 0 for each in asked]
    pieces = _served(rooms, units, asked, "running", must_fit=must_fit)
    return Figured(pieces, sum([(amount - discount) * count for _, _, count, discount, _ in pieces if discount]))


def _by_set(
    rooms: Rooms,
    sets: list[SetUnits],
    allocation: plan.Allocation,
    face: Callable[[int], int],
    must_fit: bool,
    *,
    by_price: bool = False,
) -> Figured:
    """A figure for each set, shared within it. Alike sets are figured once where no room binds them together."""
    pieces: list[Piece] = []
    unused = 0
    for group in sets:
        amount = face(sum([run.price * count for _, run, count in group.units]))
        alike = group.times if rooms.unbounded else 1
        for _ in range(group.times // alike):
            if must_fit and room_of(rooms, group.units) < amount:
                break
            found = _of_set(rooms, amount, group.units, allocation, by_price)
            used = total_of(found)
            if not used:
                break
            unused += (amount - used) * alike
            pieces += [(line, run, count * alike, discount, base) for line, run, count, discount, base in found]
    return Figured(pieces, unused)


def _of_set(rooms: Rooms, amount: int, units: list[Units], allocation: plan.Allocation, by_price: bool) -> list[Piece]:
    if not by_price:
        return spread(rooms, amount, units, allocation)
    return _share(rooms, amount, units, [run.price for _, run, _ in units], allocation, "running")


def total_of(pieces: Sequence[Piece]) -> int:
    """What all pieces take off together."""
    return sum([count * discount for _, _, count, discount, _ in pieces])
