"""Lowered promotions become a plan: the total order, the index, and what the engine must remember."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from promoengine import plan
from promoengine.compile.index import build_index
from promoengine.compile.promotions import Lowerer
from promoengine.compile.selections import days_read, parts_of
from promoengine.compile.terms import check_allocations
from promoengine.document import CampaignDocument, FloorRule
from promoengine.document.repeated import Written
from promoengine.kinds.lowering import Frame, Lowering, NoFigure
from promoengine.money import parse_percent


class PlanBuilder:
    """Makes the plan of a frame's currency: each promotion is added once, in any order. What is wrong is added to the
    frame's diagnostics.
    """

    __slots__ = ("_asks_for_rewards", "_document", "_effects", "_frame", "_lowerer", "_promotions")

    def __init__(self, document: CampaignDocument, frame: Frame) -> None:
        """`document` is asked for everything but its promotions."""
        check_allocations(document, frame)
        self._document, self._frame = document, frame
        self._lowerer = Lowerer(document, frame)
        self._promotions: list[plan.Promotion] = []
        self._effects: list[plan.Effect] = []
        self._asks_for_rewards = False

    def add(self, written: Written, rank: int, place: int) -> None:
        """A promotion, of this number in the order of promotions, and at this place of the list as written."""
        lowered = self._lowerer.lower(written, rank, place)
        self._promotions.append(lowered.promotion)
        self._effects += lowered.effects
        if plan.RewardedBy in map(type, lowered.tests):
            self._asks_for_rewards = True

    def plan(self, content_hash: str) -> plan.Plan:
        """The plan, once all promotions have been added."""
        document, frame = self._document, self._frame
        promotions, effects = in_order(self._promotions, self._effects)
        return plan.Plan(
            campaign=document.campaign,
            content_hash=content_hash,
            currency=frame.currency,
            exponent=frame.exponent,
            timezone=document.timezone,
            stages=frame.stages,
            groups=tuple([plan.Group(group.name, group.scope, group.at_most) for group in document.groups]),
            floors=_floors(document, frame),
            shared_limits=_shared_limits(document, frame),
            tax=_tax(document),
            max_nodes=document.search.max_nodes,
            facts=tuple(sorted(document.facts.items())),
            promotions=promotions,
            effects=effects,
            index=build_index(promotions),
            asks_for_rewards=self._asks_for_rewards,
            stages_remembered=frozenset(
                [each.threshold_base.stage for each in promotions if isinstance(each.threshold_base, plan.AfterStage)]
            ),
        )


def ranks_of(keys: Sequence[tuple[int, str]]) -> list[int]:
    """The number of each promotion, in the order in which they are given. Promotions are numbered by (priority, id), so
    that within a stage their numbers are the total order.
    """
    ranks = [0] * len(keys)
    for rank, place in enumerate(sorted(range(len(keys)), key=keys.__getitem__)):
        ranks[place] = rank
    return ranks


def in_order(
    promotions: list[plan.Promotion], effects: list[plan.Effect]
) -> tuple[tuple[plan.Promotion, ...], tuple[plan.Effect, ...]]:
    """Promotions by their numbers, and all effects in the total order; each promotion knows the places of its own."""
    promotions.sort(key=attrgetter("index"))
    effects.sort(key=attrgetter("stage", "promotion", "position", "tier"))
    mine: list[tuple[int, ...]] = [()] * len(promotions)
    for place, effect in enumerate(effects):
        mine[effect.promotion] += (place,)
    for promotion, places in zip(promotions, mine, strict=True):
        # Where its effects stand is known only now, and nobody has seen the promotion yet: made anew for this, a
        # hundred thousand promotions would take a second longer.
        object.__setattr__(promotion, "effects", places)
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
