"""The condition `customer`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import ConditionKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "customer")
class Customer(ConditionKind[Names]):
    """The customer is one of those listed by id.

    Example: `when: {customer: [C-1007]}`.
    Near miss: long lists belong into a segment that the shop computes.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        return plan.ContextHolds("customer", frozenset(self.root), plan.Asked.CUSTOMER)
