"""A thousand promotions that Medusa can express, for the peer and for the engine, and carts for them: made from a seed.

Each category has one promotion, and each line of a cart is of another category, so some twenty match. Twenty are for a
group of customers each.
"""

from __future__ import annotations

from random import Random
from typing import Any

Json = dict[str, Any]

SEED = 1_000
LINES = 20
COUNTS = {"percent": 500, "amount": 300, "third_free": 180, "for_group": 20}
FROM = 300
"""What a customer of a group spends to have the amount off."""


def promotions() -> list[Json]:
    """Every promotion, in the order in which Medusa applies them: buy-get first, then by value."""
    random = Random(SEED)
    kinds = [kind for kind, count in COUNTS.items() for _ in range(count)]
    found = [_promotion(random, kind, number) for number, kind in enumerate(kinds)]
    return sorted(found, key=lambda each: (each["kind"] != "third_free", -each["value"], each["id"]))


def _promotion(random: Random, kind: str, number: int) -> Json:
    value = {"percent": random.randint(5, 50), "amount": random.randint(1, 4), "third_free": 100}.get(kind, 10)
    place = {"group": f"G{number}", "from": FROM} if kind == "for_group" else {"category": f"C{number}"}
    return {"id": f"P{number:03}", "kind": kind, "value": value, **place}


def campaign(given: list[Json]) -> Json:
    """The same as a campaign: everything stacks, each on what the ones before left."""
    return {
        "campaign": "thousand",
        "currency": "CNY",
        "timezone": "Asia/Shanghai",
        "stages": [{"name": "goods", "stacking": "all", "threshold_base": "list"}],
        "promotions": [
            {"id": each["id"], "stage": "goods", "priority": place, **_MADE[each["kind"]](each)}
            for place, each in enumerate(given)
        ],
    }


def _percent(each: Json) -> Json:
    benefit = {"kind": "percent_off", "percent": each["value"], "per": "once"}
    return {"items": {"category": each["category"]}, "benefit": benefit}


def _amount(each: Json) -> Json:
    benefit = {"kind": "amount_off", "amount": each["value"], "per": "unit"}
    return {"items": {"category": each["category"]}, "benefit": benefit}


def _third_free(each: Json) -> Json:
    benefit = {"kind": "percent_off", "percent": 100, "rewarded": {"cheapest": 1}}
    return {"items": {"category": each["category"]}, "trigger": {"kind": "set", "quantity": 3}, "benefit": benefit}


def _for_group(each: Json) -> Json:
    benefit = {"kind": "amount_off", "amount": each["value"], "per": "once"}
    return {
        "when": {"segment": each["group"]},
        "trigger": {"kind": "spend", "at_least": each["from"]},
        "benefit": benefit,
    }


_MADE = {"percent": _percent, "amount": _amount, "third_free": _third_free, "for_group": _for_group}


def carts(count: int) -> list[Json]:
    """So many carts of 20 lines, each line of another category, each customer in one group."""
    random = Random(SEED)
    given = promotions()
    categories = sorted(each["category"] for each in given if "category" in each)
    groups = sorted(each["group"] for each in given if "group" in each)
    return [_cart(random, categories, groups, number) for number in range(count)]


def _cart(random: Random, categories: list[str], groups: list[str], number: int) -> Json:
    lines = [
        {
            "id": f"L{place:02}",
            "sku": f"{category}-{random.randint(1, 5)}",
            "quantity": random.choice((1, 1, 1, 2, 3)),
            "unit_price": f"{random.randrange(500, 6001) / 100:.2f}",
            "categories": [category],
        }
        for place, category in enumerate(random.sample(categories, LINES))
    ]
    customer = {"id": f"customer-{number}", "segments": [random.choice(groups)]}
    return {
        "id": f"cart-{number}",
        "currency": "CNY",
        "codes": [],
        "lines": lines,
        "shipments": [],
        "customer": customer,
    }


def found(given: list[Json], cart: Json) -> list[str]:
    """The promotions that Medusa's query leaves for a cart: all of whose rules some value in the cart meets."""
    categories = {name for line in cart["lines"] for name in line["categories"]}
    groups = set(cart["customer"]["segments"])
    total = sum(round(float(line["unit_price"]) * 100) * line["quantity"] for line in cart["lines"])

    def met(each: Json) -> bool:
        if each["kind"] == "for_group":
            return each["group"] in groups and total >= each["from"] * 100
        return each["category"] in categories

    return [each["id"] for each in given if met(each)]
