"""A small random generator of campaigns and carts, as plain data. What the campaign refuses is drawn anew."""

from __future__ import annotations

from typing import Any

from .drawing import BRANDS, CATEGORIES, DAYS, GROUPS, SELLERS, SKUS, STAGES, TAGS, Json
from .generate_carts import CartGenerator


class Generator(CartGenerator):
    """Draws campaigns, and carts for them."""

    # -- the campaign -------------------------------------------------------------------------

    def campaign(self) -> Json:
        names = [name for name in STAGES if self.chance(0.7)] or ["item"]
        if self.level < 4:
            names = [name for name in names if name not in ("shipping", "payment")] or ["item"]
        self.stages = names
        self.ids = [f"p{number}" for number in range(self.random.randint(1, 5))]
        self.random.shuffle(self.ids)
        found: Json = {
            "campaign": "c",
            "currency": "JPY" if self.yen else "USD",
            "timezone": self.one(("UTC", "Europe/Berlin", "Asia/Shanghai")),
            "stages": [self.stage(index, name) for index, name in enumerate(names)],
            "facts": {"number": "number", "money": "money", "flag": "flag"},
            "groups": [
                {"name": name, "scope": name[2:], **({"at_most": 2} if self.chance(0.2) else {})} for name in GROUPS
            ],
        }
        if self.two_currencies:
            found["other_currencies"] = ["EUR"]
        if self.chance(0.2):
            found["rounding"] = self.rounding_rule()
        if self.chance(0.2):
            found["allocation"] = self.allocation()
        self.has_floors = self.level >= 2 and self.chance(0.3)
        if self.has_floors:
            found["floors"] = [self.floor() for _ in range(self.random.randint(1, 2))]
        if self.level >= 3:
            found["shared_limits"] = [self.shared_limit(name) for name in ("s1", "s2")]
        if self.level >= 4 and self.chance(0.3):
            found["tax"] = {
                "prices_include_tax": self.chance(0.5),
                "at": self.one(("unit", "line", "total")),
                "mode": self.one(("half_up", "half_even", "down")),
            }
        found["promotions"] = [self.promotion(each) for each in self.ids]
        return found

    def rounding_rule(self) -> Json:
        found: Json = {"mode": self.one(("half_up", "half_even", "half_down", "up", "down"))}
        if self.chance(0.3):
            found["step"] = self.money("0.05", "1.00", "0.50", "10")
        return found

    def allocation(self) -> Json:
        found = {"weight": self.one(("left", "list", "quantity", "equal"))}
        if self.chance(0.5):
            found["odd_units"] = self.one(("largest", "first", "last", "in_turn"))
            if found["odd_units"] != "largest":
                found["share_rounding"] = self.one(("floor", "half_up", "half_down"))
        return found

    def stage(self, index: int, name: str) -> Json:
        found: Json = {"name": name}
        if self.chance(0.3):
            found["threshold_base"] = self.base(index)
        if self.chance(0.3):
            found["discount_base"] = self.one(("running", "entry", "list"))
        if self.chance(0.2):
            found["stacking"] = "all"
        if self.chance(0.1):
            found["allocation"] = self.allocation()
        return found

    def base(self, index: int) -> Any:
        if index and self.chance(0.4):
            return {"after": self.stages[self.random.randrange(index)]}
        return self.one(("list", "entry", "running"))

    def floor(self) -> Json:
        per = self.one(("unit", "unit", "line", "cart"))
        if per == "unit" and self.chance(0.6):
            figure = self.one(({"rate": self.percent()}, {"field": "cost"}, {"field": "min_price"}))
        else:
            figure = {"amount": self.small() if per == "unit" else self.large()}
        return {"per": per, **figure, **({"items": self.static_selector()} if self.chance(0.4) else {})}

    def shared_limit(self, name: str) -> Json:
        found = {"name": name, "stock": 4} if self.chance(0.5) else {"name": name, "budget": self.large()}
        return {**found, "uses": 2} if self.chance(0.3) else found

    # -- selectors and conditions ---------------------------------------------------------------

    def static_selector(self) -> Json:
        key = self.one(("sku", "category", "brand", "tag", "seller"))
        pool = {"sku": SKUS, "category": CATEGORIES, "brand": BRANDS, "tag": TAGS, "seller": SELLERS}[key]
        return {key: self.some(pool, 3)}

    def selector(self, index: int, depth: int = 0) -> Json:
        draw = self.random.random()
        if draw < 0.6 or depth > 1:
            return self.static_selector()
        if draw < 0.68:
            return {"not": self.selector(index, depth + 1)}
        if draw < 0.74:
            return {self.one(("all", "any")): [self.selector(index, depth + 1) for _ in range(2)]}
        if draw < 0.80:
            return {"price": {self.one(("at_least", "at_most")): self.money("5.00", "10.00", "15.00")}}
        if draw < 0.86 and index:
            return {"rewarded_by": self.rewarders(index)}
        if draw < 0.90:
            return {"on_sale": self.chance(0.5)}
        if draw < 0.94:
            return {"launched_within": {"days": self.one((1, 3))}}
        return {"attribute": {"colour": self.some(("red", "blue"))}}

    def rewarders(self, index: int) -> Json:
        if self.chance(0.5):
            return {"promotions": self.some(self.ids)}
        return {"stages": self.some(self.stages[:index])} if self.chance(0.5) else {"groups": self.some(GROUPS)}

    def conditions(self, depth: int = 0) -> Json:
        draw = self.random.random()
        if depth < 2 and draw < 0.15:
            return {"not": self.conditions(depth + 1)}
        if depth < 2 and draw < 0.3:
            return {self.one(("all", "any")): [self.conditions(depth + 1) for _ in range(2)]}
        return self.one(
            (
                {"segment": ["plus"]},
                {"customer": ["c1"]},
                {"orders": {self.one(("at_least", "at_most", "more_than")): self.one((0, 1))}},
                {"channel": ["app"]},
                {"region": ["north"]},
                {"payment_method": ["card"]},
                {"shipping_method": ["standard"]},
                {"seller": self.some(SELLERS)},
                {"fact": {"name": "flag", "is": self.chance(0.7)}},
                {"fact": {"name": "number", self.one(("at_least", "at_most", "more_than")): self.one((1, 3, 5))}},
                {
                    "cart": {
                        "measure": self.one(("quantity", "distinct_skus", "distinct_lines")),
                        "items": self.static_selector(),
                        self.one(("at_least", "at_most", "more_than")): self.one((1, 2, 3)),
                    }
                },
                {"cart": {"measure": "spend", self.one(("at_least", "at_most", "more_than")): self.large()}},
            )
        )

    def schedule(self) -> Json:
        return self.one(
            (
                {"from": "2026-11-10T20:00", "until": "2026-11-10T22:00"},
                {"from": "2026-10-20", "through": "2026-11-11"},
                {"until": "2026-11-14T00:00"},
                {"from": "2026-11-10T12:30:00+00:00"},
                {"weekly": {"days": self.some(DAYS, 4), "from": "23:00", "until": "01:00"}},
                {"weekly": {"days": self.some(DAYS, 4), "from": "02:15", "until": "02:45"}},
                {"from": "2026-11-01", "through": "2026-11-20", "weekly": [{"days": self.some(DAYS, 5)}]},
            )
        )

    # -- promotions -------------------------------------------------------------------------------

    def promotion(self, name: str) -> Json:
        stage = self.one(self.stages)
        index = self.stages.index(stage)
        found: Json = {"id": name, "stage": stage, "priority": self.one((0, 0, 0, 1, 2))}
        if self.chance(0.6):
            found["items"] = self.selector(index)
        if self.chance(0.15):
            found["when"] = self.conditions()
        if self.level >= 4 and self.chance(0.15):
            found["schedule"] = self.schedule()
        if self.chance(0.15):
            found["codes"] = self.codes(name)
        for key, draw in (
            ("threshold_base", self.base(index)),
            ("discount_base", self.one(("running", "entry", "list"))),
        ):
            if self.chance(0.15):
                found[key] = draw
        if self.chance(0.2):
            found["groups"] = self.some(GROUPS)
        for key in ("exclusive", "stop"):
            if self.chance(0.07):
                found[key] = self.one(("stage", "cart"))
        if self.level >= 3 and self.chance(0.3):
            found["limits"] = self.limits()
        if self.chance(0.2):
            found["funding"] = {"platform": self.one(("33.3", "60")), "brand": "10"}
        self.mechanics(found, index)
        if self.chance(0.15 if self.has_floors else 0.04):
            found["refuse_for"] = self.some(self.reasons_to_refuse(found))
        for each in benefits(found):
            if "gifts" in each:
                self.gifts[name] = [gift["sku"] for gift in each["gifts"]]
        return found

    def reasons_to_refuse(self, promotion: Json) -> list[str]:
        found = ["barred", *(["floor"] * 3 if self.has_floors else [])]
        found += ["limits"] if "limits" in promotion or "codes" in promotion else []
        return found + (["trigger"] if promotion.get("trigger", {}).get("kind", "none") != "none" else [])

    def codes(self, name: str) -> Json:
        found: Json = {"listed": [f"{name}-x", f"{name}-y"]} if self.chance(0.6) else {"pools": f"pool-{name}"}
        return {**found, "per_cart": 2} if self.level >= 3 and self.chance(0.3) else found

    def limits(self) -> Json:
        found: Json = {}
        for key, value in (
            ("stock", self.one((1, 2, 3, 5))),
            ("per_customer", self.one((1, 2, 3))),
            ("uses", self.one((1, 2))),
            ("uses_per_customer", 1),
            ("budget", self.one((self.small(), self.large()))),
            ("shared", self.some(("s1", "s2"))),
        ):
            if self.chance(0.25):
                found[key] = value
        found = found or {"stock": 2}
        if ({"stock", "per_customer", "shared"} & set(found)) and self.chance(0.3):
            found["beyond"] = self.one(("others", "line_regular", "line_regular", "refuse"))
        if ({"budget", "shared"} & set(found)) and self.chance(0.5):
            found["on_empty"] = "cut"
        return found

    def mechanics(self, found: Json, index: int) -> None:
        """A trigger with one benefit, a list of them, or a ladder."""
        draw = self.random.random()
        if draw < 0.35:
            if self.chance(0.3):
                found["trigger"] = {"kind": "none", "per": self.per()}
            found["benefit"] = self.benefit(index, "none")
        elif draw < 0.55:
            found["trigger"] = self.set_trigger(index)
            found["benefit"] = self.benefit(index, "set")
        elif draw < 0.80:
            trigger = self.measured()
            found["trigger"] = {**trigger, **self.threshold(trigger)}
            found["benefit"] = self.benefit(index, "every" if "every" in found["trigger"] else "measured")
        else:
            self.ladder(found, index)
        if self.level >= 3 and "benefit" in found and self.chance(0.12):
            kind = "set" if found.get("trigger", {}).get("kind") == "set" else "none"
            found["benefit"] = [found["benefit"], self.benefit(index, kind)]
            if self.chance(0.3):
                later = self.random.randrange(index, len(self.stages))
                found["benefit"][1]["stage"] = self.stages[later]

    def per(self) -> str:
        return str(self.one(("cart", "seller", "sku", "line")))

    def measured(self) -> Json:
        kind = self.one(("spend", "spend", "quantity", "quantity", "distinct", "fact"))
        found: Json = {"kind": kind}
        if kind == "fact":
            return {**found, "fact": self.one(("number", "money"))}
        if self.chance(0.3):
            found["per"] = self.per()
        if kind == "distinct":
            return {**found, "of": self.one(("skus", "lines"))}
        if self.chance(0.15):
            found["plus_fact"] = "money" if kind == "spend" else "number"
        if self.chance(0.1):
            found["with_shipping"] = self.chance(0.5)
        return found

    def is_money(self, trigger: Json) -> bool:
        return trigger["kind"] == "spend" or trigger.get("fact") == "money"

    def figure(self, trigger: Json) -> Any:
        return self.large() if self.is_money(trigger) else str(self.random.randint(1, 5))

    def threshold(self, trigger: Json) -> Json:
        if self.chance(0.3):
            return {"every": self.figure(trigger), **({"max_times": 2} if self.chance(0.4) else {})}
        return {"at_least": self.figure(trigger)}

    def set_trigger(self, index: int) -> Json:
        found: Json = {"kind": "set"}
        if self.chance(0.2):
            found["spend"] = self.one((self.small(), self.large(), self.large()))
        elif self.chance(0.6):
            found["quantity"] = self.random.randint(1, 4)
        else:
            found["parts"] = [
                {"quantity": self.random.randint(1, 2), **({"items": self.selector(index)} if self.chance(0.8) else {})}
                for _ in range(2)
            ]
        if self.chance(0.3):
            found["grouping"] = "cheapest_first"
        if self.chance(0.2):
            found["max_times"] = self.random.randint(1, 2)
        if self.chance(0.2):
            found["per"] = self.per()
        return found

    def ladder(self, found: Json, index: int) -> None:
        found["trigger"] = self.measured()
        graduated = self.chance(0.4) and found["trigger"]["kind"] in ("spend", "quantity")
        if self.is_money(found["trigger"]):
            rungs = [self.money("10.00"), self.money("25.00"), self.money("60.00")]
        else:
            rungs = ["1", "3", "5"]
        rungs = rungs[self.random.randrange(2) :]
        if graduated:
            found["graduated"] = True
            kind = "spend" if found["trigger"]["kind"] == "spend" else "quantity"
            found["tiers"] = [{"at": rung, "benefit": self.graduated_benefit(kind)} for rung in rungs]
        else:
            found["tiers"] = [{"at": rung, "benefit": self.benefit(index, "measured")} for rung in rungs]

    def graduated_benefit(self, kind: str) -> Json:
        if kind == "spend" or self.chance(0.5):
            return {"kind": "percent_off", "percent": self.percent()}
        if self.chance(0.5):
            return {"kind": "price", "price": self.small()}
        return {"kind": "amount_off", "amount": self.small(), "per": "unit"}

    # -- benefits -----------------------------------------------------------------------------------

    def benefit(self, index: int, behind: str) -> Json:
        kinds = ["percent_off"] * 4 + ["amount_off"] * 4 + ["price"] * 2 + ["total_price"]
        if behind == "set":
            kinds += ["set_price"] * 4
        if self.level >= 1:
            kinds += ["add_on"]
        if self.level >= 3:
            kinds += ["gift", "redeem_points", "deposit", "points", "award"]
        kind = self.one(kinds)
        found: Json = getattr(self, kind)(behind)
        if kind in ("percent_off", "amount_off", "price", "total_price", "set_price"):
            self.reward(found, index, behind)
        return {"kind": kind, **found}

    def reward(self, found: Json, index: int, behind: str) -> None:
        shipping = self.stages[index] == "shipping"
        if shipping:
            if self.chance(0.3):
                found["items"] = {"shipping_method": ["standard"]}
        elif self.level >= 1 and self.chance(0.15):
            found["items"] = self.selector(index)
        if self.chance(0.4 if behind == "set" else 0.15):
            found["rewarded"] = self.one(({"cheapest": 1}, {"dearest": 1}, {"nth": 2}, {"cheapest": 2}))
            if behind == "set" and self.chance(0.2) and "nth" not in found["rewarded"]:
                found["rewarded"]["over"] = "all_sets"
            elif behind == "set" and self.chance(0.2):
                found["rewarded"] = {"part": self.random.randint(1, 2)}
        if self.chance(0.15):
            names = ["per_line", "per_cart", *(["per_set"] if behind == "set" else [])]
            found["max_units"] = {self.one(names): self.random.randint(1, 3)}

    def percent_off(self, behind: str) -> Json:
        found: Json = {"percent": self.percent()}
        if self.chance(0.4):
            found["per"] = self.one(("unit", "once"))
        if self.chance(0.2):
            found["max_discount"] = self.small()
        if self.chance(0.15):
            found["discount_base"] = self.one(("running", "entry", "list"))
        if self.chance(0.2):
            found["rounding"] = {"mode": self.one(("half_up", "half_even", "half_down", "up", "down"))}
            if self.chance(0.6):
                found["rounding"]["at"] = self.one(("unit", "line", "total"))
            if self.chance(0.4):
                found["rounding"]["step"] = self.money("0.05", "1.00", "0.50", "10")
        return found

    def amount_off(self, behind: str) -> Json:
        found: Json = {
            "amount": self.one((self.small(), self.large())),
            "per": self.one(("unit", "line", "once", "once", *(["set"] * 3 if behind == "set" else []))),
        }
        if self.chance(0.1):
            found["must_fit"] = True
        if self.chance(0.2):
            found["allocation"] = self.allocation()
        return found

    def price(self, behind: str) -> Json:
        return {"price": self.small()}

    def total_price(self, behind: str) -> Json:
        return {
            "price": self.one((self.small(), self.large())),
            **({"allocation": self.allocation()} if self.chance(0.2) else {}),
        }

    def set_price(self, behind: str) -> Json:
        return {"price": self.one((self.small(), self.large()))}

    def add_on(self, behind: str) -> Json:
        return {"skus": self.some(SKUS, 3), "price": self.small(), **({"max_units": 2} if self.chance(0.4) else {})}

    def gift(self, behind: str) -> Json:
        gifts = [
            {"sku": sku, "quantity": self.random.randint(1, 2), **({"value": self.small()} if self.chance(0.7) else {})}
            for sku in self.some(("MUG", "BAG", "PEN"), 3)
        ]
        found: Json = {"gifts": gifts}
        if self.chance(0.4):
            found["choose"] = self.random.randint(1, len(gifts))
        draw = self.random.random()
        if draw < 0.3:
            found |= {"out_of_stock": "replace", "replacement": {"sku": self.one(("CAP", "PEN")), "quantity": 1}}
        elif draw < 0.4:
            found["out_of_stock"] = "block"
        return found

    def redeem_points(self, behind: str) -> Json:
        found: Json = {"points_per_unit": self.one((100, 10, 3, 1))}
        if self.chance(0.4):
            found["step"] = self.one((5, 10, 7))
        if self.chance(0.4):
            found["max_share"] = self.one(("50", "33.3", "10"))
        return found

    def deposit(self, behind: str) -> Json:
        return {"paid": self.money("1.00", "2.00"), "worth": self.money("3.00", "4.50")}

    def points(self, behind: str) -> Json:
        found: Json = {"points": self.one((1, 3, 10))}
        if self.chance(0.6):
            found["per_spend"] = self.money("1.00", "10.00", "3.00")
        if self.chance(0.4) and not self.yen and not self.two_currencies:
            found["point_value"] = self.one(("0.01", "0.05", "1.00"))
        return found

    def award(self, behind: str) -> Json:
        if self.chance(0.4):
            found: Json = {"award": "cash_back", "name": "wallet", "percent": self.percent()}
            return {**found, "max_value": self.small()} if self.chance(0.3) else found
        found = {"award": self.one(("coupon", "entry")), "name": "w", "quantity": self.random.randint(1, 2)}
        return {**found, "value": self.small()} if self.chance(0.7) else found


def benefits(promotion: Json) -> list[Json]:
    """Every benefit of a promotion, rungs included."""
    written = [promotion.get("benefit", []), *(tier["benefit"] for tier in promotion.get("tiers", ()))]
    return [each for one in written for each in (one if isinstance(one, list) else [one])]
