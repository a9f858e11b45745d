"""Which rival meets the engine on what work."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import thousand
from carts import carts

HERE = Path(__file__).resolve().parent
ELEVEN = ("flash", "tea", "ware", "snacks", "socks", "books", "panda", "ladder", "coupon", "gift", "post")
NOTHING: dict[str, str] = {}


@dataclass(frozen=True)
class Pair:
    """A rival, what of it is timed, and the work: `data` is what its process and the engine's are started with."""

    name: str
    rival: str
    program: str
    timed: str
    target: float | None
    carts: int
    rounds: int
    matching: bool = False
    left_out: dict[str, str] = field(default_factory=dict)
    thousand: bool = False
    found: bool = False

    @property
    def promotions(self) -> list[str]:
        """The promotions that are priced one by one for the comparison of figures: none of the thousand."""
        return [] if self.thousand else [each for each in ELEVEN if each not in self.left_out]

    def data(self) -> dict[str, Any]:
        """The carts and the campaign; of the thousand, the promotions themselves, and which the query leaves."""
        shared = {"at": "2026-11-10T20:30:00+08:00", "matching": self.matching}
        if not self.thousand:
            name = "eleven" if self.matching else self.name
            campaign = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
            return {**shared, "carts": carts(self.carts), "campaign": campaign}
        given, made = thousand.promotions(), thousand.carts(self.carts)
        work = {**shared, "carts": made, "promotions": given, "campaign": thousand.campaign(given)}
        return {**work, "found": [thousand.found(given, cart) for cart in made]} if self.found else work


_COMPUTE = "`computeActions` of the promotion module's service, its tables in memory"
PAIRS = (
    Pair(
        "medusa",
        "@medusajs/promotion",
        "medusa.mjs",
        _COMPUTE,
        12,
        carts=200,
        rounds=15,
        left_out={
            "books": "no price for a set",
            "panda": "nothing is given once for each so much",
            "gift": "an article is free only where it is in the cart",
        },
    ),
    Pair(
        "medusa-thousand",
        "@medusajs/promotion",
        "medusa.mjs",
        f"{_COMPUTE}; all thousand are handed to it",
        300,
        carts=40,
        rounds=5,
        thousand=True,
    ),
    Pair(
        "medusa-thousand-found",
        "@medusajs/promotion",
        "medusa.mjs",
        f"{_COMPUTE}; it is handed those that its query in the database would have left, some twenty",
        None,
        carts=100,
        rounds=10,
        thousand=True,
        found=True,
    ),
    Pair(
        "oscar",
        "django-oscar",
        "django_oscar.py",
        "`Applicator().apply` on a saved basket, SQLite in memory",
        1000,
        carts=40,
        rounds=3,
        left_out={
            "socks": "a percentage does not use up what its condition counted, so three of four would be at half price",
            "panda": "an amount uses up all that it is taken off, so it is given once",
            "gift": "an article is free only where it is in the basket",
            "post": "an offer for shipping counts only what no other offer has used up",
        },
    ),
    Pair("zen", "zen-engine", "zen_engine.py", "`evaluate`: matching only", 6, carts=200, rounds=15, matching=True),
    Pair(
        "json-rules-engine",
        "json-rules-engine",
        "json_rules_engine.mjs",
        "`run`: matching only",
        None,
        carts=200,
        rounds=15,
        matching=True,
    ),
)
