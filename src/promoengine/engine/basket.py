"""The basket: a cart as the engine sees it. Amounts in minor units, text as given, units as lines.

Shipping options that are selected are lines too, with a `method` and no sku, so that every operation on units
works on them. A basket is never changed by pricing: what changes is in the `state` of one pass.
"""

from __future__ import annotations

from collections.abc import Iterable

from promoengine.records import dataclass, field

NOTHING: frozenset[str] = frozenset()


class Line:
    """One line of goods, or the selected option of one shipment.

    `rank` is the position by line id (goods before shipping), which settles ties; `position` is the caller's order.
    `thresholds` holds the amounts of the line fields that floors may name, as `cost`. `name` is how quotes call the
    line beside others: its id; as a shipment may have the same id as a line of goods, with "shipping" before it.
    """

    __slots__ = (
        "attributes",
        "brand",
        "categories",
        "goods",
        "id",
        "launched_us",
        "list_minor",
        "list_price_minor",
        "name",
        "on_sale",
        "position",
        "quantity",
        "rank",
        "seller",
        "shipping_method",
        "sku",
        "tags",
        "tax_rate",
        "thresholds",
        "total_minor",
    )

    def __init__(self, id: str, quantity: int, list_minor: int) -> None:
        self.id = self.name = id
        self.quantity = quantity
        self.list_minor = list_minor
        self.total_minor = list_minor * quantity
        self.goods = True
        self.sku: str | None = None
        self.seller: str | None = None
        self.brand: str | None = None
        self.shipping_method: str | None = None
        self.categories = NOTHING
        self.tags = NOTHING
        self.attributes: dict[str, str] = {}
        self.on_sale = False
        self.list_price_minor: int | None = None
        self.launched_us: int | None = None
        self.tax_rate: tuple[int, int] | None = None
        self.thresholds: dict[str, int] = {}
        self.rank = 0
        self.position = 0


def mask_of(lines: Iterable[Line]) -> int:
    """The bit set of the ranks of some lines."""
    mask = 0
    for line in lines:
        mask |= 1 << line.rank
    return mask


@dataclass(slots=True)
class Option:
    """One way to ship a parcel."""

    method: str
    amount_minor: int
    tax_rate: tuple[int, int] | None = None


@dataclass(slots=True)
class Parcel:
    """A shipment: its options, and which one is selected."""

    id: str
    options: list[Option]
    selected: int
    seller: str | None = None


@dataclass(slots=True)
class Code:
    """An entered code, normalised; `uses_left` None where it is not known."""

    text: str
    pools: frozenset[str] = NOTHING
    uses_left: int | None = None


@dataclass(slots=True)
class Left:
    """What is left of limits; None: as written."""

    stock: int | None = None
    per_customer: int | None = None
    uses: int | None = None
    uses_per_customer: int | None = None
    budget_minor: int | None = None


@dataclass(slots=True)
class Basket:
    """Everything that a rule may read."""

    goods: list[Line]
    shipping: list[Line]
    lines: list[Line]
    """Goods, then shipping: every line stands at its rank."""
    totals_minor: list[int]
    """What each line costs at list, by rank."""
    by_value: dict[str, dict[str, list[Line]]]
    """By the fields that the index knows: the lines of goods that carry each value, by rank."""
    goods_minor: int
    """What all goods cost at list."""
    goods_mask: int
    """The goods, as bits by rank."""
    parcels: list[Parcel]
    context: dict[str, frozenset[str]]
    """channel, region, payment_method, customer, segment, shipping_method, seller: what the cart holds of each."""
    codes: list[Code] = field(default_factory=list)
    facts: dict[str, int | bool] = field(default_factory=dict)
    orders: int | None = None
    points_balance: int = 0
    points_to_redeem: int = 0
    left: dict[str, Left] = field(default_factory=dict)
    gift_stock: dict[str, int] = field(default_factory=dict)
    gift_choices: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Run:
    """Equal units of one line: `count` of them at `price`, with the same past.

    `entry` is the price as the stage began; `marks` are the prices as the remembered stages ended. `claim` is the
    promotion that claimed them in this stage, -1 for none; `spread` likewise for the spread whose items they are.
    `held` are the promotions that claimed them in any stage; `rewards` the `(promotion, stage)` that lowered them.
    `origin` is the run of the line that they were part of when the stage began: so a choice names them.
    """

    __slots__ = ("claim", "count", "entry", "held", "marks", "origin", "price", "rewards", "spread")

    def __init__(self, count: int, price: int) -> None:
        self.count = count
        self.price = price
        self.entry = price
        self.marks: tuple[int, ...] = ()
        self.claim = -1
        self.spread = -1
        self.held: tuple[int, ...] = ()
        self.rewards: tuple[tuple[int, int], ...] = ()
        self.origin = 0

    def part(self, count: int) -> Run:
        """So many of these units, to go another way."""
        run = Run(count, self.price)
        run.entry = self.entry
        run.marks = self.marks
        run.claim = self.claim
        run.spread = self.spread
        run.held = self.held
        run.rewards = self.rewards
        run.origin = self.origin
        return run


Portion = tuple[int, int, int, Line, Run, int]
"""`count` units of a run, sortable into unit order: (-price, line rank, position of the run, line, run, count)."""
