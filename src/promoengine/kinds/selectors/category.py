"""The selector `category`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "category")
class Category(SelectorKind[Names]):
    """Units of lines that carry one of the listed categories.

    Example: `items: {category: [snacks, drinks]}`.
    Near miss: the engine knows no tree of categories; a line states every category that it belongs to.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.Holds("category", frozenset(self.root))
