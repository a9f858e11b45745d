"""The selector `price`."""

from promoengine import plan
from promoengine.fields import Amount, Part
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


class PriceRange(Part):
    """A range of unit prices, both ends included."""

    at_least: Amount | None = None
    at_most: Amount | None = None


@register("selector", "price")
class Price(SelectorKind[PriceRange]):
    """Units whose price, as the stage began, lies in a range (both ends included).

    Example: `items: {price: {at_least: 10, at_most: 50}}`.
    Near miss: what earlier promotions of the same stage took off does not count; earlier stages do.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        least = None if self.root.at_least is None else lowering.minor(self.root.at_least, "at_least")
        most = None if self.root.at_most is None else lowering.minor(self.root.at_most, "at_most")
        if least is None and most is None:
            lowering.report("no_bounds", "state at_least or at_most")
        if least is not None and most is not None and least > most:
            lowering.report("empty_bounds", "no price lies within this range")
        return plan.PriceWithin(least, most)
