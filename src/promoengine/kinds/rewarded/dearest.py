"""The rewarded-unit choice `dearest`."""

from promoengine import plan
from promoengine.fields import Count
from promoengine.kinds.base import RewardedKind, check_within_set
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("rewarded", "dearest")
class Dearest(RewardedKind[Count]):
    """The n dearest units in reach.

    Example: `rewarded: {dearest: 1}`: 20 % off the dearest item.
    Near miss: prices are those at the promotion's turn, not at list.
    """

    def lower(self, lowering: Lowering, over_all_sets: bool) -> plan.Pick:
        check_within_set(lowering, self.root)
        return plan.Pick("dearest", self.root, over_all_sets)
