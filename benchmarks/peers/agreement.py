"""Whether a rival and the engine came to the same figures, to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

Figures = dict[str, Any]
"""What each promotion takes off a cart: an amount, several that are to be added, or true where it matches."""


def compare(theirs: Sequence[Figures], ours: Sequence[Figures]) -> dict[str, Any]:
    """In how many carts all promotions came to the same, and the greatest difference of one promotion in one cart."""
    pairs = [(_in_cents(one), _in_cents(other)) for one, other in zip(theirs, ours, strict=True)]
    differences = [abs(one.get(name, 0) - other.get(name, 0)) for one, other in pairs for name in {*one, *other}]
    totals = [abs(sum(one.values()) - sum(other.values())) for one, other in pairs]
    return {
        "carts": len(pairs),
        "equal_to_the_cent": sum(one == other for one, other in pairs),
        "greatest_difference": _text(max(differences, default=0)),
        "greatest_difference_of_a_total": _text(max(totals, default=0)),
        "acted_on": sum(bool(one) for one, _ in pairs),
    }


def compare_matches(theirs: Sequence[Figures], ours: Sequence[Figures]) -> dict[str, Any]:
    """In how many carts the same promotions matched."""
    return {
        "carts": len(theirs),
        "equal": sum(one == other for one, other in zip(theirs, ours, strict=True)),
        "matches": sum(len(each) for each in theirs),
    }


def _in_cents(figures: Figures) -> dict[str, int]:
    """Amounts in cents, half of one up: who keeps more digits adds them first."""
    cents = {name: _cents(value if isinstance(value, list) else [value]) for name, value in figures.items()}
    return {name: amount for name, amount in cents.items() if amount}


def _cents(amounts: list[str]) -> int:
    return floor(sum(Fraction(Decimal(each)) for each in amounts) * 100 + Fraction(1, 2))


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
