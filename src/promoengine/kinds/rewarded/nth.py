"""The rewarded-unit choice `nth`."""

from promoengine import plan
from promoengine.fields import Count
from promoengine.kinds.base import RewardedKind, check_within_set
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("rewarded", "nth")
class Nth(RewardedKind[Count]):
    """The n-th unit in unit order (dearest first) of each set, or of the units in reach.

    Example: `trigger: {kind: set, quantity: 3}` with `rewarded: {nth: 3}`: every third unit.
    Near miss: "from the third unit on" is a graduated ladder.
    """

    def lower(self, lowering: Lowering, over_all_sets: bool) -> plan.Pick:
        check_within_set(lowering, self.root)
        return plan.Pick("nth", self.root, over_all_sets)
