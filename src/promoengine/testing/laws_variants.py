"""The same campaign and cart written another way: permuted, split, merged, with gifts or bystanders added."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from promoengine import plan
from promoengine.campaign import Campaign
from promoengine.compile.selections import tests_of_units
from promoengine.fields import normal_code
from promoengine.intake import read_cart
from promoengine.pricing import Engine
from promoengine.quote import Quote

Json = dict[str, Any]
NOBODY = "nobody-has-this"
"""A sku, customer and segment that no cart states."""


def cart_document(cart: object) -> Json:
    """Any cart that `Engine.price` takes, as plain data."""
    return read_cart(cart).model_dump(mode="json", exclude_unset=True)  # type: ignore[arg-type]


def campaign_document(engine: Engine) -> Json:
    """The engine's campaign, as plain data."""
    return engine.campaign.document.model_dump(mode="json", exclude_unset=True)


# -- law 2: another order -----------------------------------------------------------------------


@lru_cache(maxsize=8)
def reordered_engines(engine: Engine) -> tuple[Engine, ...]:
    """Engines of the same campaign, its promotions and all mapping keys in other orders."""
    document = campaign_document(engine)
    orders = (lambda each: each, reversed_list, shuffled_list)
    found = []
    for order in orders:
        promotions = order(document.get("promotions", []))
        found.append(Engine(Campaign.from_dict(reversed_keys({**document, "promotions": promotions}))))
    return tuple(found)


def reordered_carts(cart: Json, *, lines_too: bool) -> Iterator[Json]:
    """The cart with its lines, shipments, options, codes and all mapping keys in other orders."""
    for order in (reversed_list, shuffled_list):
        found = reversed_keys(cart)
        for name in ("codes", "shipments", *(("lines",) if lines_too else ())):
            if isinstance(found.get(name), list):
                found[name] = order(found[name])
        yield found


def reversed_list(values: Sequence[Any]) -> list[Any]:
    """Last first."""
    return [*values][::-1]


def shuffled_list(values: Sequence[Any]) -> list[Any]:
    """In another order, always the same one for as many values."""
    found = [*values]
    random.Random(len(found)).shuffle(found)
    return found


def reversed_keys(value: Any) -> Any:
    """The same data, the keys of every mapping in reverse order."""
    if isinstance(value, Mapping):
        return {key: reversed_keys(value[key]) for key in reversed(list(value))}
    return [reversed_keys(each) for each in value] if isinstance(value, (list, tuple)) else value


def names_a_line(source: plan.Plan) -> bool:
    """Whether odd minor units go by the lines in the caller's order: to the first or the last of them, or in turn."""
    allocations = [getattr(effect.action, "allocation", plan.Allocation()) for effect in source.effects]
    return any(each.odd_units != "largest" for each in allocations)


# -- law 3: other lines, the same units ---------------------------------------------------------


def split_cart(cart: Json) -> Json:
    """Each line of several units as two lines that stand next to each other in the order of ids."""
    ids = {line["id"] for line in cart["lines"]}
    lines: list[Json] = []
    for line in cart["lines"]:
        twin = line["id"] + "!"
        between = any(line["id"] < each <= twin for each in ids)
        if line["quantity"] < 2 or between or len(twin) > 200:
            lines.append(line)
            continue
        part = line["quantity"] // 2
        lines += [{**line, "quantity": part}, {**line, "id": twin, "quantity": line["quantity"] - part}]
    return {**cart, "lines": lines}


def merged_cart(cart: Json) -> Json:
    """Lines that differ only in id and quantity, and stand next to each other in the order of ids, as one."""
    lines: list[Json] = []
    for line in sorted(cart["lines"], key=lambda each: each["id"]):
        if lines and _alike(lines[-1]) == _alike(line):
            lines[-1] = {**lines[-1], "quantity": lines[-1]["quantity"] + line["quantity"]}
        else:
            lines.append(line)
    return {**cart, "lines": lines}


def _alike(line: Json) -> Json:
    return {key: value for key, value in line.items() if key not in ("id", "quantity")}


