"""The selector `attribute`."""

from typing import Annotated

from pydantic import Field

from promoengine import plan
from promoengine.fields import Name, Names
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("selector", "attribute")
class Attribute(SelectorKind[Annotated[dict[Name, Names], Field(min_length=1)]]):
    """Units whose line states one of the listed values for each named attribute.

    Example: `items: {attribute: {colour: [red, blue], size: [XL]}}`.
    Near miss: a line that does not state the attribute is not selected.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        tests = tuple(plan.Holds(f"attribute:{name}", frozenset(values)) for name, values in sorted(self.root.items()))
        return tests[0] if len(tests) == 1 else plan.AllOf(tests)
