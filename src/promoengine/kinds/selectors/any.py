"""The selector `any`."""

from typing import Annotated

from pydantic import Field

from promoengine import plan
from promoengine.kinds.base import Selector, SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "any")
class Any(SelectorKind[Annotated[tuple[Selector, ...], Field(min_length=1)]]):
    """Units that at least one of the listed selectors selects.

    Example: `items: {any: [{category: [snacks]}, {brand: [Panda]}]}`.
    Near miss: the values of one key are alternatives already; `any` is for different keys.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        return plan.AnyOf(tuple(each.lower(lowering.at(index)) for index, each in enumerate(self.root)))
