"""A small random generator of carts that fit a generated campaign, as plain data."""

from __future__ import annotations

from typing import Any

from .drawing import BRANDS, CATEGORIES, MOMENTS, PRICES, SELLERS, SKUS, TAGS, Drawing, Json


class CartGenerator(Drawing):
    """Draws carts and moments for the campaign whose `stages`, `ids` and `gifts` it knows."""

    def cart(self) -> Json:
        ids = [f"l{number}" for number in range(self.random.randint(1, 4))]
        self.random.shuffle(ids)
        currency = "JPY" if self.yen else self.one(("USD", "EUR")) if self.two_currencies else "USD"
        found: Json = {"currency": currency, "lines": [self.line(each) for each in ids]}
        if self.level >= 4 and self.chance(0.6):
            found["shipments"] = [self.shipment(f"s{number}") for number in range(self.random.randint(1, 2))]
        if self.chance(0.7):
            found["customer"] = {"id": self.one(("c1", "c2")), "segments": ["plus"] if self.chance(0.6) else []}
            if self.chance(0.6):
                found["customer"]["orders"] = self.one((0, 1, 2))
        for key, value in (("channel", "app"), ("region", "north"), ("payment_method", "card")):
            if self.chance(0.5):
                found[key] = value
        facts = {
            "number": self.one((0, 1, 2, 6)),
            "money": self.text(self.one(("0.00", "8.00", "24.00"))),
            "flag": self.chance(0.6),
        }
        found["facts"] = {key: value for key, value in facts.items() if self.chance(0.7)}
        found["codes"] = self.entered()
        if self.chance(0.6):
            found["points_balance"] = self.one((0, 50, 1000, 3000))
            found["points_to_redeem"] = self.random.randint(0, found["points_balance"])
        if self.level >= 3:
            found["limits_left"] = {name: self.left() for name in (*self.ids, "s1", "s2") if self.chance(0.2)}
            found["gift_stock"] = {
                sku: self.random.randint(0, 3) for sku in ("MUG", "BAG", "PEN", "CAP") if self.chance(0.4)
            }
            found["gift_choices"] = {
                name: self.some(skus) for name, skus in self.gifts.items() if name in self.ids and self.chance(0.4)
            }
        return found

    def text(self, amount: str) -> str:
        return str(int(float(amount))) if self.yen else amount

    def line(self, name: str) -> Json:
        price = self.text(self.one(PRICES))
        found: Json = {"id": name, "sku": self.one(SKUS), "quantity": self.one((1, 1, 2, 3, 4)), "unit_price": price}
        if self.chance(0.6):
            found["seller"] = self.one(SELLERS)
        if self.chance(0.7):
            found["categories"] = self.some(CATEGORIES)
        if self.chance(0.5):
            found["brand"] = self.one(BRANDS)
        if self.chance(0.4):
            found["tags"] = self.some(TAGS)
        if self.chance(0.3):
            found["attributes"] = {"colour": self.one(("red", "green"))}
        if self.chance(0.2):
            found["list_price"] = self.text(self.one(PRICES))
        for key in ("cost", "min_price"):
            if self.level >= 2 and self.chance(0.3):
                found[key] = self.text(self.one(("1.00", "4.00", "6.66")))
        if self.level >= 4 and self.chance(0.5):
            found["tax_rate"] = self.one(("8.25", "10", "19", "0"))
        if self.chance(0.2):
            found["launched_at"] = self.one(
                ("2026-11-08T10:00:00+00:00", "2026-11-12T00:00:00+08:00", "2026-10-24T02:30:00+02:00")
            )
        if self.level >= 3 and self.ids and self.chance(0.03):
            found["gift_of"] = self.one(self.ids)
        return found

    def shipment(self, name: str) -> Json:
        methods = self.some(("standard", "express", "pickup"), 3)
        found: Json = {
            "id": name,
            "options": [
                {"method": method, "amount": self.text(self.one(("5.00", "8.00", "0.00", "3.33", "10.00")))}
                for method in methods
            ],
        }
        for option in found["options"]:
            if self.chance(0.5):
                option["tax_rate"] = self.one(("10", "19"))
        if len(methods) > 1 or self.chance(0.5):
            found["selected"] = self.one(methods)
        if self.chance(0.6):
            found["seller"] = self.one(SELLERS)
        return found

    def entered(self) -> list[Any]:
        found: list[Any] = []
        for name in self.ids:
            for letter in "xy":
                draw = self.random.random()
                if draw < 0.3:
                    found.append(self.one((f"{name}-{letter}", f" {name}-{letter} ".upper())))
                elif draw < 0.45:
                    entered: Json = {"code": f"{name}-{letter}", "pool": f"pool-{name}"}
                    found.append({**entered, "uses_left": self.one((0, 1))} if self.chance(0.3) else entered)
        if self.chance(0.1):
            found.append("nobody")
        self.random.shuffle(found)
        return found

    def left(self) -> Json:
        found: Json = {}
        for key, value in (
            ("stock", self.random.randint(0, 3)),
            ("per_customer", self.random.randint(0, 2)),
            ("uses", self.random.randint(0, 2)),
            ("uses_per_customer", self.random.randint(0, 1)),
            ("budget", self.text(self.one(("0.00", "1.00", "5.00", "12.00")))),
        ):
            if self.chance(0.25):
                found[key] = value
        return found

    def moment(self) -> str:
        return str(self.one(MOMENTS))
