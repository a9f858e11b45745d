"""The limit `uses_per_customer`."""

from dataclasses import replace

from promoengine import plan
from promoengine.fields import Count
from promoengine.kinds.base import LimitKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("limit", "uses_per_customer")
class UsesPerCustomer(LimitKind[Count]):
    """The most orders of one customer that may use the promotion.

    Example: `limits: {uses_per_customer: 1}`.
    Near miss: without a customer in the cart only the limit as written counts.
    """

    def lower(self, lowering: Lowering, limits: plan.Limits) -> plan.Limits:
        return replace(limits, uses_per_customer=self.root)
