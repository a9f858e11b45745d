"""The benefit `price`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Amount
from promoengine.kinds.base import LoweredBenefit, RewardingBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("benefit", "price")
class Price(RewardingBenefit):
    """Each rewarded unit costs this price; a price is never raised.

    Example: `benefit: {kind: price, price: 59.00}`: a flash or member price.
    Near miss: "any 3 for 99" is `set_price`; "all of these for 99 together" is `total_price`.
    """

    kind: Literal["price"]
    price: Amount

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        action = plan.UnitPrice(lowering.minor(self.price, "price"))
        return LoweredBenefit(self.lower_reward(lowering), action, plan.Class.UNIT_WISE)
