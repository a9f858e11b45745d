"""The selector `shipping_method`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "shipping_method")
class ShippingMethod(SelectorKind[Names]):
    """Shipping options of the listed methods; goods have no method.

    Example: `benefit: {kind: percent_off, percent: 100, items: {shipping_method: [standard]}}`.
    Near miss: as a condition under `when`, `shipping_method` asks what was selected, whatever is rewarded.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.Holds("shipping_method", frozenset(self.root))
