"""The selector `brand`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "brand")
class Brand(SelectorKind[Names]):
    """Units of the listed brands: with a schedule, a brand day.

    Example: `items: {brand: [Panda]}`.
    Near miss: a line without a brand is of no brand, so `not: {brand: [Panda]}` selects it.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.Holds("brand", frozenset(self.root))
