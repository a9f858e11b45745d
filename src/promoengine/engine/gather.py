"""Gather: which promotions can act on this cart, and why the others cannot.

Eligibility reads the cart as given, never running figures, so it is decided here, once, before the pass. What is
left for the pass is what depends on prices and on other promotions: trigger, limits, barring and effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from promoengine import plan
from promoengine.engine.basket import Basket, Code, Line
from promoengine.engine.bound import BoundPlan, BoundPromotion
from promoengine.engine.clock import Clock, is_open
from promoengine.quote import Outcome, Reason

_REASON_OF_CLASS: tuple[Reason, ...] = ("customer", "context", "contents")


@dataclass(slots=True)
class Instance:
    """One instance of a promotion: the whole cart, or one seller, sku or line; and the n-th of its codes."""

    promotion: BoundPromotion
    key: str
    use: int
    lines: list[Line]
    seller: str | None
    code: Code | None
    mask: int
    """The lines, as bits by rank."""


@dataclass(slots=True)
class Candidate:
    """An eligible promotion, its instances in order of their keys, and the codes it may use."""

    promotion: BoundPromotion
    instances: list[Instance]
    codes: list[Code]
    mask: int
    """The lines of its items, as bits by rank."""


@dataclass(slots=True)
class Gathered:
    """What gathering found: candidates by promotion index, and the outcomes of those that are refused.

    `scheduled` are the promotions that passed currency and code: theirs are the edges of `valid_until`. Of those in
    `launching`, refused for want of a figure or a code, only launches are: a launch decides whether they are shown.
    """

    candidates: dict[int, Candidate] = field(default_factory=dict)
    refused: dict[int, Outcome] = field(default_factory=dict)
    scheduled: list[int] = field(default_factory=list)
    launching: list[int] = field(default_factory=list)


def gather(bound: BoundPlan, basket: Basket, clock: Clock, *, coded_too: bool) -> Gathered:
    """Every promotion that the index finds, told apart. `coded_too` adds those whose code was not entered."""
    gathered = Gathered()
    for index in considered_indexes(bound.plan.index, basket, coded_too=coded_too):
        promotion = bound.promotions[index]
        covered = covered_lines(bound, promotion, basket)
        lines = matching_lines(promotion, covered, clock)
        codes = usable_codes(promotion.rule, basket)
        if not (codes or _may_match(promotion, covered, lines) or _needs_no_goods(bound, promotion, basket)):
            continue
        outcome = _refusal(bound, promotion, basket, clock, lines, codes, gathered)
        if outcome is None:
            gathered.candidates[index] = Candidate(
                promotion, instances_of(promotion, lines, codes), codes, mask_of(lines)
            )
        elif codes or holds_items(promotion, lines, clock) or _needs_no_goods(bound, promotion, basket):
            gathered.refused[index] = outcome
    return gathered


def considered_indexes(index: plan.Index, basket: Basket, *, coded_too: bool) -> list[int]:
    """The promotions that the index finds for a basket, ascending."""
    found = set(index.anywhere)
    _add_by_items(found, index.by_field, basket)
    if coded_too:
        found.update(index.coded_anywhere)
        _add_by_items(found, index.coded_by_field, basket)
    for code in basket.codes:
        found.update(index.by_code.get(code.text, ()))
        for pool in code.pools:
            found.update(index.by_pool.get(pool, ()))
    return sorted(found)


def _add_by_items(found: set[int], by_field: dict[str, dict[str, tuple[int, ...]]], basket: Basket) -> None:
    skus, sellers, brands = by_field.get("sku"), by_field.get("seller"), by_field.get("brand")
    categories, tags = by_field.get("category"), by_field.get("tag")
    for line in basket.goods:
        if skus is not None and line.sku in skus:
            found.update(skus[line.sku])
        if sellers is not None and line.seller in sellers:
            found.update(sellers[line.seller])
        if brands is not None and line.brand in brands:
            found.update(brands[line.brand])
        if categories is not None:
            for category in line.categories:
                found.update(categories.get(category, ()))
        if tags is not None:
            for tag in line.tags:
                found.update(tags.get(tag, ()))
    for line in basket.shipping:
        if sellers is not None and line.seller in sellers:
            found.update(sellers[line.seller])


def covered_lines(bound: BoundPlan, promotion: BoundPromotion, basket: Basket) -> list[Line]:
    """The lines that a promotion's items may select: goods, and shipping where a stage of it covers both."""
    stages = [bound.plan.stages[index] for index in promotion.rule.stages]
    both = any([stage.goods and stage.shipping for stage in stages])
    return basket.goods + basket.shipping if both else basket.goods


