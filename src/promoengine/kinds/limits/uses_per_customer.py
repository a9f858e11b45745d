"""The limit `uses_per_customer`."""

from dataclasses import replace

from promoengine import plan
from promoengine.fields import Tally
from promoengine.kinds.base import LimitKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("limit", "uses_per_customer")
class UsesPerCustomer(LimitKind[Tally]):
    """The most orders of one customer that may use the promotion.

    Example: `limits: {uses_per_customer: 1}`.
    Near miss: without a customer in the cart only the limit as written counts.
    """

    def lower(self, lowering: Lowering, limits: plan.Limits) -> plan.Limits:
        return replace(limits, uses_per_customer=self.root)
