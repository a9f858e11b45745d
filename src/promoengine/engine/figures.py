"""Figures: what an action takes off the rewarded units, exact to the minor unit.

Every figure is an exact fraction until it is rounded, once, at its point. What is shared is shared by
`allocation`: over lines first, then inside a line over its units. The answer is a list of pieces, each so many
units of one run with the same discount, in the order in which they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from promoengine import plan
from promoengine.allocation import allocate_lines, allocate_units
from promoengine.engine.basket import Line, Run
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.rooms import Rooms
from promoengine.engine.state import State
from promoengine.money import divide, divide_to_step

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
    """Pieces in order, and what of the face value found no room."""

    pieces: list[Piece]
    unused_minor: int = 0


def figure(
    state: State, action: plan.Action, units: list[Units], sets: list[SetUnits], times: int, most_minor: int
) -> Figured:
    """What the action takes off. `units` are all rewarded ones in unit order; `sets` the same by set, where there
    are sets; `times` multiplies amounts; a spread takes at most `most_minor`.
    """
    if isinstance(action, plan.Percent):
        return Figured(_percent(state, action, units, most_minor))
    if isinstance(action, plan.UnitPrice):
        return Figured(
            [
                (
                    line,
                    run,
                    count,
                    min(max(0, run.price - action.price_minor), state.left_of(line, run)),
                    run.price,
                )
                for line, run, count in units
            ]
        )
    if isinstance(action, plan.Amount):
        return _amount(state, action, units, sets, times, most_minor)
    if isinstance(action, plan.SetPrice):
        return _by_set(state, sets, action.allocation, lambda total: total - action.price_minor, False, by_price=True)
    if isinstance(action, plan.TotalPrice):
        total = sum([run.price * count for _, run, count in units])
        amount = min(max(0, total - action.price_minor), most_minor)
        return Figured(spread(state, amount, units, action.allocation))
    raise AssertionError(f"{type(action).__name__} takes nothing off units")


def _percent(state: State, action: plan.Percent, units: list[Units], most_minor: int) -> list[Piece]:
    """P % of each unit's base, at most what it has left, rounded at the unit, the line or the total."""
    numerator, denominator = action.rate
    exact = [
        min(numerator * state.base_of(line, run, action.base), state.left_of(line, run) * denominator)
        for line, run, _ in units
    ]
    if action.spread:
        units, exact = _within_rooms(state, units, exact, denominator)
        return _percent_once(state, action, units, exact, most_minor)
    if action.rounding.at == "line":
        return _percent_by_line(state, action, units, exact)
    pieces = []
    for (line, run, count), figure in zip(units, exact, strict=True):
        discount = min(rounded(run.price, figure, denominator, action.rounding), state.left_of(line, run))
        pieces.append((line, run, count, discount, state.base_of(line, run, action.base)))
    return pieces


def _within_rooms(
    state: State, units: list[Units], exact: list[int], denominator: int
) -> tuple[list[Units], list[int]]:
    """The figures as far as floors of lines and of all goods let them, units served in order: what they cut of a
    percentage does not spill to other units.
    """
    if state.floors is None:
        return units, exact
    rooms = Rooms(state, UNBOUNDED, denominator)
    found: list[tuple[Units, int]] = []
    for (line, run, count), figure in zip(units, exact, strict=True):
        found += [((line, run, part), each) for part, each in rooms.serve(line, count, figure)]
    return [each[0] for each in found], [each[1] for each in found]


def rounded(price_minor: int, numerator: int, denominator: int, rounding: plan.Rounding) -> int:
    """An exact discount of a price, rounded once: to the minor unit, or so that the price lands on the step."""
    if rounding.step_minor == 1:
        return divide(numerator, denominator, rounding.mode)
    return divide_to_step(price_minor, numerator, denominator, rounding.step_minor, rounding.mode)


def _by_line(units: Sequence[Units]) -> list[list[int]]:
    """Positions of the units of each line, lines by rank, units in order."""
    found: dict[int, list[int]] = {}
    for position, (line, _, _) in enumerate(units):
        found.setdefault(line.rank, []).append(position)
    return [found[rank] for rank in sorted(found)]


def _line_amounts(
    action: plan.Percent, units: Sequence[Units], exact: Sequence[int], lines: list[list[int]]
) -> list[int]:
    """The rounded figure of each line."""
    amounts = []
    for positions in lines:
        numerator = sum([exact[position] * units[position][2] for position in positions])
        price = sum([units[position][1].price * units[position][2] for position in positions])
        amounts.append(rounded(price, numerator, action.rate[1], action.rounding))
    return amounts


def _percent_by_line(state: State, action: plan.Percent, units: list[Units], exact: list[int]) -> list[Piece]:
    lines = _by_line(units)
    amounts = _line_amounts(action, units, exact, lines)
    return _within_lines(state, amounts, lines, units, exact, action.base)


