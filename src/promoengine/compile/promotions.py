"""One promotion becomes one `plan.Promotion` and its effects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.compile.checks import check_terms, check_units, known_zone
from promoengine.compile.schedules import lower_schedule
from promoengine.compile.selections import days_read, parts_of, tests_of_conditions
from promoengine.compile.terms import Deal, Standing, lower_deal, lower_standing, threshold_base
from promoengine.document import CampaignDocument, CodesRule, PromotionDocument
from promoengine.document.repeated import Written
from promoengine.fields import normal_code
from promoengine.kinds.lowering import Frame, Lowering, NoFigure
from promoengine.kinds.triggers.set import UnitSet

Value = TypeVar("Value")
NO_DEAL = Deal(0, "entry", plan.Unconditional(), plan.UNLIMITED, (), ())
"""That of a promotion which states no figure in a currency."""


@dataclass(slots=True)
class LoweredPromotion:
    """A promotion and its effects, before it knows their places in the plan; and the tests by which it selects."""

    promotion: plan.Promotion
    effects: tuple[plan.Effect, ...]
    tests: tuple[plan.Test, ...]


class Lowerer:
    """Lowers the promotions of one campaign in the currency of a frame.

    Terms that are worded alike (`document.repeated`) are lowered once, and of values that are equal it keeps one: a
    hundred thousand promotions are made of a few thousand parts.
    """

    __slots__ = ("_document", "_frame", "_terms", "_values", "_zone")

    def __init__(self, document: CampaignDocument, frame: Frame) -> None:
        self._document, self._frame = document, frame
        self._zone = ZoneInfo(document.timezone) if known_zone(document.timezone) else None
        self._terms: dict[tuple[bytes, bool], tuple[Standing, Deal]] = {}
        self._values: dict[object, object] = {}

    def lower(self, written: Written, index: int, place: int) -> LoweredPromotion:
        """The promotion; without its figures where it states none in this currency. What is wrong is reported to the
        frame. `index` is its place in the order of promotions, `place` that in the list as written.
        """
        own, terms = written.particulars, written.terms
        lowering = Lowering(self._frame, ("promotions", place))
        schedule = self._schedule(own, lowering)
        codes = None if own.codes is None else _codes(own.codes, lowering.at("codes"))
        key = None if written.wording is None else (written.wording, codes is None)
        known = None if key is None else self._terms.get(key)
        standing = known[0] if known else lower_standing(terms, self._document, lowering)
        try:
            within = known[1].place_in(lowering) if known else self._within(terms, lowering)
            items = plan.EVERY if own.items is None else own.items.lower(within.at("items"))
            conditions = () if own.when is None else own.when.lower_each(within.at("when"))
            deal = known[1] if known else lower_deal(terms, index, self._document, within)
            items = _items_of_sets(items, deal.trigger)
        except NoFigure:
            items, conditions, deal = _items_at_least(own, terms, lowering), (), NO_DEAL
        if known is None:
            standing, deal = self._shared(standing, deal)
        tests = (*parts_of(items), *deal.tests)
        labels = self._one(tuple(sorted(own.labels.items()))) if own.labels else ()
        rule = plan.Promotion(  # not by name, which takes twice as long
            index,
            own.id,
            own.priority,
            self._one(items),
            self._one(conditions) if conditions else (),
            codes,
            schedule,
            deal.trigger,
            deal.limits,
            standing.groups,
            terms.exclusive,
            terms.stop,
            standing.funding,
            labels,
            terms.apply or ("always" if codes is None else "if_better"),
            deal.threshold_base,
            standing.stages,
            (),
            priced=deal is not NO_DEAL,
            launch_days=days_read([*tests, *tests_of_conditions(conditions)] if conditions else tests),
            refuse_for=standing.refuse_for,
        )
        if known is None:
            check_terms(rule, deal.effects, lowering)
        check_units(rule, deal.effects, tests, lowering)
        if known is None and key is not None and deal is not NO_DEAL:
            self._terms[key] = (standing, deal)
        return LoweredPromotion(rule, _effects_of(index, deal), tests)

    def _schedule(self, promotion: PromotionDocument, lowering: Lowering) -> plan.Schedule | None:
        if promotion.schedule is None or self._zone is None:
            return None
        return self._one(lower_schedule(promotion.schedule, self._zone, lowering.at("schedule")))

    def _within(self, promotion: PromotionDocument, lowering: Lowering) -> Lowering:
        """The place of a promotion that knows its stage, and on what thresholds are measured there."""
        stage = lowering.stage_called(promotion.stage, "stage")
        stated = promotion.threshold_base or self._document.stages[stage].threshold_base
        base = threshold_base(stated, stage, lowering)
        return Lowering(lowering.frame, lowering.path, stage, threshold_base=base)

    def _shared(self, standing: Standing, deal: Deal) -> tuple[Standing, Deal]:
        """The same terms, of values that other terms have too."""
        one = self._one
        standing = replace(
            standing, groups=one(standing.groups), funding=one(standing.funding), stages=one(standing.stages)
        )
        if deal is NO_DEAL:
            return standing, deal
        effects = tuple([replace(each, reward=one(each.reward), action=one(each.action)) for each in deal.effects])
        return standing, replace(deal, trigger=one(deal.trigger), limits=one(deal.limits), effects=effects)

    def _one(self, value: Value) -> Value:
        """The first value that was equal to this."""
        return cast("Value", self._values.setdefault(value, value))


def _effects_of(index: int, deal: Deal) -> tuple[plan.Effect, ...]:
    """The effects of the promotion of this number."""
    return tuple(
        [
            plan.Effect(index, each.stage, each.position, each.tier, each.reward, each.action, each.effect_class)
            for each in deal.effects
        ]
    )


def _codes(rule: CodesRule, lowering: Lowering) -> plan.Codes:
    if not rule.listed and not rule.pools:
        lowering.report("empty_codes", "codes are listed, or come from pools")
    listed = [normal_code(code) for code in rule.listed or ()]
    seen: set[str] = set()
    for index, code in enumerate(listed):
        if code in seen:
            lowering.report("duplicate_code", f"{code} stands here twice: codes ignore case", "listed", index)
        seen.add(code)
    return plan.Codes(frozenset(seen), frozenset(rule.pools or ()), rule.per_cart)


def _items_at_least(own: PromotionDocument, terms: PromotionDocument, lowering: Lowering) -> plan.Test:
    """The items of a promotion without its figures; everything where the items themselves lack one."""
    lowering = replace(lowering, stage=lowering.stage_called(terms.stage, "stage"))
    try:
        items = plan.EVERY if own.items is None else own.items.lower(lowering.at("items"))
    except NoFigure:
        return plan.EVERY
    if not isinstance(terms.trigger, UnitSet):
        return items
    try:
        return _items_of_sets(items, terms.trigger.lower(lowering, (), False))
    except NoFigure:
        return items


def _items_of_sets(items: plan.Test, trigger: plan.Trigger) -> plan.Test:
    """Behind a set of parts, the items are what can fill a part."""
    if not isinstance(trigger, plan.SetTrigger) or not trigger.parts:
        return items
    if any(part.test == plan.EVERY for part in trigger.parts):
        return items
    parts = trigger.parts[0].test if len(trigger.parts) == 1 else plan.AnyOf(tuple(p.test for p in trigger.parts))
    return parts if items == plan.EVERY else plan.AllOf((items, parts))
