"""The trigger `distinct`."""

from typing import Literal

from promoengine import plan
from promoengine.kinds.base import Figure
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register
from promoengine.kinds.triggers.measured import MeasuredTrigger


@register("trigger", "distinct")
class Distinct(MeasuredTrigger):
    """How many different skus (or lines) of the items the cart holds.

    Example: `trigger: {kind: distinct, of: skus, at_least: 3}`: mix three kinds.
    Near miss: three pieces of one sku count once.
    """

    kind: Literal["distinct"]
    of: Literal["skus", "lines"] = "skus"

    def lower(self, lowering: Lowering, rungs: tuple[Figure, ...], graduated: bool) -> plan.Trigger:
        what: plan.What = "distinct_skus" if self.of == "skus" else "distinct_lines"
        measure = plan.Measure(what, plan.EVERY, lowering.threshold_base)
        return self.threshold(lowering, measure, False, rungs, graduated)