def _percent_once(
    state: State, action: plan.Percent, units: list[Units], exact: list[int], most_minor: int
) -> list[Piece]:
    """The figures summed, rounded, cut to the cap, and shared by the figures."""
    lines = _by_line(units)
    if action.rounding.at == "line":
        rooms = [_line_room(state, positions, units, exact) for positions in lines]
        amounts = [min(each) for each in zip(_line_amounts(action, units, exact, lines), rooms, strict=True)]
        amount = sum(amounts)
        most = min(most_minor, action.max_discount_minor or UNBOUNDED)
        if amount <= most and _goods_can_take(state, amounts, lines, units):
            return _within_lines(state, amounts, lines, units, exact, action.base)
    else:
        numerator = sum([figure * count for figure, (_, _, count) in zip(exact, units, strict=True)])
        price = sum([run.price * count for _, run, count in units])
        amount = rounded(price, numerator, action.rate[1], action.rounding)
    if action.max_discount_minor is not None:
        amount = min(amount, action.max_discount_minor)
    by_figures = plan.Allocation("left", action.allocation.odd_units, action.allocation.share_rounding)
    return _share(state, min(amount, most_minor), units, exact, by_figures, action.base)


def spread(
    state: State, amount: int, units: list[Units], allocation: plan.Allocation, base: plan.Base = "running"
) -> list[Piece]:
    """One amount shared over units, as far as they have room: over lines by weight, then inside each line."""
    if allocation.weight == "left":
        weights = [state.left_of(line, run) for line, run, _ in units]
    elif allocation.weight == "list":
        weights = [line.list_minor for line, _, _ in units]
    else:
        weights = [1] * len(units)
    return _share(state, amount, units, weights, allocation, base)


def _share(
    state: State,
    amount: int,
    units: list[Units],
    weights: list[int],
    allocation: plan.Allocation,
    base: plan.Base,
) -> list[Piece]:
    lines = _by_line(units)
    lefts = [_line_room(state, positions, units, weights) for positions in lines]
    if allocation.weight == "equal":
        line_weights = [1] * len(lines)
    else:
        line_weights = [sum([weights[p] * units[p][2] for p in positions]) for positions in lines]
    ranked = list(range(len(lines)))
    if allocation.odd_units != "largest":
        ranked.sort(key=lambda index: units[lines[index][0]][0].position)
    shares = _line_shares(state, amount, line_weights, lefts, lines, units, allocation, ranked)
    return _within_lines(state, shares, lines, units, weights, base)


def _line_room(state: State, positions: list[int], units: list[Units], weights: list[int]) -> int:
    """What the rewarded units of one line can take."""
    room = sum([state.left_of(units[p][0], units[p][1]) * units[p][2] for p in positions if weights[p]])
    if state.floors is None:
        return room
    line_left = state.floors.line_left(units[positions[0]][0], state.runs)
    return room if line_left is None else min(room, line_left)


def _goods_can_take(state: State, shares: list[int], lines: list[list[int]], units: list[Units]) -> bool:
    """Whether a floor of all goods lets them lose their shares."""
    goods_left = None if state.floors is None else state.floors.goods_left(state.runs)
    if goods_left is None:
        return True
    return goods_left >= sum(
        [share for share, positions in zip(shares, lines, strict=True) if units[positions[0]][0].goods]
    )


def room_of(state: State, units: list[Units]) -> int:
    """How much all the units together can still lose: as far as floors of units, lines and all goods let them."""
    room = {True: 0, False: 0}
    everything = [1] * len(units)
    for positions in _by_line(units):
        room[units[positions[0]][0].goods] += _line_room(state, positions, units, everything)
    goods_left = None if state.floors is None else state.floors.goods_left(state.runs)
    return room[False] + (room[True] if goods_left is None else min(room[True], goods_left))


def _line_shares(
    state: State,
    amount: int,
    weights: list[int],
    lefts: list[int],
    lines: list[list[int]],
    units: list[Units],
    allocation: plan.Allocation,
    ranked: list[int],
) -> list[int]:
    """Shares of an amount over lines, as much of it as fits. Where a floor of all goods binds, the goods together
    take what they have left and drop out, and shipping bears the rest.
    """
    goods_left = None if state.floors is None else state.floors.goods_left(state.runs)
    room = sum([left for left, weight in zip(lefts, weights, strict=True) if weight])
    shares = allocate_lines(
        min(amount, room),
        weights,
        lefts,
        order=ranked,
        odd=allocation.odd_units,
        share_rounding=allocation.share_rounding,
    )
    if goods_left is None:
        return shares
    is_goods = [units[positions[0]][0].goods for positions in lines]
    on_goods = sum([share for share, goods in zip(shares, is_goods, strict=True) if goods])
    if on_goods <= goods_left:
        return shares
    return [
        goods_share + other_share
        for goods_share, other_share in zip(
            _shares_of(True, goods_left, weights, lefts, is_goods, allocation, ranked),
            _shares_of(False, amount - goods_left, weights, lefts, is_goods, allocation, ranked),
            strict=True,
        )
    ]


