"""The benefit `total_price`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Amount
from promoengine.kinds.base import AllocationChoice, LoweredBenefit, RewardingBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("benefit", "total_price")
class TotalPrice(RewardingBenefit):
    """All rewarded units cost this much together; nothing happens where they cost less already.

    Example: `trigger: {kind: quantity, at_least: 5}` with `benefit: {kind: total_price, price: 100}`.
    Near miss: it covers everything that is rewarded, however many; `set_price` repeats.
    """

    kind: Literal["total_price"]
    price: Amount
    allocation: AllocationChoice | None = None

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        allocation = lowering.allocation
        if self.allocation is not None:
            allocation = self.allocation.lower(lowering.at("allocation"))
        action = plan.TotalPrice(lowering.minor(self.price, "price"), allocation)
        return LoweredBenefit(self.lower_reward(lowering), action, plan.Class.SPREAD)
