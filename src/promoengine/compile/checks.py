"""Cross-checks: what no model can see alone. Each function reports what it finds and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.compile.selections import tests_of_conditions, tests_of_units
from promoengine.document import CampaignDocument
from promoengine.errors import Diagnostic, Path, Place
from promoengine.kinds.lowering import Lowering
from promoengine.suggestions import did_you_mean

NOT_MULTIPLIED = (plan.Percent, plan.UnitPrice, plan.SetPrice, plan.TotalPrice, plan.Redeem)


def check_document(document: CampaignDocument, ids: Sequence[str], places: Iterable[int]) -> Iterator[Diagnostic]:
    """Names that must be unique, the zone, and the bases of stages. `ids` are the promotions', and `places` where these
    stand in the list as written.
    """
    yield from _duplicates(
        ((each, ("promotions", place, "id")) for place, each in zip(places, ids, strict=True)), "promotion id"
    )
    for field in ("stages", "groups", "shared_limits"):
        named = (((each.name), (field, index, "name")) for index, each in enumerate(getattr(document, field)))
        yield from _duplicates(named, field.rstrip("s").replace("_", " "))
    names = {*ids}
    for index, limit in enumerate(document.shared_limits):
        if limit.name in names:
            place = Place(("shared_limits", index, "name"))
            message = f"{limit.name!r} is the id of a promotion; what is left of each comes under its name"
            yield Diagnostic("duplicate_id", message, place)
    currencies = ((each, ("other_currencies", index)) for index, each in enumerate(document.other_currencies))
    yield from _duplicates(((document.currency, ("currency",)), *currencies), "currency")
    if not known_zone(document.timezone):
        yield Diagnostic(
            "unknown_timezone",
            f"no time zone is called {document.timezone!r}",
            Place(("timezone",)),
        )
    yield from _stage_bases(document)


def known_zone(name: str) -> bool:
    """Whether the machine's (or the tzdata package's) zone data has this zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _duplicates(named: Iterable[tuple[str, Path]], what: str) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for name, path in named:
        if name in seen:
            yield Diagnostic("duplicate_id", f"the {what} {name!r} stands here twice", Place(path))
        seen.add(name)


def _stage_bases(document: CampaignDocument) -> Iterator[Diagnostic]:
    names = [stage.name for stage in document.stages]
    for index, stage in enumerate(document.stages):
        after = getattr(stage.threshold_base, "after", None)
        if after is not None and after not in names[:index]:
            code = "stage_not_earlier" if after in names else "unknown_stage"
            yield Diagnostic(
                code,
                f"{after!r} is no stage before {stage.name!r}",
                Place(("stages", index, "threshold_base", "after")),
                did_you_mean(after, names[:index]),
            )


def check_terms(promotion: plan.Promotion, effects: tuple[plan.Effect, ...], lowering: Lowering) -> None:
    """What trigger, benefits and limits must not do together, whatever the units and the customers."""
    _check_every(promotion, effects, lowering)
    _check_sets(promotion, effects, lowering)
    _check_own_items(promotion, effects, lowering)
    _check_limits(promotion, effects, lowering)
    _check_refusals(promotion, effects, lowering)


def check_units(
    promotion: plan.Promotion, effects: tuple[plan.Effect, ...], tests: Iterable[plan.Test], lowering: Lowering
) -> None:
    """Which units must not be selected where. `tests` are those by which the promotion selects units."""
    if any(map(_is_method, tests)):
        _check_shipping(promotion, effects, lowering)
    for condition in promotion.conditions:
        if plan.RewardedBy in map(type, tests_of_conditions((condition,))):
            lowering.report(
                "rewarded_in_condition", "conditions read the cart as given; nothing is rewarded yet", "when"
            )


def _path(effect: plan.Effect) -> Path:
    if effect.tier >= 0:
        return ("tiers", effect.tier, "benefit", effect.position)
    return ("benefit", effect.position)


def _check_every(promotion: plan.Promotion, effects: tuple[plan.Effect, ...], lowering: Lowering) -> None:
    trigger = promotion.trigger
    if not isinstance(trigger, plan.Threshold) or trigger.every is None:
        return
    for effect in effects:
        deposit = isinstance(effect.action, plan.Amount) and effect.effect_class is plan.Class.FREE
        cash_back = isinstance(effect.action, plan.Grant) and effect.action.rate is not None
        if isinstance(effect.action, NOT_MULTIPLIED) or deposit or cash_back:
            lowering.report(
                "every_multiplies_amounts",
                "every multiplies amounts, gifts, points and awards, nothing else",
                *_path(effect),
            )


