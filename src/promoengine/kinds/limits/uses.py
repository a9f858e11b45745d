"""The limit `uses`."""

from dataclasses import replace

from promoengine import plan
from promoengine.fields import Tally
from promoengine.kinds.base import LimitKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("limit", "uses")
class Uses(LimitKind[Tally]):
    """The most orders that may use the promotion: first N orders.

    Example: `limits: {uses: 50}`.
    Near miss: an order uses it once, however often it applies within the cart.
    """

    def lower(self, lowering: Lowering, limits: plan.Limits) -> plan.Limits:
        return replace(limits, uses=self.root)
