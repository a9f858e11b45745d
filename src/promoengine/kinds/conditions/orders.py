"""The condition `orders`."""

from promoengine import plan
from promoengine.kinds.base import ConditionKind, CountBounds
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "orders")
class Orders(ConditionKind[CountBounds]):
    """How many orders the customer has placed before this one.

    Example: `when: {orders: {at_most: 0}}`: a first-order offer.
    Near miss: a customer whose history is not stated is not taken for a new one.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        return plan.OrdersWithin(self.root.lower(lowering))
