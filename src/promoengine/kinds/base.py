"""The families of kinds: what each promises, and the open types that documents use for them."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from inspect import getdoc
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import ConfigDict, RootModel

from promoengine import plan
from promoengine.fields import Amount, Count, Name, Part, Shorthand, TallyFromZero
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import open_keyed, open_tagged
from promoengine.money import RoundingMode

Value = TypeVar("Value")
Figure = Decimal | dict[str, Decimal]
"""An amount or a count as a document states it."""


def _described(schema: dict[str, Any], kind: type) -> None:
    """A kind is described by its page, not by that of the type behind its key."""
    schema["description"] = getdoc(kind)


class Keyed(RootModel[Value], Generic[Value]):
    """A kind of a keyed family: what stands behind its key, as `[A, B]` in `sku: [A, B]`."""

    model_config = ConfigDict(frozen=True, defer_build=True, hide_input_in_errors=True, json_schema_extra=_described)


class KeyedMapping(Part):
    """A mapping whose keys are kinds. The fields are added when the registry assembles it."""

    def stated(self) -> list[tuple[str, Keyed[object]]]:
        """Each key that was written, with its kind."""
        fields, keys, stated = self.__dict__, _keys_of(type(self)), self.__pydantic_fields_set__
        names = stated & keys.keys() if len(stated) == 1 else keys
        return [(keys[name], fields[name]) for name in names if fields[name] is not None]


@cache
def _keys_of(mapping: type[KeyedMapping]) -> dict[str, str]:
    """The keys of a mapping by the fields that are kinds, in their order."""
    return {name: info.alias for name, info in mapping.model_fields.items() if info.alias is not None}


# -- selectors ----------------------------------------------------------------------------------


class SelectorKind(Keyed[Value], Generic[Value]):
    """Which units: one key of a selector."""

    def lower(self, lowering: Lowering) -> plan.Test:
        raise NotImplementedError


class SelectorMapping(KeyedMapping):
    """Which units, as `{category: [snacks], on_sale: true}`: all that is stated must hold."""

    def lower(self, lowering: Lowering) -> plan.Test:
        tests = [kind.lower(lowering.at(key)) for key, kind in self.stated()]  # type: ignore[attr-defined]
        if not tests:
            lowering.report("empty_selector", "a selector states at least one key")
        return tests[0] if len(tests) == 1 else plan.AllOf(tuple(tests))


Selector = Annotated[SelectorMapping, open_keyed("selector", lambda: SelectorMapping)]


# -- conditions ---------------------------------------------------------------------------------


class ConditionKind(Keyed[Value], Generic[Value]):
    """Who and when, read off the cart as given: one key of `when`."""

    def lower(self, lowering: Lowering) -> plan.Condition:
        raise NotImplementedError


class ConditionMapping(KeyedMapping):
    """Who and when, as `{segment: [plus], channel: [app]}`: all that is stated must hold."""

    def lower_each(self, lowering: Lowering) -> tuple[plan.Condition, ...]:
        """The conditions in the order in which outcomes test them."""
        lowered = [kind.lower(lowering.at(key)) for key, kind in self.stated()]  # type: ignore[attr-defined]
        if not lowered:
            lowering.report("empty_condition", "a condition states at least one key")
        return tuple(sorted(lowered, key=lambda condition: condition.asked))

    def lower(self, lowering: Lowering) -> plan.Condition:
        lowered = self.lower_each(lowering)
        return lowered[0] if len(lowered) == 1 else plan.AllMet(lowered, latest(lowered))


Conditions = Annotated[ConditionMapping, open_keyed("condition", lambda: ConditionMapping)]


def latest(conditions: tuple[plan.Condition, ...]) -> plan.Asked:
    """A composite is tested with the latest class that it contains."""
    return max((condition.asked for condition in conditions), default=plan.Asked.CONTENTS)


class CountBounds(Part):
    """Bounds on a count: `at_least`, `more_than`, `at_most`; at least one of them."""

    at_least: TallyFromZero | None = None
    more_than: TallyFromZero | None = None
    at_most: TallyFromZero | None = None

    def lower(self, lowering: Lowering) -> plan.Bounds:
        return checked_bounds(plan.Bounds(self.at_least, self.more_than, self.at_most), lowering)


def checked_bounds(bounds: plan.Bounds, lowering: Lowering) -> plan.Bounds:
    """Bounds that say something and do not exclude everything; otherwise a diagnostic."""
    if bounds == plan.Bounds():
        lowering.report("no_bounds", "state at_least, more_than or at_most")
    lowest = max(bounds.least if bounds.least is not None else 0, bounds.above + 1 if bounds.above is not None else 0)
    if bounds.most is not None and bounds.most < lowest:
        lowering.report("empty_bounds", "no value lies within these bounds")
    return bounds


def figure_minor(lowering: Lowering, figure: Figure, is_money: bool, *steps: str | int) -> int:
    """A figure of the document as minor units where it is money, else as a whole number."""
    if is_money:
        return lowering.minor(figure, *steps)
    if isinstance(figure, dict) or figure != int(figure):
        lowering.report("not_a_whole_number", "this counts, so it must be one whole number", *steps)
        return 1
    return int(figure)


# -- triggers, benefits, rewarded units, limits -------------------------------------------------


class TriggerKind(Part):
    """What fires a promotion."""

    per: plan.Per = "cart"

    def lower(self, lowering: Lowering, rungs: tuple[Figure, ...], graduated: bool) -> plan.Trigger:
        """The plan's trigger. `rungs` are the `at` figures of the promotion's tiers, ascending as written."""
        raise NotImplementedError


Trigger = Annotated[TriggerKind, open_tagged("trigger")]


class RoundingChoice(Part):
    """Where and how a figure is rounded; `step` rounds the resulting price, as 0.05 or 1."""

    at: Literal["unit", "line", "total"] | None = None
    mode: RoundingMode | None = None
    step: Amount | None = None

    def lower(self, lowering: Lowering, at: Literal["unit", "line", "total"]) -> plan.Rounding:
        """This choice, completed by the campaign's mode and step and the default point `at`."""
        step = lowering.frame.step_minor if self.step is None else lowering.minor(self.step, "step")
        return plan.Rounding(self.at or at, self.mode or lowering.frame.rounding_mode, step)


