"""One promotion becomes one `plan.Promotion` and its effects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.compile.ladders import graduated_action
from promoengine.compile.schedules import lower_schedule
from promoengine.compile.selections import launch_days
from promoengine.document import CampaignDocument, CodesRule, PromotionDocument
from promoengine.document.promotion import AfterStageBase, ThresholdBase
from promoengine.fields import normal_code
from promoengine.kinds.base import BenefitKind, LoweredBenefit
from promoengine.kinds.lowering import Frame, Lowering, NoFigure
from promoengine.kinds.triggers.none import NoTrigger
from promoengine.kinds.triggers.set import UnitSet
from promoengine.money import parse_percent
from promoengine.suggestions import did_you_mean


@dataclass(frozen=True, slots=True)
class LoweredPromotion:
    """A promotion and its effects, before either knows its position in the plan."""

    promotion: plan.Promotion
    effects: tuple[plan.Effect, ...]


def lower_promotion(
    promotion: PromotionDocument, index: int, document: CampaignDocument, zone: ZoneInfo | None, lowering: Lowering
) -> LoweredPromotion:
    """The promotion in the frame's currency; without its figures where it states none in it. `index` is its place in
    the order of promotions.
    """
    head = _head(promotion, index, document, zone, lowering)
    try:
        return _with_figures(head, promotion, index, document, lowering)
    except NoFigure:
        items = _items_at_least(promotion, lowering)
        unpriced = plan.Promotion(
            **head,
            items=items,
            conditions=(),
            trigger=plan.Unconditional(),
            limits=plan.UNLIMITED,
            threshold_base="entry",
            effects=(),
            priced=False,
            launch_days=launch_days(items, plan.Unconditional(), (), ()),
        )
        return LoweredPromotion(unpriced, ())


def _head(
    promotion: PromotionDocument, index: int, document: CampaignDocument, zone: ZoneInfo | None, lowering: Lowering
) -> dict[str, Any]:
    """The fields of the lowered promotion that state no amount."""
    schedule = None
    if promotion.schedule is not None and zone is not None:
        schedule = lower_schedule(promotion.schedule, zone, lowering.at("schedule"))
    return {
        "index": index,
        "id": promotion.id,
        "priority": promotion.priority,
        "codes": None if promotion.codes is None else _codes(promotion.codes, lowering.at("codes")),
        "schedule": schedule,
        "groups": _groups(promotion, document, lowering),
        "exclusive": promotion.exclusive,
        "stop": promotion.stop,
        "funding": plan.Funding(
            tuple([(name, parse_percent(share)) for name, share in sorted(promotion.funding.shares.items())]),
            promotion.funding.rest,
        ),
        "labels": tuple(sorted(promotion.labels.items())),
        "apply": promotion.apply or ("always" if promotion.codes is None else "if_better"),
        "stages": _stages(promotion, lowering.frame),
        "refuse_for": frozenset(promotion.refuse_for or ()),
    }


def _stages(promotion: PromotionDocument, frame: Frame) -> tuple[int, ...]:
    """The stages of its benefits, as far as there are such."""
    benefits = [*(promotion.benefit or ()), *(each for tier in promotion.tiers or () for each in tier.benefit)]
    names = {benefit.stage or promotion.stage for benefit in benefits}
    return tuple(sorted(frame.stage_index[name] for name in names if name in frame.stage_index))


def _groups(promotion: PromotionDocument, document: CampaignDocument, lowering: Lowering) -> tuple[int, ...]:
    if not promotion.groups:
        return ()
    positions = {group.name: index for index, group in enumerate(document.groups)}
    for index, name in enumerate(promotion.groups or ()):
        if name not in positions:
            hint = did_you_mean(name, positions) or "declare it under groups"
            lowering.report("unknown_group", f"no group is called {name!r}", "groups", index, hint=hint)
    return tuple(positions[name] for name in promotion.groups or () if name in positions)


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


def _with_figures(
    head: dict[str, Any], promotion: PromotionDocument, index: int, document: CampaignDocument, lowering: Lowering
) -> LoweredPromotion:
    """The promotion with items, conditions, trigger, limits and effects. Raises `NoFigure`."""
    stage = lowering.stage_called(promotion.stage, "stage")
    base = threshold_base(promotion.threshold_base or document.stages[stage].threshold_base, stage, lowering)
    lowering = Lowering(lowering.frame, lowering.path, stage, threshold_base=base)
    items = plan.EVERY if promotion.items is None else promotion.items.lower(lowering.at("items"))
    conditions = () if promotion.when is None else promotion.when.lower_each(lowering.at("when"))
    rungs = tuple([tier.at for tier in promotion.tiers or ()])
    trigger = (promotion.trigger or NoTrigger(kind="none")).lower(lowering, rungs, promotion.graduated)
    limits = plan.UNLIMITED if promotion.limits is None else promotion.limits.lower(lowering.at("limits"))
    behind = Lowering(lowering.frame, lowering.path, stage, threshold_base=base, trigger=trigger)
    effects = lower_effects(promotion, index, document, behind)
    items = _items_of_sets(items, trigger)
    full = plan.Promotion(
        **head,
        items=items,
        conditions=conditions,
        trigger=trigger,
        limits=limits,
        threshold_base=base,
        effects=(),
        launch_days=launch_days(items, trigger, conditions, effects),
    )
    return LoweredPromotion(full, effects)


def _items_at_least(promotion: PromotionDocument, lowering: Lowering) -> plan.Test:
    """The items of a promotion without its figures; everything where the items themselves lack one."""
    lowering = replace(lowering, stage=lowering.stage_called(promotion.stage, "stage"))
    try:
        items = plan.EVERY if promotion.items is None else promotion.items.lower(lowering.at("items"))
    except NoFigure:
        return plan.EVERY
    if not isinstance(promotion.trigger, UnitSet):
        return items
    try:
        return _items_of_sets(items, promotion.trigger.lower(lowering, (), False))
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


def threshold_base(base: ThresholdBase, stage: int, lowering: Lowering) -> plan.Base:
    """A base as written; `after` must name an earlier stage."""
    if not isinstance(base, AfterStageBase):
        return base
    after = lowering.stage_called(base.after, "threshold_base", "after")
    if after >= stage and base.after in lowering.frame.stage_index:
        lowering.report(
            "stage_not_earlier",
            f"{base.after!r} is not earlier than {lowering.frame.stages[stage].name!r}",
            "threshold_base",
            "after",
        )
    return plan.AfterStage(after)


def lower_effects(
    promotion: PromotionDocument, index: int, document: CampaignDocument, lowering: Lowering
) -> tuple[plan.Effect, ...]:
    """The effects of a promotion: one for each benefit, or for each benefit of each rung; graduated, one."""
    if (promotion.benefit is None) == (promotion.tiers is None):
        lowering.report("benefit_or_tiers", "a promotion states benefit, or tiers", "benefit")
        return ()
    if promotion.graduated:
        return _graduated_effect(promotion, index, document, lowering)
    effects = []
    for tier, path, benefits in _rungs(promotion):
        for position, benefit in enumerate(benefits):
            stage, lowered = _lowered(benefit, document, promotion, lowering.at(*path, position))
            effects.append(
                plan.Effect(index, stage, position, tier, lowered.reward, lowered.action, lowered.effect_class)
            )
    if all(effect.stage > lowering.stage for effect in effects):
        message = f"none of its benefits acts in stage {lowering.stage_name!r}"
        lowering.report("stage_without_benefit", message, "stage")
    return tuple(effects)


def _rungs(promotion: PromotionDocument) -> list[tuple[int, tuple[str | int, ...], tuple[BenefitKind, ...]]]:
    if promotion.tiers is None:
        return [(-1, ("benefit",), promotion.benefit or ())]
    return [(index, ("tiers", index, "benefit"), tier.benefit) for index, tier in enumerate(promotion.tiers)]


def _lowered(
    benefit: BenefitKind, document: CampaignDocument, promotion: PromotionDocument, lowering: Lowering
) -> tuple[int, LoweredBenefit]:
    """A benefit, and the stage in which it acts."""
    stage = lowering.stage if benefit.stage is None else lowering.stage_called(benefit.stage, "stage")
    if stage < lowering.stage:
        lowering.report("stage_earlier", "a benefit does not act in an earlier stage than its promotion", "stage")
    return stage, benefit.lower(_in_stage(lowering, stage, document, promotion))


def _in_stage(lowering: Lowering, stage: int, document: CampaignDocument, promotion: PromotionDocument) -> Lowering:
    return Lowering(
        lowering.frame,
        lowering.path,
        stage,
        promotion.discount_base or document.stages[stage].discount_base,
        lowering.threshold_base,
        _allocation_of(document, stage, lowering.frame),
        lowering.trigger,
    )


def _allocation_of(document: CampaignDocument, stage: int | None, frame: Frame) -> plan.Allocation:
    """How a stage shares amounts: as it says itself, else as the campaign says."""
    known = frame.allocations.get(stage)
    if known is None:
        known = frame.allocations[stage] = _lowered_allocation(document, stage, frame)
    return known


def _lowered_allocation(document: CampaignDocument, stage: int | None, frame: Frame) -> plan.Allocation:
    own = None if stage is None else document.stages[stage].allocation
    if own is None:
        return document.allocation.lower(Lowering(frame, ("allocation",)))
    return own.lower(Lowering(frame, ("stages", stage or 0, "allocation")))


def check_allocations(document: CampaignDocument, frame: Frame) -> None:
    """Report what is wrong with the campaign's allocation and the stages' own, whether or not a promotion uses it."""
    for stage in (None, *range(len(document.stages))):
        _allocation_of(document, stage, frame)


def _graduated_effect(
    promotion: PromotionDocument, index: int, document: CampaignDocument, lowering: Lowering
) -> tuple[plan.Effect, ...]:
    lowered: list[LoweredBenefit] = []
    for rung, tier in enumerate(promotion.tiers or ()):
        within = lowering.at("tiers", rung, "benefit")
        if len(tier.benefit) != 1 or tier.benefit[0].stage is not None:
            within.report("graduated_one_benefit", "a graduated rung has one benefit, in the promotion's stage")
        lowered.append(tier.benefit[0].lower(_in_stage(within.at(0), lowering.stage, document, promotion)))
    action = graduated_action(_in_stage(lowering, lowering.stage, document, promotion), lowered)
    if action is None:
        return ()
    spread = plan.Class.SPREAD if isinstance(action, plan.GraduatedPercent) else plan.Class.UNIT_WISE
    return (plan.Effect(index, lowering.stage, 0, -1, lowered[0].reward, action, spread),)


def frame_lowering(frame: Frame, position: int) -> Lowering:
    """The place of a promotion in the document."""
    return Lowering(frame, ("promotions", position))
