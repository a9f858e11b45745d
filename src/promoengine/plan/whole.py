"""Promotions, stages, limits and the index: the plan as a whole."""

from __future__ import annotations

from typing import Literal

from promoengine.money import RoundingMode
from promoengine.plan.measuring import Base, Condition, Fraction, Test, Trigger
from promoengine.plan.rewarding import Effect
from promoengine.records import dataclass, field

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


RefusedFor = Literal["trigger", "limits", "barred", "floor"]
"""Why a promotion may refuse the whole cart: an outcome of its own, or a floor that takes something from it."""


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
    stages: tuple[int, ...]
    """Those in which it acts, or would if it stated its figures."""
    effects: tuple[int, ...]
    priced: bool = True
    """False where it states no figure in this currency: it is considered, and says so."""
    launch_days: tuple[int, ...] = ()
    """The days of every `launched_within` that it reads: launches are then edges of its schedule."""
    refuse_for: frozenset[RefusedFor] = frozenset()


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
    launch_days: tuple[int, ...] = ()
    """The days of every `launched_within` that `test` reads."""


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


INDEXED = frozenset({"sku", "category", "brand", "seller", "tag"})
"""The fields by whose values promotions are found."""


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
    asks_for_rewards: bool = False
    """Whether any test asks what rewarded a unit earlier."""
    max_nodes: int = 500
    """How much the search for the best combination may do for one cart."""