class AllocationChoice(Part):
    """How one figure is shared over lines: by `weight`; the odd minor units go to `odd_units`."""

    weight: plan.Weight = "left"
    odd_units: plan.OddUnits = "largest"
    share_rounding: plan.ShareRounding = "floor"

    def lower(self, lowering: Lowering) -> plan.Allocation:
        if self.odd_units == "largest" and self.share_rounding != "floor":
            lowering.report(
                "rounded_largest",
                "shares are floored where odd units go to the largest remainders",
                "share_rounding",
            )
            return plan.Allocation(self.weight)
        return plan.Allocation(self.weight, self.odd_units, self.share_rounding)


class RewardedKind(Keyed[Value], Generic[Value]):
    """Which of the units in reach are rewarded: one key of `rewarded`."""

    def lower(self, lowering: Lowering, over_all_sets: bool) -> plan.Pick:
        raise NotImplementedError


def check_within_set(lowering: Lowering, number: int) -> None:
    """Report a pick of more units than a set holds. How many a set of `spend` holds, the cart decides."""
    if isinstance(lowering.trigger, plan.SetTrigger) and lowering.trigger.parts:
        size = sum(part.quantity for part in lowering.trigger.parts)
        if number > size:
            lowering.report("rewards_more_than_set", f"a set holds {size} units and cannot reward {number}")


