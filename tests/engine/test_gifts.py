"""Gifts: each says what it is worth, and what it stands for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from promoengine import Campaign, Engine
from promoengine.quote import Gift

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
MUG = {"sku": "MUG", "quantity": 3, "value": 10}


def gifts(benefit: dict[str, Any], **cart: Any) -> list[Gift]:
    promotion = {"id": "mugs", "stage": "item", "benefit": {"kind": "gift", **benefit}}
    document = {"campaign": "test", "currency": "CNY", "timezone": "UTC", "promotions": [promotion]}
    lines = [{"id": "pan", "sku": "pan", "quantity": 1, "unit_price": "50.00"}]
    return Engine(Campaign.from_dict(document)).price({"currency": "CNY", "lines": lines, **cart}, at=NOON).gifts


def test_a_gift_states_its_value() -> None:
    assert [Gift("mugs", "MUG", 3, 1000)] == gifts({"gifts": [MUG]})


def test_what_is_left_of_a_gift_is_worth_as_much_each() -> None:
    assert [Gift("mugs", "MUG", 1, 1000, "short", "MUG")] == gifts({"gifts": [MUG]}, gift_stock={"MUG": 1})


def test_a_replacement_states_a_value_of_its_own() -> None:
    replaced = {"gifts": [MUG], "out_of_stock": "replace", "replacement": {"sku": "CUP", "quantity": 2, "value": 7}}
    assert [Gift("mugs", "CUP", 2, 700, "replacement", "MUG")] == gifts(replaced, gift_stock={"MUG": 1})


def test_gifts_that_were_not_chosen_say_so() -> None:
    choice = {"gifts": [MUG, {"sku": "CUP"}], "choose": 1}
    assert [Gift("mugs", "MUG", 3, 1000, "not_chosen", "")] == gifts(choice)
    assert [Gift("mugs", "CUP", 1, 0)] == gifts(choice, gift_choices={"mugs": ["CUP"]})