def _shares_of(
    goods: bool,
    amount: int,
    weights: list[int],
    lefts: list[int],
    is_goods: list[bool],
    allocation: plan.Allocation,
    ranked: list[int],
) -> list[int]:
    """The shares of goods alone, or of shipping alone."""
    kept = [weight if each is goods else 0 for weight, each in zip(weights, is_goods, strict=True)]
    room = sum([left for left, weight in zip(lefts, kept, strict=True) if weight])
    return allocate_lines(
        min(amount, room),
        kept,
        lefts,
        order=ranked,
        odd=allocation.odd_units,
        share_rounding=allocation.share_rounding,
    )


def _within_lines(
    state: State,
    shares: list[int],
    lines: list[list[int]],
    units: list[Units],
    weights: Sequence[int],
    base: plan.Base,
) -> list[Piece]:
    """Each line's share over its units."""
    pieces: list[Piece] = []
    for positions, share in zip(lines, shares, strict=True):
        pieces.extend(_within_line(state, share, positions, units, weights, base))
    return pieces


def _within_line(
    state: State,
    share: int,
    positions: list[int],
    units: list[Units],
    weights: Sequence[int],
    base: plan.Base,
) -> list[Piece]:
    """A line's share over its units: the odd minor units to the largest remainders, ties in unit order."""
    lefts = [state.left_of(units[p][0], units[p][1]) for p in positions]
    room = sum([left * units[p][2] for left, p in zip(lefts, positions, strict=True) if weights[p]])
    shared = allocate_units(
        min(share, room), [(units[p][2], weights[p], left) for left, p in zip(lefts, positions, strict=True)]
    )
    pieces: list[Piece] = []
    for position, portions in zip(positions, shared, strict=True):
        line, run, _ = units[position]
        unit_base = state.base_of(line, run, base)
        for count, discount in portions:
            pieces.append((line, run, count, discount, unit_base))
    return pieces


def _amount(
    state: State, action: plan.Amount, units: list[Units], sets: list[SetUnits], times: int, most_minor: int
) -> Figured:
    amount = action.amount_minor * times
    if action.each == "unit":
        return _amount_each_unit(state, amount, units, action.must_fit, most_minor)
    if action.each == "line":
        return _amount_each_line(state, amount, units, action)
    if action.each == "set":
        return _by_set(state, sets, action.allocation, lambda total: amount, action.must_fit)
    pieces = spread(state, min(amount, most_minor), units, action.allocation)
    used = total_of(pieces)
    if action.must_fit and used < amount:
        return Figured([])
    return Figured(pieces, max(0, amount - used))


def _amount_each_unit(state: State, amount: int, units: list[Units], must_fit: bool, most_minor: int) -> Figured:
    if must_fit:
        return _amount_where_it_fits(state, amount, units, most_minor)
    pieces: list[Piece] = []
    unused = 0
    for line, run, count in units:
        discount = min(amount, state.left_of(line, run))
        if discount:
            unused += (amount - discount) * count
        pieces.append((line, run, count, discount, run.price))
    return Figured(pieces, unused)


def _amount_where_it_fits(state: State, amount: int, units: list[Units], most_minor: int) -> Figured:
    """The whole amount, or nothing, off each unit; units are served in order."""
    rooms = Rooms(state, most_minor)
    pieces: list[Piece] = []
    for line, run, count in units:
        asked = amount if state.left_of(line, run) >= amount else 0
        served = rooms.serve(line, count, asked, must_fit=True)
        pieces += [(line, run, part, discount, run.price) for part, discount in served]
    return Figured(pieces)


def _amount_each_line(state: State, amount: int, units: list[Units], action: plan.Amount) -> Figured:
    pieces: list[Piece] = []
    unused = 0
    goods_left = None if state.floors is None else state.floors.goods_left(state.runs)
    for positions in _by_line(units):
        of_line = [units[position] for position in positions]
        found = spread(state, amount, of_line, action.allocation)
        used = total_of(found)
        fits = used == amount and (goods_left is None or not of_line[0][0].goods or used <= goods_left)
        if used and (fits or not action.must_fit):
            pieces.extend(found)
            if goods_left is not None and of_line[0][0].goods:
                goods_left -= used
            unused += amount - used
    return Figured(pieces, unused)


def _by_set(
    state: State,
    sets: list[SetUnits],
    allocation: plan.Allocation,
    face: Callable[[int], int],
    must_fit: bool,
    *,
    by_price: bool = False,
) -> Figured:
    """A figure for each set, shared within it; alike sets are figured once."""
    pieces: list[Piece] = []
    unused = 0
    for group in sets:
        total = sum([run.price * count for _, run, count in group.units])
        amount = max(0, face(total))
        if by_price:
            prices = [run.price for _, run, _ in group.units]
            found = _share(state, amount, group.units, prices, allocation, "running")
        else:
            found = spread(state, amount, group.units, allocation)
        used = total_of(found)
        if must_fit and used < amount:
            continue
        unused += (amount - used) * group.times
        pieces.extend([(line, run, count * group.times, discount, base) for line, run, count, discount, base in found])
    return Figured(pieces, unused)


def total_of(pieces: Sequence[Piece]) -> int:
    """What all pieces take off together."""
    return sum([count * discount for _, _, count, discount, _ in pieces])
