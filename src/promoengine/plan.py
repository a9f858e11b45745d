"""The plan: a campaign compiled for one currency, in the few operations that the engine knows.

Kinds (what people write) lower to these values; the engine (what runs per cart) reads nothing else.
The two never import each other. Everything here is a frozen value of ints, text and tuples, so a plan
can be shared between threads, inspected and compared. Amounts are in minor units; rates are exact
fractions `(numerator, denominator)` of the whole; moments are microseconds since 1970 in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from promoengine.money import RoundingMode as RoundingMode

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
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Not:
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
    conditions: tuple[Condition, ...]
    asked: Asked


@dataclass(frozen=True, slots=True)
class AnyMet:
    conditions: tuple[Condition, ...]
    asked: Asked


@dataclass(frozen=True, slots=True)
class NotMet:
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
    """Sets are formed one by one from the items, dearest (or cheapest) first, up to `max_times`."""

    parts: tuple[SetPart, ...]
    per: Per
    cheapest_first: bool = False
    max_times: int | None = None


Trigger = Unconditional | Threshold | SetTrigger


# -- reward: which units, and what happens to them

PickKind = Literal["cheapest", "dearest", "nth", "part"]


@dataclass(frozen=True, slots=True)
class Pick:
    """`cheapest` or `dearest` n, the n-th (`nth`), or the units of the n-th `part` of a set."""

    kind: PickKind
    number: int
    over_all_sets: bool = False


@dataclass(frozen=True, slots=True)
class MostUnits:
    """The most units to reward: on one line, in one set, in the whole cart."""

    per_line: int | None = None
    per_set: int | None = None
    per_cart: int | None = None


@dataclass(frozen=True, slots=True)
class Reward:
    """Which units an action changes. `items`: units of its own (None: those of the trigger)."""

    items: Test | None = None
    pick: Pick | None = None
    most: MostUnits | None = None


Weight = Literal["left", "list", "quantity", "equal"]
OddUnits = Literal["largest", "first", "last"]
ShareRounding = Literal["floor", "half_up", "half_down"]


@dataclass(frozen=True, slots=True)
class Allocation:
    """How one figure is shared over lines (semantics 1)."""

    weight: Weight = "left"
    odd_units: OddUnits = "largest"
    share_rounding: ShareRounding = "floor"


@dataclass(frozen=True, slots=True)
class Rounding:
    """Where (`unit`, `line`, `total`) and how a figure is rounded; `step_minor` rounds the resulting price."""

    at: Literal["unit", "line", "total"]
    mode: RoundingMode
    step_minor: int = 1


class Class(IntEnum):
    """How an effect claims units (semantics 4)."""

    UNIT_WISE = 0
    SET = 1
    SPREAD = 2
    FREE = 3


@dataclass(frozen=True, slots=True)
class Percent:
    """`rate` of each unit's base; `spread`: rounded, capped and shared as one figure."""

    rate: Fraction
    base: UnitBase
    spread: bool
    rounding: Rounding
    max_discount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class GraduatedPercent:
    """Each rate applies to the money measured above its rung, up to the next; one figure over all units.
    `bands` are `(from_minor, rate)`, ascending.
    """

    bands: tuple[tuple[int, Fraction], ...]
    rounding: Rounding
    allocation: Allocation
    max_discount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """`amount_minor` off each unit, line or set, or once over all rewarded units."""

    amount_minor: int
    each: Literal["unit", "line", "set", "once"]
    allocation: Allocation
    must_fit: bool = False


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """Each rewarded unit costs `price_minor`, where that is less."""

    price_minor: int


@dataclass(frozen=True, slots=True)
class SetPrice:
    """The rewarded units of each set cost `price_minor` together, where that is less."""

    price_minor: int


@dataclass(frozen=True, slots=True)
class TotalPrice:
    """All rewarded units cost `price_minor` together, where that is less."""

    price_minor: int
    allocation: Allocation


UnitAction = Percent | Amount | UnitPrice


@dataclass(frozen=True, slots=True)
class Graduated:
    """In unit order, the units from the n-th on are changed as their band says. `bands` are
    `(from_unit, action)`, ascending; the actions are unit-wise.
    """

    bands: tuple[tuple[int, UnitAction], ...]


@dataclass(frozen=True, slots=True)
class Redeem:
    """Asked points become money: `worth` minor units a point, whole `step`s, at most `share` of the base."""

    worth: Fraction
    step: int
    share: Fraction | None
    base: UnitBase
    allocation: Allocation


@dataclass(frozen=True, slots=True)
class GiftItem:
    """One gift: `quantity` of a sku, with the value that it is stated to have (minor units a piece)."""

    sku: str
    quantity: int
    value_minor: int


@dataclass(frozen=True, slots=True)
class Gift:
    """`choose` of `items`, given free as output lines. Out of stock: drop, replace or block."""

    items: tuple[GiftItem, ...]
    choose: int
    out_of_stock: Literal["drop", "replace", "block"]
    replacement: GiftItem | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """An effect after the order: `quantity` of something named, worth `value_minor` a piece; or a `rate` of the
    spend. `per_spend_minor` grants the quantity for each so much of spend.
    """

    what: Literal["points", "coupon", "entry", "cash_back"]
    name: str
    quantity: int
    value: Fraction
    base: UnitBase
    per_spend_minor: int | None = None
    rate: Fraction | None = None
    rounding: Rounding | None = None
    most_minor: int | None = None


