"""The condition `shipping_method`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import ConditionKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "shipping_method")
class ShippingMethod(ConditionKind[Names]):
    """One of the cart's selected shipping options has a listed method.

    Example: `when: {shipping_method: [pickup]}`.
    Near miss: to choose what is rewarded, use the selector of this name in the benefit.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        return plan.ContextHolds("shipping_method", frozenset(self.root), plan.Asked.CONTEXT)