def matching_lines(promotion: BoundPromotion, lines: list[Line], clock: Clock) -> list[Line]:
    """The lines that the promotion's items select (where units can differ: that they may select)."""
    selection = promotion.items
    if selection.test is None or selection.by_unit:
        return lines
    test = selection.test
    return [line for line in lines if test(line, None, clock)]


def holds_items(promotion: BoundPromotion, lines: list[Line], clock: Clock) -> bool:
    """Whether any of the lines is of the items, at list where prices decide."""
    test = promotion.items.test
    return bool(lines) if test is None else any([test(line, None, clock) for line in lines])


def usable_codes(rule: plan.Promotion, basket: Basket) -> list[Code]:
    """The entered codes that belong to the promotion: those with uses left first, each in code-point order."""
    if rule.codes is None:
        return []
    codes = rule.codes
    found = [code for code in basket.codes if code.text in codes.listed or not codes.pools.isdisjoint(code.pools)]
    found.sort(key=lambda code: (code.uses_left == 0, code.text))
    return found


def _may_match(promotion: BoundPromotion, covered: list[Line], lines: list[Line]) -> bool:
    """Whether some moment and some prices would make a line match: then edges count, although nothing matches now."""
    possible = promotion.possible
    return bool(lines) if possible is None else any([possible(line)[0] for line in covered])


def _needs_no_goods(bound: BoundPlan, promotion: BoundPromotion, basket: Basket) -> bool:
    """Whether the promotion selects no goods and may reward shipping: then any unit will do, and shipping is one."""
    if promotion.items.test is not None or not basket.shipping:
        return False
    return any([bound.plan.stages[index].shipping for index in promotion.rule.stages])


def _refusal(
    bound: BoundPlan,
    promotion: BoundPromotion,
    basket: Basket,
    clock: Clock,
    lines: list[Line],
    codes: list[Code],
    gathered: Gathered,
) -> Outcome | None:
    """The first reason of eligibility that fails, in the order of outcomes; None where all hold."""
    rule = promotion.rule
    if not rule.priced:
        gathered.launching.append(rule.index)
        return Outcome(rule.id, "currency", detail=bound.plan.currency)
    if rule.codes is not None and not codes:
        gathered.launching.append(rule.index)
        return Outcome(rule.id, "code")
    gathered.scheduled.append(rule.index)
    if rule.schedule is not None and not is_open(rule.schedule, clock):
        return Outcome(rule.id, "schedule")
    for condition, test in promotion.conditions:
        if not test(basket, clock):
            return Outcome(rule.id, _REASON_OF_CLASS[condition.asked], detail=condition_name(condition))
    needs_goods = rule.trigger.per != "cart" or not _needs_no_goods(bound, promotion, basket)
    return Outcome(rule.id, "items") if not lines and needs_goods else None


def condition_name(condition: plan.Condition) -> str:
    """The key under which a condition is written, for an outcome's detail."""
    if isinstance(condition, plan.ContextHolds):
        return condition.field
    if isinstance(condition, plan.FactWithin):
        return f"fact {condition.fact}"
    names = {
        plan.OrdersWithin: "orders",
        plan.MeasureWithin: "cart",
        plan.AllMet: "all",
        plan.AnyMet: "any",
        plan.NotMet: "not",
    }
    return names[type(condition)]


def instances_of(promotion: BoundPromotion, lines: list[Line], codes: list[Code]) -> list[Instance]:
    """One instance for each key and each code that may be used, keys in code-point order."""
    rule = promotion.rule
    uses = 1 if rule.codes is None else max(1, min(rule.codes.per_cart, len(codes)))
    per = rule.trigger.per
    groups: dict[str, list[Line]] = {}
    if per == "cart":
        groups[""] = lines
    else:
        for line in lines:
            groups.setdefault(instance_key(line, per), []).append(line)
    return [
        Instance(
            promotion,
            key,
            use,
            groups[key],
            key if per == "seller" else None,
            codes[use] if codes else None,
            mask_of(groups[key]),
        )
        for key in sorted(groups)
        for use in range(uses)
    ]


def mask_of(lines: Iterable[Line]) -> int:
    """The bit set of the ranks of some lines."""
    mask = 0
    for line in lines:
        mask |= 1 << line.rank
    return mask


def instance_key(line: Line, per: plan.Per) -> str:
    """The key of the instance to which a line belongs."""
    if per == "line":
        return line.name
    return (line.seller if per == "seller" else line.sku) or ""
