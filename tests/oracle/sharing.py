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
    shares: dict[Taker, Fraction] = {taker: Fraction(0) for taker in weights}
    active = {taker for taker, weight in weights.items() if weight > 0}
    rest = Fraction(amount)
    while active:
        total = sum(weights[taker] for taker in active)
        for taker in active:
            shares[taker] = rest * weights[taker] / total
        full = {taker for taker in active if shares[taker] > left[taker]}
        if not full:
            return shares
        for taker in full:
            shares[taker] = Fraction(left[taker])
            rest -= left[taker]
        active -= full
    return shares


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
    order = present if policy.odd_units == "first" else present[::-1]
    return to_one_end(amount, shares, left, order, policy.share_rounding)
