"""Amounts: text at the border, whole minor units inside, and the few ways in which a fraction is rounded.

An amount is an `int` of the currency's minor unit (fen, cent, yen). It is read once with `parse_amount`
and written once with `format_amount`; between them there is no float and no `Decimal`. A percentage is an
exact rational, and a fraction of a minor unit is rounded in `divide` or `divide_to_step` and nowhere else.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import gcd
from typing import Literal

from promoengine.currencies import EXPONENTS

RoundingMode = Literal["half_up", "half_even", "half_down", "up", "down"]
"""How a discount between two whole amounts is rounded. It speaks of the discount, not of the price:
`up` is the larger discount. Where a shop rounds its *prices* half up, its discounts are `half_down`."""

AmountErrorCode = Literal[
    "float_amount",
    "not_an_amount",
    "not_finite",
    "too_many_digits",
    "amount_too_large",
    "not_a_percentage",
    "percentage_out_of_range",
]

LARGEST_AMOUNT_MINOR = 10**15
"""No amount at the border is larger, either way: ten trillion yuan. It keeps products of a few amounts
within a few machine words, and a hostile cart from buying time with long numbers."""

_LONGEST_TEXT = 40
_PERCENT_DIGITS = 10
_DECIMAL_TEXT = re.compile(r"(-?(?:0|[1-9][0-9]*))(?:\.([0-9]+))?")
_NOT_FINITE = frozenset({"nan", "snan", "inf", "infinity"})
_FRACTIONS = ((1, [""]), *((10**digits, [f".{part:0{digits}}" for part in range(10**digits)]) for digits in (1, 2, 3)))
"""By the digits of a currency: its unit, and what is written after the whole ones. A quote has hundreds of amounts."""


class UnknownCurrency(ValueError):
    """No active ISO 4217 currency has this code. `currency` is the code as it was given."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(currency)

    def __str__(self) -> str:
        known = str(self.currency).strip().upper()
        hint = f"; did you mean {known}?" if known in EXPONENTS else ""
        return f"{_shown(self.currency)} is not the code of an active ISO 4217 currency{hint}"