def goes_by_lines(source: plan.Plan, quote: Quote) -> bool:
    """Whether anything that was considered goes by lines, so that law 3 says nothing.

    Lines decide where something is measured, bounded, rounded, floored, grouped or limited per line; and where one
    amount is shared over lines, unless nothing acts after it and it is shared over goods or over shipping alone: then
    units differ, but no sum does. And they decide
    which of several units at one price comes first, which shows where these units differ in their past: where some
    effect acts on later units of a line (a pick, a set, a ladder), and another reads what became of them.
    """
    rules = [rule for rule in source.promotions if rule.id in quote.outcomes]
    if source.tax is not None and source.tax.at != "total":
        return True
    if any(floor.scope == "line" for floor in source.floors) or any(_rule_by_lines(source, rule) for rule in rules):
        return True
    indexes = sorted(index for rule in rules for index in rule.effects)
    if any(_reads_pasts(source, rule) for rule in rules) and any(_acts_later(source, rule) for rule in rules):
        return True
    sharing = [index for index in indexes if _shares(source.effects[index].action)]
    return any(index != indexes[-1] or _covers_both(source, source.effects[index]) for index in sharing)


def _covers_both(source: plan.Plan, effect: plan.Effect) -> bool:
    """Whether an effect may be shared over goods and shipping, whose sums are told apart."""
    stage = source.stages[effect.stage]
    return stage.goods and stage.shipping


def _rule_by_lines(source: plan.Plan, rule: plan.Promotion) -> bool:
    measures = [rule.trigger.measure] if isinstance(rule.trigger, plan.Threshold) else []
    measures += [each for condition in rule.conditions for each in measures_of(condition)]
    return (
        rule.trigger.per == "line"
        or rule.limits.beyond == "line_regular"
        or any(measure.what == "distinct_lines" for measure in measures)
        or any(source.groups[group].scope == "line" for group in rule.groups)
        or any(_effect_by_lines(source.effects[index]) for index in rule.effects)
    )


def _reads_pasts(source: plan.Plan, rule: plan.Promotion) -> bool:
    """Whether units at one price may differ for this promotion: by who rewarded or holds them, or by an older price."""
    tests = tests_of_units(rule.items, rule.trigger, [source.effects[index] for index in rule.effects])
    return (
        isinstance(rule.threshold_base, plan.AfterStage)
        or any(source.groups[group].scope == "unit" for group in rule.groups)
        or any(isinstance(test, plan.RewardedBy) for test in tests)
    )


def _acts_later(source: plan.Plan, rule: plan.Promotion) -> bool:
    """Whether the promotion may change other units of a line than the first ones."""
    effects = [source.effects[index] for index in rule.effects]
    return isinstance(rule.trigger, plan.SetTrigger) or any(
        effect.reward.pick is not None or isinstance(effect.action, plan.Graduated) for effect in effects
    )


def _effect_by_lines(effect: plan.Effect) -> bool:
    action, most = effect.action, effect.reward.most
    return (
        (most is not None and most.per_line is not None)
        or (isinstance(action, plan.Percent) and action.rounding.at == "line")
        or (isinstance(action, plan.Amount) and action.each == "line")
    )


def _shares(action: plan.Action) -> bool:
    """Whether the action shares one figure over lines."""
    if isinstance(action, plan.Percent):
        return action.spread
    if isinstance(action, plan.Amount):
        return action.each != "unit"
    return isinstance(action, (plan.SetPrice, plan.TotalPrice, plan.GraduatedPercent, plan.Redeem))


def measures_of(condition: plan.Condition) -> Iterator[plan.Measure]:
    """The measures that a condition contains."""
    if isinstance(condition, plan.MeasureWithin):
        yield condition.measure
    elif isinstance(condition, (plan.AllMet, plan.AnyMet)):
        for each in condition.conditions:
            yield from measures_of(each)
    elif isinstance(condition, plan.NotMet):
        yield from measures_of(condition.condition)


# -- law 4: the quote's own gifts ---------------------------------------------------------------


