"""Small campaigns over small carts in which promotions meet all the time, made from a seed.

Four skus, prices down to nothing, stages that stack, coupons, sets, thresholds on every base: what a promotion leaves
behind is what the next one measures. Short cuts go wrong here sooner than on campaigns as shops write them.
"""

from __future__ import annotations

from random import Random
from typing import Any

Json = dict[str, Any]

SKUS = ["a", "b", "c", "d"]
SELLERS = ["s", "t"]
STAGES = ["item", "order", "shipping", "pay"]
PRICES = ["0.00", "0.01", "1.00", "5.00", "9.99", "10.00", "12.34"]
BASES = ["list", "running", "entry"]
UNIT_WISE = ("percent", "amount", "price")


def campaign(random: Random) -> Json:
    """Two to six promotions over four stages."""
    stages = [_stage(random, name) for name in STAGES]
    promotions = [_promotion(random, f"p{number}") for number in range(random.choice([2, 3, 4, 6]))]
    groups = [{"name": "g", "scope": "cart"}, {"name": "h", "scope": random.choice(["cart", "cart", "line"])}]
    head = {"campaign": "dense", "currency": "EUR", "timezone": "UTC"}
    return {**head, "stages": stages, "groups": groups, "promotions": promotions}


def cart(random: Random) -> Json:
    """One to four lines, mostly with codes, sometimes with a parcel."""
    found: Json = {
        "currency": "EUR",
        "codes": random.sample(["X", "Y", "Z"], random.choice([0, 1, 2])),
        "lines": [_line(random, f"l{number}") for number in range(random.choice([1, 2, 3, 4]))],
        "gift_stock": {"G": random.choice([0, 1, 2])},
    }
    if random.random() < 0.4:
        options = [{"method": "post", "amount": "5.00"}, {"method": "shop", "amount": "0.00"}]
        found["shipments"] = [{"id": "parcel", "options": options, "selected": random.choice(["post", "shop"])}]
    return found


def _line(random: Random, name: str) -> Json:
    line = {
        "id": name,
        "sku": random.choice(SKUS),
        "quantity": random.choice([1, 1, 2, 3]),
        "unit_price": random.choice(PRICES),
    }
    return {**line, "seller": random.choice(SELLERS)} if random.random() < 0.5 else line


def _stage(random: Random, name: str) -> Json:
    stage: Json = {"name": name}
    if name == "pay":
        stage["covers"] = "both"
    if random.random() < 0.15:
        stage["stacking"] = "all"
    for base in ("threshold_base", "discount_base"):
        if random.random() < 0.2:
            stage[base] = random.choice(BASES)
    return stage


def _promotion(random: Random, name: str) -> Json:
    kind = random.choice(["percent", "share", "amount", "once", "once", "price", "price", "gift", "points", "line"])
    found: Json = {
        "id": name,
        "stage": random.choice(["item", *STAGES]),
        "priority": random.choice([0, 0, 1, 2, 3]),
        "benefit": _benefit(random, kind),
    }
    _select(random, found)
    _fire(random, found, kind)
    _restrain(random, found)
    if found.get("trigger", {}).keys() == {"kind", "at_least"} and random.random() < 0.1:
        found["trigger"] = {"kind": "spend"}
        benefit = found.pop("benefit")
        found["tiers"] = [{"at": at, "benefit": benefit} for at in ("10.00", "25.00")]
    return found


def _benefit(random: Random, kind: str) -> Json:
    if kind == "percent":
        return {"kind": "percent_off", "percent": random.choice([10, 33, 50, 100]), "per": "unit"}
    if kind == "share":
        capped = {"max_discount": "2.50"} if random.random() < 0.3 else {}
        return {"kind": "percent_off", "percent": random.choice([10, 33, 100]), "per": "once", **capped}
    if kind == "gift":
        return {
            "kind": "gift",
            "gifts": [{"sku": "G", "value": "2.00"}],
            "out_of_stock": random.choice(["drop", "block"]),
        }
    return {
        "amount": {"kind": "amount_off", "amount": random.choice(["0.05", "1.00", "7.00"]), "per": "unit"},
        "once": {"kind": "amount_off", "amount": random.choice(["0.07", "3.01", "8.00", "50.00"]), "per": "once"},
        "line": {"kind": "amount_off", "amount": "1.00", "per": "line"},
        "price": {"kind": "price", "price": random.choice(["0.01", "1.00", "5.00"])},
        "points": {"kind": "points", "points": 5},
    }[kind]


def _select(random: Random, promotion: Json) -> None:
    chance = random.random()
    if chance < 0.5:
        promotion["items"] = {"sku": random.sample(SKUS, random.choice([1, 2, 3]))}
    elif chance < 0.6:
        promotion["items"] = {"seller": [random.choice(SELLERS)]}


def _fire(random: Random, promotion: Json, kind: str) -> None:
    chance = random.random()
    if chance < 0.3:
        promotion["trigger"] = {"kind": "spend", "at_least": random.choice(["5.00", "20.00", "30.00"])}
    elif chance < 0.4:
        promotion["trigger"] = {"kind": "quantity", "at_least": random.choice([2, 4, 6])}
    elif chance < 0.5 and kind in ("once", "gift", "points", "amount"):
        promotion["trigger"] = {"kind": "spend", "every": random.choice(["7.00", "15.00"])}
    elif chance < 0.7 and kind in (*UNIT_WISE, "once", "gift"):
        promotion["trigger"] = {"kind": "set", "quantity": random.choice([1, 2, 3])}
        if kind in UNIT_WISE and random.random() < 0.7:
            promotion["benefit"]["rewarded"] = {random.choice(["cheapest", "dearest"]): 1}
        elif kind == "price":
            promotion["benefit"] = {"kind": "set_price", "price": random.choice(["5.00", "9.99"])}
        return
    if "trigger" in promotion and random.random() < 0.25:
        promotion["trigger"]["per"] = random.choice(["seller", "sku", "line"])
    if "trigger" in promotion and random.random() < 0.3:
        promotion["threshold_base"] = random.choice(BASES)


def _restrain(random: Random, promotion: Json) -> None:
    """Codes, and what sets promotions against each other."""
    rarely: list[tuple[float, Json]] = [
        (0.2, {"codes": random.choice([["X"], ["X"], ["Y", "Z"]])}),
        (0.2, {"apply": random.choice(["always", "if_better"])}),
        (0.06, {"exclusive": random.choice(["stage", "cart"])}),
        (0.06, {"stop": "stage"}),
        (0.1, {"groups": [random.choice(["g", "h"])]}),
        (0.08, {"limits": {"stock": random.choice([1, 2]), "beyond": random.choice(["others", "line_regular"])}}),
        (0.04, {"refuse_for": ["barred"]}),
    ]
    for chance, part in rarely:
        if random.random() < chance:
            promotion.update(part)
