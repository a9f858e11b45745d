"""The quote: what a cart costs, and why, as plain values.

Amounts are ints in minor units and say so in their names; `to_json` writes them as decimal text. A quote is
canonical: the same inputs give the same bytes on every machine, version and hash seed. It can be verified by
addition alone (`verify`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from threading import RLock
from typing import Any, Literal, Self

from promoengine.canonical import Besides, Writer, canonical_writer
from promoengine.errors import Contradiction
from promoengine.money import format_amount

Reason = Literal[
    "currency",
    "code",
    "schedule",
    "customer",
    "context",
    "contents",
    "items",
    "trigger",
    "limits",
    "barred",
    "not_chosen",
    "no_effect",
    "applied",
]
"""In the order in which they are tested: how far a promotion got."""
CodeStatus = Literal["applied", "refused", "not_needed", "unknown"]
Measured = Literal["spend", "quantity", "distinct_skus", "distinct_lines", "fact", "sets"]


@dataclass(slots=True)
class Segment:
    """`quantity` units of a line that end at the same price."""

    quantity: int
    unit_payable_minor: int


@dataclass(slots=True)
class Adjustment:
    """What one promotion took off `quantity` units of a line: each went from `before` to `after`, and the figure
    was taken of `base`. `benefit` is the position of the benefit in its promotion's list.
    """

    promotion: str
    stage: str
    benefit: int
    quantity: int
    unit_base_minor: int
    unit_before_minor: int
    unit_after_minor: int

    @property
    def amount_minor(self) -> int:
        """What all these units were reduced by."""
        return self.quantity * (self.unit_before_minor - self.unit_after_minor)


@dataclass(slots=True)
class Taxed:
    """Net, tax and gross of one line: gross is what is paid."""

    rate_percent: str
    net_minor: int
    tax_minor: int
    gross_minor: int


@dataclass(slots=True)
class QuoteLine:
    """One line of the cart, by the caller's id. `list_minor` and the rest are for the whole line.

    `list_price_minor` is what the cart states as one unit's `list_price`: shown, never calculated with.
    """

    id: str
    sku: str
    quantity: int
    unit_list_minor: int
    list_minor: int
    discount_minor: int
    payable_minor: int
    segments: list[Segment]
    adjustments: list[Adjustment]
    floor_cut: bool = False
    tax: Taxed | None = None
    list_price_minor: int | None = None


@dataclass(slots=True)
class OptionPrice:
    """What one way to ship would cost, priced in its place with the same promotions."""

    method: str
    list_minor: int
    payable_minor: int


@dataclass(slots=True)
class QuoteShipment:
    """One shipment: its selected method, what it costs, and what the other options would cost."""

    id: str
    method: str
    list_minor: int
    discount_minor: int
    payable_minor: int
    adjustments: list[Adjustment]
    options: list[OptionPrice]
    tax: Taxed | None = None


@dataclass(slots=True)
class Gift:
    """An output line at price 0. `promised` is what was meant to be given where `quantity` is less, or another."""

    promotion: str
    sku: str
    quantity: int
    value_minor: int
    note: Literal["", "short", "replacement", "not_chosen"] = ""
    promised: str = ""


@dataclass(slots=True)
class Earned:
    """What one line earned of a grant: so many of it, and so much of its value."""

    quantity: int
    value_minor: int


@dataclass(slots=True)
class Grant:
    """An effect after the order: points, a coupon, an entry or cash-back, with its stated value.

    `lines` are the lines that earned it, and what each of them did; they sum to the grant.
    """

    promotion: str
    what: Literal["points", "coupon", "entry", "cash_back"]
    name: str
    quantity: int
    value_minor: int
    lines: dict[str, Earned]


@dataclass(slots=True)
class Member:
    """One application of a promotion: which benefit, for which instance, and the units that it claims by line."""

    benefit: int
    key: str
    units: dict[str, int]


@dataclass(slots=True)
class AppliedPromotion:
    """What one promotion gave: its amount, how often, what of its face value went unused, and who bears it.

    `funding_minor` sums to `amount_minor`. `points_redeemed` is what it took from the points balance.
    """

    id: str
    amount_minor: int
    times: int
    unused_minor: int
    funding_minor: dict[str, int]
    members: list[Member]
    labels: dict[str, str]
    codes: list[str] = field(default_factory=list)
    points_redeemed: int = 0


@dataclass(slots=True)
class Shortfall:
    """What was measured, what was needed, and the gap; money where `money` is true."""

    measure: Measured
    measured: int
    needed: int
    gap: int
    money: bool


@dataclass(slots=True)
class Outcome:
    """The one outcome of a considered promotion: applied, or the first reason why not, with its numbers.

    `barred_by` names promotions. `detail` names what failed: the condition, the limit, the gift, the opening.
    `would_save_minor` is what it would have saved without its barrers, where that was asked for.
    """

    promotion: str
    reason: Reason
    shortfall: Shortfall | None = None
    barred_by: list[str] = field(default_factory=list)
    detail: str = ""
    would_save_minor: int | None = None

    @property
    def applied(self) -> bool:
        return self.reason == "applied"


@dataclass(slots=True)
class CodeOutcome:
    """What became of an entered code. `reason` is that of its promotion where it was refused."""

    code: str
    status: CodeStatus
    promotion: str = ""
    reason: Reason | Literal[""] = ""


@dataclass(slots=True)
class Claim:
    """What must be reserved before the order is placed: so many of one limit of a promotion.

    `of`: uses, uses_per_customer, stock, per_customer, budget (then `amount` is minor units), gift_stock (`key` is
    the sku), code (`key` is the code), points (`key` is the customer). `shared` names a shared limit.
    """

    of: Literal[
        "uses",
        "uses_per_customer",
        "stock",
        "per_customer",
        "budget",
        "gift_stock",
        "code",
        "points",
    ]
    promotion: str
    key: str
    amount: int
    shared: str = ""


@dataclass(slots=True)
class KeptUnits:
    """Units kept for later members: so many of a line's `run`, its runs counted from 0 as the stage began."""

    line: str
    run: int
    count: int


