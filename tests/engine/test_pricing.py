"""The Python face: what goes in, what comes out, and what never happens."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, Cart, CartError, CartRefused, Contradiction, Engine

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "examples"


def engine(*promotions: dict[str, Any], **head: Any) -> Engine:
    document = {"campaign": "test", "currency": "CNY", "timezone": "Asia/Shanghai", **head}
    return Engine(Campaign.from_dict({**document, "promotions": list(promotions)}))


def cart(*lines: tuple[str, int, str], **more: Any) -> dict[str, Any]:
    return {
        "currency": "CNY",
        "lines": [
            {"id": f"{sku}-{index}", "sku": sku, "quantity": quantity, "unit_price": price}
            for index, (sku, quantity, price) in enumerate(lines)
        ],
        **more,
    }


TEN_PERCENT = {"id": "ten", "stage": "order", "benefit": {"kind": "percent_off", "percent": 10}}


def test_a_dict_json_text_bytes_and_a_cart_give_the_same_quote() -> None:
    priced, given = engine(TEN_PERCENT), cart(("A", 3, "9.99"), ("B", 1, "20.00"))
    forms = [given, json.dumps(given), json.dumps(given).encode(), Cart.model_validate(given)]
    assert {priced.price(each, at=NOON).to_json() for each in forms} == {priced.price(given, at=NOON).to_json()}


def test_an_unquoted_json_decimal_is_read_as_its_text() -> None:
    text = '{"currency": "CNY", "lines": [{"id": "1", "sku": "A", "quantity": 1, "unit_price": 12.10}]}'
    assert engine(TEN_PERCENT).price(text, at=NOON).total == "10.89"


def test_a_decimal_is_an_exact_amount() -> None:
    given = cart(("A", 1, "1.00"))
    given["lines"][0]["unit_price"] = Decimal("12.10")
    assert engine(TEN_PERCENT).price(given, at=NOON).total == "10.89"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(CartError) as caught:
        engine().price(cart(("A", 1, "1.00")), at=datetime(2026, 11, 10, 12))
    assert [each.code for each in caught.value.diagnostics] == ["time_without_zone"]


def test_a_cart_of_another_currency_is_refused_and_nothing_is_converted() -> None:
    with pytest.raises(CartError) as caught:
        engine().price({**cart(("A", 1, "1.00")), "currency": "USD"}, at=NOON)
    assert [each.code for each in caught.value.diagnostics] == ["wrong_currency"]


def test_everything_that_is_wrong_with_a_cart_is_said_in_one_run() -> None:
    given = cart(("A", 1, "1.005"), ("B", 1, "2.00"), facts={"moon": 1}, limits_left={"no-such": {"uses": 1}})
    with pytest.raises(CartError) as caught:
        engine(TEN_PERCENT).price(given, at=NOON)
    assert {each.code for each in caught.value.diagnostics} == {"too_many_digits", "unknown_fact", "unknown_promotion"}


def test_an_empty_cart_costs_nothing_and_considers_nothing() -> None:
    quote = engine(TEN_PERCENT).price(cart(), at=NOON)
    assert (quote.total, quote.outcomes) == ("0.00", {})


def test_one_engine_serves_many_threads() -> None:
    shared = Engine(Campaign.load(EXAMPLES / "double-11" / "campaign.yaml"))
    carts = [path.read_bytes() for path in sorted((EXAMPLES / "double-11" / "carts").glob("*.json"))]
    alone = [shared.price(each, at=NOON).to_json() for each in carts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda each: shared.price(each, at=NOON).to_json(), carts * 8))
    assert alone * 8 == together


def test_pricing_changes_neither_the_cart_nor_the_campaign() -> None:
    priced = Engine(Campaign.load(EXAMPLES / "double-11" / "campaign.yaml"))
    before = priced.campaign.content_hash
    given = json.loads((EXAMPLES / "double-11" / "carts" / "09-koi-evening.json").read_text(), parse_float=Decimal)
    copy = json.dumps(given, default=str)
    priced.price(given, at=NOON)
    assert (copy, before) == (json.dumps(given, default=str), priced.campaign.content_hash)


def test_verifying_a_quote_that_was_tampered_with_raises() -> None:
    quote = engine(TEN_PERCENT).price(cart(("A", 3, "9.99")), at=NOON)
    quote.lines["A-0"].payable_minor -= 1
    with pytest.raises(Contradiction):
        quote.verify()


def test_verifying_a_quote_whose_lines_earned_another_number_of_points_raises() -> None:
    points = {"id": "earn", "stage": "order", "benefit": {"kind": "points", "points": 10}}
    quote = engine(points).price(cart(("A", 3, "9.99")), at=NOON)
    quote.grants[0].lines["A-0"].quantity -= 1
    with pytest.raises(Contradiction):
        quote.verify()


def test_the_canonical_form_has_sorted_keys_and_amounts_as_text() -> None:
    quote = engine(TEN_PERCENT).price(cart(("A", 3, "9.99")), at=NOON)
    data = json.loads(quote.to_json())
    assert list(data) == sorted(data)
    assert (data["total"], data["lines"]["A-0"]["payable"], data["at"]) == ("26.97", "26.97", "2026-11-10T12:00:00Z")


def test_a_cart_that_a_limit_refuses_has_no_quote() -> None:
    flash = {
        "id": "flash",
        "stage": "item",
        "benefit": {"kind": "price", "price": 5},
        "limits": {"per_customer": 1, "beyond": "refuse"},
    }
    with pytest.raises(CartRefused) as caught:
        engine(flash).price(cart(("A", 2, "9.00")), at=NOON)
    assert [each.code for each in caught.value.diagnostics] == ["limit_exceeded"]


def test_promotions_whose_code_was_not_entered_are_reported_when_asked_for() -> None:
    coupon = {**TEN_PERCENT, "id": "coupon", "codes": "SAVE"}
    priced, given = engine(coupon), cart(("A", 1, "10.00"))
    assert {} == priced.price(given, at=NOON).outcomes
    assert "code" == priced.price(given, at=NOON, outcomes="all").outcomes["coupon"].reason


def test_a_barred_promotion_says_by_whom_and_what_it_would_have_saved() -> None:
    five, six = (
        {
            "id": name,
            "stage": "order",
            "priority": amount,
            "benefit": {"kind": "amount_off", "amount": amount, "per": "once"},
        }
        for name, amount in (("five", 5), ("six", 6))
    )
    outcome = engine(five, six).price(cart(("A", 1, "10.00")), at=NOON, outcomes="all").outcomes["six"]
    assert ("barred", ["five"], 600) == (outcome.reason, outcome.barred_by, outcome.would_save_minor)


def test_pieces_cost_no_more_runs_than_lines() -> None:
    """6,000 pieces in 30 lines are 30 runs: a cart of 600,000 pieces prices as the one of 6,000 does."""
    third_free = {
        "id": "third",
        "stage": "item",
        "trigger": {"kind": "set", "quantity": 3},
        "benefit": {"kind": "percent_off", "percent": 100, "rewarded": {"cheapest": 1}},
    }
    priced = engine(third_free, TEN_PERCENT)
    few, many = (
        priced.price(cart(*[(f"S{line:02}", count, f"{line + 10}.99") for line in range(30)]), at=NOON)
        for count in (201, 20_001)
    )
    adjustments = [sum(len(line.adjustments) for line in quote.lines.values()) for quote in (few, many)]
    assert adjustments[0] == adjustments[1] <= 30 * 4


def test_shipping_comes_after_the_lines_wherever_the_gifts_of_an_earlier_quote_stand() -> None:
    last = {"kind": "amount_off", "amount": 1, "per": "once", "allocation": {"odd_units": "last"}}
    priced = Engine(
        Campaign.from_dict(
            {
                "campaign": "test",
                "currency": "CNY",
                "timezone": "UTC",
                "stages": ["payment"],
                "promotions": [{"id": "paid", "stage": "payment", "benefit": last}],
            }
        )
    )
    given = cart(("10", 1, "9.99"), ("1", 1, "0.99"))
    given["shipments"] = [{"id": "s1", "options": [{"method": "post", "amount": "5"}]}]
    gifts = [{"id": f"g{each}", "sku": "PEN", "quantity": 1, "unit_price": "0", "gift_of": "pen"} for each in range(2)]
    quotes = [priced.price({**given, "lines": lines}, at=NOON) for lines in (given["lines"], [*gifts, *given["lines"]])]
    assert quotes[0] == quotes[1]


def test_promotions_that_cannot_concern_the_cart_are_not_looked_at() -> None:
    from promoengine.engine.basket import Basket
    from promoengine.engine.bound import bind
    from promoengine.engine.gather import lines_found

    others = [{**TEN_PERCENT, "id": f"other-{index}", "items": {"sku": f"X{index}"}} for index in range(500)]
    coupons = [{**TEN_PERCENT, "id": f"coupon-{index}", "codes": f"C{index}"} for index in range(500)]
    segments = [{**TEN_PERCENT, "id": f"segment-{index}", "when": {"segment": f"s{index}"}} for index in range(500)]
    steps = [
        {**TEN_PERCENT, "id": f"from-{index}", "trigger": {"kind": "spend", "at_least": index}}
        for index in range(1, 500)
    ]
    campaign = Campaign.from_dict(
        {
            "campaign": "test",
            "currency": "CNY",
            "timezone": "UTC",
            "promotions": [*others, *coupons, *segments, *steps, {**TEN_PERCENT, "items": {"sku": "A"}}],
        }
    )
    from promoengine.intake import take_in

    given = {**cart(("A", 1, "1.00"), codes=["c7"]), "customer": {"id": "ann", "segments": ["s3", "s4"]}}
    plan, basket = take_in(Cart.model_validate(given), campaign.plans)
    assert isinstance(basket, Basket)
    found = lines_found(bind(plan), basket, coded_too=False, all_too=False)
    assert {"ten", "coupon-7", "segment-3", "segment-4", "from-1"} == {plan.promotions[index].id for index in found}

    reasons = {each.reason for each in Engine(campaign).price(given, at=NOON).outcomes.values() if not each.applied}
    assert {"customer", "trigger", "barred"} >= reasons >= {"customer", "trigger"}


def test_a_quote_can_be_copied_and_changed_without_touching_the_first() -> None:
    quote = engine(TEN_PERCENT).price(cart(("A", 3, "9.99")), at=NOON)
    assert replace(quote, campaign="other").campaign != quote.campaign
