"""Whatever is wrong with a cart is said in one run, by its path; and there is no half-priced cart."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, Cart, CartError, CartRefused, Engine
from promoengine.errors import DiagnosticsError, path_text
from promoengine.reading import read_yaml

TABLE: Any = read_yaml((Path(__file__).parent / "carts.yaml").read_bytes()).data
AT = datetime(2026, 11, 11, 4, tzinfo=UTC)
ENGINE = Engine(
    Campaign.from_yaml("""
        campaign: case
        currency: CNY
        timezone: Asia/Shanghai
        facts: {sold: number, spent: money, gold: flag}
        floors: [{amount: 30, items: {sku: POT}}]
        shared_limits: [{name: pot, uses: 5}]
        promotions:
        - id: flash
          stage: item
          items: {sku: KETTLE}
          benefit: {kind: price, price: 50}
          limits: {stock: 2, beyond: refuse, budget: 1000, shared: pot}
        - id: mug
          stage: order
          items: {sku: PAN}
          benefit: {kind: gift, gifts: [{sku: MUG}], out_of_stock: block}
        - id: half
          stage: order
          items: {sku: POT}
          trigger: {kind: quantity, at_least: 2}
          refuse_for: [trigger, limits, barred, floor]
          benefit: {kind: percent_off, percent: 50}
          limits: {uses: 5}
        - id: lone
          stage: order
          priority: -1
          items: {sku: LID}
          benefit: {kind: points, points: 1}
          exclusive: stage
    """)
)

LINE = {"id": "a", "sku": "A", "quantity": 1, "unit_price": 1}
PYTHON = {
    "a float where money is due": ({"lines": [{**LINE, "unit_price": 1.5}]}, ["lines[0].unit_price float_amount"]),
    "a float that is whole": (
        {"lines": [{**LINE, "unit_price": 1.0}]},
        ["lines[0].unit_price float_amount"],
    ),
    "a float that is not a number": ({"lines": [{**LINE, "cost": float("nan")}]}, ["lines[0].cost float_amount"]),
    "a Decimal that is not finite": (
        {"lines": [{**LINE, "unit_price": Decimal("Infinity")}, {**LINE, "id": "b", "unit_price": Decimal("NaN")}]},
        ["lines[0].unit_price not_finite", "lines[1].unit_price not_finite"],
    ),
    "a Decimal of a million digits": (
        {"lines": [{**LINE, "unit_price": Decimal("1E+1000000")}]},
        ["lines[0].unit_price amount_too_large"],
    ),
    "an int of ten thousand digits": (
        {"lines": [{**LINE, "unit_price": 10**10_000}]},
        ["lines[0].unit_price amount_too_large"],
    ),
    "a float as a fact": ({"lines": [], "facts": {"sold": 1.5}}, ["facts.sold float_amount"]),
    "a float as a tax rate": ({"lines": [{**LINE, "tax_rate": 8.25}]}, ["lines[0].tax_rate not_a_tax_rate"]),
    "a naive launch": (
        {"lines": [{**LINE, "launched_at": datetime(2026, 11, 11)}]},
        ["lines[0].launched_at time_without_zone"],
    ),
    "bytes as a name": ({"lines": [{**LINE, "sku": b"A"}]}, ["lines[0].sku not_text"]),
    "lines that are a mapping": ({"lines": {"a": LINE}}, ["lines wrong_shape"]),
    "a line that is text": ({"lines": ["A"]}, ["lines[0] wrong_shape"]),
    "more lines than a cart holds": (
        {"lines": [{**LINE, "id": str(number)} for number in range(10_001)]},
        ["lines too_many"],
    ),
    "more tags than a line bears": (
        {"lines": [{**LINE, "tags": [str(number) for number in range(1_001)]}]},
        ["lines[0].tags too_many"],
    ),
    "more facts than a cart states": (
        {"lines": [], "facts": {str(number): 1 for number in range(1_001)}},
        ["facts too_many"],
    ),
    "a name of a mapping that is no text": ({"lines": [], "facts": {1: 1}}, ["facts[1] not_text"]),
}


def found_in(refusal: DiagnosticsError) -> list[str]:
    return [f"{path_text(each.place.path)} {each.code}" for each in refusal.diagnostics]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_a_cart_is_refused_where_it_is_wrong(row: dict[str, Any]) -> None:
    with pytest.raises(CartError) as refused:
        ENGINE.price(row["cart"], at=AT)
    assert row["found"] == found_in(refused.value)
    for each in refused.value.diagnostics:
        assert each.message
        assert "pydantic" not in str(each)
        assert each.hint
        assert row.get("hint", "") in each.hint


@pytest.mark.parametrize(("cart", "found"), PYTHON.values(), ids=PYTHON)
def test_plain_data_is_refused_where_it_is_wrong(cart: dict[str, Any], found: list[str]) -> None:
    with pytest.raises(CartError) as refused:
        ENGINE.price({"currency": "CNY", **cart}, at=AT)
    assert found == found_in(refused.value)


@pytest.mark.parametrize("row", [row for row in TABLE if row["cart"].startswith("{")], ids=lambda row: row["name"])
def test_what_is_wrong_in_the_text_is_wrong_in_its_bytes(row: dict[str, Any]) -> None:
    with pytest.raises(CartError) as refused:
        ENGINE.price(row["cart"].encode(), at=AT)
    assert row["found"] == found_in(refused.value)


@pytest.mark.parametrize("cart", [None, 7, "", b"", [], object()], ids=lambda cart: type(cart).__name__)
def test_what_is_no_cart_is_refused(cart: Any) -> None:
    with pytest.raises(CartError):
        ENGINE.price(cart, at=AT)


def test_a_cart_of_bytes_that_are_no_text_is_refused() -> None:
    with pytest.raises(CartError) as refused:
        ENGINE.price(b'{"currency": "\xff"}', at=AT)
    assert ["(document) not_utf8"] == found_in(refused.value)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(CartError) as refused:
        ENGINE.price("[" * 100_000, at=AT)
    assert ["nested_too_deeply"] == [each.code for each in refused.value.diagnostics]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(CartError) as refused:
        ENGINE.price({"currency": "CNY", "lines": []}, at=datetime(2026, 11, 11))
    assert ["at time_without_zone"] == found_in(refused.value)


@pytest.mark.parametrize("at", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)], ids=str)
def test_a_moment_at_the_end_of_time_is_refused(at: datetime) -> None:
    with pytest.raises(CartError) as refused:
        ENGINE.price({"currency": "CNY", "lines": []}, at=at)
    assert ["at time_out_of_range"] == found_in(refused.value)


def test_a_cart_that_was_validated_for_another_campaign_is_still_checked() -> None:
    cart = Cart.model_validate({"currency": "CNY", "lines": [{**LINE, "unit_price": "1.0001"}], "facts": {"far": 1}})
    with pytest.raises(CartError) as refused:
        ENGINE.price(cart, at=AT)
    assert ["lines[0].unit_price too_many_digits", "facts.far unknown_fact"] == found_in(refused.value)


POTS = {**LINE, "sku": "POT", "quantity": 2}
LID = {**LINE, "id": "lid", "sku": "LID"}
REFUSED = {
    "more units than the limit leaves": (
        {**LINE, "sku": "KETTLE", "quantity": 3, "unit_price": 99},
        {},
        "limit_exceeded",
    ),
    "a gift that must be there and is not": ({**LINE, "sku": "PAN"}, {"gift_stock": {"MUG": 0}}, "gift_out_of_stock"),
    "a trigger that must be reached and is not": ({**LINE, "sku": "POT"}, {}, "trigger_not_reached"),
    "a limit that must leave something": (
        {**POTS, "unit_price": 99},
        {"limits_left": {"half": {"uses": 0}}},
        "limit_used_up",
    ),
    "a promotion that must not be barred": ({**POTS, "unit_price": 99}, {"lines": [LID]}, "promotion_barred"),
    "a floor that must not take anything": ({**POTS, "unit_price": 40}, {}, "below_floor"),
}


@pytest.mark.parametrize(("line", "more", "code"), REFUSED.values(), ids=REFUSED)
def test_an_order_that_a_rule_forbids_is_refused(line: dict[str, Any], more: dict[str, Any], code: str) -> None:
    with pytest.raises(CartRefused) as refused:
        ENGINE.price(json.dumps({"currency": "CNY", **more, "lines": [line, *more.get("lines", ())]}), at=AT)
    assert [code] == [each.code for each in refused.value.diagnostics]