@dataclass(slots=True)
class Departure:
    """Where the chosen combination departs from the plain in-order pass, so that it can be replayed without a search.

    One benefit (`benefit`, from 0) of one instance of a promotion was left out, or was not given the units `kept`
    for later members. `use` counts the instance's codes from 0.
    """

    promotion: str
    benefit: int
    key: str
    use: int
    left_out: bool
    kept: list[KeptUnits] = field(default_factory=list)


@dataclass(slots=True)
class Selection:
    """How the combination was chosen, and how far it is proved.

    `proven`: no legal choice is better. `limit`: the search used up its nodes; no legal choice costs less than this
    one by more than `gap_minor`. `chosen`: the shopper's own choice; the best found would have saved
    `best_saves_minor` more, and no choice more than `gap_minor` beyond that.
    `nodes` is the effort, and no part of the canonical form.
    """

    status: Literal["proven", "limit", "chosen"] = "proven"
    gap_minor: int = 0
    nodes: int = 0
    best_saves_minor: int | None = None
    departures: list[Departure] = field(default_factory=list)


Details = tuple[tuple[frozenset[str], Callable[[], dict[str, Any]]], ...]
"""Fields, and what makes them all."""


class _WithDetails:
    """A value some of whose fields are made when one of them is first read.

    Most carts are priced for their total; who reads the lines of a quote gets the very same ones, made then.
    """

    __slots__ = ("_details",)
    _details: Details

    def __getattr__(self, name: str) -> Any:
        """Called for a field that is not there yet. The first thread to come makes it, and what goes with it."""
        if name.startswith("_"):
            raise AttributeError(name)
        with _MAKING:
            details: Details = getattr(self, "_details", ())
            for fields_made, make in details:
                if name in fields_made:
                    for each, value in make().items():
                        object.__setattr__(self, each, value)
                    rest = tuple([each for each in details if each[0] is not fields_made])
                    object.__setattr__(self, "_details", rest)
        return object.__getattribute__(self, name)


_MAKING = RLock()


