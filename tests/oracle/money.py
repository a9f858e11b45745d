"""§1 Money: amounts in minor units, and how a discount is rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

NO_DIGITS = {
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"),
    *("XAF", "XOF", "XPF"),
}
THREE_DIGITS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
FOUR_DIGITS = {"CLF", "UYW"}


class NoFigure(Exception):
    """§1: a promotion without a figure in the cart's currency does not apply."""


def exponent(currency: str) -> int:
    """§1: the digits of the minor unit, by ISO 4217."""
    return 0 if currency in NO_DIGITS else 3 if currency in THREE_DIGITS else 4 if currency in FOUR_DIGITS else 2


def whole(value: Fraction) -> int:
    """A figure that must be a whole number."""
    assert value.denominator == 1, value
    return value.numerator


class Money:
    """Amounts of one campaign read in one currency."""

    def __init__(self, home: str, currency: str) -> None:
        self.home = home
        self.currency = currency
        self.exponent = exponent(currency)

    def minor(self, amount: Decimal | dict[str, Decimal]) -> int:
        """§1: nothing is converted; an amount is stated for the currency or it is missing."""
        if isinstance(amount, dict):
            if self.currency not in amount:
                raise NoFigure
            return self.of_cart(amount[self.currency])
        if self.currency != self.home:
            raise NoFigure
        return self.of_cart(amount)

    def of_cart(self, amount: Decimal) -> int:
        """An amount of the cart, which is in the cart's currency."""
        return whole(Fraction(amount) * 10**self.exponent)


def percent(value: Decimal) -> Fraction:
    """A percentage as an exact rational."""
    return Fraction(value) / 100


def rounded(exact: Fraction, mode: str) -> int:
    """§1: the discount's magnitude, rounded to whole minor units."""
    below, above = floor(exact), ceil(exact)
    if below == above:
        return below
    if mode in ("up", "down"):
        return above if mode == "up" else below
    middle = Fraction(below + above, 2)
    if exact != middle:
        return below if exact < middle else above
    if mode == "half_even":
        return below if below % 2 == 0 else above
    return above if mode == "half_up" else below


def rounded_discount(price: int, exact: Fraction, mode: str, step: int) -> int:
    """§1: rounded once; a step rounds the resulting price, which here is `price` less the discount.

    The discounts that leave a multiple of the step are offset + j * step; j is what is rounded.
    """
    if exact == 0:
        return 0
    offset = price % step
    discount = offset + step * rounded_any((exact - offset) / step, mode)
    return min(max(discount, 0), price)


def rounded_any(exact: Fraction, mode: str) -> int:
    """`rounded` for a figure that may be negative: two up and two down again, which keeps an even number even."""
    return rounded(exact + 2, mode) - 2
