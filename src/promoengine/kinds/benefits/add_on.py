"""The benefit `add_on`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Amount, Count, Names
from promoengine.kinds.base import BenefitKind, LoweredBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("benefit", "add_on")
class AddOn(BenefitKind):
    """Up to n units *already in the cart* of listed skus cost this price: 加价购.

    The units rewarded are picked first, so they do not count towards the trigger themselves.

    Example: `trigger: {kind: spend, at_least: 99}` with `benefit: {kind: add_on, skus: [TOWEL], price: 39.90}`.
    Near miss: an add-on that is not in the cart is no line of the quote; it is an offer to be made.
    """

    kind: Literal["add_on"]
    skus: Names
    price: Amount
    max_units: Count = 1

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        lowering.needs_goods("add_on")
        reward = plan.Reward(plan.Holds("sku", frozenset(self.skus)), None, plan.MostUnits(per_cart=self.max_units))
        action = plan.UnitPrice(lowering.minor(self.price, "price"))
        return LoweredBenefit(reward, action, plan.Class.UNIT_WISE)
