"""The selector `tag`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "tag")
class Tag(SelectorKind[Names]):
    """Units of lines that carry one of the listed tags: a clearance is a tag.

    Example: `items: {tag: [clearance]}`.
    Near miss: a line with two tags is selected by either; `all` asks for both.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.Holds("tag", frozenset(self.root))
