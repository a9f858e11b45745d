"""The condition `seller`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import ConditionKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "seller")
class Seller(ConditionKind[Names]):
    """The cart holds goods of one of the listed sellers.

    Example: `when: {seller: [panda]}`.
    Near miss: this asks about the whole cart; `items: {seller: [panda]}` narrows what is measured and rewarded.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        return plan.ContextHolds("seller", frozenset(self.root), plan.Asked.CONTENTS)
