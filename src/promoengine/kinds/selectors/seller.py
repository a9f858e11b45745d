"""The selector `seller`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "seller")
class Seller(SelectorKind[Names]):
    """Units that the listed sellers sell.

    Example: `items: {seller: [panda]}`.
    Near miss: `per: seller` in a trigger measures each seller apart; this selector only narrows.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.Holds("seller", frozenset(self.root))
