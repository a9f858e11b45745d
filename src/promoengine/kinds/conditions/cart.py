"""The condition `cart`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import AmountFromZero, Part
from promoengine.kinds.base import ConditionKind, Selector, checked_bounds, figure_minor
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


class CartTest(Part):
    """A measure of the cart at list, and its bounds."""

    measure: Literal["spend", "quantity", "distinct_skus", "distinct_lines"]
    items: Selector | None = None
    at_least: AmountFromZero | None = None
    more_than: AmountFromZero | None = None
    at_most: AmountFromZero | None = None


@register("condition", "cart")
class Cart(ConditionKind[CartTest]):
    """What the cart holds, at list: spend, quantity, or how many different skus or lines, of some items.

    Example: `when: {cart: {measure: quantity, items: {category: [shoes]}, at_least: 1}}`.
    Near miss: this reads list prices and never a discount; a trigger measures at the threshold base.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        test = self.root
        items = plan.EVERY if test.items is None else test.items.lower(lowering.at("items"))
        bounds = [
            None if figure is None else figure_minor(lowering, figure, test.measure == "spend", field)
            for field, figure in (
                ("at_least", test.at_least),
                ("more_than", test.more_than),
                ("at_most", test.at_most),
            )
        ]
        measure = plan.Measure(test.measure, items)
        return plan.MeasureWithin(measure, checked_bounds(plan.Bounds(*bounds), lowering))
