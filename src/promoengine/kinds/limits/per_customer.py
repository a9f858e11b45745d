"""The limit `per_customer`."""

from dataclasses import replace

from promoengine import plan
from promoengine.fields import Tally
from promoengine.kinds.base import LimitKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("limit", "per_customer")
class PerCustomer(LimitKind[Tally]):
    """The most units (behind a set trigger: sets) that one customer is rewarded for, over all orders.

    Example: `limits: {per_customer: 1}`.
    Near miss: `max_units` bounds one cart and asks nobody; this one counts earlier orders, which the cart states.
    """

    def lower(self, lowering: Lowering, limits: plan.Limits) -> plan.Limits:
        return replace(limits, per_customer=self.root)
