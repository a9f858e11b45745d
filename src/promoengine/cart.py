"""The cart: everything that a rule may read, as pydantic models.

Amounts are decimal text, whole numbers of major units, or `Decimal`; floats are refused. What needs the
campaign (its currencies, its facts) is checked where the two meet, in `intake`.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any

from annotated_types import MinLen
from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from promoengine.fields import (
    LARGEST_COUNT,
    ONE_OR_MORE,
    AtMost,
    CartAmount,
    CodeText,
    Count,
    Currency,
    Moment,
    Name,
    Names,
    Part,
    Shorthand,
    TallyFromZero,
    plain_text,
    refuse,
)
from promoengine.money import AmountError, parse_amount

MOST_LINES = 10_000
MOST_UNITS = LARGEST_COUNT
MOST_MARKS = 1_000
"""The most names that a line or a customer bears, and the most facts."""
MOST_NAMED = 100_000
"""The most promotions, limits and gifts that a cart speaks of."""
_RATE_DIGITS = 6


def _rate(value: object) -> Decimal:
    """A tax rate in percent, 0 to 1000, at most 6 fractional digits."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise refuse("not_a_tax_rate", "a tax rate is a percentage, as 8.25")
    try:
        scaled = parse_amount(value, _RATE_DIGITS)
    except AmountError:
        raise refuse("not_a_tax_rate", "a tax rate is a percentage with at most 6 decimals, as 8.25") from None
    if not 0 <= scaled <= 1000 * 10**_RATE_DIGITS:
        raise refuse("not_a_tax_rate", "a tax rate lies from 0 to 1000 percent, with at most 6 decimals")
    return Decimal(value)


def _fact(value: object) -> object:
    if isinstance(value, float):
        raise refuse("float_amount", "a fact is a whole number, decimal text, true or false; never a float")
    if not isinstance(value, (bool, int, str, Decimal)):
        raise refuse("not_a_fact", "a fact is a whole number, decimal text, true or false")
    return value


TaxRate = Annotated[
    Decimal,
    BeforeValidator(_rate),
    PlainSerializer(plain_text, return_type=str),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}], "description": "a rate in percent, as 8.25"}),
]
FactValue = Annotated[
    Any,
    BeforeValidator(_fact),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}]}),
]


class Line(Part):
    """One line of goods. `unit_price` is what *list* means in every rule; `list_price` is only shown."""

    id: Name
    sku: Name
    quantity: Count
    unit_price: CartAmount
    list_price: CartAmount | None = None
    cost: CartAmount | None = None
    min_price: CartAmount | None = None
    seller: Name | None = None
    categories: Annotated[tuple[Name, ...], AtMost(MOST_MARKS), ONE_OR_MORE] = ()
    brand: Name | None = None
    tags: Annotated[tuple[Name, ...], AtMost(MOST_MARKS), ONE_OR_MORE] = ()
    attributes: Annotated[dict[Name, Name], AtMost(MOST_MARKS)] = Field(default_factory=dict)
    tax_rate: TaxRate | None = None
    launched_at: Moment | None = None
    gift_of: Name | None = None


class ShippingOption(Part):
    """One way to ship, and what it costs."""

    method: Name
    amount: CartAmount
    tax_rate: TaxRate | None = None


class Shipment(Part):
    """A parcel: its options, and the one selected (the only one, where there is one)."""

    id: Name
    options: Annotated[tuple[ShippingOption, ...], MinLen(1), AtMost(50)]
    selected: Name | None = None
    seller: Name | None = None


class Customer(Part):
    """Who buys: an id, segments, and how many orders came before (None: not known)."""

    id: Name | None = None
    segments: Annotated[tuple[Name, ...], AtMost(MOST_MARKS), ONE_OR_MORE] = ()
    orders: TallyFromZero | None = None


class EnteredCode(Part):
    """A code that the shopper entered; `pool` where the shop found it in one, `uses_left` where it knows."""

    code: CodeText
    pool: Name | None = None
    uses_left: TallyFromZero | None = None


def _code(value: object) -> object:
    return {"code": value} if isinstance(value, str) else value


def _code_or_text(code: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 200}, code]}


class LimitsLeft(Part):
    """What is left of a promotion's (or a shared limit's) limits; not stated: the limit as written."""

    stock: TallyFromZero | None = None
    per_customer: TallyFromZero | None = None
    uses: TallyFromZero | None = None
    uses_per_customer: TallyFromZero | None = None
    budget: CartAmount | None = None


class Cart(Part):
    """A cart to be priced. The moment of pricing is not in it: it is an argument.

    A cart that is priced again (for another code, a minute later, under another choice) is taken in once.
    """

    id: Name | None = None
    currency: Currency
    lines: Annotated[tuple[Line, ...], AtMost(MOST_LINES)]
    shipments: Annotated[tuple[Shipment, ...], AtMost(1000)] = ()
    customer: Customer = Customer()
    codes: Annotated[
        tuple[Annotated[EnteredCode, Shorthand(_code, _code_or_text)], ...],
        AtMost(1000),
        ONE_OR_MORE,
    ] = ()
    channel: Name | None = None
    region: Name | None = None
    payment_method: Name | None = None
    points_balance: TallyFromZero = 0
    points_to_redeem: TallyFromZero = 0
    facts: Annotated[dict[Name, FactValue], AtMost(MOST_MARKS)] = Field(default_factory=dict)
    limits_left: Annotated[dict[Name, LimitsLeft], AtMost(MOST_NAMED)] = Field(default_factory=dict)
    gift_stock: Annotated[dict[Name, TallyFromZero], AtMost(MOST_NAMED)] = Field(default_factory=dict)
    gift_choices: Annotated[dict[Name, Names], AtMost(MOST_NAMED)] = Field(default_factory=dict)

    @cached_property
    def _taken_in(self) -> list[Any]:
        """Where intake keeps what it has made of this cart. No field: it is neither compared nor written."""
        return []


__all__ = ["Cart", "Customer", "EnteredCode", "LimitsLeft", "Line", "Shipment", "ShippingOption"]
