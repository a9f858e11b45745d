"""Campaigns made to conflict, and small carts with many equal prices, as plain data: what a brute force can search."""

from __future__ import annotations

from typing import Any

from .drawing import Drawing, Json

PRICES = ("10.00", "10.00", "20.00", "20.00", "15.00", "5.00", "30.00", "9.99", "0.05")
ITEMS = ({"sku": ["A"]}, {"sku": ["B"]}, {"sku": ["A", "B"]}, {"sku": ["B", "C"]}, {"category": ["food"]}, {})
STAGES = (["item"], ["item"], ["item", "order"], ["order"], ["item", "order", "shipping"], ["item", "order", "payment"])
GROUPS = ("unit", "line", "seller", "cart")
MOMENT = "2026-11-10T20:30:00+08:00"


class ConflictGenerator(Drawing):
    """Draws campaigns whose promotions compete, and carts that they compete for."""

    def campaign(self) -> Json:
        """Up to eight promotions in one to three stages, with few priorities."""
        self.stages = self.one(STAGES)
        self.ids = [f"p{number}" for number in range(self.one((2, 2, 3, 3, 3, 4, 4, 5, 6, 8)))]
        self.random.shuffle(self.ids)
        self.priorities = self.one(((0,), (0,), (0, 0, 1), (0, 1), (1, 2, 2)))
        return {
            "campaign": "c",
            "currency": "USD",
            "timezone": "UTC",
            "stages": [self.stage(name) for name in self.stages],
            "groups": [self.group(scope) for scope in GROUPS],
            "shared_limits": [
                self.one(({"name": "s", "stock": 2}, {"name": "s", "uses": 1}, {"name": "s", "budget": "7"}))
            ],
            "search": {"max_nodes": 1_000_000},
            "promotions": [self.promotion(name) for name in self.ids],
        }

    def group(self, scope: str) -> Json:
        return {"name": scope, "scope": scope, **({"at_most": 2} if self.chance(0.3) else {})}

    def stage(self, name: str) -> Json:
        found: Json = {"name": name}
        if self.chance(0.15):
            found["stacking"] = "all"
        if self.chance(0.3):
            found["threshold_base"] = self.one(("list", "entry", "running"))
        if self.chance(0.2):
            found["discount_base"] = self.one(("running", "entry", "list"))
        return found

    # -- promotions ---------------------------------------------------------------------------------

    def promotion(self, name: str) -> Json:
        self.here = self.one(self.stages)
        found: Json = {"id": name, "stage": self.here, "priority": self.one(self.priorities)}
        if self.chance(0.7):
            found["items"] = self.one(ITEMS)
        if self.chance(0.2):
            found["codes"] = {"listed": [f"{name}-x", f"{name}-y"], **({"per_cart": 2} if self.chance(0.2) else {})}
        if self.chance(0.3):
            found["apply"] = self.one(("always", "if_better", "if_better"))
        if self.chance(0.2):
            found["groups"] = self.some(GROUPS)
        if self.chance(0.06):
            found["exclusive"] = self.one(("stage", "cart"))
        if self.chance(0.06):
            found["stop"] = self.one(("stage", "cart"))
        if self.chance(0.2):
            found["limits"] = self.limits()
        self.mechanics(found)
        return found

    def limits(self) -> Json:
        found: Json = self.one(
            ({"stock": 1}, {"stock": 2}, {"per_customer": 1}, {"budget": "3.00"}, {"budget": "6.00"}, {"shared": ["s"]})
        )
        if "budget" in found:
            return {**found, **({"on_empty": "cut"} if self.chance(0.5) else {})}
        return {**found, **({"beyond": self.one(("line_regular", "refuse"))} if self.chance(0.15) else {})}

    def mechanics(self, found: Json) -> None:
        draw = self.random.random()
        if draw < 0.3:
            found["benefit"] = self.unit_wise() if self.chance(0.8) else self.free()
        elif draw < 0.42:
            found["benefit"] = self.spread()
        elif draw < 0.72:
            found["trigger"] = self.set_trigger()
            found["benefit"] = self.behind_a_set(found["trigger"])
        elif draw < 0.87:
            found["trigger"] = self.threshold()
            found["benefit"] = self.one((self.unit_wise, self.spread, self.spread, self.free))()
        elif draw < 0.95:
            self.ladder(found)
        else:
            found["benefit"] = [self.unit_wise(), self.one((self.unit_wise, self.spread, self.free))()]
            if self.chance(0.3):
                found["benefit"][1]["stage"] = self.one(self.stages[self.stages.index(self.here) :])

    def threshold(self) -> Json:
        per = {"per": self.one(("seller", "sku", "line"))} if self.chance(0.25) else {}
        if self.chance(0.4):
            return {"kind": "quantity", **per, "at_least": str(self.random.randint(2, 3))}
        spend = {"kind": "spend", **per}
        if self.chance(0.25):
            return {**spend, "every": self.one(("20.00", "15.00")), **({"max_times": 2} if self.chance(0.3) else {})}
        return {**spend, "at_least": self.one(("20.00", "30.00", "25.00", "40.00"))}

    def set_trigger(self) -> Json:
        found: Json = {"kind": "set"}
        draw = self.random.random()
        if draw < 0.65:
            found["quantity"] = self.one((2, 2, 2, 3, 1))
        elif draw < 0.9:
            found["parts"] = [
                {"quantity": self.one((1, 1, 2)), "items": self.one(ITEMS[:5])},
                {"quantity": 1, "items": self.one(ITEMS[:5])},
            ]
        else:
            found["spend"] = self.one(("20.00", "25.00", "30.00"))
        for key, value in (
            ("grouping", "cheapest_first"),
            ("max_times", 1),
            ("per", self.one(("sku", "line", "seller"))),
        ):
            if self.chance(0.15):
                found[key] = value
        return found

    def ladder(self, found: Json) -> None:
        found["trigger"] = self.one(({"kind": "quantity"}, {"kind": "spend"}))
        quantity = found["trigger"]["kind"] == "quantity"
        rungs = [str(self.random.randint(1, 2)), "3"] if quantity else ["15.00", "40.00"]
        if self.chance(0.4):
            found["graduated"] = True
            found["tiers"] = [{"at": rung, "benefit": self.percent_off()} for rung in rungs]
            if quantity and self.chance(0.5):
                found["tiers"] = [{"at": rung, "benefit": {"kind": "price", "price": self.cheap()}} for rung in rungs]
        else:
            draws = (self.unit_wise, self.spread, self.spread, self.free)
            found["tiers"] = [{"at": rung, "benefit": self.one(draws)()} for rung in rungs]
            for each in found["tiers"]:
                each["benefit"].pop("items", None)

    # -- benefits -----------------------------------------------------------------------------------

    def cheap(self) -> str:
        return str(self.one(("1.00", "4.00", "8.00", "9.00")))

    def off(self) -> str:
        return str(self.one(("1.00", "2.00", "3.00", "5.00", "0.07")))

    def percent_off(self) -> Json:
        return {"kind": "percent_off", "percent": self.one(("10", "20", "50", "33.3", "100"))}

    def unit_wise(self) -> Json:
        found = self.one(
            (
                {**self.percent_off(), "per": "unit"},
                {**self.percent_off(), "per": "unit"},
                {"kind": "amount_off", "amount": self.off(), "per": "unit"},
                {"kind": "amount_off", "amount": self.off(), "per": "line"},
                {"kind": "price", "price": self.cheap()},
                {"kind": "add_on", "skus": self.some("ABC"), "price": self.cheap()},
            )
        )
        return found if found["kind"] == "add_on" else self.rewarding(found)

    def spread(self) -> Json:
        return self.rewarding(
            self.one(
                (
                    {"kind": "amount_off", "amount": self.one((self.off(), "12.00")), "per": "once"},
                    {"kind": "amount_off", "amount": self.one((self.off(), "12.00")), "per": "once"},
                    {**self.percent_off(), "per": "once"},
                    {**self.percent_off(), "max_discount": "4.00"},
                    {"kind": "total_price", "price": self.one(("15.00", "22.00"))},
                )
            )
        )

    def rewarding(self, found: Json) -> Json:
        if self.here != "shipping" and self.chance(0.1):
            found["items"] = self.one(ITEMS[:5])
        if self.chance(0.12):
            found["rewarded"] = self.one(({"cheapest": 1}, {"dearest": 1}, {"nth": 2}))
        if self.chance(0.1):
            found["max_units"] = {self.one(("per_line", "per_cart")): self.random.randint(1, 2)}
        return found

    def behind_a_set(self, trigger: Json) -> Json:
        draw = self.random.random()
        if draw < 0.4:
            return {"kind": "set_price", "price": self.one(("12.00", "16.00", "18.00", "25.00"))}
        if draw < 0.5:
            return {"kind": "amount_off", "amount": self.one((self.off(), "12.00")), "per": self.one(("set", "once"))}
        if draw < 0.6:
            return self.free()
        found = {**self.percent_off(), "per": self.one(("unit", "once"))}
        if self.chance(0.7):
            found["rewarded"] = self.one(({"cheapest": 1}, {"cheapest": 1}, {"dearest": 1}, {"nth": 2}))
            if "nth" not in found["rewarded"] and self.chance(0.2):
                found["rewarded"]["over"] = "all_sets"
            if "parts" in trigger and self.chance(0.5):
                found["rewarded"] = {"part": 2}
        elif self.chance(0.15):
            found |= {"items": self.one(ITEMS[:5]), "max_units": {"per_set": 1}}
        return found

    def free(self) -> Json:
        return self.one(
            (
                {"kind": "gift", "gifts": [{"sku": "MUG", "quantity": 1, "value": self.off()}]},
                {"kind": "gift", "gifts": [{"sku": "PEN", "quantity": 1}]},
                {"kind": "gift", "gifts": [{"sku": "MUG"}], "out_of_stock": self.one(("drop", "block"))},
                {"kind": "points", "points": 2, "per_spend": "1.00", "point_value": "0.05"},
                {"kind": "award", "award": "coupon", "name": "w", "value": self.off()},
                {"kind": "award", "award": "cash_back", "name": "w", "percent": "10"},
                {"kind": "redeem_points", "points_per_unit": 100},
                {"kind": "deposit", "paid": "1.00", "worth": "3.00"},
            )
        )

    # -- carts --------------------------------------------------------------------------------------

    def cart(self) -> Json:
        """One to five lines of seven units at most."""
        quantities = self.one(((1, 1), (2,), (1, 1, 1), (2, 1), (3, 1), (2, 2), (1, 1, 1, 1), (4,), (2, 2, 1), (3, 2)))
        if self.chance(0.15):
            quantities = self.one(((1, 1, 1, 1, 1), (2, 2, 2), (3, 2, 1), (5, 1), (2, 1, 1, 1), (4, 3)))
        ids = [f"l{number}" for number in range(len(quantities))]
        self.random.shuffle(ids)
        found: Json = {
            "currency": "USD",
            "lines": [self.line(name, number) for name, number in zip(ids, quantities, strict=True)],
            "codes": [f"{name}-{letter}" for name in self.ids for letter in "xy" if self.chance(0.5)],
        }
        if "shipping" in self.stages or "payment" in self.stages:
            found["shipments"] = [self.shipment(name) for name in ("s0", "s1")[: self.random.randint(0, 2)]]
        if self.chance(0.4):
            found |= {"points_balance": 500, "points_to_redeem": self.one((100, 250, 500))}
        if self.chance(0.2):
            found["gift_stock"] = {"MUG": self.random.randint(0, 1)}
        return found

    def line(self, name: str, quantity: int) -> Json:
        found: Json = {"id": name, "sku": self.one("AAABBC"), "quantity": quantity, "unit_price": self.one(PRICES)}
        if self.chance(0.5):
            found["categories"] = ["food"]
        if self.chance(0.3):
            found["seller"] = self.one(("panda", "lotus"))
        return found

    def shipment(self, name: str) -> Json:
        methods = self.some(("standard", "express"))
        options = [{"method": method, "amount": self.one(("5.00", "8.00"))} for method in methods]
        return {"id": name, "options": options, "selected": methods[0]}


def conflicts(seed: int) -> tuple[Any, Any]:
    """A campaign and a cart, as plain data."""
    generator = ConflictGenerator(seed)
    return generator.campaign(), generator.cart()
