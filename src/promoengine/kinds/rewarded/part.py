"""The rewarded-unit choice `part`."""

from promoengine import plan
from promoengine.fields import Count
from promoengine.kinds.base import RewardedKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("rewarded", "part")
class PartOfSet(RewardedKind[Count]):
    """The units that fill the n-th part of a set.

    Example: `parts: [{items: {sku: [RACKET]}, quantity: 1}, {items: {sku: [BALL]}, quantity: 5}]` with
    `rewarded: {part: 2}`: buy a racket, get five balls.
    Near miss: units of the benefit's own `items` are not in the set and are not claimed by it.
    """

    def lower(self, lowering: Lowering, over_all_sets: bool) -> plan.Pick:
        trigger = lowering.trigger
        if not isinstance(trigger, plan.SetTrigger):
            lowering.report("part_without_sets", "only a set trigger has parts")
        elif self.root > len(trigger.parts):
            lowering.report("no_such_part", f"the set has {len(trigger.parts) or 'no'} parts")
        return plan.Pick("part", self.root, over_all_sets)