class RewardedMapping(KeyedMapping):
    """Which units are rewarded, as `{cheapest: 1}`; `over: all_sets` picks among all grouped units."""

    over: Literal["each_set", "all_sets"] | None = None

    def lower(self, lowering: Lowering) -> plan.Pick | None:
        picks = [kind.lower(lowering.at(key), self.over == "all_sets") for key, kind in self.stated()]  # type: ignore[attr-defined]
        if len(picks) != 1:
            lowering.report("one_pick", "state exactly one of cheapest, dearest, nth or part")
        self._check_over(lowering, picks)
        return picks[0] if picks else None

    def _check_over(self, lowering: Lowering, picks: list[plan.Pick]) -> None:
        if self.over is not None and not isinstance(lowering.trigger, plan.SetTrigger):
            lowering.report("over_without_sets", "only a set trigger has sets to pick over", "over")
        if self.over == "all_sets" and picks and picks[0].kind in ("nth", "part"):
            lowering.report("over_all_needs_count", "over all sets, pick cheapest or dearest", "over")


class MostUnits(Part):
    """The most units to reward on one line, in one set, in the cart."""

    per_line: Count | None = None
    per_set: Count | None = None
    per_cart: Count | None = None

    def lower(self, lowering: Lowering) -> plan.MostUnits:
        if self.per_set is not None and not isinstance(lowering.trigger, plan.SetTrigger):
            lowering.report("per_set_without_sets", "only a set trigger has sets", "per_set")
        return plan.MostUnits(self.per_line, self.per_set, self.per_cart)


def _most_in_cart(value: object) -> object:
    return {"per_cart": value} if isinstance(value, int) and not isinstance(value, bool) else value


def _count_or_bounds(bounds: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "integer", "minimum": 1}, bounds]}


Rewarded = Annotated[RewardedMapping, open_keyed("rewarded", lambda: RewardedMapping)]


class BenefitKind(Part):
    """What a promotion gives. A benefit may act in a stage of its own."""

    stage: Name | None = None

    def lower(self, lowering: Lowering) -> "LoweredBenefit":
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class LoweredBenefit:
    """Which units, what happens to them, and how the effect claims."""

    reward: plan.Reward
    action: plan.Action
    effect_class: plan.Class


class RewardingBenefit(BenefitKind):
    """A benefit that changes prices of units: all of the items, units of its own `items`, or a pick of them."""

    items: Selector | None = None
    rewarded: Rewarded | None = None
    max_units: Annotated[MostUnits, Shorthand(_most_in_cart, _count_or_bounds)] | None = None

    def lower_reward(self, lowering: Lowering) -> plan.Reward:
        """Which units. In a stage of shipping alone the reward is the shipping, unless it says."""
        items = self.items.lower(lowering.at("items")) if self.items is not None else None
        if items is None and not lowering.covers_goods:
            items = plan.EVERY
        pick = self.rewarded.lower(lowering.at("rewarded")) if self.rewarded is not None else None
        most = self.max_units.lower(lowering.at("max_units")) if self.max_units is not None else None
        return plan.Reward(items, pick, most)


Benefit = Annotated[BenefitKind, open_tagged("benefit")]


class LimitKind(Keyed[Value], Generic[Value]):
    """One limit: one key of `limits`."""

    def lower(self, lowering: Lowering, limits: plan.Limits) -> plan.Limits:
        """`limits` with this one set."""
        raise NotImplementedError


class LimitsMapping(KeyedMapping):
    """How often and how much, as `{stock: 500, per_customer: 1, beyond: others}`."""

    beyond: Literal["others", "line_regular", "refuse"] = "others"
    on_empty: Literal["refuse", "cut"] = "refuse"

    def lower(self, lowering: Lowering) -> plan.Limits:
        limits = plan.Limits(beyond=self.beyond, on_empty=self.on_empty)
        for key, kind in self.stated():
            limits = kind.lower(lowering.at(key), limits)  # type: ignore[attr-defined]
        if (
            "beyond" in self.model_fields_set
            and limits.stock is None
            and limits.per_customer is None
            and not limits.shared
        ):
            lowering.report("beyond_nothing", "beyond says what happens past stock or per_customer", "beyond")
        if self.on_empty == "cut" and limits.budget_minor is None and not limits.shared:
            lowering.report("empty_nothing", "on_empty says what happens when a budget runs out", "on_empty")
        return limits


LimitsField = Annotated[LimitsMapping, open_keyed("limit", lambda: LimitsMapping)]
