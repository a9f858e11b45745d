"""The trigger `spend`."""

from typing import Literal

from promoengine import plan
from promoengine.kinds.base import Figure
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register
from promoengine.kinds.triggers.measured import UnitsTrigger


@register("trigger", "spend")
class Spend(UnitsTrigger):
    """The money spent on the items, at the threshold base: 满减.

    Example: `trigger: {kind: spend, every: 300, max_times: 10}`; a ladder writes `trigger: {kind: spend}` with
    `tiers`. `plus_fact` adds money that a declared fact states, as what was spent this year.
    Near miss: 299.99 does not reach 300; which prices count is the threshold base, so it is always written down.
    """

    kind: Literal["spend"]

    def lower(self, lowering: Lowering, rungs: tuple[Figure, ...], graduated: bool) -> plan.Trigger:
        measure = self.measure(lowering, "spend", "money")
        return self.threshold(lowering, measure, True, rungs, graduated)
