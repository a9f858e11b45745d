"""The campaigns of the grid, as plain data: the eleven promotions of the floor, and what is put beside them.

What does not match a cart fails to match it in the ways in which promotions of a large shop do: they are for other
goods, for codes that were not entered, for customers of another kind, or their threshold is out of reach.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.carts import Json, amount
from promoengine.reading import read_file

FLOOR = Path(__file__).with_name("floor.yaml")
FOUND = 25
"""So many promotions besides the eleven concern every cart, and give nothing in it."""
POOLS = 6


def floor_campaign() -> Json:
    """The eleven promotions."""
    data: Json = read_file(FLOOR).data  # type: ignore[assignment]
    return data


def padded(promotions: int) -> Json:
    """So many promotions in all: the eleven, 25 that concern the cart and give it nothing, and others for goods, codes
    and brands that are not in it. With eleven, these alone.
    """
    found = floor_campaign()
    more = promotions - len(found["promotions"])
    beside = list(_found(min(FOUND, more)))
    return {**found, "promotions": [*found["promotions"], *beside, *_elsewhere(more - len(beside))]}


def out_of_reach(rules: int) -> Json:
    """The eleven, and so many rules for the whole shop that no cart of the suite can afford."""
    found = floor_campaign()
    rest = [
        {
            "id": f"far-{number:06}",
            "stage": "order",
            "priority": 10,
            "trigger": {"kind": "spend", "at_least": 1_000_000 + number},
            "benefit": {"kind": "amount_off", "amount": 10, "per": "once"},
        }
        for number in range(rules)
    ]
    return {**found, "promotions": [*found["promotions"], *rest]}


def for_others(rules: int) -> Json:
    """The eleven, and so many rules for the whole shop that ask for a segment which the customer is not in."""
    found = floor_campaign()
    rest = [
        {
            "id": f"segment-{number:06}",
            "stage": "order",
            "priority": 10,
            "when": {"segment": f"segment-{number}"},
            "benefit": {"kind": "amount_off", "amount": 10, "per": "once"},
        }
        for number in range(rules)
    ]
    return {**found, "promotions": [*found["promotions"], *rest]}


def single_use_codes(codes: int) -> Json:
    """The eleven, and so many codes, each for one use, of six coupons that do not conflict."""
    found = floor_campaign()
    each = codes // POOLS
    coupons = [
        {
            "id": f"letter-{pool}",
            "stage": "letters",
            "codes": [single_use_code(pool, number) for number in range(each)],
            "benefit": {"kind": "percent_off", "percent": 2 + pool, "per": "once"},
        }
        for pool in range(POOLS)
    ]
    *stages, shipping = found["stages"]
    letters = {"name": "letters", "stacking": "all"}
    return {
        **found,
        "stages": [*stages, letters, shipping],
        "promotions": [*found["promotions"], *coupons],
    }


def single_use_code(pool: int, number: int) -> str:
    """One of the codes of `single_use_codes`."""
    return f"LETTER{pool}-{number * 7919 % 1_000_003:07}"


def fifty_that_match(lines: int = 20) -> tuple[Json, Json]:
    """50 promotions all of which apply, in stages one after the other, and the cart of so many lines for them."""
    cart: Json = {
        "currency": "CNY",
        "lines": [
            {
                "id": f"L{number:02}",
                "sku": f"SKU-{number}",
                "quantity": 1 + number % 3,
                "unit_price": amount(3100 + number * 613),
                "seller": f"seller-{number % 2}",
                "brand": f"brand-{number // 2}",
                "categories": [f"category-{number % 10}"],
            }
            for number in range(lines)
        ],
        "shipments": [{"id": "parcel", "options": [{"method": "standard", "amount": "10.00"}]}],
    }
    once = {"kind": "amount_off", "amount": 2, "per": "once"}
    promotions: list[Json] = [
        {
            "id": f"price-{number:02}",
            "stage": "item",
            "items": {"sku": f"SKU-{number}"},
            "benefit": {"kind": "percent_off", "percent": 5 + number},
        }
        for number in range(20)
    ]
    promotions += [
        {"id": f"brand-{number}", "stage": "brand", "items": {"brand": f"brand-{number}"}, "benefit": once}
        for number in range(10)
    ]
    promotions += [
        {
            "id": f"category-{number}",
            "stage": "category",
            "items": {"category": f"category-{number}"},
            "trigger": {"kind": "quantity", "at_least": 2},
            "benefit": {"kind": "percent_off", "percent": 3, "per": "once"},
        }
        for number in range(10)
    ]
    promotions += [
        {
            "id": f"all-{number}",
            "stage": "platform",
            "trigger": {"kind": "spend", "at_least": 100 + 20 * number},
            "benefit": once,
        }
        for number in range(8)
    ]
    promotions += [
        {"id": "gift", "stage": "platform", "benefit": {"kind": "gift", "gifts": [{"sku": "MUG", "value": 19}]}},
        {"id": "ship", "stage": "shipping", "benefit": {"kind": "percent_off", "percent": 100}},
    ]
    stages: list[Json] = [{"name": name} for name in ("item", "brand", "category", "platform", "shipping")]
    stages[3]["stacking"] = "all"
    campaign = {"campaign": "fifty", "currency": "CNY", "timezone": "Asia/Shanghai", "stages": stages}
    return {**campaign, "promotions": promotions}, cart


def _found(number: int) -> Iterator[Json]:
    """Promotions that the cart's goods make the engine look at, and that give it nothing."""
    for place in range(number):
        rule: Json = {
            "id": f"found-{place:02}",
            "stage": "order",
            "priority": 10,
            "benefit": {"kind": "amount_off", "amount": 10, "per": "once"},
        }
        if place % 5 == 0:
            rule["when"] = {"segment": f"segment-{place}"}
        elif place % 5 == 1:
            rule["schedule"] = {"from": "2027-01-01", "through": "2027-01-31"}
        elif place % 5 == 2:
            rule |= {"items": {"category": "tea"}, "trigger": {"kind": "spend", "at_least": 1_000_000}}
        elif place % 5 == 3:
            rule |= {"items": {"seller": "panda"}, "trigger": {"kind": "quantity", "at_least": 900_000}}
        else:
            rule |= {"items": {"category": ["books", "ware"]}, "when": {"region": f"region-{place}"}}
        yield rule


