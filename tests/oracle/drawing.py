"""What generated campaigns and carts are drawn from: small pools, and small draws from one seeded source."""

from __future__ import annotations

from random import Random
from typing import Any

Json = dict[str, Any]

SKUS = ("A", "B", "C", "D", "E")
CATEGORIES = ("food", "toys", "tea")
BRANDS = ("Koi", "Fox")
TAGS = ("new", "sale")
SELLERS = ("panda", "lotus")
STAGES = ("item", "shop", "order", "shipping", "payment")
GROUPS = ("g-unit", "g-line", "g-seller", "g-cart")
PRICES = ("10.00", "10.00", "20.00", "5.00", "7.50", "3.33", "0.99", "15.00", "0.01", "0.00", "12.34", "100.00")
MOMENTS = ("2026-11-10T20:30:00+08:00", "2026-11-13T23:30:00+00:00", "2026-10-25T00:30:00+00:00")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Drawing:
    """Draws from one seeded source. `level` says how much of the language is used: 0 is the plain flow."""

    def __init__(self, seed: int, level: int = 9) -> None:
        self.random = Random(seed)
        self.level = level
        self.two_currencies = level >= 5 and self.chance(0.1)
        self.yen = level >= 1 and not self.two_currencies and self.chance(0.1)
        self.stages: list[str] = []
        self.ids: list[str] = []
        self.gifts: dict[str, list[str]] = {}
        self.has_floors = False

    # -- small draws --------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, values: Any) -> Any:
        return self.random.choice(list(values))

    def some(self, values: Any, most: int = 2) -> list[Any]:
        return self.random.sample(list(values), self.random.randint(1, min(most, len(values))))

    def money(self, *texts: str) -> Any:
        """An amount: of one currency, or of two; sometimes the second is missing."""
        text = self.one(texts)
        text = str(int(float(text)) or 1) if self.yen else text
        if not self.two_currencies:
            return text
        return {"USD": text, "EUR": self.one(texts)} if self.chance(0.95) else {"USD": text}

    def small(self) -> Any:
        return self.money("1.00", "2.50", "0.01", "3.00", "5.00", "7.77", "0.10")

    def large(self) -> Any:
        return self.money("10.00", "20.00", "15.00", "30.00", "40.00", "9.99", "25.50", "60.00")

    def percent(self) -> str:
        return str(self.one(("10", "50", "100", "15", "33.3", "20", "5", "12.5", "99")))
