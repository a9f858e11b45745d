"""The carts that every peer and the engine price: 20 lines each, made from a seed, the same on every machine.

One catalogue, so that a price belongs to an article, as shops that keep prices in a database have it.
"""

from __future__ import annotations

from random import Random
from typing import Any

Json = dict[str, Any]

LINES = 20
CODE = "SAVE10"
SHIPPING = "12.00"
SELLERS = ("koi", "lotus", "panda")
SEED = 583_000
_RANGES = {
    "tea": (12, 400, 3000, 20),
    "ware": (12, 800, 4000, 1),
    "snacks": (8, 1200, 1200, 1),
    "socks": (8, 900, 900, 1),
    "books": (12, 3400, 5800, 1),
    "toys": (12, 600, 5000, 20),
    "basics": (60, 100, 500, 1),
    "home": (60, 900, 6000, 1),
}
"""Of each category: how many articles there are, from what to what they cost in cents, and in which steps.

Percentages of tea and toys come out in whole cents, since not every peer says where it rounds. Snacks, and socks, cost
the same, since not every peer says which of a set it gives away.
"""
_SHARES = (("basics",), ("basics", "tea", "snacks", "toys"), tuple(_RANGES), ("home", "books", "ware", "toys", "tea"))
"""What the lines of a cart are drawn from: a small cart, a middling one, one of everything, a large one."""


def catalogue() -> dict[str, Json]:
    """Every article by its SKU: category, seller, price."""
    random = Random(SEED)
    found = {"FLASH-1": {"category": "flash", "seller": "koi", "unit_price": "139.00"}}
    for category, (count, least, most, step) in _RANGES.items():
        for number in range(count):
            found[f"{category.upper()}-{number:02}"] = {
                "category": category,
                "seller": SELLERS[number % len(SELLERS)],
                "unit_price": f"{random.randrange(least, most + 1, step) / 100:.2f}",
            }
    return found


def carts(count: int) -> list[Json]:
    """So many carts, in the form that the engine takes."""
    random = Random(SEED)
    articles = catalogue()
    return [_cart(random, articles, number) for number in range(count)]


def _cart(random: Random, articles: dict[str, Json], number: int) -> Json:
    drawn_from = _SHARES[number % len(_SHARES)]
    skus = random.sample([sku for sku, each in articles.items() if each["category"] in drawn_from], LINES)
    if len(drawn_from) > 1 and random.random() < 0.3:
        skus[0] = "FLASH-1"
    lines = [_line(f"L{place:02}", sku, articles[sku], random) for place, sku in enumerate(skus)]
    return {
        "id": f"cart-{number}",
        "currency": "CNY",
        "codes": [CODE] if random.random() < 0.5 else [],
        "lines": lines,
        "shipments": [{"id": "parcel", "options": [{"method": "standard", "amount": SHIPPING}]}],
    }


def _line(name: str, sku: str, article: Json, random: Random) -> Json:
    return {
        "id": name,
        "sku": sku,
        "quantity": random.choice((1, 1, 1, 2, 3)),
        "unit_price": article["unit_price"],
        "seller": article["seller"],
        "categories": [article["category"]],
    }
