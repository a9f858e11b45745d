"""The search counts what it does, and so comes to the same again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from promoengine import Campaign, Engine

DOUBLE_11 = Campaign.load(Path(__file__).parents[2] / "examples" / "double-11" / "campaign.yaml")
CART = {
    "currency": "CNY",
    "lines": [
        {"id": "10", "sku": "MASK-1", "quantity": 13, "unit_price": "100.00", "categories": ["coffee", "snacks"]},
        {"id": "1", "sku": "KETTLE-1", "quantity": 2, "unit_price": "10.00", "tags": ["clearance"]},
    ],
}
"""Several members of one stage are left out on the way, and each is asked whether somebody bars it."""


def test_a_search_does_the_same_wherever_its_members_lie_in_memory() -> None:
    engine, at = Engine(DOUBLE_11), datetime.fromisoformat("2026-11-10T20:00:00+08:00")
    elsewhere, nodes = [], set()
    for number in range(24):
        elsewhere.append([object() for _ in range(number * 97)])
        nodes.add(engine.price(CART, at=at).selection.nodes)
    assert len(nodes) == 1
