"""§3 Eligibility: who and when, read off the cart as given, at list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from promoengine.cart import EnteredCode, Line
from promoengine.document import CampaignDocument, PromotionDocument

from .choosing import Selecting
from .schedules import is_open
from .units import Asked, Unit

CLASSES = ("customer", "context", "contents")
"""§6: the order in which conditions are tested."""
CLASS_OF = {
    **dict.fromkeys(("segment", "customer", "orders"), "customer"),
    **dict.fromkeys(("channel", "region", "payment_method", "shipping_method"), "context"),
    **dict.fromkeys(("cart", "fact", "seller"), "contents"),
}


def class_of(key: str, value: Any) -> str:
    """§6: an `all`, `any` or `not` of conditions is tested with the latest class that it contains."""
    if key not in ("all", "any", "not"):
        return CLASS_OF[key]
    parts = [value] if key == "not" else value
    return max((class_of(*each) for part in parts for each in stated(part)), key=CLASSES.index)


def stated(conditions: Any) -> list[tuple[str, Any]]:
    """The keys of `when` that are written, with their values."""
    return [(key, kind.root) for key, kind in conditions.stated()]


class Eligibility:
    """Tests conditions on a cart whose units are as given."""

    def __init__(self, document: CampaignDocument, asked: Asked, units: Sequence[Unit], selecting: Selecting) -> None:
        self.document = document
        self.asked = asked
        self.goods = [unit for unit in units if unit.is_goods]
        self.selecting = selecting

    def first_refusal(self, promotion: PromotionDocument) -> str:
        """§6: schedule, customer, channel / region / payment, cart contents and facts; empty where all hold."""
        if not is_open(promotion.schedule, self.asked.at, ZoneInfo(self.asked.timezone)):
            return "schedule"
        for each in CLASSES:
            keys = [] if promotion.when is None else stated(promotion.when)
            if not all(self.key_holds(key, value) for key, value in keys if class_of(key, value) == each):
                return each
        return ""

    def holds(self, conditions: Any) -> bool:
        return all(self.key_holds(key, value) for key, value in stated(conditions))

    def key_holds(self, key: str, value: Any) -> bool:
        if key == "all":
            return all(self.holds(each) for each in value)
        if key == "any":
            return any(self.holds(each) for each in value)
        if key == "not":
            return not self.holds(value)
        if key == "cart":
            return self.cart_holds(value)
        if key == "fact":
            return self.fact_holds(value)
        if key == "orders":
            orders = self.asked.cart.customer.orders
            return orders is not None and within(orders, value, int)
        return bool(self.context(key) & set(value))

    def context(self, key: str) -> set[str]:
        cart = self.asked.cart
        found: set[str | None] = {
            "segment": set(cart.customer.segments),
            "customer": {cart.customer.id},
            "channel": {cart.channel},
            "region": {cart.region},
            "payment_method": {cart.payment_method},
            "shipping_method": set(self.asked.methods.values()),
            "seller": {unit.seller for unit in self.goods},
        }[key]
        return {each for each in found if each is not None}

    def cart_holds(self, test: Any) -> bool:
        """§3: conditions take any measure at list, with `at_least`, `more_than`, `at_most`."""
        units = [unit for unit in self.goods if self.selecting.holds(test.items, unit, 0)]
        if test.measure == "spend":
            return within(sum(unit.list for unit in units), test, self.asked.money.minor)
        return within(count(test.measure, units), test, int)

    def fact_holds(self, test: Any) -> bool:
        if test.name not in self.asked.cart.facts:
            return False
        value = self.asked.cart.facts[test.name]
        if test.is_ is not None:
            return value is test.is_
        return within(fact_value(self.asked, test.name), test, self.fact_figure(test.name))

    def fact_figure(self, name: str) -> Any:
        return self.asked.money.minor if self.asked.facts[name] == "money" else int


def fact_value(asked: Asked, name: str) -> int:
    """A number as it stands, money in minor units; 0 where the cart does not state it."""
    if name not in asked.cart.facts:
        return 0
    value = asked.cart.facts[name]
    return asked.money.of_cart(value) if asked.facts[name] == "money" else int(value)


def within(measured: int, bounds: Any, figure: Any) -> bool:
    """`at_least`, `more_than`, `at_most`: those that are stated."""
    return (
        (bounds.at_least is None or measured >= figure(bounds.at_least))
        and (bounds.more_than is None or measured > figure(bounds.more_than))
        and (bounds.at_most is None or measured <= figure(bounds.at_most))
    )


def count(measure: str, units: Sequence[Unit]) -> int:
    """`quantity`, or `distinct` skus or lines."""
    if measure == "quantity":
        return len(units)
    if measure == "distinct_skus":
        return len({unit.source.sku for unit in units if isinstance(unit.source, Line)})
    assert measure == "distinct_lines", measure
    return len({unit.line for unit in units if unit.is_goods})


def normal(code: str) -> str:
    """§3: codes compare case-insensitively after trimming."""
    return code.strip().casefold().upper()


def entered_codes(asked: Asked) -> dict[str, EnteredCode]:
    """The codes of the cart in code-point order of their normal form."""
    found: dict[str, EnteredCode] = {}
    for entered in asked.cart.codes:
        found.setdefault(normal(entered.code), entered)
    return dict(sorted(found.items()))


def codes_of(promotion: PromotionDocument, asked: Asked) -> list[str]:
    """The entered codes that are this promotion's, in the order of use: those with uses left first."""
    rule = promotion.codes
    if rule is None:
        return []
    listed = {normal(code) for code in rule.listed or ()}
    pools = set(rule.pools or ())
    entered = entered_codes(asked)
    found = [code for code, each in entered.items() if code in listed or each.pool in pools]
    return sorted(found, key=lambda code: entered[code].uses_left == 0)


def has_uses_left(code: str, asked: Asked) -> bool:
    """Whether an entered code has uses left; not stated, it has."""
    return entered_codes(asked)[code].uses_left != 0
