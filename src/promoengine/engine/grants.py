"""What is not a plain figure: graduated ladders, redeemed points, and effects after the order."""

from __future__ import annotations

from math import lcm

from promoengine import plan
from promoengine.allocation import allocate_lines
from promoengine.engine.basket import Portion
from promoengine.engine.figures import Figured, Units, figure, room_of, spread, total_of
from promoengine.engine.fired import Fired
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.rooms import Rooms
from promoengine.engine.state import State
from promoengine.money import divide, rounded
from promoengine.quote import Earned, Grant

Banded = tuple[Portion, plan.UnitAction]
"""Units, and the figure of the rung that covers them."""


def banded(action: plan.Graduated, portions: list[Portion], plus: int) -> list[Banded]:
    """The units that a rung covers, counted in unit order from what a fact adds."""
    found: list[Banded] = []
    number = plus
    for portion in portions:
        count = portion[5]
        while count:
            band, room = _band_of(action, number + 1)
            part = min(count, room)
            if band is not None:
                found.append(((*portion[:5], part), band))
            number += part
            count -= part
    return found


def _band_of(action: plan.Graduated, number: int) -> tuple[plan.UnitAction | None, int]:
    """The band that covers the n-th unit, and how many units from there on it covers."""
    found: plan.UnitAction | None = None
    for start, band in action.bands:
        if start > number:
            return found, start - number
        found = band
    return found, UNBOUNDED


def graduated_units(rooms: Rooms, units: list[Banded]) -> Figured:
    """Each unit's figure by its rung."""
    total = Figured([])
    for (_, _, _, line, run, count), band in units:
        figured = figure(rooms, band, [(line, run, count)], [], 1)
        total.pieces += figured.pieces
        total.unused_minor += figured.unused_minor
    return total


def graduated_percent(rooms: Rooms, action: plan.GraduatedPercent, units: list[Units], fired: Fired) -> Figured:
    """Each rate on the money that lies above its rung and below the next, rounded once, shared over the units."""
    denominator = lcm(*[rate[1] for _, rate in action.bands])
    numerator = 0
    for position, (start, rate) in enumerate(action.bands):
        end = action.bands[position + 1][0] if position + 1 < len(action.bands) else UNBOUNDED
        covered = min(fired.measured, end) - max(fired.plus, start)
        if covered > 0:
            numerator += covered * rate[0] * (denominator // rate[1])
    price = sum([run.price * count for _, run, count in units])
    amount = rounded(price, numerator, denominator, action.rounding.step_minor, action.rounding.mode)
    return Figured(spread(rooms, amount, units, action.allocation))


def redeemed(rooms: Rooms, action: plan.Redeem, units: list[Units]) -> Figured:
    """What asked points pay for, and how many points: the fewest whole steps that are worth the money, within the share
    and what is left above all floors.
    """
    state = rooms.state
    base = sum([state.base_of(line, run, action.base) * count for line, run, count in units])
    most = room_of(rooms, units)
    if action.share is not None:
        most = min(most, base * action.share[0] // action.share[1])
    numerator, denominator = action.worth
    worth_most = ((most + 1) * denominator - 1) // numerator  # the most points whose worth, rounded down, is within it
    points = min(state.points_left, worth_most)
    amount = (points - points % action.step) * numerator // denominator
    points = _steps(-(-amount * denominator // numerator), action.step)
    pieces = spread(rooms, amount, units, action.allocation)
    return Figured(pieces, points=points) if total_of(pieces) else Figured([])


def _steps(points: int, step: int) -> int:
    """Points, rounded up to whole steps."""
    return -(-points // step) * step


def grant_of(state: State, rule: plan.Promotion, action: plan.Grant, units: list[Units], times: int) -> Grant | None:
    """Points, a coupon, an entry or cash-back; None where the spend earns nothing."""
    spend = sum([state.base_of(line, run, action.base) * count for line, run, count in units])
    quantity = action.quantity * times
    if action.per_spend_minor is not None:
        quantity *= spend // action.per_spend_minor
    value = divide(quantity * action.value[0], action.value[1], action.mode)
    if action.rate is not None:
        value = divide(spend * action.rate[0], action.rate[1], action.mode)
        value = value if action.most_minor is None else min(value, action.most_minor)
        quantity = 1 if value else 0  # a percentage is given once, of all units
    if not quantity:
        return None
    return Grant(rule.id, action.what, action.name, quantity, value, _earned(state, action, units, quantity, value))


def _earned(state: State, action: plan.Grant, units: list[Units], quantity: int, value_minor: int) -> dict[str, Earned]:
    """What each line earned: by its part of the spend, or by its units where nothing was spent."""
    if not units:
        return {}  # a stage of shipping alone, and no goods
    spends: dict[int, int] = {}
    counts: dict[int, int] = {}
    lines = {line.rank: line for line, _, _ in units}
    for line, run, count in units:
        spends[line.rank] = spends.get(line.rank, 0) + state.base_of(line, run, action.base) * count
        counts[line.rank] = counts.get(line.rank, 0) + count
    weights = spends if any(spends.values()) else counts
    ranks = sorted(rank for rank, weight in weights.items() if weight)
    shares = [
        _shares(amount, [weights[rank] for rank in ranks], [lines[rank].position for rank in ranks], action.allocation)
        for amount in (quantity, value_minor)
    ]
    return {lines[rank].name: Earned(*parts) for rank, *parts in zip(ranks, *shares, strict=True) if any(parts)}


def _shares(amount: int, weights: list[int], positions: list[int], allocation: plan.Allocation) -> list[int]:
    """An amount of anything over lines. Nothing bounds what a line can earn."""
    order = [*range(len(weights))]
    if allocation.odd_units != "largest":
        order.sort(key=positions.__getitem__)
    return allocate_lines(
        amount,
        weights,
        [amount] * len(weights),
        order=order,
        odd=allocation.odd_units,
        share_rounding=allocation.share_rounding,
    )
