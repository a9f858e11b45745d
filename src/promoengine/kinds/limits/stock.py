"""The limit `stock`."""

from dataclasses import replace

from promoengine import plan
from promoengine.fields import Tally
from promoengine.kinds.base import LimitKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("limit", "stock")
class Stock(LimitKind[Tally]):
    """The most units (behind a set trigger: sets) that the promotion rewards altogether.

    What is left comes with the cart (`limits_left: {PROMOTION: {stock: 3}}`); not stated, it is the limit as written.
    Example: `limits: {stock: 500}`: a flash sale.
    Near miss: units past the limit stay open to other promotions unless `beyond` says otherwise.
    """

    def lower(self, lowering: Lowering, limits: plan.Limits) -> plan.Limits:
        return replace(limits, stock=self.root)
