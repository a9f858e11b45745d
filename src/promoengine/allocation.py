"""Sharing a whole amount of minor units over units or lines, to the cent.

**The problem.** 1.00 off three things of 10.00 is 33⅓ cents each. Round each share and 1.00 has become 0.99;
give what is missing to the last line and a free sticker at the end of the cart gets a discount of its own;
give one line more than it costs and its price is negative. A share is refunded, taxed and invoiced later
on, so the shares must be whole, sum to the amount exactly, and each lie in [0, left], where *left* is what
its line or unit has left to give: its price less its floor.

**Two worked cases.** (1) 10 % of 395 yen and 295 yen is 69 yen, and the exact shares are 39.5 and 29.5.
Both floors are 39 + 29 = 68. One yen is odd, the remainders are equal, and the first in order takes it:
40 and 29. (2) 100.00 is shared by list, 400 to 200, over two lines that have 20.00 and 200.00 left. The
exact shares are 66.67 and 33.33. The first line cannot bear its share: it gives its 20.00 and drops out,
and the other 80.00 are shared anew over the lines that remain: 20.00 and 80.00.

**The rule.** The exact share of a unit is amount · weight / Σ weights.

1. Drop out: every unit whose exact share exceeds what it has left gives that and leaves, all such at once;
   the rest of the amount is shared anew by weight among the others, until no exact share exceeds its left.
2. Floor every exact share. What is then missing are the *odd* minor units, fewer than the units.
3. Odd units go one each to the units with the largest remainders, equal remainders in order of position.

**Why the first step ends, and is right.** Each round removes a unit or is the last. While the amount is at
most the capacity, what remains of it is at most what the remaining units have left, so they cannot all
exceed. A unit that drops out gives less than its share, so the shares of the others only grow: who exceeds
once would exceed in every later round too. Hence it does not matter in which order units drop out, and
sorting them once by left / weight replaces the rounds: O(n log n), where rounds are O(n²) at worst.

**Why the sum is exact.** The exact shares sum to the amount, and remainders are fractions below one, so the
odd units are fewer than the units with a remainder. Each of those has room: its exact share is not whole
and at most its left, which is whole, so its floor is below its left. One more fits everywhere it is due;
"skip the full ones and go round again" is part of the rule, and never happens. A unit of weight 0 has no
remainder, so it never gets anything.

**Runs.** Equal units are held as `(count, weight, left)`. They have equal shares and equal remainders, so
odd units split a run in at most two pieces, and no loop here ever goes over the units of a run.

**Parity.** An order system that exists already floors or rounds each line and corrects one line for all of
it. `odd="first"` and `odd="last"` do that: everything that is missing goes to the first (last) line as far
as it has room, then to its neighbour; and what rounding half up gave too much is taken back from there
likewise. Lines that dropped out and lines of weight 0 stay as they are. Another system goes through the
lines once, shares what is left among those still to come, rounds, and goes on with the rest: `odd="in_turn"`
does that, and the last line's share is the rest. A share rounded down leaves more to the lines behind it,
by less than one; where that is more than they have left, the line takes that one as well.

**What was not done.** *Cascading* (rounding the running sum, so that each odd unit falls where the sum
passes a half): as exact, but a line's share depends on the lines before it, so reordering a cart would move
cents. *Ratios rounded to two digits* (47 % and so on): 1.57 over 5.01, 3.42 and 2.13 comes out as 0.73,
0.50, 0.34, where the exact shares are 0.745, 0.508, 0.317. *Clipping instead of dropping out* (cut each
share to its left, and give what was cut to anyone who has room): the sum is right, the proportion is not.
*Least squares, or any other notion of fair*: nobody can check it on an invoice with a pencil.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Portion = tuple[int, int, int]
"""`(count, weight, left)`: so many equal units, the weight of each, and the minor units each has left."""

Piece = tuple[int, int]
"""`(count, share)`: so many units of a portion get this share each, in minor units."""

OddUnits = Literal["largest", "first", "last", "in_turn"]
"""Who gets the odd minor units: the largest remainders, one end of the lines in the caller's order, or each line in
turn, in that order.
"""

ShareRounding = Literal["floor", "half_up", "half_down"]
"""How a line's share is rounded, before the first or the last line makes up the difference, or the next one in turn."""


