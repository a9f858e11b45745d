"""The quote, whole: its head, its totals, its lines, shipments and promotions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from promoengine import Campaign, Engine, Quote
from promoengine.quote import (
    Adjustment,
    AppliedPromotion,
    Member,
    OptionPrice,
    QuoteLine,
    QuoteShipment,
    Segment,
    Taxed,
)

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
CAMPAIGN: dict[str, Any] = {
    "campaign": "test",
    "currency": "CNY",
    "timezone": "UTC",
    "promotions": [
        {
            "id": "tenth",
            "stage": "item",
            "items": {"sku": "pan"},
            "benefit": {"kind": "percent_off", "percent": 10},
            "labels": {"issuer": "shop"},
            "codes": "TEN",
        },
        {"id": "post", "stage": "shipping", "benefit": {"kind": "amount_off", "amount": 3, "per": "once"}},
        {"id": "points", "stage": "shipping", "benefit": {"kind": "points", "points": 7}},
    ],
}
CART: dict[str, Any] = {
    "currency": "CNY",
    "codes": ["TEN"],
    "lines": [
        {"id": "1", "sku": "pan", "quantity": 2, "unit_price": "50.00", "list_price": "60.00", "tax_rate": 13},
        {"id": "2", "sku": "card", "quantity": 1, "unit_price": "20.00"},
    ],
    "shipments": [
        {
            "id": "box",
            "options": [
                {"method": "post", "amount": "8.00", "tax_rate": 6},
                {"method": "express", "amount": "20.00", "tax_rate": 6},
            ],
            "selected": "post",
        }
    ],
}


def quote(campaign: dict[str, Any] = CAMPAIGN, **head: Any) -> Quote:
    return Engine(Campaign.from_dict({**campaign, **head})).price(CART, at=NOON)


def totals(found: Quote) -> tuple[int, ...]:
    """List, discount, goods, shipping, tax and total."""
    return (
        found.list_total_minor,
        found.discount_total_minor,
        found.goods_total_minor,
        found.shipping_total_minor,
        found.tax_total_minor,
        found.total_minor,
    )


def test_the_head_says_what_was_priced_and_when() -> None:
    found = quote()

    assert ("test", "CNY", 2, NOON) == (found.campaign, found.currency, found.exponent, found.at)
    assert Campaign.from_dict(CAMPAIGN).content_hash == found.content_hash
    assert found.valid_until is None


@pytest.mark.parametrize(
    ("tax", "included", "expected"),
    [
        (None, True, (12800, 1300, 11000, 500, 0, 11500)),
        ({"prices_include_tax": True}, True, (12800, 1300, 11000, 500, 1063, 11500)),  # 10.35 of 90, 0.28 of 5
        ({"prices_include_tax": False}, False, (12800, 1300, 11000, 500, 1200, 12700)),  # 11.70 and 0.30
    ],
)
def test_the_totals_add_up(tax: dict[str, Any] | None, included: bool, expected: tuple[int, ...]) -> None:
    found = quote(**({} if tax is None else {"tax": tax}))

    assert expected == totals(found)
    assert included == found.tax_included


def test_a_line_says_what_it_was_and_what_became_of_it() -> None:
    found = quote(tax={"prices_include_tax": True}).lines

    taken_off = Adjustment("tenth", "item", 0, 2, 5000, 5000, 4500)
    tax = Taxed("13", 7965, 1035, 9000)
    assert (
        QuoteLine("1", "pan", 2, 5000, 10000, 1000, 9000, [Segment(2, 4500)], [taken_off], False, tax, 6000)
        == found["1"]
    )
    assert QuoteLine("2", "card", 1, 2000, 2000, 0, 2000, [Segment(1, 2000)], []) == found["2"]


def test_a_shipment_says_its_method_and_what_others_would_cost() -> None:
    found = quote(tax={"prices_include_tax": True}).shipping

    taken_off = Adjustment("post", "shipping", 0, 1, 800, 800, 500)
    options = [OptionPrice("express", 2000, 1700), OptionPrice("post", 800, 500)]
    tax = Taxed("6", 472, 28, 500)
    assert {"box": QuoteShipment("box", "post", 800, 300, 500, [taken_off], options, tax)} == found


def test_a_promotion_says_what_it_gave_and_by_which_code() -> None:
    found = quote().promotions

    assert ["points", "post", "tenth"] == list(found)
    tenth = AppliedPromotion(
        "tenth", 1000, 1, 0, {"seller": 1000}, [Member(0, "", {"1": 2})], {"issuer": "shop"}, ["TEN"]
    )
    assert tenth == found["tenth"]
    post = AppliedPromotion("post", 300, 1, 0, {"seller": 300}, [Member(0, "", {"shipping box": 1})], {})
    assert post == found["post"]
    assert AppliedPromotion("points", 0, 1, 0, {}, [Member(0, "", {})], {}) == found["points"]


def test_funding_takes_the_floor_of_each_share_of_each_line_and_the_rest_bears_what_remains() -> None:
    shared = {"brand": "33.4", "platform": "33.3", "rest": "shop"}
    five = {"id": "p", "stage": "order", "benefit": {"kind": "amount_off", "amount": "0.05", "per": "unit"}}
    found = quote({**CAMPAIGN, "promotions": [{**five, "funding": shared}]}).promotions["p"]

    # 10 fen off the pans, 5 off the card: a third of each, rounded down.
    assert {"brand": 3 + 1, "platform": 3 + 1, "shop": 4 + 3} == found.funding_minor