def with_gifts(cart: Json, quote: Quote) -> Json:
    """The cart together with the gifts of its quote, marked as such."""
    ids = {line["id"] for line in cart["lines"]}
    gifts = []
    for position, gift in enumerate(quote.gifts):
        name = f"gift-{position}"
        while name in ids:
            name += "+"
        line = {"id": name, "sku": gift.sku, "quantity": gift.quantity, "unit_price": "1", "gift_of": gift.promotion}
        gifts.append(line)
    return {**cart, "lines": [*gifts, *cart["lines"]]}


# -- law 5: bystanders --------------------------------------------------------------------------


@lru_cache(maxsize=8)
def engine_with_bystanders(engine: Engine) -> tuple[Engine, frozenset[str]]:
    """The campaign with promotions that match nothing, in every stage, first and last in the order; and their ids."""
    document = campaign_document(engine)
    known = {each["id"] for each in document.get("promotions", ())}
    stages = [stage.name for stage in engine.campaign.document.stages]
    added = [each for stage in stages for each in _bystanders(stage, known)]
    promotions = [*added[::2], *document.get("promotions", ()), *added[1::2]]
    return Engine(Campaign.from_dict({**document, "promotions": promotions})), frozenset(each["id"] for each in added)


def _bystanders(stage: str, known: set[str]) -> Iterator[Json]:
    """Each is kept from acting in its own way: no such items, no such customer, too high a threshold."""
    ways: tuple[Json, ...] = (
        {"items": {"sku": [NOBODY]}},
        {"when": {"customer": [NOBODY]}},
        {"trigger": {"kind": "quantity", "at_least": 1_000_000}},
        {"items": {"sku": [NOBODY]}, "exclusive": "cart", "stop": "cart"},
    )
    for position, way in enumerate(ways):
        name = f"!bystander-{stage}-{position}" if position % 2 else f"~bystander-{stage}-{position}"
        while name in known:
            name += "~"
        priority = -1_000_000 if position % 2 else 1_000_000
        yield {
            "id": name,
            "stage": stage,
            "priority": priority,
            "benefit": {"kind": "points", "points": 1},
            **way,
        }


# -- law 7: coupons -----------------------------------------------------------------------------


def codes_only_if_better(source: plan.Plan, quote: Quote) -> list[str]:
    """The codes entered whose promotions act only where they help, and refuse no order for what becomes of them."""
    optional = {rule.id for rule in source.promotions if rule.apply == "if_better" and not rule.refuse_for}
    return [each.code for each in quote.codes.values() if each.promotion in optional]


def without_code(cart: Json, code: str) -> Json:
    """The cart without a code, however it was written."""
    return {**cart, "codes": [each for each in cart["codes"] if normal_code(_written(each)) != code]}


def _written(code: Any) -> str:
    return str(code["code"] if isinstance(code, Mapping) else code)


@lru_cache(maxsize=8)
def engine_with_coupons(engine: Engine) -> Engine:
    """The campaign with promotions that act only where they help, one in every stage."""
    document = campaign_document(engine)
    known = {each["id"] for each in document.get("promotions", ())}
    stages = [stage.name for stage in engine.campaign.document.stages]
    added = [_coupon(stage, position, known) for position, stage in enumerate(stages)]
    return Engine(Campaign.from_dict({**document, "promotions": [*document.get("promotions", ()), *added]}))


def _coupon(stage: str, position: int, known: set[str]) -> Json:
    """By turns one that acts unit by unit, before others; one on all units at once; one from two units on."""
    ways: tuple[Json, ...] = (
        {"priority": -1_000_000, "benefit": {"kind": "percent_off", "percent": "10", "per": "unit"}},
        {"benefit": {"kind": "percent_off", "percent": "5", "per": "once"}},
        {"trigger": {"kind": "quantity", "at_least": 2}, "benefit": {"kind": "percent_off", "percent": "20"}},
    )
    name = f"~coupon-{stage}"
    while name in known:
        name += "~"
    return {"id": name, "stage": stage, "apply": "if_better", **ways[position % len(ways)]}


__all__ = [
    "campaign_document",
    "cart_document",
    "codes_only_if_better",
    "engine_with_bystanders",
    "engine_with_coupons",
    "goes_by_lines",
    "merged_cart",
    "names_a_line",
    "reordered_carts",
    "reordered_engines",
    "split_cart",
    "with_gifts",
    "without_code",
]