def _check_sets(promotion: plan.Promotion, effects: tuple[plan.Effect, ...], lowering: Lowering) -> None:
    if not isinstance(promotion.trigger, plan.SetTrigger):
        return
    of_sets = [
        effect for effect in effects if effect.reward.items is None and effect.effect_class is not plan.Class.FREE
    ]
    for effect in effects:
        if effect.reward.items is not None and effect.reward.pick is not None:
            lowering.report(
                "pick_beside_sets",
                "rewarded picks within a set; units of the benefit's own items are not in it",
                *_path(effect),
                "rewarded",
            )
    for effect in of_sets:
        pick = effect.reward.pick
        if effect.effect_class is plan.Class.SET and pick is not None and pick.over_all_sets:
            lowering.report("over_all_per_set", "an amount per set is given in each set, not over all", *_path(effect))
    first = min(effects, key=lambda effect: (effect.stage, effect.position), default=None)
    for effect in of_sets:
        if effect is not first:
            lowering.report(
                "set_rewarded_later",
                "the units of a set are rewarded by the benefit that acts first, at whose turn the sets are formed",
                *_path(effect),
                hint="put it first, or give it items of its own",
            )


def _check_own_items(promotion: plan.Promotion, effects: tuple[plan.Effect, ...], lowering: Lowering) -> None:
    for effect in effects:
        if effect.reward.items is not None and promotion.trigger.per in ("sku", "line"):
            lowering.report(
                "own_items_per_line", f"per {promotion.trigger.per} cannot reward other items", *_path(effect)
            )


def _check_limits(promotion: plan.Promotion, effects: tuple[plan.Effect, ...], lowering: Lowering) -> None:
    limits = promotion.limits
    if limits is plan.UNLIMITED:
        return
    counts_units = limits.stock is not None or limits.per_customer is not None
    if counts_units and effects and not any(_rewards_units(effect) for effect in effects):
        lowering.report(
            "limit_without_units",
            "stock and per_customer count rewarded units; this rewards none",
            "limits",
        )
    counts_units = counts_units or not lowering.frame.shared_stocks.isdisjoint(limits.shared)
    rungs = [effect.tier for effect in effects if _rewards_units(effect)]
    if counts_units and len(set(rungs)) < len(rungs):
        lowering.report(
            "limit_on_several",
            "stock and per_customer count the units of one benefit; here several reward units",
            "limits",
            hint="two promotions, or uses",
        )
    if limits.beyond == "line_regular" and isinstance(promotion.trigger, plan.SetTrigger):
        lowering.report("line_regular_sets", "sets are limited as sets, not by line", "limits", "beyond")


def _check_refusals(promotion: plan.Promotion, effects: tuple[plan.Effect, ...], lowering: Lowering) -> None:
    """Reasons for which this promotion can never refuse a cart."""
    if not (promotion.refuse_for and promotion.priced and effects):
        return
    takes_nothing = all(isinstance(effect.action, (plan.Gift, plan.Grant)) for effect in effects)
    unlimited = promotion.limits == plan.UNLIMITED and promotion.codes is None
    never = {
        "trigger": (isinstance(promotion.trigger, plan.Unconditional), "it has no trigger"),
        "limits": (unlimited, "it has no limits"),
        "floor": (takes_nothing or not lowering.frame.has_floors, "no floor can take anything from it"),
    }
    for reason in sorted(promotion.refuse_for):
        is_never, why = never.get(reason, (False, ""))
        if is_never:
            lowering.report("refuses_nothing", f"it never refuses a cart for {reason!r}: {why}", "refuse_for")


def _rewards_units(effect: plan.Effect) -> bool:
    """Whether there are units to count: a deposit is free and yet lowers each unit, points pay for all together."""
    return effect.effect_class is not plan.Class.FREE or isinstance(effect.action, plan.Amount)


def _check_shipping(promotion: plan.Promotion, effects: tuple[plan.Effect, ...], lowering: Lowering) -> None:
    """A selector of shipping methods stands where shipping is selected, and nowhere else."""
    for effect in effects:
        stage = lowering.frame.stages[effect.stage]
        if not stage.shipping and any(
            _is_method(test) for test in tests_of_units(promotion.items, promotion.trigger, (effect,))
        ):
            lowering.report("shipping_not_covered", f"stage {stage.name!r} does not cover shipping", *_path(effect))
        elif not stage.goods and any(
            _is_method(test) for test in tests_of_units(promotion.items, promotion.trigger, ())
        ):
            lowering.report(
                "shipping_items",
                "in a stage of shipping alone, items select the goods that are measured",
                "items",
            )


def _is_method(test: plan.Test) -> bool:
    return isinstance(test, plan.Holds) and test.field == "shipping_method"
