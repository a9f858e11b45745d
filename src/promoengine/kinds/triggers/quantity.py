"""The trigger `quantity`."""

from typing import Literal

from promoengine import plan
from promoengine.kinds.base import Figure
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register
from promoengine.kinds.triggers.measured import UnitsTrigger


@register("trigger", "quantity")
class Quantity(UnitsTrigger):
    """How many units of the items there are.

    Example: `trigger: {kind: quantity, at_least: 3}`. With `graduated` tiers and `plus_fact: units_sold`, a price by
    units sold: a line may straddle two steps.
    Near miss: three of one sku count as three; `distinct` counts them once. `every` multiplies amounts and gifts;
    "buy 2 get 1" is a `set`.
    """

    kind: Literal["quantity"]

    def lower(self, lowering: Lowering, rungs: tuple[Figure, ...], graduated: bool) -> plan.Trigger:
        measure = self.measure(lowering, "quantity", "number")
        return self.threshold(lowering, measure, False, rungs, graduated)
