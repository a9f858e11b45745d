"""The trigger `set`."""

from typing import Annotated, Literal

from pydantic import Field

from promoengine import plan
from promoengine.fields import Amount, AtMost, Count, Part
from promoengine.kinds.base import Figure, Selector, TriggerKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register

MOST_PARTS = 8
"""Forming a set weighs every group of its later parts, so their number is bounded."""


class SetPart(Part):
    """So many units of some of the items."""

    items: Selector | None = None
    quantity: Count


@register("trigger", "set")
class UnitSet(TriggerKind):
    """Units taken together: any `quantity` of the items, `parts` such as 2 of X and 1 of Y, or as many of the items as
    are worth `spend` at the threshold base.

    Sets are formed one by one while one fits, dearest units first (`grouping: cheapest_first` turns that round).
    "Buy 3 get 1" is written as the units in the set, 4, and the units rewarded, `{cheapest: 1}`.

    Example: `trigger: {kind: set, quantity: 2}` with `rewarded: {cheapest: 1}`: second at half price.
    Near miss: a `quantity` trigger is reached once and rewards everything; a set leaves what does not fill one.
    """

    kind: Literal["set"]
    quantity: Count | None = None
    parts: Annotated[tuple[SetPart, ...], Field(min_length=1), AtMost(MOST_PARTS)] | None = None
    spend: Amount | None = None
    grouping: Literal["dearest_first", "cheapest_first"] = "dearest_first"
    max_times: Count | None = None

    def lower(self, lowering: Lowering, rungs: tuple[Figure, ...], graduated: bool) -> plan.Trigger:
        if rungs:
            lowering.report("tiers_without_measure", "tiers need a trigger that measures", "tiers")
        if (self.quantity is not None) + (self.parts is not None) + (self.spend is not None) != 1:
            lowering.report("one_size", "a set states exactly one of quantity, parts and spend", "trigger")
        return plan.SetTrigger(
            self._parts(lowering.at("trigger")),
            self.per,
            self.grouping == "cheapest_first",
            self.max_times,
            0 if self.spend is None else lowering.minor(self.spend, "trigger", "spend"),
            lowering.threshold_base,
        )

    def _parts(self, lowering: Lowering) -> tuple[plan.SetPart, ...]:
        if self.spend is not None:
            return ()
        if self.parts is None:
            return (plan.SetPart(plan.EVERY, self.quantity or 1),)
        return tuple(
            plan.SetPart(
                plan.EVERY if part.items is None else part.items.lower(lowering.at("parts", index, "items")),
                part.quantity,
            )
            for index, part in enumerate(self.parts)
        )
