"""§2 The cart as single units, and §3 their order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from promoengine.cart import Cart, Line, Shipment, ShippingOption

from .money import Money


@dataclass(frozen=True)
class Change:
    """What one effect did to one unit: an adjustment of §6, where it changed the price."""

    promotion: str
    stage: int
    benefit: int
    base: int
    before: int
    after: int


@dataclass(eq=False)
class Unit:
    """§2: one unit of a line, or the selected option of a shipment."""

    line: str
    position: int
    list: int
    source: Line | Shipment
    option: ShippingOption | None = None
    price: int = 0
    changes: list[Change] = field(default_factory=list)
    claims: list[tuple[int, str]] = field(default_factory=list)
    began: dict[int, int] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    mates: list[Unit] = field(default_factory=list)

    @property
    def is_goods(self) -> bool:
        return isinstance(self.source, Line)

    @property
    def seller(self) -> str | None:
        return self.source.seller

    @property
    def row(self) -> tuple[bool, str]:
        """What tells lines and shipments apart, even where their ids are the same."""
        return not self.is_goods, self.line

    def as_given(self) -> Unit:
        """The unit as the cart was given: at list, and not rewarded yet."""
        return Unit(self.line, self.position, self.list, self.source, self.option, self.list)

    @property
    def past(self) -> object:
        """§3: units of a line that are alike have the same price and the same past; a shipment is one unit."""
        if not self.is_goods:
            return self.row
        return self.row, self.price, tuple(self.changes), tuple(self.claims)


def explode(cart: Cart, money: Money, selected: dict[str, str]) -> list[Unit]:
    """§2: every unit of the cart in the caller's order. §6: lines marked `gift_of` are removed before pricing."""
    units = []
    for line in cart.lines:
        if line.gift_of is not None:
            continue
        price = money.of_cart(line.unit_price)
        mates = [Unit(line.id, position, price, line, price=price) for position in range(line.quantity)]
        for unit in mates:
            unit.mates = mates
        units += mates
    for shipment in cart.shipments:
        option = option_of(shipment, selected[shipment.id])
        price = money.of_cart(option.amount)
        units.append(Unit(shipment.id, 0, price, shipment, option, price=price))
    return units


def option_of(shipment: Shipment, method: str) -> ShippingOption:
    """The option of a shipment by its method."""
    return next(option for option in shipment.options if option.method == method)


def selected_methods(cart: Cart) -> dict[str, str]:
    """§2: one option is selected (the only one, where there is one)."""
    return {each.id: each.selected or each.options[0].method for each in cart.shipments}


def in_unit_order(units: Iterable[Unit]) -> list[Unit]:
    """§3: by price at the promotion's turn, dearest first, then line id, then position in the line."""
    return sorted(units, key=lambda unit: (-unit.price, unit.line, not unit.is_goods, unit.position))


@dataclass(frozen=True)
class Asked:
    """What a rule may read besides the units: the cart and the moment."""

    cart: Cart
    money: Money
    at: datetime
    timezone: str
    facts: dict[str, str]
    methods: dict[str, str]
