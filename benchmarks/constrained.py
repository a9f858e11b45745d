"""Campaigns whose promotions are in each other's way, and carts for them: made from a seed, the same on every machine.

Each family makes `promotions` promotions of one stage and one number, over a cart of 20 lines.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Json = dict[str, Any]
Family = Callable[[Random, int], tuple[Json, Json]]

LINES = [f"L{number:02}" for number in range(20)]


def spreads(random: Random, promotions: int) -> tuple[Json, Json]:
    """Amounts and percentages, each once over three to eight lines: two that share a line exclude each other."""
    return campaign([_spread(random, f"p{number:02}") for number in range(promotions)]), cart(random)


def coupons(random: Random, promotions: int) -> tuple[Json, Json]:
    """The same as coupons, each with its code entered, before a platform's 300 minus 50 on what they leave."""
    found = [{**_spread(random, f"p{number:02}"), "codes": [f"C{number:02}"]} for number in range(promotions)]
    platform = {
        "id": "platform",
        "stage": "platform",
        "trigger": {"kind": "spend", "every": 300},
        "benefit": {"kind": "amount_off", "amount": 50, "per": "once"},
    }
    return campaign([*found, platform], stages=["deals", "platform"]), cart(
        random, [each["codes"][0] for each in found]
    )


def mixed(random: Random, promotions: int) -> tuple[Json, Json]:
    """Spreads, figures per unit and amounts behind a threshold, some of them in a group of which two may act."""
    found = []
    for number in range(promotions):
        each = _one_of([_spread, _unit_wise, _threshold], random)(random, f"p{number:02}")
        found.append({**each, "groups": ["two"]} if random.random() < 0.25 else each)
    groups = {"groups": [{"name": "two", "scope": "cart", "at_most": 2}]}
    return {**campaign(found), **groups}, cart(random)


def set_deals(random: Random, promotions: int) -> tuple[Json, Json]:
    """Any N for a price, the second at a percentage, the cheapest free, over 20 lines of five units."""
    found = [_set_deal(random, f"p{number:02}") for number in range(promotions)]
    return campaign(found), cart(random, quantity=5)


def campaign(promotions: list[Json], stages: list[str] | None = None) -> Json:
    """A campaign of one currency."""
    return {
        "campaign": "constrained",
        "currency": "CNY",
        "timezone": "UTC",
        "stages": [{"name": name} for name in stages or ["deals"]],
        "promotions": promotions,
    }


def cart(random: Random, codes: list[str] | None = None, quantity: int | None = None) -> Json:
    """20 lines of 1 to 3 units, or of a quantity, between 5 and 120 each."""
    lines = [
        {
            "id": name,
            "sku": name,
            "quantity": quantity or random.randint(1, 3),
            "unit_price": f"{random.randint(500, 12000) / 100:.2f}",
        }
        for name in LINES
    ]
    return {"currency": "CNY", "lines": lines, "codes": codes or []}


def _spread(random: Random, name: str) -> Json:
    benefit: Json = {"kind": "percent_off", "percent": random.randint(5, 40), "per": "once"}
    if random.random() < 0.5:
        benefit = {"kind": "amount_off", "amount": random.randint(5, 60), "per": "once"}
    elif random.random() < 0.3:
        benefit["max_discount"] = random.randint(10, 50)
    return _deal(name, _some_lines(random), benefit)


def _unit_wise(random: Random, name: str) -> Json:
    benefit: Json = {"kind": "percent_off", "percent": random.randint(5, 40), "per": "unit"}
    if random.random() < 0.5:
        benefit = {"kind": "amount_off", "amount": random.randint(1, 12), "per": "unit"}
    return _deal(name, _some_lines(random), benefit)


def _threshold(random: Random, name: str) -> Json:
    benefit = {"kind": "amount_off", "amount": random.randint(10, 60), "per": "once"}
    trigger = {"kind": "spend", "at_least": random.randint(100, 500)}
    return {**_deal(name, _some_lines(random), benefit), "trigger": trigger}


def _set_deal(random: Random, name: str) -> Json:
    size = random.randint(2, 4)
    kind = random.random()
    if kind < 0.4:
        benefit = {"kind": "percent_off", "percent": random.choice([30, 50, 100]), "rewarded": {"cheapest": 1}}
    elif kind < 0.65:
        benefit = {"kind": "percent_off", "percent": random.choice([40, 60]), "rewarded": {"nth": size}}
    else:
        benefit = {"kind": "set_price", "price": random.randint(30, 70) * size}
    if kind < 0.65:
        benefit["per"] = "unit"
    lines = LINES if random.random() < 0.5 else sorted(random.sample(LINES, 12))
    return {**_deal(name, lines, benefit), "trigger": {"kind": "set", "quantity": size}}


def _deal(name: str, lines: list[str], benefit: Json) -> Json:
    return {"id": name, "stage": "deals", "priority": 0, "items": {"sku": lines}, "benefit": benefit}


def _some_lines(random: Random) -> list[str]:
    return sorted(random.sample(LINES, random.randint(3, 8)))


def _one_of(makers: list[Callable[[Random, str], Json]], random: Random) -> Callable[[Random, str], Json]:
    return random.choice(makers)
