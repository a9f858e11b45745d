"""§1 Allocation: an amount over lines first, then inside a line over its units."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from math import floor
from typing import TypeVar

from .money import rounded

Taker = TypeVar("Taker", bound=Hashable)


def exact_shares(amount: int, weights: dict[Taker, Fraction], left: dict[Taker, int]) -> dict[Taker, Fraction]:
    """§1: a taker whose exact share exceeds what it has left takes that and drops out, the rest is shared anew."""
    staying = those_who_stay(amount, weights, left)
    total = sum(weights[taker] for taker in staying)
    rest = amount - sum(left[taker] for taker, weight in weights.items() if weight > 0 and taker not in staying)
    return {
        taker: rest * weight / total if taker in staying else Fraction(left[taker] if weight > 0 else 0)
        for taker, weight in weights.items()
    }


def those_who_stay(amount: int, weights: dict[Taker, Fraction], left: dict[Taker, int]) -> set[Taker]:
    """§1: those who do not drop out."""
    active = {taker for taker, weight in weights.items() if weight > 0}
    rest = amount
    while True:
        total = sum(weights[taker] for taker in active)
        full = {taker for taker in active if rest * weights[taker] / total > left[taker]}
        if not full:
            return active
        rest -= sum(left[taker] for taker in full)
        active -= full


def to_largest_remainders(
    amount: int, shares: dict[Taker, Fraction], left: dict[Taker, int], order: Sequence[Taker]
) -> dict[Taker, int]:
    """§1: each share is floored, and the odd minor units go, one each, to the largest remainders; ties by `order`."""
    given = {taker: floor(share) for taker, share in shares.items()}
    ranked = sorted(order, key=lambda taker: -(shares[taker] - floor(shares[taker])))
    ranked = [taker for taker in ranked if shares[taker] > 0]
    while sum(given.values()) < amount:
        served = False
        for taker in ranked:
            if sum(given.values()) < amount and given[taker] < left[taker]:
                given[taker] += 1
                served = True
        assert served, "nobody has anything left"
    return given


def to_one_end(
    amount: int, shares: dict[Taker, Fraction], left: dict[Taker, int], order: Sequence[Taker], rounding: str
) -> dict[Taker, int]:
    """§1: all odd units to the first of `order` as far as it has left, then to the next; a surplus is taken back
    from the same end.
    """
    given = {
        taker: floor(share) if rounding == "floor" else rounded(share, rounding) for taker, share in shares.items()
    }
    takers = [taker for taker in order if 0 < shares[taker] < left[taker]]
    for taker in takers:
        odd = amount - sum(given.values())
        given[taker] += max(min(odd, left[taker] - given[taker]), -given[taker])
    assert sum(given.values()) == amount
    return given


def in_turn(
    amount: int, weights: dict[Taker, Fraction], left: dict[Taker, int], order: Sequence[Taker], rounding: str
) -> dict[Taker, int]:
    """§1: each takes its share, by weight among those still to come, of what is still to be shared, rounded, and at
    least what those to come cannot bear.
    """
    staying = those_who_stay(amount, weights, left)
    given = {taker: 0 if taker in staying or not weight else left[taker] for taker, weight in weights.items()}
    takers = [taker for taker in order if taker in staying]
    for number, taker in enumerate(takers):
        rest = amount - sum(given.values())
        to_come = takers[number + 1 :]
        share = rest * weights[taker] / (weights[taker] + sum(weights[each] for each in to_come))
        whole = floor(share) if rounding == "floor" else rounded(share, rounding)
        given[taker] = min(left[taker], max(whole, rest - sum(left[each] for each in to_come)))
    assert sum(given.values()) == amount
    return given


def share_inside_line(
    amount: int, weights: dict[Taker, Fraction], left: dict[Taker, int], order: Sequence[Taker]
) -> dict[Taker, int]:
    """§1: inside a line the odd units always go to the largest remainders, ties in unit order."""
    shares = exact_shares(amount, weights, left)
    return to_largest_remainders(amount, shares, left, order)


class Policy:
    """How odd units go: the stated allocation."""

    def __init__(self, weight: str, odd_units: str, share_rounding: str) -> None:
        self.weight = weight
        self.odd_units = odd_units
        self.share_rounding = share_rounding


def share_over_lines(
    amount: int,
    weights: dict[str, Fraction],
    left: dict[str, int],
    callers_order: Sequence[str],
    policy: Policy,
    by_id: Callable[[str], object] = str,
) -> dict[str, int]:
    """§1: one figure over lines, whose names are their ids."""
    shares = exact_shares(amount, weights, left)
    present = [line for line in callers_order if line in weights]
    if policy.odd_units == "largest":
        return to_largest_remainders(amount, shares, left, sorted(present, key=by_id))
    if policy.odd_units == "in_turn":
        return in_turn(amount, weights, left, present, policy.share_rounding)
    order = present if policy.odd_units == "first" else present[::-1]
    return to_one_end(amount, shares, left, order, policy.share_rounding)
