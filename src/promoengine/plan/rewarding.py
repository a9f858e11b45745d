"""Which units an effect changes, and what happens to them."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

from promoengine.money import RoundingMode
from promoengine.plan.measuring import Fraction, Test, UnitBase
from promoengine.records import dataclass

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
OddUnits = Literal["largest", "first", "last", "in_turn"]
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
    allocation: Allocation = Allocation()
    """Where the odd units go; the weights are the figures themselves."""


@dataclass(frozen=True, slots=True)
class GraduatedPercent:
    """Each rate applies to the money measured above its rung, up to the next; one figure over all units.
    `bands` are `(from_minor, rate)`, ascending.
    """

    bands: tuple[tuple[int, Fraction], ...]
    rounding: Rounding
    allocation: Allocation


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
    allocation: Allocation = Allocation()


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
    """An effect after the order: `quantity` of something named, worth `value` minor units a piece; or a `rate` of the
    spend, given once. `per_spend_minor` grants the quantity for each so much of spend. `mode` rounds the value of all.
    `allocation` says where the odd units of what each line earned go; the weights are the spend.
    """

    what: Literal["points", "coupon", "entry", "cash_back"]
    name: str
    quantity: int
    value: Fraction
    base: UnitBase
    mode: RoundingMode
    per_spend_minor: int | None = None
    rate: Fraction | None = None
    most_minor: int | None = None
    allocation: Allocation = Allocation()


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
