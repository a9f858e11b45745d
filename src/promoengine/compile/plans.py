"""Lowered promotions become a plan: the total order, the index, and what the engine must remember."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.compile.checks import check_lowered, known_zone
from promoengine.compile.index import build_index
from promoengine.compile.promotions import LoweredPromotion, check_allocations, frame_lowering, lower_promotion
from promoengine.compile.selections import days_read, parts_of, tests_of_units
from promoengine.document import CampaignDocument, FloorRule
from promoengine.kinds.lowering import Frame, Lowering, NoFigure
from promoengine.money import parse_percent


def build_plan(document: CampaignDocument, places: tuple[int, ...], frame: Frame, content_hash: str) -> plan.Plan:
    """The plan of the frame's currency. What is wrong is added to the frame's diagnostics."""
    zone = ZoneInfo(document.timezone) if known_zone(document.timezone) else None
    check_allocations(document, frame)
    ranks = ranks_of(document)
    lowered = []
    for place, rank, promotion in zip(places, ranks, document.promotions, strict=True):
        lowering = frame_lowering(frame, place)
        each = lower_promotion(promotion, rank, document, zone, lowering)
        check_lowered(each.promotion, each.effects, lowering)
        lowered.append(each)
    promotions, effects = in_order(lowered)
    return plan.Plan(
        campaign=document.campaign,
        content_hash=content_hash,
        currency=frame.currency,
        exponent=frame.exponent,
        timezone=document.timezone,
        stages=frame.stages,
        groups=tuple(plan.Group(group.name, group.scope, group.at_most) for group in document.groups),
        floors=_floors(document, frame),
        shared_limits=_shared_limits(document, frame),
        tax=_tax(document),
        max_nodes=document.search.max_nodes,
        facts=tuple(sorted(document.facts.items())),
        promotions=promotions,
        effects=effects,
        index=build_index(promotions),
        asks_for_rewards=_asks_for_rewards(lowered),
        stages_remembered=frozenset(
            each.threshold_base.stage for each in promotions if isinstance(each.threshold_base, plan.AfterStage)
        ),
    )


def _asks_for_rewards(lowered: list[LoweredPromotion]) -> bool:
    for each in lowered:
        for test in tests_of_units(each.promotion.items, each.promotion.trigger, each.effects):
            if isinstance(test, plan.RewardedBy):
                return True
    return False


def ranks_of(document: CampaignDocument) -> list[int]:
    """The number of each promotion, in the order of the document. Promotions are numbered by (priority, id), so that
    within a stage their numbers are the total order.
    """
    promotions = document.promotions
    ranks = [0] * len(promotions)
    in_turn = sorted(range(len(promotions)), key=lambda place: (promotions[place].priority, promotions[place].id))
    for rank, place in enumerate(in_turn):
        ranks[place] = rank
    return ranks


def in_order(
    lowered: list[LoweredPromotion],
) -> tuple[tuple[plan.Promotion, ...], tuple[plan.Effect, ...]]:
    """Promotions by their numbers, and all effects in the total order; each promotion knows the places of its own."""
    effects = [effect for each in lowered for effect in each.effects]
    effects.sort(key=lambda effect: (effect.stage, effect.promotion, effect.position, effect.tier))
    mine: dict[int, list[int]] = {}
    for position, effect in enumerate(effects):
        mine.setdefault(effect.promotion, []).append(position)
    promotions = sorted([each.promotion for each in lowered], key=lambda promotion: promotion.index)
    for promotion in promotions:
        # Where its effects stand is known only now, and nobody has seen the promotion yet: made anew for this, a
        # hundred thousand promotions would take a second longer.
        object.__setattr__(promotion, "effects", tuple(mine.get(promotion.index, ())))
    return tuple(promotions), tuple(effects)


def _floors(document: CampaignDocument, frame: Frame) -> tuple[plan.Floor, ...]:
    floors = []
    for index, rule in enumerate(document.floors):
        lowering = Lowering(frame, ("floors", index))
        try:
            floors.append(_floor(rule, lowering))
        except NoFigure:
            lowering.report("floor_without_figure", f"this floor states no amount in {frame.currency}", "amount")
    return tuple(floors)


def _floor(rule: FloorRule, lowering: Lowering) -> plan.Floor:
    test = plan.EVERY if rule.items is None else rule.items.lower(lowering.at("items"))
    for part in parts_of(test):
        if isinstance(part, plan.RewardedBy) or (isinstance(part, plan.Holds) and part.field == "shipping_method"):
            lowering.report("floor_reads_goods", "a floor reads goods as they are given", "items")
    minor = 0 if rule.amount is None else lowering.minor(rule.amount, "amount")
    rate = None if rule.rate is None else parse_percent(rule.rate)
    return plan.Floor(rule.per, test, minor, rate, rule.field, days_read(parts_of(test)))


def _shared_limits(document: CampaignDocument, frame: Frame) -> tuple[plan.SharedLimit, ...]:
    shared = []
    for index, rule in enumerate(document.shared_limits):
        lowering = Lowering(frame, ("shared_limits", index))
        budget = None
        try:
            budget = None if rule.budget is None else lowering.minor(rule.budget, "budget")
        except NoFigure:
            lowering.report("limit_without_figure", f"this budget states no amount in {frame.currency}", "budget")
        shared.append(plan.SharedLimit(rule.name, rule.uses, rule.stock, budget))
    return tuple(shared)


def _tax(document: CampaignDocument) -> plan.Tax | None:
    rule = document.tax
    return None if rule is None else plan.Tax(rule.prices_include_tax, rule.at, rule.mode)
