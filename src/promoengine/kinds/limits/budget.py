"""The limit `budget`."""

from dataclasses import replace

from promoengine import plan
from promoengine.fields import Amount
from promoengine.kinds.base import LimitKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("limit", "budget")
class Budget(LimitKind[Amount]):
    """The most money that the promotion gives away. A grant that would exceed what is left is refused, or cut to it
    with `on_empty: cut`.

    Example: `limits: {budget: 50000, on_empty: cut}`.
    Near miss: only discounts draw on it; gifts have stock and awards have none.
    """

    def lower(self, lowering: Lowering, limits: plan.Limits) -> plan.Limits:
        return replace(limits, budget_minor=lowering.minor(self.root))
