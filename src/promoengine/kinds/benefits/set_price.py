"""The benefit `set_price`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Amount
from promoengine.kinds.base import LoweredBenefit, RewardingBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("benefit", "set_price")
class SetPrice(RewardingBenefit):
    """The units of each set cost this much together; a set that costs less already is left alone.

    Example: `trigger: {kind: set, quantity: 3}` with `benefit: {kind: set_price, price: 99}`: any 3 for 99; with
    `parts`, a bundle.
    Near miss: it needs a set trigger; the discount is shared by price within the set.
    """

    kind: Literal["set_price"]
    price: Amount

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        if not isinstance(lowering.trigger, plan.SetTrigger):
            lowering.report("needs_set", "set_price needs a set trigger", "kind")
        action = plan.SetPrice(lowering.minor(self.price, "price"))
        return LoweredBenefit(self.lower_reward(lowering), action, plan.Class.SET)
