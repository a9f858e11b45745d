"""The benefit `set_price`."""

from dataclasses import replace
from typing import Literal

from promoengine import plan
from promoengine.fields import Amount
from promoengine.kinds.base import BenefitKind, LoweredBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("benefit", "set_price")
class SetPrice(BenefitKind):
    """The units of each set cost this much together; a set that costs less already is left alone.

    Example: `trigger: {kind: set, quantity: 3}` with `benefit: {kind: set_price, price: 99}`: any 3 for 99; with
    `parts`, a bundle.
    Near miss: it needs a set trigger; the discount is shared by price within the set. It covers
    the whole set: there is nothing to pick.
    """

    kind: Literal["set_price"]
    price: Amount

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        if not isinstance(lowering.trigger, plan.SetTrigger):
            lowering.report("needs_set", "set_price needs a set trigger", "kind")
        lowering.needs_goods("set_price")
        shared = replace(lowering.allocation, weight="left")
        action = plan.SetPrice(lowering.minor(self.price, "price"), shared)
        return LoweredBenefit(plan.Reward(), action, plan.Class.SET)
