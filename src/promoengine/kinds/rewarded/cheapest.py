"""The rewarded-unit choice `cheapest`."""

from promoengine import plan
from promoengine.fields import Count
from promoengine.kinds.base import RewardedKind, check_within_set
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("rewarded", "cheapest")
class Cheapest(RewardedKind[Count]):
    """The n cheapest units in reach: of each set, or (`over: all_sets`) n for each set among all grouped units.

    Example: `trigger: {kind: set, quantity: 4}` with `rewarded: {cheapest: 1}`: buy 3 get the cheapest free.
    Near miss: among units of equal price the one with the later line id is taken, as unit order has it.
    """

    def lower(self, lowering: Lowering, over_all_sets: bool) -> plan.Pick:
        check_within_set(lowering, self.root)
        return plan.Pick("cheapest", self.root, over_all_sets)