@dataclass(slots=True)
class Quote(_WithDetails):
    """What a cart costs. Lines, shipments, outcomes and codes are keyed by id, in sorted order."""

    campaign: str
    content_hash: str
    currency: str
    exponent: int
    at: datetime
    lines: dict[str, QuoteLine]
    shipping: dict[str, QuoteShipment]
    gifts: list[Gift]
    grants: list[Grant]
    promotions: dict[str, AppliedPromotion]
    outcomes: dict[str, Outcome]
    codes: dict[str, CodeOutcome]
    claims: list[Claim]
    list_total_minor: int
    discount_total_minor: int
    goods_total_minor: int
    shipping_total_minor: int
    tax_total_minor: int
    tax_included: bool
    total_minor: int
    valid_until: datetime | None
    selection: Selection = field(default_factory=Selection)

    @classmethod
    def with_details(cls, details: Details, **known: Any) -> Self:
        """A quote of the fields that are `known`; `details` makes the others when one of them is first read."""
        quote = object.__new__(cls)
        for name, value in known.items():
            object.__setattr__(quote, name, value)
        object.__setattr__(quote, "_details", details)
        return quote

    def __reduce__(self) -> tuple[Any, ...]:
        """A quote travels as its fields."""
        return type(self), tuple([getattr(self, each.name) for each in fields(self)])

    @property
    def total(self) -> str:
        """What is to be paid, as decimal text."""
        return self.format(self.total_minor)

    def format(self, amount_minor: int) -> str:
        """An amount of this quote as decimal text."""
        return format_amount(amount_minor, self.exponent)

    def to_dict(self) -> dict[str, Any]:
        """The canonical form as plain data: amounts as decimal text, moments as UTC text."""
        data: dict[str, Any] = json.loads(self.to_json())
        return data

    def to_json(self) -> str:
        """The canonical form as JSON: sorted keys, no blanks, the same bytes everywhere."""
        return _canonical()(self, self.exponent)

    def verify(self) -> None:
        """Add everything up. Raises `Contradiction` where the quote does not agree with itself."""
        _verify(self)


NOT_CANONICAL = frozenset({"nodes"})
"""Fields that the canonical form leaves out: an effort, which another release may spend otherwise."""


_AMOUNTS_BESIDES: Besides = {
    Shortfall: (("measured", "needed", "gap"), lambda shortfall: bool(shortfall.money)),
    Claim: (("amount",), lambda claim: bool(claim.of == "budget")),
}


@cache
def _canonical() -> Writer:
    """What writes quotes, made when the first is written."""
    return canonical_writer(Quote, without=NOT_CANONICAL, besides=_AMOUNTS_BESIDES)


def _verify(quote: Quote) -> None:
    """Every sum of law 1, by addition alone."""
    by_promotion: dict[str, int] = {}
    priced: list[QuoteLine | QuoteShipment] = [*quote.lines.values(), *quote.shipping.values()]
    for each in priced:
        _verify_adjustments(each, by_promotion)
    for line in quote.lines.values():
        _verify_segments(line)
    for grant in quote.grants:
        _verify_grant(grant)
    _verify_totals(quote, by_promotion)


def _verify_adjustments(line: QuoteLine | QuoteShipment, by_promotion: dict[str, int]) -> None:
    taken = sum(adjustment.amount_minor for adjustment in line.adjustments)
    _agree(taken == line.discount_minor == line.list_minor - line.payable_minor, f"line {line.id}")
    for adjustment in line.adjustments:
        _agree(0 <= adjustment.unit_after_minor <= adjustment.unit_before_minor, f"an adjustment of {line.id}")
        by_promotion[adjustment.promotion] = by_promotion.get(adjustment.promotion, 0) + adjustment.amount_minor


def _verify_segments(line: QuoteLine) -> None:
    _agree(
        sum(each.quantity * each.unit_payable_minor for each in line.segments) == line.payable_minor
        and sum(each.quantity for each in line.segments) == line.quantity
        and all(0 <= each.unit_payable_minor <= line.unit_list_minor for each in line.segments),
        f"the segments of line {line.id}",
    )


def _verify_grant(grant: Grant) -> None:
    earned = grant.lines.values()
    _agree(
        not earned
        or (
            sum(each.quantity for each in earned) == grant.quantity
            and sum(each.value_minor for each in earned) == grant.value_minor
        ),
        f"what lines earned of {grant.promotion}",
    )


def _verify_totals(quote: Quote, by_promotion: dict[str, int]) -> None:
    for promotion in quote.promotions.values():
        _agree(by_promotion.pop(promotion.id, 0) == promotion.amount_minor, f"promotion {promotion.id}")
        _agree(sum(promotion.funding_minor.values()) == promotion.amount_minor, f"the funding of {promotion.id}")
    _agree(not by_promotion, "adjustments of promotions that did not apply")
    goods = sum(line.payable_minor for line in quote.lines.values())
    shipping = sum(shipment.payable_minor for shipment in quote.shipping.values())
    _agree(
        goods == quote.goods_total_minor and shipping == quote.shipping_total_minor,
        "the sums of goods and shipping",
    )
    added = 0 if quote.tax_included else quote.tax_total_minor
    _agree(quote.total_minor == goods + shipping + added >= 0, "the total")
    _agree(quote.list_total_minor - quote.discount_total_minor == goods + shipping, "list less discount")


def _agree(holds: bool, what: str) -> None:
    if not holds:
        raise Contradiction(f"the quote does not add up: {what}")
