"""The selector `all`."""

from typing import Annotated

from pydantic import Field

from promoengine import plan
from promoengine.kinds.base import Selector, SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "all")
class All(SelectorKind[Annotated[tuple[Selector, ...], Field(min_length=1)]]):
    """Units that every listed selector selects.

    Example: `items: {all: [{tag: [new]}, {tag: [export]}]}`: both tags.
    Near miss: keys side by side already mean "and"; `all` is for the same key twice.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.AllOf(tuple(each.lower(lowering.at(index)) for index, each in enumerate(self.root)))
