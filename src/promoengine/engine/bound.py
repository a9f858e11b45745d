"""A plan made ready to run: its tests bound, its effects grouped by stage. Made once; shared by threads."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.engine.binding import Binder, CartTest, LineTest, Selection, possibly
from promoengine.engine.reach import Anywhere, Reach, anywhere_of, reach_of
from promoengine.engine.straight import Straight, straight_of
from promoengine.plan import Floor, Plan, SharedLimit
from promoengine.quote import Outcome


@dataclass(frozen=True, slots=True)
class BoundPromotion:
    """A promotion with its items and conditions bound; `parts` are the tests of its set, where it has one."""

    rule: plan.Promotion
    items: Selection
    conditions: tuple[tuple[plan.Condition, CartTest], ...]
    parts: tuple[Selection, ...]
    possible: LineTest | None
    """For items that read launches, prices or rewards: whether some of those select a line, and whether some do not."""
    rewards: dict[int, Selection]
    """The own items of those of its effects that have some, by effect index."""
    straight: Straight | None
    """How it is worked out line by line; None where it is not."""
    applied: Outcome
    """Its outcome where it applies."""
    covers_goods_only: bool
    """Whether its items are goods; else, as a stage of it covers both, they may be shipping too."""
    is_keyed: bool
    """Whether its items are those by which the index finds it, so that they need not be tested."""
    asks_nothing: bool
    """Whether it is a candidate wherever it has items: nothing is asked of the cart or the moment."""
    benefits: tuple[int, ...]
    """The first effect of each of its benefits."""
    reach: Reach | None
    """What its lines must come to for it to act at all."""
    is_optional: bool
    """Whether it acts only where that helps."""
    may_exclude: bool
    """Whether a group, exclusivity or a stop sets it against others."""
    last_stage: int
    """The last stage in which it acts."""
    claims_in: tuple[tuple[int, bool], ...]
    """The stages in which it may claim units from others, and whether a reward has items of its own there."""


@dataclass(frozen=True, slots=True)
class BoundPlan:
    """A plan and its bound promotions, by index."""

    plan: Plan
    zone: ZoneInfo
    promotions: tuple[BoundPromotion, ...]
    floors: tuple[tuple[Floor, Selection], ...]
    mark_of_stage: dict[int, int]
    """Which mark of a run is the closing price of a remembered stage."""
    scoped_groups: bool
    """Whether any named group looks at units, lines or sellers, so that runs must remember who held them."""
    anywhere: Anywhere
    """The promotions that concern every cart."""
    benefits: dict[int, tuple[int, int, tuple[int, ...]]]
    """By the first effect of a benefit: its stage, its promotion, and its effects, which are the rungs of a ladder."""
    asks_for_rewards: bool
    """Whether any test asks what rewarded a unit earlier, so that runs must remember that too."""
    shared_limits: dict[str, SharedLimit]
    """The shared limits by name."""


def bind(source: plan.Plan) -> BoundPlan:
    """Bind every test and condition of a plan."""
    binder = Binder(source)
    promotions = tuple([_bind_promotion(rule, source, binder) for rule in source.promotions])
    floors = tuple([(floor, binder.selection(floor.test)) for floor in source.floors])
    return BoundPlan(
        plan=source,
        zone=ZoneInfo(source.timezone),
        promotions=promotions,
        floors=floors,
        mark_of_stage={stage: mark for mark, stage in enumerate(sorted(source.stages_remembered))},
        scoped_groups=any([group.scope != "cart" for group in source.groups]),
        anywhere=anywhere_of(source),
        benefits={
            rungs[0]: (source.effects[rungs[0]].stage, rule.index, rungs)
            for rule in source.promotions
            for rungs in _rungs_of(rule, source)
        },
        asks_for_rewards=binder.asks_for_rewards,
        shared_limits={shared.name: shared for shared in source.shared_limits},
    )


def _bind_promotion(rule: plan.Promotion, source: plan.Plan, binder: Binder) -> BoundPromotion:
    parts: tuple[Selection, ...] = ()
    if isinstance(rule.trigger, plan.SetTrigger):
        parts = tuple([binder.selection(part.test) for part in rule.trigger.parts])
    rewards = {}
    for index in rule.effects:
        items = source.effects[index].reward.items
        if items is not None:
            rewards[index] = binder.selection(items)
    conditions = tuple([(condition, binder.condition(condition)) for condition in rule.conditions])
    selection = binder.selection(rule.items)
    possible = possibly(rule.items) if selection.by_unit or rule.launch_days else None
    by_unit = selection.by_unit or any([own.by_unit for own in rewards.values()])
    goods_only = not any([source.stages[stage].goods and source.stages[stage].shipping for stage in rule.stages])
    return BoundPromotion(
        rule=rule,
        items=selection,
        conditions=conditions,
        parts=parts,
        possible=possible,
        rewards=rewards,
        straight=straight_of(rule, source, by_unit=by_unit),
        applied=Outcome(rule.id, "applied"),
        covers_goods_only=goods_only,
        is_keyed=goods_only and isinstance(rule.items, plan.Holds) and rule.items.field in plan.INDEXED,
        asks_nothing=goods_only and possible is None and _asks_nothing(rule),
        benefits=tuple([rungs[0] for rungs in _rungs_of(rule, source)]),
        reach=reach_of(rule),
        is_optional=rule.apply == "if_better",
        may_exclude=bool(rule.groups or rule.exclusive or rule.stop),
        last_stage=max([source.effects[index].stage for index in rule.effects], default=0),
        claims_in=_claims_in(rule, source),
    )


def _rungs_of(rule: plan.Promotion, source: plan.Plan) -> list[tuple[int, ...]]:
    """The effects of each benefit: the rungs of its ladder in one stage, or the only one."""
    found: dict[tuple[int, int], list[int]] = {}
    for index in sorted(rule.effects):
        effect = source.effects[index]
        found.setdefault((effect.stage, effect.position), []).append(index)
    return [tuple(rungs) for rungs in found.values()]


def _asks_nothing(rule: plan.Promotion) -> bool:
    asked = rule.codes is not None or rule.schedule is not None or rule.conditions
    return rule.priced and not asked and rule.trigger.per == "cart"


def _claims_in(rule: plan.Promotion, source: plan.Plan) -> tuple[tuple[int, bool], ...]:
    effects = [source.effects[index] for index in rule.effects]
    claiming = [each for each in effects if each.effect_class is not plan.Class.FREE]
    found = {(each.stage, each.reward.items is not None) for each in claiming if not source.stages[each.stage].stacks}
    return tuple(sorted(found))
