"""Who is given which unit: counting out, against trying every way to part the units."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from promoengine import Campaign, Engine

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
DEALS: list[dict[str, Any]] = [
    {
        "trigger": {"kind": "set", "quantity": 2},
        "benefit": {"kind": "percent_off", "percent": 50, "rewarded": {"cheapest": 1}},
    },
    {"trigger": {"kind": "set", "quantity": 2}, "benefit": {"kind": "percent_off", "percent": 20}},
    {"trigger": {"kind": "set", "quantity": 3}, "benefit": {"kind": "set_price", "price": 10}},
    {
        "trigger": {"kind": "set", "quantity": 3, "max_times": 1},
        "benefit": {"kind": "percent_off", "percent": 100, "rewarded": {"cheapest": 1}},
    },
    {"benefit": {"kind": "percent_off", "percent": 10}},
    {"items": {"sku": ["A", "C"]}, "benefit": {"kind": "amount_off", "amount": 2, "per": "unit"}},
]


def saved(deal: dict[str, Any], prices: list[int]) -> int | None:
    """What a deal takes off units of these prices (minor units, dearest first), all of which it must use; None where
    it cannot use them all.
    """
    benefit = deal["benefit"]
    if "trigger" not in deal:
        figures = [-(-price // 10) if price % 10 >= 5 else price // 10 for price in prices]
        return sum(figures) if benefit["kind"] == "percent_off" else sum(min(200, price) for price in prices)
    size, most = deal["trigger"]["quantity"], deal["trigger"].get("max_times", 99)
    if len(prices) % size or len(prices) // size > most:
        return None
    total = 0
    for start in range(0, len(prices), size):
        group = prices[start : start + size]
        if benefit["kind"] == "set_price":
            gain = sum(group) - 1000
        else:
            rewarded = group[-1:] if "rewarded" in benefit else group
            gain = sum((price * benefit["percent"] + 50) // 100 for price in rewarded)
        if gain <= 0:
            return None
        total += gain
    return total


def best_by_trying(deals: list[dict[str, Any]], units: list[tuple[str, int]]) -> int:
    """The most that can be saved, whoever each unit goes to."""
    best = 0
    for owners in product(range(len(deals) + 1), repeat=len(units)):
        total = 0
        for place, deal in enumerate(deals, start=1):
            skus = deal.get("items", {}).get("sku")
            mine = [unit for unit, owner in zip(units, owners, strict=True) if owner == place]
            gain = (
                None if skus and any(sku not in skus for sku, _ in mine) else saved(deal, [price for _, price in mine])
            )
            if gain is None:
                break
            total += gain
        else:
            best = max(best, total)
    return best


@pytest.mark.parametrize("seed", range(60))
def test_the_units_are_parted_for_the_lowest_price(seed: int) -> None:
    """The rule that a set takes the first unit that fits forbids some partings, and never the best one."""
    chance = random.Random(seed)
    deals = chance.sample(DEALS, 2 if seed % 3 else 3)
    prices = sorted((chance.choice((200, 500, 500, 750, 1000, 1500)) for _ in range(6)), reverse=True)
    units = [(chance.choice("ABC"), price) for price in prices]
    promotions = [{"id": f"p{place}", "stage": "item", **deal} for place, deal in enumerate(deals)]
    document = {"campaign": "c", "currency": "EUR", "timezone": "Europe/Berlin", "promotions": promotions}
    lines = [
        {"id": f"{place}", "sku": sku, "quantity": 1, "unit_price": f"{price / 100:.2f}"}
        for place, (sku, price) in enumerate(units)
    ]
    quote = Engine(Campaign.from_dict(document)).price({"currency": "EUR", "lines": lines}, at=NOON)
    assert ("proven", best_by_trying(deals, units)) == (quote.selection.status, quote.discount_total_minor)
