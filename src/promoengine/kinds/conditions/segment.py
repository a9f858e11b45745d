"""The condition `segment`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import ConditionKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "segment")
class Segment(ConditionKind[Names]):
    """The customer belongs to one of the listed segments: a member price.

    Example: `when: {segment: [plus]}`.
    Near miss: segments compare exactly; a cart without a customer is in none.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        return plan.ContextHolds("segment", frozenset(self.root), plan.Asked.CUSTOMER)
