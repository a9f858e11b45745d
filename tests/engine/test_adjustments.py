"""Each adjustment says what a figure was taken of, and from what price to what price it led."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from promoengine import Campaign, Engine

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
TENTH = {"id": "tenth", "stage": "item", "benefit": {"kind": "percent_off", "percent": 10}}
Adjustment = tuple[str, int, int, int, int]


def adjustments(*promotions: dict[str, Any], price: str = "100.00", quantity: int = 1, **head: Any) -> list[Adjustment]:
    """Those of a cart of one line: `(promotion, units, base, before, after)`, amounts in fen for each unit."""
    document = {"campaign": "test", "currency": "CNY", "timezone": "UTC", "promotions": list(promotions), **head}
    cart = {"currency": "CNY", "lines": [{"id": "a", "sku": "a", "quantity": quantity, "unit_price": price}]}
    line = Engine(Campaign.from_dict(document)).price(cart, at=NOON).lines["a"]
    return [
        (each.promotion, each.quantity, each.unit_base_minor, each.unit_before_minor, each.unit_after_minor)
        for each in line.adjustments
    ]


def after_a_tenth(benefit: dict[str, Any], **more: Any) -> Adjustment:
    """The adjustment by a benefit in the stage after one that took a tenth off 100.00."""
    second = {"id": "second", "stage": "order", "benefit": benefit, **more}
    return adjustments(TENTH, second)[1]


def test_the_base_of_a_percentage_is_what_it_is_taken_of() -> None:
    for per in ("unit", "once"):
        half = {"kind": "percent_off", "percent": 50, "per": per}
        assert ("second", 1, 9000, 9000, 4500) == after_a_tenth(half)
        assert ("second", 1, 10000, 9000, 4000) == after_a_tenth(half, discount_base="list")
        by_line = {**half, "rounding": {"at": "line"}}
        assert ("second", 1, 10000, 9000, 4000) == after_a_tenth(by_line, discount_base="list")


def test_the_base_of_a_percentage_of_entry_prices_is_the_price_as_the_stage_began() -> None:
    head = {"stages": [{"name": "item", "stacking": "all", "discount_base": "entry"}]}
    for per in ("unit", "once"):
        second = {"id": "u", "stage": "item", "benefit": {"kind": "percent_off", "percent": 50, "per": per}}
        assert ("u", 1, 10000, 9000, 4000) == adjustments(TENTH, second, **head)[1]


def test_the_base_of_any_other_benefit_is_the_price_at_its_turn() -> None:
    for per in ("unit", "line", "once"):
        assert ("second", 1, 9000, 9000, 8500) == after_a_tenth({"kind": "amount_off", "amount": 5, "per": per})
    must_fit = {"kind": "amount_off", "amount": 5, "per": "unit", "must_fit": True}
    assert ("second", 1, 9000, 9000, 8500) == after_a_tenth(must_fit)
    assert ("second", 1, 9000, 9000, 8000) == after_a_tenth({"kind": "price", "price": 80})
    assert ("second", 1, 9000, 9000, 8000) == after_a_tenth({"kind": "total_price", "price": 80})
    one = {"kind": "set", "quantity": 1}
    assert ("second", 1, 9000, 9000, 8000) == after_a_tenth({"kind": "set_price", "price": 80}, trigger=one)
    assert ("second", 1, 9000, 9000, 8500) == after_a_tenth(
        {"kind": "amount_off", "amount": 5, "per": "set"}, trigger=one
    )


def test_adjustments_stand_in_the_order_of_the_pass_and_the_greatest_discount_first() -> None:
    one = {"id": "a", "stage": "item", "benefit": {"kind": "amount_off", "amount": "0.01", "per": "once"}}
    two = {"id": "b", "stage": "order", "benefit": {"kind": "amount_off", "amount": "0.05", "per": "once"}}
    assert [
        ("a", 1, 100, 100, 99),
        ("b", 2, 100, 100, 98),
        ("b", 1, 99, 99, 98),
    ] == adjustments(one, two, price="1.00", quantity=3)