def _elsewhere(number: int) -> Iterator[Json]:
    """Promotions for goods that are not in the cart, of every tenth a coupon that is not entered."""
    for place in range(number):
        rule: Json = {"id": f"other-{place:06}", "stage": "item", "priority": place % 7}
        sort = place % 10
        if sort < 5:
            rule |= {"items": {"sku": f"OTHER-{place}"}, "benefit": {"kind": "price", "price": "19.90"}}
        elif sort < 7:
            rule |= {"items": {"category": f"other-{place % 5000}"}, "benefit": {"kind": "percent_off", "percent": 10}}
        elif sort == 7:
            rule |= {
                "items": {"brand": f"other-{place % 5000}"},
                "trigger": {"kind": "set", "quantity": 3},
                "benefit": {"kind": "percent_off", "percent": 100, "rewarded": {"cheapest": 1}},
            }
        elif sort == 8:
            rule |= {
                "stage": "shop",
                "items": {"seller": f"other-{place % 5000}"},
                "trigger": {"kind": "spend", "every": 300, "max_times": 3},
                "benefit": {"kind": "amount_off", "amount": 50, "per": "once"},
            }
        else:
            rule |= {
                "stage": "coupon",
                "codes": f"OTHER-{place}",
                "benefit": {"kind": "percent_off", "percent": 10, "max_discount": 50},
            }
        yield rule


if __name__ == "__main__":
    print(json.dumps(padded(int(sys.argv[1])), default=str))
