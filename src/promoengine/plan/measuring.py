"""Select, ask, measure, form sets: what a promotion looks at."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

from promoengine.records import dataclass

Fraction = tuple[int, int]
"""An exact rate: numerator and denominator, as `(1, 8)` for 12.5 %."""

UnitBase = Literal["list", "entry", "running"]  # at list, as the stage began, or now; `AfterStage` is the fourth


@dataclass(frozen=True, slots=True)
class AfterStage:
    """What one unit cost when an earlier stage ended."""

    stage: int


Base = UnitBase | AfterStage


# -- select: which units ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holds:
    """The unit carries one of `values` in `field` (sku, category, brand, seller, tag, method, attribute:NAME)."""

    field: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class PriceWithin:
    """The unit's price as the stage began lies in `[least, most]`; None is open."""

    least_minor: int | None
    most_minor: int | None


@dataclass(frozen=True, slots=True)
class OnSale:
    """The line states a `list_price` above its `unit_price`: `wanted` or not."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class LaunchedWithin:
    """Pricing happens within `days` calendar days of the line's `launched_at`, by the campaign's clock."""

    days: int


@dataclass(frozen=True, slots=True)
class RewardedBy:
    """A promotion named here, or one in a stage or group named here, lowered the unit's price earlier."""

    promotions: frozenset[str]
    stages: frozenset[int]
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every test passes; without tests, always."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one test passes."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The test does not pass."""

    test: Test


Test = Holds | PriceWithin | OnSale | LaunchedWithin | RewardedBy | AllOf | AnyOf | Not
EVERY = AllOf(())
"""The test that every unit passes."""


# -- ask: conditions on the cart as given -------------------------------------------------------


class Asked(IntEnum):
    """When a condition is tested; its refusal names this class. The order is that of outcomes."""

    CUSTOMER = 0
    CONTEXT = 1
    CONTENTS = 2


@dataclass(frozen=True, slots=True)
class Bounds:
    """`least` (at_least), `above` (more_than) and `most` (at_most); None is open."""

    least: int | None = None
    above: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class ContextHolds:
    """The cart's `field` (customer, segment, channel, region, payment_method, shipping_method, seller)
    holds one of `values`.
    """

    field: str
    values: frozenset[str]
    asked: Asked


@dataclass(frozen=True, slots=True)
class OrdersWithin:
    """The customer's count of earlier orders lies in bounds; unknown is refused."""

    bounds: Bounds
    asked: Asked = Asked.CUSTOMER


@dataclass(frozen=True, slots=True)
class FactWithin:
    """A named fact of the cart lies in bounds, or is the wanted flag; absent is refused."""

    fact: str
    bounds: Bounds
    flag: bool | None = None
    asked: Asked = Asked.CONTENTS


@dataclass(frozen=True, slots=True)
class MeasureWithin:
    """A measure of the cart at list lies in bounds."""

    measure: Measure
    bounds: Bounds
    asked: Asked = Asked.CONTENTS


@dataclass(frozen=True, slots=True)
class AllMet:
    """Every condition holds."""

    conditions: tuple[Condition, ...]
    asked: Asked


@dataclass(frozen=True, slots=True)
class AnyMet:
    """At least one condition holds."""

    conditions: tuple[Condition, ...]
    asked: Asked


@dataclass(frozen=True, slots=True)
class NotMet:
    """The condition does not hold."""

    condition: Condition
    asked: Asked


Condition = ContextHolds | OrdersWithin | FactWithin | MeasureWithin | AllMet | AnyMet | NotMet


# -- measure and form sets: what fires ----------------------------------------------------------

What = Literal["spend", "quantity", "distinct_skus", "distinct_lines", "fact"]
Per = Literal["cart", "seller", "sku", "line"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number read off units: `what` of those that `items` selects, at `base`, plus a named fact."""

    what: What
    items: Test = EVERY
    base: Base = "list"
    with_shipping: bool = False
    plus_fact: str | None = None


@dataclass(frozen=True, slots=True)
class Unconditional:
    """No trigger: always met, once."""

    per: Per = "cart"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Fires where the measure reaches `at_least`, or `every` so much up to `max_times` times, or the first of
    `rungs`. With rungs, the highest reached acts alone, or all of them where the ladder is graduated.
    """

    measure: Measure
    per: Per
    at_least: int | None = None
    every: int | None = None
    max_times: int | None = None
    rungs: tuple[int, ...] = ()
    graduated: bool = False


@dataclass(frozen=True, slots=True)
class SetPart:
    """`quantity` units of one set that pass `test` (on top of the promotion's items)."""

    test: Test
    quantity: int


@dataclass(frozen=True, slots=True)
class SetTrigger:
    """Sets are formed one by one from the items, dearest (or cheapest) first, up to `max_times`. A set is its `parts`;
    without parts, units that are worth `spend_minor` at `base`.
    """

    parts: tuple[SetPart, ...]
    per: Per
    cheapest_first: bool = False
    max_times: int | None = None
    spend_minor: int = 0
    base: Base = "entry"


Trigger = Unconditional | Threshold | SetTrigger
