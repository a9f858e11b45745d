"""The floor: eleven promotions, written by hand as one would for a shop that has these and no others.

`benchmarks/floor.yaml` says the same as a campaign, and a test holds the two together to the cent. So this is what the
engine's generality is measured against: no campaign is read, every figure is a constant, a cart is dicts and ints (in
minor units, yuan of 100 fen), and what comes out is what each line costs, who took how much off it, the gift, and the
shipping. It gives no reasons, no nudges, no funding, no prices of single units, and checks nothing of what comes in.
"""

from __future__ import annotations

import json
from operator import itemgetter
from typing import Any

FLASH_SKUS = frozenset({"FLASH-1", "FLASH-2", "FLASH-3", "FLASH-4"})
LINE_ID = itemgetter("id")


def price(cart: dict[str, Any]) -> dict[str, Any]:
    """What the cart costs.

    `cart`: `lines` (each `id`, `sku`, `category`, `seller`, `quantity`, `unit_price` in fen), `codes` in capitals,
    `shipping` in fen. Of each line the answer has `(payable, [(promotion, amount), ...])`.
    """
    lines = sorted(cart["lines"], key=LINE_ID)
    left: list[int] = []  # what each line still costs
    taken: list[list[tuple[str, int]]] = []  # who took how much off each line
    buy_two_get_one: list[tuple[int, int]] = []  # (minus price, position of the line) of each unit
    second_at_half: list[tuple[int, int]] = []
    three_for_99: list[tuple[int, int]] = []

    # Stage "item": a unit takes part in one promotion, and the flash sale goes first.
    for position, line in enumerate(lines):
        unit = line["unit_price"]
        quantity = line["quantity"]
        category = line["category"]
        cost = unit * quantity
        if unit > 5900 and line["sku"] in FLASH_SKUS:
            off = cost - 5900 * quantity
            left.append(cost - off)
            taken.append([("flash", off)])
        elif category == "tea" and (off := (unit * 15 + 50) // 100 * quantity):
            left.append(cost - off)
            taken.append([("tea-15", off)])
        elif category == "ware" and cost:
            off = (300 if unit > 300 else unit) * quantity
            left.append(cost - off)
            taken.append([("ware-3", off)])
        else:
            left.append(cost)
            taken.append([])
            if category == "sweets":
                buy_two_get_one += [(-unit, position)] * quantity
            elif category == "books":
                second_at_half += [(-unit, position)] * quantity
            elif category == "candles":
                three_for_99 += [(-unit, position)] * quantity
    if len(buy_two_get_one) > 2:
        buy_two_get_one.sort()
        free: dict[int, int] = {}
        for minus, position in buy_two_get_one[2::3]:
            free[position] = free.get(position, 0) - minus
        take("buy-2-get-1", free, left, taken)
    if len(second_at_half) > 1:
        second_at_half.sort()
        halved: dict[int, int] = {}
        for minus, position in second_at_half[1::2]:
            halved[position] = halved.get(position, 0) + (1 - minus) // 2
        take("second-half", halved, left, taken)
    if len(three_for_99) > 2:
        three_for_99.sort()
        bundled: dict[int, int] = {}
        for first in range(0, len(three_for_99) - 2, 3):
            if not bundle(three_for_99[first : first + 3], bundled):
                break  # the next ones are cheaper still
        take("three-for-99", bundled, left, taken)

    # Stage "shop": every 300 minus 50, up to three times, on the goods of one seller.
    sellers = [position for position, line in enumerate(lines) if line["seller"] == "panda"]
    spent = sum([left[position] for position in sellers])
    if spent >= 30000:
        share("panda-300-50", min(spent // 30000, 3) * 5000, spent, sellers, left, taken)

    # Stage "order": the ladder, and a gift by the same spend.
    total = sum(left)
    everything = range(len(lines))
    gift = "MUG" if total >= 19900 else None
    ladder = 8000 if total >= 50000 else 4000 if total >= 30000 else 2000 if total >= 20000 else 0
    if ladder:
        share("ladder", ladder, total, everything, left, taken)
        total -= ladder

    # Free shipping asks for what the goods cost before the coupon.
    shipping = cart["shipping"]
    if total >= 9900:
        shipping = 0

    # Stage "coupon": 10 % of all goods, 50 at most.
    if "TEN-OFF" in cart["codes"]:
        coupon = min((total * 10 + 50) // 100, 5000)
        if coupon:
            share("ten-off", coupon, total, everything, left, taken)
            total -= coupon

    return {
        "lines": {line["id"]: each for line, each in zip(lines, zip(left, taken, strict=True), strict=True)},
        "gift": gift,
        "goods": total,
        "shipping": shipping,
        "total": total + shipping,
    }


def take(name: str, amounts: dict[int, int], left: list[int], taken: list[list[tuple[str, int]]]) -> None:
    """Take an amount off each line."""
    for position, amount in amounts.items():
        if amount:
            left[position] -= amount
            taken[position].append((name, amount))


def bundle(units: list[tuple[int, int]], amounts: dict[int, int]) -> bool:
    """Three units for 99: what that takes off each of their lines, shared by price. Whether it saves anything."""
    costs: dict[int, int] = {}
    for minus, position in units:
        costs[position] = costs.get(position, 0) - minus
    total = sum(costs.values())
    if total <= 9900:
        return False
    odd = off = total - 9900
    remainders = []
    for position, cost in costs.items():
        part, remainder = divmod(off * cost, total)
        amounts[position] = amounts.get(position, 0) + part
        remainders.append((-remainder, position))
        odd -= part
    if odd:
        remainders.sort()
        for _, position in remainders[:odd]:
            amounts[position] += 1
    return True


def share(
    name: str, amount: int, total: int, positions: Any, left: list[int], taken: list[list[tuple[str, int]]]
) -> None:
    """Share an amount over lines by what each has left; odd fen to the largest remainders, ties by line id."""
    exact = [amount * left[position] for position in positions]
    parts = [each // total for each in exact]
    odd = amount - sum(parts)
    if odd:
        remainders = [each % total for each in exact]
        for place in sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)[:odd]:
            parts[place] += 1
    for position, part in zip(positions, parts, strict=True):
        if part:
            left[position] -= part
            taken[position].append((name, part))


def price_text(text: str | bytes) -> str:
    """The same from JSON text to JSON text: a cart as the engine reads it, amounts as decimal text."""
    cart = json.loads(text)
    lines = [
        {
            "id": line["id"],
            "sku": line["sku"],
            "category": line["categories"][0] if line["categories"] else "",
            "seller": line["seller"],
            "quantity": line["quantity"],
            "unit_price": fen(line["unit_price"]),
        }
        for line in cart["lines"]
    ]
    shipping = sum([fen(shipment["options"][0]["amount"]) for shipment in cart["shipments"]])
    codes = [code.strip().upper() for code in cart["codes"]]
    priced = price({"lines": lines, "codes": codes, "shipping": shipping})
    priced["lines"] = {
        name: {"payable": yuan(payable), "adjustments": [(by, yuan(amount)) for by, amount in adjustments]}
        for name, (payable, adjustments) in priced["lines"].items()
    }
    for name in ("goods", "shipping", "total"):
        priced[name] = yuan(priced[name])
    return json.dumps(priced, separators=(",", ":"))


def fen(text: str) -> int:
    """Decimal text with two digits, as "12.50", in fen."""
    return int(text.replace(".", ""))


def yuan(amount: int) -> str:
    """Fen as decimal text."""
    whole, cents = divmod(amount, 100)
    return f"{whole}.{cents:02}"
