"""The condition `payment_method`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import ConditionKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "payment_method")
class PaymentMethod(ConditionKind[Names]):
    """The cart will be paid by one of the listed methods.

    Example: `when: {payment_method: [unionpay]}`.
    Near miss: the method must be known when the cart is priced.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        return plan.ContextHolds("payment_method", frozenset(self.root), plan.Asked.CONTEXT)
