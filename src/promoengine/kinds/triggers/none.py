"""The trigger `none`."""

from typing import Literal

from promoengine import plan
from promoengine.kinds.base import Figure, TriggerKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("trigger", "none")
class NoTrigger(TriggerKind):
    """Nothing has to be reached: the promotion acts wherever its items are. This is what a promotion without a
    trigger has.

    Example: `trigger: {kind: none, per: seller}` gives a `per: once` amount to each seller's goods apart.
    Near miss: eligibility still decides who and when.
    """

    kind: Literal["none"]

    def lower(self, lowering: Lowering, rungs: tuple[Figure, ...], graduated: bool) -> plan.Trigger:
        if rungs:
            lowering.report("tiers_without_measure", "tiers need a trigger that measures", "tiers")
        return plan.Unconditional(self.per)