def capacity(portions: Sequence[Portion]) -> int:
    """The largest amount that `portions` can take, in minor units: what units with a weight have left."""
    total = 0
    for count, weight, left in portions:
        if weight:
            total += count * left
    return total


def allocate_units(amount: int, portions: Sequence[Portion]) -> list[list[Piece]]:
    """Share `amount` minor units over equal units in runs; the rule is at the head of this module.

    The answer has, for each portion in turn, its pieces: at most two, the larger share first, their counts
    summing to the portion's, none with a count of 0. All shares sum to `amount`. Equal remainders are
    settled by position in `portions`. The cost depends on the number of portions, not on their counts.

    Counts, weights and lefts are never negative (not checked). Raises `ValueError` for an amount that is
    negative or above `capacity(portions)`.
    """
    if len(portions) == 1:
        ((count, weight, left),) = portions
        if count and weight and 0 <= amount <= count * left:
            return [_share_alike(amount, count)]
    total = 0
    for count, weight, _ in portions:
        total += count * weight
    if not total or amount <= 0:
        _refuse_beyond(amount, portions)
        return [[(count, 0)] if count else [] for count, _, _ in portions]
    odd = amount
    shares: list[int] = []
    remainders: list[int] = []
    for count, weight, left in portions:
        share, remainder = divmod(amount * weight, total)
        if share >= left and (share > left or remainder) and count:
            return _allocate_units_after_drop_out(amount, portions)
        odd -= count * share
        shares.append(share)
        remainders.append(remainder)
    return _pieces(portions, shares, _largest_remainders(portions, remainders, odd))


