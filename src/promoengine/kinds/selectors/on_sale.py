"""The selector `on_sale`."""

from promoengine import plan
from promoengine.fields import Flag
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "on_sale")
class OnSale(SelectorKind[Flag]):
    """Units whose line states a `list_price` above its `unit_price` (or, with false, does not).

    Example: `items: {on_sale: false}` keeps a coupon off goods that are marked down already.
    Near miss: what this campaign takes off is no sale in this sense; see `rewarded_by`.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.OnSale(self.root)
