"""The terms of a promotion: what fires it, what it gives, how much of it, and how it combines with others. Which units
and customers they are for, and when, is `promotions`' business. Many promotions share their terms to the letter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from promoengine import plan
from promoengine.compile.ladders import graduated_action
from promoengine.compile.selections import tests_of_acts
from promoengine.document import CampaignDocument, PromotionDocument
from promoengine.document.promotion import AfterStageBase, ThresholdBase
from promoengine.kinds.base import BenefitKind, LoweredBenefit
from promoengine.kinds.lowering import Frame, Lowering
from promoengine.kinds.triggers.none import NoTrigger
from promoengine.money import parse_percent
from promoengine.suggestions import did_you_mean


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the terms, what states no amount."""

    stages: tuple[int, ...]
    groups: tuple[int, ...]
    funding: plan.Funding
    refuse_for: frozenset[plan.RefusedFor]


@dataclass(frozen=True, slots=True)
class Deal:
    """Of the terms, what states amounts. The effects are those of the promotion that had these terms first; `tests` are
    those by which trigger and effects select units of their own.
    """

    stage: int
    threshold_base: plan.Base
    trigger: plan.Trigger
    limits: plan.Limits
    effects: tuple[plan.Effect, ...]
    tests: tuple[plan.Test, ...]

    def place_in(self, lowering: Lowering) -> Lowering:
        """The place of a promotion, with the stage and the base of these terms."""
        return Lowering(lowering.frame, lowering.path, self.stage, threshold_base=self.threshold_base)


def lower_standing(promotion: PromotionDocument, document: CampaignDocument, lowering: Lowering) -> Standing:
    """How the promotion combines with others, and who bears it."""
    shares = tuple([(name, parse_percent(share)) for name, share in sorted(promotion.funding.shares.items())])
    return Standing(
        _stages(promotion, lowering.frame),
        _groups(promotion, document, lowering),
        plan.Funding(shares, promotion.funding.rest),
        frozenset(promotion.refuse_for or ()),
    )


def lower_deal(promotion: PromotionDocument, index: int, document: CampaignDocument, lowering: Lowering) -> Deal:
    """What fires the promotion, what it gives and how much of it, at a place that knows its stage and its base. Raises
    `NoFigure`.
    """
    rungs = tuple([tier.at for tier in promotion.tiers or ()])
    trigger = (promotion.trigger or NoTrigger(kind="none")).lower(lowering, rungs, promotion.graduated)
    limits = plan.UNLIMITED if promotion.limits is None else promotion.limits.lower(lowering.at("limits"))
    effects = lower_effects(promotion, index, document, replace(lowering, trigger=trigger))
    return Deal(
        lowering.stage, lowering.threshold_base, trigger, limits, effects, tuple(tests_of_acts(trigger, effects))
    )


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
