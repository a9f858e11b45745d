"""A plan made ready to run: its tests bound, and what a pass asks of each promotion at hand. Shared by threads."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.engine.binding import Binder, CartTest, LineTest, Selection, possibly
from promoengine.engine.reach import Owed, Reach, anywhere_of, covers_goods_only, owed_of, reach_of
from promoengine.engine.straight import Straight, straight_of
from promoengine.plan import Plan
from promoengine.quote import Outcome
from promoengine.records import dataclass


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
    benefits: tuple[tuple[int, tuple[int, ...]], ...]
    """Of each of its benefits: the stage, and all effects, which are the rungs of a ladder."""
    has_rungs: bool
    """Whether it has several effects: its trigger is then held for the later ones."""
    reach: Reach | None
    """What its lines must come to for it to act at all."""
    owed: Owed | None
    """What its outcome is made of where they cannot; None where only a pass knows."""
    owed_of_goods: Owed | None
    """The same where its items are all goods, and nothing else is asked of the cart."""
    is_optional: bool
    """Whether it acts only where that helps."""
    may_exclude: bool
    """Whether a group, exclusivity or a stop sets it against others."""
    last_stage: int
    """The last stage in which it acts."""
    claims_in: tuple[tuple[tuple[int, int], bool], ...]
    """In which stages, and with which number, it may claim units from others; and whether its reward has items of its
    own there.
    """


class BoundPlan:
    """A plan and its bound promotions. A promotion is bound when a cart first finds it: of a hundred thousand, most
    carts find a few dozen. Binding it twice, in two threads at once, gives two that are alike.
    """

    __slots__ = (
        "_binder",
        "_promotions",
        "anywhere",
        "asks_for_rewards",
        "floors",
        "mark_of_stage",
        "may_refuse",
        "plan",
        "scoped_groups",
        "shared_limits",
        "zone",
    )

    def __init__(self, source: Plan) -> None:
        self.plan = source
        self.zone = ZoneInfo(source.timezone)
        self._binder = Binder(source)
        self._promotions: dict[int, BoundPromotion] = {}
        self.floors = tuple([(floor, self._binder.selection(floor.test)) for floor in source.floors])
        self.mark_of_stage = {stage: mark for mark, stage in enumerate(sorted(source.stages_remembered))}
        """Which mark of a run is the closing price of a remembered stage."""
        self.scoped_groups = any([group.scope != "cart" for group in source.groups])
        """Whether any named group looks at units, lines or sellers, so that runs must remember who held them."""
        self.may_refuse = any([rule.refuse_for for rule in source.promotions])
        """Whether any promotion may refuse a whole cart for what becomes of it."""
        self.anywhere = anywhere_of(source)
        """The promotions that concern every cart."""
        self.asks_for_rewards = source.asks_for_rewards
        """Whether any test asks what rewarded a unit earlier, so that runs must remember that too."""
        self.shared_limits = {shared.name: shared for shared in source.shared_limits}
        """The shared limits by name."""

    def promotion(self, index: int) -> BoundPromotion:
        """The promotion of this number, bound."""
        found = self._promotions.get(index)
        if found is None:
            found = self._promotions[index] = _bind_promotion(self.plan.promotions[index], self.plan, self._binder)
        return found

    def promotions(self, indexes: Iterable[int]) -> list[BoundPromotion]:
        """Those of these numbers. A thousand may concern every cart, so each is looked up and not called for."""
        known = self._promotions
        return [known[index] if index in known else self.promotion(index) for index in indexes]


def bind(source: Plan) -> BoundPlan:
    """A plan made ready to run."""
    return BoundPlan(source)


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
    goods_only = covers_goods_only(rule, source)
    asks_nothing = goods_only and possible is None and _asks_nothing(rule)
    owed = owed_of(rule, source, by_unit=selection.by_unit)
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
        asks_nothing=asks_nothing,
        benefits=_benefits(rule, source),
        has_rungs=len(rule.effects) > 1,
        reach=reach_of(rule),
        owed=owed,
        owed_of_goods=owed if asks_nothing and selection.test is None else None,
        is_optional=rule.apply == "if_better",
        may_exclude=bool(rule.groups or rule.exclusive or rule.stop),
        last_stage=max([source.effects[index].stage for index in rule.effects], default=0),
        claims_in=_claims_in(rule, source),
    )


def _benefits(rule: plan.Promotion, source: plan.Plan) -> tuple[tuple[int, tuple[int, ...]], ...]:
    found: dict[tuple[int, int], list[int]] = {}
    for index in sorted(rule.effects):
        effect = source.effects[index]
        found.setdefault((effect.stage, effect.position), []).append(index)
    return tuple([(stage, tuple(rungs)) for (stage, _), rungs in found.items()])


def _asks_nothing(rule: plan.Promotion) -> bool:
    asked = rule.codes is not None or rule.schedule is not None or rule.conditions
    return rule.priced and not asked and rule.trigger.per == "cart"


def _claims_in(rule: plan.Promotion, source: plan.Plan) -> tuple[tuple[tuple[int, int], bool], ...]:
    effects = [source.effects[index] for index in rule.effects]
    claiming = [each for each in effects if each.effect_class is not plan.Class.FREE]
    found = {
        ((each.stage, rule.priority), each.reward.items is not None)
        for each in claiming
        if not source.stages[each.stage].stacks
    }
    return tuple(sorted(found))