def share_by_left(amount: int, units: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """As `allocate_units`, over `(count, left)`: what each unit has left is its weight, too, so no share can exceed it.

    The answer is flat, of `(place, count, share)`: so many units of those at a place in `units` get this share each;
    places ascend, and the larger share comes first. No count is 0 (not checked). Raises `ValueError` as
    `allocate_units` does.
    """
    if len(units) == 2:  # what an odd minor unit leaves of a line whose units were alike
        return _share_by_two(amount, *units)
    shared = allocate_units(amount, [(count, left, left) for count, left in units])
    return [(place, count, share) for place, pieces in enumerate(shared) for count, share in pieces]


def _share_by_two(amount: int, first: tuple[int, int], second: tuple[int, int]) -> list[tuple[int, int, int]]:
    """As `share_by_left`, over units of two kinds."""
    (count, left), (others, less) = first, second
    total = count * left + others * less
    if not 0 < amount <= total:
        _refuse_beyond(amount, [(count, left, left), (others, less, less)])
        return [(0, count, 0), (1, others, 0)]
    share, remainder = divmod(amount * left, total)
    lower, other = divmod(amount * less, total)
    odd = amount - count * share - others * lower
    more = min(odd, count) if remainder >= other else odd - min(odd, others)
    found = [(0, more, share + 1)] if more else []
    if more < count:
        found.append((0, count - more, share))
    if odd > more:
        found.append((1, odd - more, lower + 1))
    if odd - more < others:
        found.append((1, others - odd + more, lower))
    return found


def _share_alike(amount: int, count: int) -> list[Piece]:
    """The shares of so many units that are alike and can take the amount."""
    share, odd = divmod(amount, count)
    return [(odd, share + 1), (count - odd, share)] if odd else [(count, share)]


def allocate_lines(
    amount: int,
    weights: Sequence[int],
    lefts: Sequence[int],
    *,
    order: Sequence[int] | None = None,
    odd: OddUnits = "largest",
    share_rounding: ShareRounding = "floor",
) -> list[int]:
    """Share `amount` minor units over lines; the rule is at the head of this module.

    `weights[i]` and `lefts[i]` are the weight of line i and the minor units it has left, and so is the
    answer's i-th share. `order` holds every position i once, and says who comes first: for `odd="largest"`
    among equal remainders (by line id, in a quote), for the others in the caller's order. Where it is None,
    the order is that of the lists. `share_rounding` belongs to the others only: the largest remainders are
    those of floors.

    Weights and lefts are never negative (not checked). Raises `ValueError` for lists of different lengths,
    for an amount that is negative or above what lines of positive weight have left, and for
    `odd="largest"` with another rounding than `floor`.
    """
    if odd == "largest" and share_rounding != "floor":
        raise ValueError(f"the largest remainders are of floors: odd='largest' excludes {share_rounding!r}")
    total = sum(weights)
    if not total or amount <= 0:
        _refuse_beyond(amount, _as_portions(weights, lefts))
        return [0] * len(weights)
    if weights is lefts and odd == "largest" and order is None and amount <= total:
        return _share_by_left(amount, lefts, total)
    missing = amount
    shares: list[int] = []
    remainders: list[int] = []
    for weight, left in zip(weights, lefts, strict=True):
        share, remainder = divmod(amount * weight, total)
        if share >= left and (share > left or remainder):
            return _allocate_lines_after_drop_out(amount, weights, lefts, order, odd, share_rounding)
        missing -= share
        shares.append(share)
        remainders.append(remainder)
    if not missing:
        return shares
    ranked: Sequence[int] = range(len(shares)) if order is None else order
    if len(ranked) != len(shares):
        raise ValueError(f"the order has {len(ranked)} positions for {len(shares)} lines")
    if odd == "largest":
        # Reversed, the sort is still stable: equal remainders stay in order.
        for position in sorted(ranked, key=remainders.__getitem__, reverse=True)[:missing]:
            shares[position] += 1
        return shares
    if odd == "in_turn":
        return _share_in_turn(amount, weights, lefts, ranked, share_rounding)
    missing -= _round_shares(shares, remainders, total, share_rounding)
    _settle_at_one_end(shares, weights, lefts, missing, ranked if odd == "first" else ranked[::-1])
    return shares


def _share_by_left(amount: int, lefts: Sequence[int], total: int) -> list[int]:
    """As `allocate_lines`, where what each has left is its weight: then no share can exceed it."""
    exact = [amount * left for left in lefts]
    shares = [each // total for each in exact]
    odd = amount - sum(shares)
    if odd:
        remainders = [each % total for each in exact]
        for position in sorted(range(len(shares)), key=remainders.__getitem__, reverse=True)[:odd]:
            shares[position] += 1
    return shares


def _allocate_units_after_drop_out(amount: int, portions: Sequence[Portion]) -> list[list[Piece]]:
    """As `allocate_units`, where some exact share exceeds what its unit has left."""
    rest, full = _drop_out(amount, portions)
    remaining = list(portions)
    for position in full:
        remaining[position] = (0, 0, 0)
    shared = allocate_units(rest, remaining)
    for position in full:
        count, _, left = portions[position]
        shared[position] = [(count, left)]
    return shared


def _allocate_lines_after_drop_out(
    amount: int,
    weights: Sequence[int],
    lefts: Sequence[int],
    order: Sequence[int] | None,
    odd: OddUnits,
    share_rounding: ShareRounding,
) -> list[int]:
    """As `allocate_lines`, where some exact share exceeds what its line has left."""
    rest, full = _drop_out(amount, _as_portions(weights, lefts))
    remaining = list(weights)
    for position in full:
        remaining[position] = 0
    shares = allocate_lines(rest, remaining, lefts, order=order, odd=odd, share_rounding=share_rounding)
    for position in full:
        shares[position] = lefts[position]
    return shares


def _drop_out(amount: int, portions: Sequence[Portion]) -> tuple[int, list[int]]:
    """What remains of `amount` after the units that cannot bear their share, and the positions of those."""
    _refuse_beyond(amount, portions)
    # left / weight as integers that sort as the fractions do: unequal ones differ by at least 1 / heaviest².
    scale = max([weight for _, weight, _ in portions]) ** 2
    total = 0
    ratios: list[tuple[int, int]] = []
    for position, (count, weight, left) in enumerate(portions):
        if count and weight:
            total += count * weight
            ratios.append((left * scale // weight, position))
    full: list[int] = []
    for _, position in sorted(ratios):
        count, weight, left = portions[position]
        if amount * weight <= left * total:
            break
        amount -= count * left
        total -= count * weight
        full.append(position)
    return amount, full


def _largest_remainders(portions: Sequence[Portion], remainders: Sequence[int], odd: int) -> list[int]:
    """How many units of each portion get one of the `odd` minor units."""
    given = [0] * len(portions)
    if not odd:
        return given
    # Reversed, the sort is still stable: equal remainders stay in order of position.
    for position in sorted(range(len(portions)), key=remainders.__getitem__, reverse=True):
        given[position] = min(odd, portions[position][0])
        odd -= given[position]
        if not odd:
            break
    return given


def _pieces(portions: Sequence[Portion], shares: Sequence[int], given: Sequence[int]) -> list[list[Piece]]:
    """Each portion's share, with one more for as many of its units as were `given` one."""
    pieces: list[list[Piece]] = []
    for (count, _, _), share, more in zip(portions, shares, given, strict=True):
        if not more:
            pieces.append([(count, share)] if count else [])
        elif more == count:
            pieces.append([(count, share + 1)])
        else:
            pieces.append([(more, share + 1), (count - more, share)])
    return pieces


def _round_shares(shares: list[int], remainders: Sequence[int], total: int, rounding: ShareRounding) -> int:
    """Round floors up in place where `rounding` says so; how many were."""
    rounded = 0
    for position, remainder in enumerate(remainders):
        if _goes_up(remainder, total, rounding):
            shares[position] += 1
            rounded += 1
    return rounded


def _goes_up(remainder: int, total: int, rounding: ShareRounding) -> bool:
    """Whether a share with the remainder `remainder / total` is rounded up."""
    return rounding != "floor" and 2 * remainder >= (total if rounding == "half_up" else total + 1)


def _settle_at_one_end(
    shares: list[int], weights: Sequence[int], lefts: Sequence[int], missing: int, order: Sequence[int]
) -> None:
    """Give all that is `missing` to the first lines of `order` that have room; take back what is below 0."""
    for position in order:
        if not missing:
            return
        if weights[position]:
            change = min(max(missing, -shares[position]), lefts[position] - shares[position])
            shares[position] += change
            missing -= change


def _share_in_turn(
    amount: int, weights: Sequence[int], lefts: Sequence[int], order: Sequence[int], rounding: ShareRounding
) -> list[int]:
    """Each line of `order` takes its rounded share of what is still to be shared over it and the lines after it: at
    most what it has left, and at least what those cannot take.
    """
    shares = [0] * len(weights)
    to_come, left_to_come = sum(weights), capacity(_as_portions(weights, lefts))
    for position in order:
        weight, left = weights[position], lefts[position]
        if not weight:
            continue
        share, remainder = divmod(amount * weight, to_come)
        left_to_come -= left
        share = min(max(share + _goes_up(remainder, to_come, rounding), amount - left_to_come), left)
        shares[position] = share
        amount -= share
        to_come -= weight
    return shares


def _as_portions(weights: Sequence[int], lefts: Sequence[int]) -> list[Portion]:
    return [(1, weight, left) for weight, left in zip(weights, lefts, strict=True)]


def _refuse_beyond(amount: int, portions: Sequence[Portion]) -> None:
    """Raise where `amount` cannot be placed: the caller clips it first, and has contradicted itself."""
    most = capacity(portions)
    if not 0 <= amount <= most:
        raise ValueError(f"{amount} minor units cannot be shared over units that can take 0 to {most}")
