"""What the UPC of a coupon says.

742 of the 981 coupons have a UPC of number system 5: a manufacturer's. The last two of its eleven digits are the
value code: how much, and off how many items. The table below holds the codes that occur here, as the coupon
industry used them before the GS1 DataBar; the records bear both columns out (`counts.py`, `designs.py`). No
promotion of the campaign is made from it.
"""

from __future__ import annotations

from typing import NamedTuple

FIRST_MANUFACTURER_UPC = 50_000_000_000
"""UPCs are numbers of eleven digits here; those from this one on begin with 5."""


class Value(NamedTuple):
    """What a value code says. `cents` is None where goods are free, whatever they cost."""

    cents: int | None
    items: int


VALUES = {
    "01": Value(None, 1), "07": Value(150, 3), "09": Value(200, 3), "13": Value(100, 4), "14": Value(None, 2),
    "20": Value(20, 1), "24": Value(50, 2), "25": Value(25, 1), "28": Value(55, 2), "31": Value(60, 2),
    "32": Value(75, 2), "33": Value(100, 2), "34": Value(125, 2), "35": Value(35, 1), "36": Value(150, 2),
    "40": Value(40, 1), "41": Value(50, 3), "42": Value(100, 3), "50": Value(50, 1), "51": Value(200, 2),
    "55": Value(55, 1), "57": Value(25, 2), "60": Value(60, 1), "74": Value(500, 1), "75": Value(75, 1),
    "76": Value(100, 1), "77": Value(125, 1), "78": Value(150, 1), "82": Value(200, 1), "87": Value(300, 1),
    "98": Value(65, 2),
}  # fmt: skip


def is_manufacturers(upc: int) -> bool:
    """Whether a coupon is a manufacturer's. The others are the shop's own."""
    return upc >= FIRST_MANUFACTURER_UPC


def value(upc: int) -> Value | None:
    """What a manufacturer's coupon is worth by its value code; None where the code is not in the table."""
    return VALUES.get(f"{upc}"[-2:]) if is_manufacturers(upc) else None