class AmountError(ValueError):
    """A value is not an amount, or not a percentage. `code` is stable; the message is for people."""

    def __init__(self, code: AmountErrorCode, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(code, message)

    def __str__(self) -> str:
        return self.message


def exponent(currency: str) -> int:
    """How many decimal digits the minor unit of `currency` has: JPY 0, CNY 2, KWD 3.

    Raises `UnknownCurrency` for anything but the upper-case code of an active currency.
    """
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


def parse_amount(value: int | str | Decimal, exponent: int) -> int:
    """The amount `value`, stated in major units, as minor units of a currency with `exponent` digits.

    An `int` counts whole major units. Text is what JSON calls a number, without an exponent: an optional
    minus sign, digits without superfluous zeros in front, and optionally a point with digits after it.
    A `Decimal` may have any exponent (`1E+2` is 100). More digits after the point than the currency has are
    refused even where they are zeros: `12.500` is more likely meant for another currency than for this one.

    Raises `AmountError`: `float_amount`, `not_an_amount`, `not_finite`, `too_many_digits`, or
    `amount_too_large` beyond `LARGEST_AMOUNT_MINOR` either way. A negative amount is read; whether it makes
    sense is for the caller to say.
    """
    # A price as carts write it, with exactly the currency's digits, needs no pattern: its point, if it has
    # one, stands at `~exponent`, in front of the last `exponent` characters.
    text = str(value) if type(value) is Decimal else value
    if type(text) is str and exponent < len(text) < 16 and (not exponent or text[~exponent] == "."):
        digits = text.replace(".", "", 1) if exponent else text
        if digits.isdigit() and text.isascii() and (text[0] > "0" or text[1:2] in ("", ".")):
            return int(digits)
    return _parse_any(value, exponent)


def format_amount(amount_minor: int, exponent: int) -> str:
    """The canonical decimal text of an amount of minor units: `12.50`, `-0.05`, and `1250` in yen."""
    if amount_minor >= 0 and exponent < len(_FRACTIONS):
        unit, fractions = _FRACTIONS[exponent]
        return f"{amount_minor // unit}{fractions[amount_minor % unit]}"
    digits = str(amount_minor).zfill(exponent + 1 if amount_minor >= 0 else exponent + 2)
    return f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits


def parse_percent(value: int | str | Decimal) -> tuple[int, int]:
    """A percentage above 0 and up to 100 as a fraction of the whole, in lowest terms: `12.5` is `(1, 8)`.

    It is written as amounts are (see `parse_amount`), without a percent sign, with at most ten digits after
    the point. Raises `AmountError`: `float_amount`, `not_a_percentage`, or `percentage_out_of_range`.
    """
    try:
        scaled = parse_amount(value, _PERCENT_DIGITS)
    except AmountError as error:
        raise _as_percentage_error(error, value) from None
    whole = 100 * 10**_PERCENT_DIGITS
    if not 0 < scaled <= whole:
        raise _percentage_out_of_range(value)
    common = gcd(scaled, whole)
    return scaled // common, whole // common


def divide(numerator: int, denominator: int, mode: RoundingMode) -> int:
    """The exact magnitude `numerator / denominator`, rounded to a whole number.

    The numerator is never negative and the denominator is positive: what is rounded is the size of a
    discount. To round a *price* half up, round its discount half down. Raises `ValueError` for a negative
    numerator, for a denominator that is not positive, and for a mode that does not exist.
    """
    if numerator < 0 or denominator <= 0:
        raise ValueError(f"{numerator} / {denominator} is not the magnitude of a discount")
    if mode == "half_up":
        return (2 * numerator + denominator) // (2 * denominator)
    if mode == "down":
        return numerator // denominator
    if mode == "up":
        return -(-numerator // denominator)
    if mode == "half_down":
        return (2 * numerator + denominator - 1) // (2 * denominator)
    if mode == "half_even":
        below, rest = divmod(numerator, denominator)
        return below + (2 * rest + (below & 1) > denominator)
    raise ValueError(f"{mode!r} is not a rounding mode")


def divide_to_step(price_minor: int, numerator: int, denominator: int, step_minor: int, mode: RoundingMode) -> int:
    """The discount of a price, rounded so that the price that is left is a multiple of a step.

    All but `mode` count minor units; the exact discount is x = `numerator` / `denominator`. The admissible
    discounts are the numbers r + j · step, where r = price mod step and j is any whole number: those that
    leave a multiple of the step. Of the two admissible discounts around x (or x, where it is one),

    - `down` takes the smaller and `up` the larger;
    - the others take the nearer one, and where both are equally near `half_down` takes the smaller,
      `half_up` the larger, `half_even` the one with the even j.

    The result is then cut to [0, price]. It is cut at 0 where the step would raise the price: there is no
    discount, and the price stays off the step. An exact discount of 0 is 0 in every mode: a step rounds a
    discount, it does not make one. With a step of 1 this is `divide`, cut to the price.

    Raises `ValueError` for a negative price, a step that is not positive, and as `divide` does.
    """
    if price_minor < 0 or step_minor <= 0 or numerator < 0 or denominator <= 0:
        raise ValueError(f"{numerator} / {denominator} off {price_minor} cannot be rounded to {step_minor}")
    if not numerator:
        return 0
    smallest = price_minor % step_minor
    # x may lie below the smallest one; two steps up it does not, and an even j stays even.
    shifted = numerator + (2 * step_minor - smallest) * denominator
    steps = divide(shifted, denominator * step_minor, mode) - 2
    return min(max(smallest + steps * step_minor, 0), price_minor)


def rounded(price_minor: int, numerator: int, denominator: int, step_minor: int, mode: RoundingMode) -> int:
    """An exact discount of a price, rounded once: to the minor unit, or so that the price lands on a step."""
    if step_minor == 1:
        return divide(numerator, denominator, mode)
    return divide_to_step(price_minor, numerator, denominator, step_minor, mode)


def _parse_any(value: object, exponent: int) -> int:
    if isinstance(value, str):
        return _parse_text(value, exponent)
    if isinstance(value, Decimal):
        return _parse_decimal(value, exponent)
    if isinstance(value, float):
        raise AmountError("float_amount", f"{value!r} is a float, which is not exact; write it as text")
    if isinstance(value, bool) or not isinstance(value, int):
        raise _not_an_amount(value)
    if abs(value) > LARGEST_AMOUNT_MINOR:
        raise _amount_too_large(value, exponent)
    return _bounded(value * 10**exponent, value, exponent)


def _parse_text(text: str, exponent: int) -> int:
    match = _DECIMAL_TEXT.fullmatch(text)
    if match is None:
        infinite = text.strip().lstrip("+-").lower() in _NOT_FINITE
        raise _not_finite(text) if infinite else _not_an_amount(text)
    whole, fraction = match.groups("")
    missing = exponent - len(fraction)
    if missing < 0:
        raise _too_many_digits(text, len(fraction), exponent)
    if len(text) > _LONGEST_TEXT:
        raise _amount_too_large(text, exponent)
    return _bounded(int(whole + fraction) * 10**missing, text, exponent)


def _parse_decimal(value: Decimal, exponent: int) -> int:
    power = value.as_tuple().exponent
    if isinstance(power, str):  # the exponents of NaN and Infinity are letters
        raise _not_finite(value)
    if -power > exponent:
        raise _too_many_digits(value, -power, exponent)
    if not value:
        return 0
    # Before any arithmetic: 1E+1000000 is short to write and long to multiply out.
    if value.adjusted() + exponent > 15:
        raise _amount_too_large(value, exponent)
    # As a ratio, and not by Decimal's own arithmetic, which rounds to the precision of the caller's context.
    numerator, denominator = value.as_integer_ratio()
    return _bounded(numerator * 10**exponent // denominator, value, exponent)


def _bounded(amount_minor: int, value: object, exponent: int) -> int:
    if -LARGEST_AMOUNT_MINOR <= amount_minor <= LARGEST_AMOUNT_MINOR:
        return amount_minor
    raise _amount_too_large(value, exponent)


def _not_finite(value: object) -> AmountError:
    return AmountError("not_finite", f"{_shown(value)} is not a finite number")


def _not_an_amount(value: object) -> AmountError:
    message = f"{_shown(value)} is not an amount; write digits, with a point if needed, such as 12 or 12.50"
    return AmountError("not_an_amount", message)


def _too_many_digits(value: object, digits: int, exponent: int) -> AmountError:
    counted = "1 digit" if digits == 1 else f"{digits} digits"
    message = f"{_shown(value)} has {counted} after the point; the currency has {exponent or 'none'}"
    return AmountError("too_many_digits", message)


def _amount_too_large(value: object, exponent: int) -> AmountError:
    largest = format_amount(LARGEST_AMOUNT_MINOR, exponent)
    return AmountError("amount_too_large", f"{_shown(value)} is larger than the largest amount, {largest}")


def _as_percentage_error(error: AmountError, value: object) -> AmountError:
    if error.code == "float_amount":
        return error
    if error.code == "amount_too_large":
        return _percentage_out_of_range(value)
    message = f"{_shown(value)} is not a percentage; write digits, with a point if needed, such as 12 or 12.5"
    if error.code == "too_many_digits":
        message = f"{_shown(value)} has more than {_PERCENT_DIGITS} digits after the point"
    return AmountError("not_a_percentage", message)


def _percentage_out_of_range(value: object) -> AmountError:
    return AmountError("percentage_out_of_range", f"{_shown(value)} % is not above 0 and up to 100")


def _shown(value: object) -> str:
    """The value as a message quotes it: never long, and never slow for a number of a million digits."""
    if isinstance(value, int) and value.bit_length() > 200:
        return "the number"
    if isinstance(value, str):
        return repr(value if len(value) <= 50 else f"{value[:47]}...")
    if isinstance(value, Decimal):
        return str(value) if len(str(value)) <= 50 else f"{str(value)[:47]}..."
    if value is None or isinstance(value, (int, float)):
        return repr(value)
    return f"a value of type {type(value).__name__}"
