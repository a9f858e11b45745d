"""What promotions give: benefits of every kind, behind triggers of every kind, in stages that cover anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from promoengine.testing.strategies_draft import Draft, Json
from promoengine.testing.strategies_heads import MODES, allocation
from promoengine.testing.strategies_items import selector
from promoengine.testing.strategies_pools import AMOUNTS, GIFTS, PERCENTS, PRICES, SKUS, THRESHOLDS
from promoengine.testing.strategies_triggers import Fires

FREE = frozenset({"gift", "redeem_points", "deposit", "points", "award"})
EVERY_KINDS = ("amount_off", "gift", "points", "award")
PICKS_UNITS = frozenset({"percent_off", "amount_off", "price", "total_price"})
"""Kinds that may say which units: items of their own, a pick, the most of them."""
NEEDS_GOODS = frozenset({"add_on", "deposit", "redeem_points", "set_price"})
SHARED = frozenset({"set_price", "total_price", "redeem_points"})
"""Kinds that share one figure over lines, whatever they say."""
KINDS = (
    "percent_off",
    "amount_off",
    "price",
    "percent_off",
    "amount_off",
    "total_price",
    "gift",
    "add_on",
    "redeem_points",
    "deposit",
    "points",
    "award",
)


@dataclass(frozen=True, slots=True)
class Given:
    """Where a benefit stands: its stage and trigger, and whether it must leave the units of sets alone."""

    draft: Draft
    stage: int
    fires: Fires
    sets_taken: bool = False

    @property
    def needs_own_items(self) -> bool:
        """In a stage of shipping alone the reward is the shipping; and sets are rewarded once."""
        return self.sets_taken or self.draft.covers(self.stage) == "shipping"


def benefits(draft: Draft, stage: int, fires: Fires) -> list[Json]:
    """A list of one or two benefits, the later of which may act in a later stage."""
    given = Given(draft, stage, fires)
    found = [benefit(given)]
    if draft.chance(4):
        later = draft.count(stage, len(draft.stages) - 1) if draft.chance(2) else stage
        found.append(benefit(replace(given, stage=later, sets_taken=bool(fires.set_size))))
        draft.add(found[1], "stage", draft.stages[later].name if later != stage else None)
    return found


def benefit(given: Given) -> Json:
    """One benefit that is valid where it stands."""
    kind = given.draft.one(_kinds(given))
    document = {"kind": kind, **_BODIES[kind](given)}
    if kind in PICKS_UNITS:
        _add_reward(given, document)
    return document


def _kinds(given: Given) -> list[str]:
    kinds = list(EVERY_KINDS if given.fires.every else KINDS)
    if given.fires.set_size and not given.sets_taken:
        kinds += ["percent_off", "amount_off", "price", *["set_price"] * 4]
    if given.draft.covers(given.stage) == "shipping":
        kinds = [kind for kind in kinds if kind not in NEEDS_GOODS]
    if not given.draft.by_lines:
        kinds = [kind for kind in kinds if kind not in SHARED]
    if not given.fires.own_items:
        kinds = [kind for kind in kinds if kind != "add_on" and (kind in FREE or not given.needs_own_items)]
    return kinds


# -- which units --------------------------------------------------------------------------------


def _add_reward(given: Given, document: Json) -> None:
    draft, fires = given.draft, given.fires
    methods = draft.covers(given.stage) != "goods"
    may_own = fires.own_items and document.get("per") != "set"
    if may_own and (given.sets_taken or draft.chance(2 if methods else 6)):
        document["items"] = selector(draft, given.stage, methods=methods)
    if not (fires.set_size and (given.needs_own_items or "items" in document)):
        over_all = document.get("per") != "set"
        draft.may(
            document,
            "rewarded",
            1 if fires.parts > 1 else 2 if fires.set_size else 5,
            lambda: rewarded(draft, fires, over_all),
        )
    draft.may(document, "max_units", 6, lambda: _most_units(draft, fires))


def rewarded(draft: Draft, fires: Fires, over_all: bool) -> Json:
    """A pick: no more units than a set holds; over all sets where that is allowed."""
    kinds = ("cheapest", "dearest", "nth", *(("part",) * 6 if fires.parts > 1 else ()))
    kind = draft.one(kinds)
    found: Json = {kind: draft.count(1, fires.parts if kind == "part" else fires.set_size or 3)}
    if fires.set_size and kind in ("cheapest", "dearest"):
        draft.may(found, "over", 2, lambda: draft.one(("all_sets", "all_sets", "each_set")[0 if over_all else 2 :]))
    return found


def _most_units(draft: Draft, fires: Fires) -> int | Json:
    if not draft.chance(2):
        return draft.count(1, 3)
    return {
        name: draft.count(1, 3)
        for name in draft.some(draft.without_lines(("per_line", "per_cart", *["per_set"] * bool(fires.parts))))
    }


# -- each kind ----------------------------------------------------------------------------------


def percent_off(given: Given) -> Json:
    """A percentage: per unit or once, capped, of any base, rounded at any point."""
    draft = given.draft
    document: Json = {"percent": draft.one(PERCENTS)}
    if not draft.by_lines:
        document["per"] = "unit"
    else:
        draft.may(document, "per", 2, lambda: draft.one(("once", "unit")))
    if document.get("per") != "unit":
        draft.may(document, "max_discount", 4, lambda: draft.money())
    draft.may(document, "discount_base", 5, lambda: draft.one(("list", "entry", "running")))
    by_name = "unit" if draft.stages[given.stage].name == "item" and "max_discount" not in document else "once"
    points = draft.without_lines(("unit" if document.get("per", by_name) == "unit" else "total", "line"))
    draft.may(document, "rounding", 4, lambda: _rounding(draft, points))
    return document


def _rounding(draft: Draft, points: list[str]) -> Json:
    found: Json = {"mode": draft.one(MODES)}
    draft.may(found, "at", 2, lambda: draft.one(points))
    draft.may(found, "step", 3, lambda: draft.money((5, 10, 100)))
    return found


def amount_off(given: Given) -> Json:
    """An amount per unit, line, set or once."""
    draft = given.draft
    of_sets = given.fires.set_size and not given.needs_own_items
    ways = ("once", "unit", "line", *(("set",) if of_sets else ()))
    per = draft.one(ways if draft.by_lines else ("unit",))
    document: Json = {"amount": draft.money(), "per": per}
    draft.may(document, "must_fit", 8, lambda: True)
    draft.may(document, "allocation", 6, lambda: allocation(draft))
    return document


def _price(given: Given) -> Json:
    return {"price": given.draft.money(AMOUNTS)}


def _set_price(given: Given) -> Json:
    return {"price": given.draft.money(THRESHOLDS)}


def _total_price(given: Given) -> Json:
    document: Json = {"price": given.draft.money(THRESHOLDS)}
    given.draft.may(document, "allocation", 6, lambda: allocation(given.draft))
    return document


def gift(given: Given) -> Json:
    """Gifts of a list, with every answer to an empty shelf; blocking is rare, because it prices nothing."""
    draft = given.draft
    document: Json = {"gifts": [_gift_line(draft, sku) for sku in draft.some(GIFTS, 3)]}
    draft.may(document, "choose", 2, lambda: draft.count(1, len(document["gifts"])))
    if draft.chance(3):
        document["out_of_stock"] = "replace"
        document["replacement"] = _gift_line(draft, draft.one(GIFTS))
    else:
        draft.may(document, "out_of_stock", 4, lambda: "block")
    return document


def _gift_line(draft: Draft, sku: str) -> Json:
    line: Json = {"sku": sku}
    draft.may(line, "quantity", 4, lambda: 2)
    draft.may(line, "value", 2, lambda: draft.money(PRICES[:-1]))
    return line


def add_on(given: Given) -> Json:
    """Units already in the cart at a price of their own."""
    draft = given.draft
    document: Json = {"skus": draft.some(SKUS), "price": draft.money()}
    draft.may(document, "max_units", 2, lambda: draft.count(1, 3))
    return document


def redeem_points(given: Given) -> Json:
    """Points as money, in steps, up to a share."""
    draft = given.draft
    document: Json = {"points_per_unit": draft.one((100, 10, 1, 300))}
    draft.may(document, "step", 3, lambda: draft.one((100, 7)))
    draft.may(document, "max_share", 2, lambda: draft.one(("50", "33.3", "100")))
    draft.may(document, "discount_base", 4, lambda: draft.one(("list", "entry", "running")))
    draft.may(document, "allocation", 6, lambda: allocation(draft))
    return document


def deposit(given: Given) -> Json:
    """A deposit that counts for more than was paid."""
    paid, more = given.draft.one(AMOUNTS), given.draft.one(AMOUNTS)
    return {"paid": given.draft.amount(paid, everywhere=True), "worth": given.draft.amount(paid + more)}


def points(given: Given) -> Json:
    """Points earned: a number, or for each so much of spend."""
    draft = given.draft
    document: Json = {"points": draft.one((1, 10, 100))}
    draft.may(document, "per_spend", 2, lambda: draft.money())
    draft.may(document, "point_value", 2, lambda: draft.one(("0.01", "1", "0.5")))
    return document


def award(given: Given) -> Json:
    """A coupon, an entry, or cash-back by value or percent."""
    draft = given.draft
    what = draft.one(("cash_back", "coupon", "entry"))
    document: Json = {"award": what, "name": "wallet"}
    if what == "cash_back" and not given.fires.every and draft.chance(2):
        document["percent"] = draft.one(PERCENTS)
        draft.may(document, "max_value", 2, lambda: draft.money())
        draft.may(document, "rounding", 4, lambda: _rounding(draft, ["total"]))
        return document
    draft.may(document, "quantity", 3, lambda: 2)
    draft.may(document, "value", 1 if what == "cash_back" else 2, lambda: draft.money())
    return document


_BODIES: dict[str, Callable[[Given], Json]] = {
    "percent_off": percent_off,
    "amount_off": amount_off,
    "price": _price,
    "set_price": _set_price,
    "total_price": _total_price,
    "gift": gift,
    "add_on": add_on,
    "redeem_points": redeem_points,
    "deposit": deposit,
    "points": points,
    "award": award,
}


# -- graduated ladders --------------------------------------------------------------------------


def graduated_rung(given: Given, shape: str) -> Json:
    """A rung of a graduated ladder; all rungs of one ladder have the same reward."""
    draft = given.draft
    document: Json = {"kind": shape}
    if shape == "percent_off":
        document["percent"] = draft.one(PERCENTS)
    elif shape == "price":
        document["price"] = draft.money(AMOUNTS)
    else:
        document.update(amount=draft.money(AMOUNTS), per="unit")
    return document
