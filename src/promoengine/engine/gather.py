"""Gather: which promotions can act on this cart, and why the others cannot.

Eligibility reads the cart as given, never running figures, so it is decided here, once, before the pass. What is
left for the pass is what depends on prices and on other promotions: trigger, limits, barring and effect.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Basket, Code, Line, mask_of
from promoengine.engine.bound import BoundPlan, BoundPromotion
from promoengine.engine.clock import Clock, is_open
from promoengine.quote import Outcome, Reason
from promoengine.records import dataclass, field

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

    all_too: bool
    """Whether those out of reach are told apart, too."""
    candidates: dict[int, Candidate] = field(default_factory=dict)
    refused: dict[int, Outcome] = field(default_factory=dict)
    scheduled: list[int] = field(default_factory=list)
    launching: list[int] = field(default_factory=list)
    aside: list[tuple[BoundPromotion, list[Line]]] = field(default_factory=list)
    """Those that were found by their lines, and left aside as these are out of reach: their outcomes are still owed."""


def gather(bound: BoundPlan, basket: Basket, clock: Clock, *, coded_too: bool, all_too: bool = True) -> Gathered:
    """Every promotion that the index finds, told apart. `coded_too` adds those whose code was not entered; `all_too`
    those that are out of reach, which never act.
    """
    gathered = Gathered(all_too)
    found = lines_found(bound, basket, coded_too=coded_too, all_too=all_too)
    for index in sorted(found):
        promotion = bound.promotion(index)
        lines = items_of(promotion, found[index], basket, clock)
        if not all_too and promotion.reach is not None and promotion.reach.is_beyond(lines, basket):
            gathered.aside.append((promotion, lines))
        elif lines and promotion.asks_nothing:
            mask = _mask_in(basket, lines)
            instance = Instance(promotion, "", 0, lines, None, None, mask)
            gathered.candidates[index] = Candidate(promotion, [instance], [], mask)
        else:
            ask(bound, promotion, basket, clock, lines, gathered)
    return gathered


def ask(
    bound: BoundPlan, promotion: BoundPromotion, basket: Basket, clock: Clock, lines: list[Line], gathered: Gathered
) -> None:
    """Tell apart a promotion that asks something of the cart, or that may select none of its lines: a candidate,
    refused, or not considered.
    """
    codes = usable_codes(promotion.rule, basket)
    if not (codes or _may_match(promotion, basket, lines) or _needs_no_goods(bound, promotion, basket)):
        return
    outcome = _refusal(bound, promotion, basket, clock, lines, codes, gathered)
    if outcome is None:
        instances = instances_of(promotion, lines, codes, basket)
        gathered.candidates[promotion.rule.index] = Candidate(promotion, instances, codes, _mask_in(basket, lines))
    elif codes or (outcome.reason != "items" and _is_considered(bound, promotion, basket, lines, clock)):
        gathered.refused[promotion.rule.index] = outcome


def _is_considered(
    bound: BoundPlan, promotion: BoundPromotion, basket: Basket, lines: list[Line], clock: Clock
) -> bool:
    """Whether one that is refused before its turn is shown without a code."""
    return holds_items(promotion, lines, clock) or _needs_no_goods(bound, promotion, basket)


Found = dict[int, list[Line] | None]
"""By promotion: the lines by which the index found it; None where it is looked at for every cart, or by a code."""


def lines_found(bound: BoundPlan, basket: Basket, *, coded_too: bool, all_too: bool) -> Found:
    """The promotions that the index finds for a basket, and by which lines of goods."""
    index = bound.plan.index
    found: Found = dict.fromkeys(
        index.anywhere if all_too else bound.anywhere.within(basket.goods_minor, basket.context)
    )
    _add_by_items(found, index.by_field, basket)
    if coded_too:
        found.update(dict.fromkeys(index.coded_anywhere))
        _add_by_items(found, index.coded_by_field, basket)
    for code in basket.codes:
        indexes = [*index.by_code.get(code.text, ())]
        for pool in code.pools:
            indexes += index.by_pool.get(pool, ())
        for each in indexes:
            found.setdefault(each, None)
    return found


def _add_by_items(found: Found, by_field: dict[str, dict[str, tuple[int, ...]]], basket: Basket) -> None:
    """Note which promotions the lines of goods find by each of their values."""
    for name_of, keyed in by_field.items():
        by_value = basket.by_value[name_of]
        for value in by_value.keys() & keyed.keys():
            lines = by_value[value]
            for index in keyed[value]:
                known = found.get(index)
                found[index] = lines if known is None else _merged(known, lines)
    for line in basket.shipping:
        for index in by_field.get("seller", _NONE).get(line.seller or "", ()):
            found.setdefault(index, None)


def _merged(first: list[Line], second: list[Line]) -> list[Line]:
    """The lines of both, each once, by rank."""
    by_rank = {line.rank: line for line in (*first, *second)}
    return [by_rank[rank] for rank in sorted(by_rank)]


_NONE: dict[str, tuple[int, ...]] = {}


def items_of(promotion: BoundPromotion, found: list[Line] | None, basket: Basket, clock: Clock) -> list[Line]:
    """The lines that a promotion's items select (where units can differ: that they may select). Of shipping too where
    a stage of it covers both.
    """
    if promotion.is_keyed and found is not None:
        return found
    lines = covered_lines(promotion, basket)
    selection = promotion.items
    if selection.test is None or selection.by_unit:
        return lines
    test = selection.test
    if promotion.covers_goods_only and found is not None:
        lines = found
    return [line for line in lines if test(line, None, clock)]


def covered_lines(promotion: BoundPromotion, basket: Basket) -> list[Line]:
    """The lines that a promotion's items may select: goods, and shipping where a stage of it covers both."""
    return basket.goods if promotion.covers_goods_only else basket.lines


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


def _may_match(promotion: BoundPromotion, basket: Basket, lines: list[Line]) -> bool:
    """Whether some moment and some prices would make a line match: then edges count, although nothing matches now."""
    possible = promotion.possible
    if possible is None:
        return bool(lines)
    return any([possible(line)[0] for line in covered_lines(promotion, basket)])


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


def instances_of(promotion: BoundPromotion, lines: list[Line], codes: list[Code], basket: Basket) -> list[Instance]:
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
            _mask_in(basket, groups[key]),
        )
        for key in sorted(groups)
        for use in range(uses)
    ]


def _mask_in(basket: Basket, lines: list[Line]) -> int:
    return basket.goods_mask if lines is basket.goods else mask_of(lines)


def instance_key(line: Line, per: plan.Per) -> str:
    """The key of the instance to which a line belongs."""
    if per == "line":
        return line.name
    return (line.seller if per == "seller" else line.sku) or ""
