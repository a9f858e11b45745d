"""The selector `not`."""

from promoengine import plan
from promoengine.kinds.base import Selector, SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "not")
class Not(SelectorKind[Selector]):
    """Units that the selector does not select.

    Example: `items: {not: {category: [gift-cards]}}`.
    Near miss: `not` with two keys excludes only units for which both hold.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.Not(self.root.lower(lowering))
