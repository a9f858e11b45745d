"""The selector `sku`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "sku")
class Sku(SelectorKind[Names]):
    """Units of the listed skus.

    Example: `items: {sku: [KETTLE-1, KETTLE-2]}`.
    Near miss: skus compare exactly; `kettle-1` is another sku.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.Holds("sku", frozenset(self.root))
