"""Carts for the campaign of `floor.yaml`: made from a seed, the same on every machine.

A cart is plain data as the engine reads it; `for_floor` turns it into the dicts and ints that `floor.price` takes.
"""

from __future__ import annotations

from random import Random
from typing import Any

Json = dict[str, Any]

# What a line may be: flash sale, each category of a promotion, or goods of no promotion of their own.
SORTS = ("flash", "tea", "sweets", "ware", "books", "candles", "plain")
SELLERS = ("panda", "lotus", "koi")


def cart(lines: int, seed: int = 1, *, most_quantity: int = 3) -> Json:
    """A cart of so many lines in which the promotions fire in a mix; from 7 lines on every sort of goods is there."""
    random = Random(f"{lines} {seed}")
    first = random.randrange(len(SORTS))
    return {
        "currency": "CNY",
        "lines": [
            _line(random, f"L{number:04}", SORTS[(first + number) % len(SORTS)], most_quantity)
            for number in range(lines)
        ],
        "shipments": [{"id": "parcel", "options": [{"method": "standard", "amount": "10.00"}]}],
        "codes": ["ten-off"],
    }


def carts(lines: int, number: int) -> list[Json]:
    """So many of them, each from its own seed."""
    return [cart(lines, seed) for seed in range(number)]


def odd_cart(seed: int) -> Json:
    """A cart that looks for trouble: equal prices, prices of a few fen, lines out of order, flash goods of every
    category and price, spends around each threshold, the code or none.
    """
    random = Random(f"odd {seed}")
    most = random.choice([200, 1500, 6500, 13000])
    prices = [random.randint(1, most) for _ in range(random.randint(2, 6))]
    lines = []
    for number in range(random.choice([1, 2, 3, 5, 8, 13, 20])):
        line = _line(random, f"L{number:02}", random.choice(SORTS), 5)
        line["unit_price"] = amount(random.choice(prices))
        if line["sku"].startswith("FLASH"):
            line["categories"] = random.choice([[], *([sort] for sort in SORTS[1:])])
        lines.append(line)
    random.shuffle(lines)
    shipments = [{"id": "parcel", "options": [{"method": "standard", "amount": amount(random.randint(0, 2000))}]}]
    codes = random.choice([[], [" Ten-Off "], ["TEN-OFF"], ["OTHER"]])
    return {"currency": "CNY", "lines": lines, "shipments": shipments, "codes": codes}


def for_floor(cart: Json) -> Json:
    """The same cart as dicts and ints, amounts in fen."""
    return {
        "lines": [
            {
                "id": line["id"],
                "sku": line["sku"],
                "category": line["categories"][0] if line["categories"] else "",
                "seller": line["seller"],
                "quantity": line["quantity"],
                "unit_price": int(line["unit_price"].replace(".", "")),
            }
            for line in cart["lines"]
        ],
        "codes": [code.strip().upper() for code in cart["codes"]],
        "shipping": int(cart["shipments"][0]["options"][0]["amount"].replace(".", "")),
    }


def amount(fen: int) -> str:
    """Decimal text with two digits."""
    return f"{fen // 100}.{fen % 100:02}"


def _line(random: Random, name: str, sort: str, most_quantity: int) -> Json:
    sku = f"FLASH-{random.randint(1, 4)}" if sort == "flash" else f"{sort.upper()}-{random.randint(1, 999)}"
    dearest = {"flash": (7900, 12900), "candles": (3500, 6500)}.get(sort, (900, 9900))
    return {
        "id": name,
        "sku": sku,
        "quantity": random.randint(1, most_quantity),
        "unit_price": amount(random.randint(*dearest)),
        "seller": random.choice(SELLERS),
        "categories": [] if sort in ("flash", "plain") else [sort],
    }
