"""Claims: what must be reserved before the order is placed, whole and in order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from promoengine import Campaign, Engine

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
EVERYTHING = {
    "uses": 10,
    "uses_per_customer": 2,
    "stock": 100,
    "per_customer": 10,
    "budget": 500,
    "shared": ["pot", "pieces"],
}
POT = {"name": "pot", "uses": 9, "budget": 60}
PIECES = {"name": "pieces", "stock": 5}
FIVE = {"kind": "amount_off", "amount": 5, "per": "unit"}


def claims(*promotions: dict[str, Any], **cart: Any) -> list[tuple[str, str, str, int, str]]:
    """Those of a cart of two pans and a cup: `(promotion, of, key, amount, shared)`."""
    document = {"campaign": "test", "currency": "CNY", "timezone": "UTC", "shared_limits": [POT, PIECES]}
    campaign = Campaign.from_dict({**document, "promotions": list(promotions)})
    lines = [
        {"id": "pan", "sku": "pan", "quantity": 2, "unit_price": "50.00"},
        {"id": "cup", "sku": "cup", "quantity": 1, "unit_price": "10.00"},
    ]
    quote = Engine(campaign).price({"currency": "CNY", "lines": lines, **cart}, at=NOON)
    return [(each.promotion, each.of, each.key, each.amount, each.shared) for each in quote.claims]


def test_every_limit_of_a_promotion_claims_its_part_and_so_do_its_code_and_its_gifts() -> None:
    gift = {"kind": "gift", "gifts": [{"sku": "MUG", "quantity": 2}]}
    first = {"id": "first", "stage": "item", "codes": "FIVE", "benefit": [FIVE, gift], "limits": EVERYTHING}
    second = {"id": "second", "stage": "order", "benefit": FIVE, "limits": {"shared": "pot"}}

    assert [
        ("first", "budget", "", 1500, ""),
        ("first", "budget", "", 1500, "pot"),
        ("first", "code", "FIVE", 1, ""),
        ("first", "gift_stock", "MUG", 2, ""),
        ("first", "per_customer", "ann", 3, ""),
        ("first", "stock", "", 3, ""),
        ("first", "stock", "", 3, "pieces"),
        ("first", "uses", "", 1, ""),
        ("first", "uses", "", 1, "pot"),
        ("first", "uses_per_customer", "ann", 1, ""),
        ("second", "budget", "", 1500, "pot"),
        ("second", "uses", "", 1, "pot"),
    ] == claims(first, second, customer={"id": "ann"}, codes=["FIVE"], gift_stock={"MUG": 10})


def test_where_a_gift_is_all_that_is_given_neither_units_nor_money_are_claimed() -> None:
    # The money is for tea, of which the cart holds none.
    benefits = [{**FIVE, "items": {"sku": "tea"}}, {"kind": "gift", "gifts": [{"sku": "MUG"}]}]
    gift = {"id": "gift", "stage": "item", "benefit": benefits, "limits": EVERYTHING}

    assert [
        ("gift", "gift_stock", "MUG", 1, ""),
        ("gift", "uses", "", 1, ""),
        ("gift", "uses", "", 1, "pot"),
        ("gift", "uses_per_customer", "ann", 1, ""),
    ] == claims(gift, customer={"id": "ann"})


def test_points_are_claimed_of_the_customer_who_spends_them() -> None:
    points = {"id": "points", "stage": "order", "benefit": {"kind": "redeem_points", "points_per_unit": 100}}

    spent = claims(points, customer={"id": "ann"}, points_balance=500, points_to_redeem=300)

    assert [("points", "points", "ann", 300, "")] == spent


def test_gifts_of_one_sku_are_one_claim() -> None:
    twice = [{"kind": "gift", "gifts": [{"sku": "MUG"}]}, {"kind": "gift", "gifts": [{"sku": "MUG", "quantity": 2}]}]

    assert [("gifts", "gift_stock", "MUG", 3, "")] == claims({"id": "gifts", "stage": "item", "benefit": twice})