Action = Percent | GraduatedPercent | Amount | UnitPrice | SetPrice | TotalPrice | Graduated | Redeem | Gift | Grant


@dataclass(frozen=True, slots=True)
class Effect:
    """One benefit of one promotion: a member of the flow. `tier` is its rung, -1 where there is no ladder."""

    promotion: int
    stage: int
    position: int
    tier: int
    reward: Reward
    action: Action
    effect_class: Class


# -- promotions, stages, the plan ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """`[start, end)` in microseconds since 1970 UTC; None is open."""

    start_us: int | None
    end_us: int | None


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Seconds of the local week (Monday 00:00 is 0) that are open: `[start, end)`, end up to two weeks."""

    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Open where one of `periods` is: a window, narrowed by weekly hours where it states them."""

    periods: tuple[tuple[Window, WeeklyHours | None], ...]


@dataclass(frozen=True, slots=True)
class Codes:
    """What a coupon asks for: normalised codes, pools whose codes are known elsewhere, uses in one cart."""

    listed: frozenset[str]
    pools: frozenset[str]
    per_cart: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits as written; what is left of them comes with the cart. None: not limited."""

    stock: int | None = None
    per_customer: int | None = None
    uses: int | None = None
    uses_per_customer: int | None = None
    budget_minor: int | None = None
    shared: tuple[str, ...] = ()
    beyond: Literal["others", "line_regular", "refuse"] = "others"
    on_empty: Literal["refuse", "cut"] = "refuse"


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Funding:
    """Named bearers take the floor of their share of each line's discount; `rest` takes the remainder."""

    shares: tuple[tuple[str, Fraction], ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion, lowered. `effects` are indexes into `Plan.effects`, in the total order."""

    index: int
    id: str
    priority: int
    items: Test
    conditions: tuple[Condition, ...]
    codes: Codes | None
    schedule: Schedule | None
    trigger: Trigger
    limits: Limits
    groups: tuple[int, ...]
    exclusive: Literal["stage", "cart"] | None
    stop: Literal["stage", "cart"] | None
    funding: Funding
    labels: tuple[tuple[str, str], ...]
    apply: Literal["always", "if_better"]
    threshold_base: Base
    effects: tuple[int, ...]
    priced: bool = True
    """False where it states no figure in this currency: it is considered, and says so."""
    launch_days: tuple[int, ...] = ()
    """The days of every `launched_within` that it reads: launches are then edges of its schedule."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, in order. `stacks`: members do not exclude each other's units."""

    name: str
    goods: bool
    shipping: bool
    stacks: bool


@dataclass(frozen=True, slots=True)
class Group:
    """At most `at_most` members in each `scope`."""

    name: str
    scope: Literal["unit", "line", "seller", "cart"]
    at_most: int


@dataclass(frozen=True, slots=True)
class Floor:
    """No effect takes goods that pass `test` below an amount (`minor` a unit, line or cart), a `rate` of list,
    or the amount in a line `field`.
    """

    scope: Literal["unit", "line", "cart"]
    test: Test
    minor: int = 0
    rate: Fraction | None = None
    field: Literal["cost", "min_price"] | None = None


@dataclass(frozen=True, slots=True)
class SharedLimit:
    """A limit that several promotions use up together."""

    name: str
    uses: int | None
    stock: int | None
    budget_minor: int | None


@dataclass(frozen=True, slots=True)
class Tax:
    """Whether prices include tax, and where and how it is rounded."""

    included: bool
    at: Literal["unit", "line", "total"]
    mode: RoundingMode


@dataclass(frozen=True, slots=True)
class Index:
    """Which promotions can concern a cart: by what a unit carries, by code, by pool, and the rest (`anywhere`).

    Each value lists promotion indexes in ascending order. A promotion that asks for a code is found by its
    code only; the `coded_` side finds it by its items, for whoever asks about promotions not entered.
    """

    by_field: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    anywhere: tuple[int, ...] = ()
    by_code: dict[str, tuple[int, ...]] = field(default_factory=dict)
    by_pool: dict[str, tuple[int, ...]] = field(default_factory=dict)
    coded_by_field: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    coded_anywhere: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign for one currency: what the engine runs."""

    campaign: str
    content_hash: str
    currency: str
    exponent: int
    timezone: str
    stages: tuple[Stage, ...]
    groups: tuple[Group, ...]
    floors: tuple[Floor, ...]
    shared_limits: tuple[SharedLimit, ...]
    tax: Tax | None
    facts: tuple[tuple[str, str], ...]
    promotions: tuple[Promotion, ...]
    effects: tuple[Effect, ...]
    """Every effect, in the total order (stage, priority, id, position, tier): the order of the pass."""
    index: Index
    stages_remembered: frozenset[int]
    """Stages whose closing prices a later base refers to."""
