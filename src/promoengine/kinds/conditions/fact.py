"""The condition `fact`."""

from typing import Annotated

from pydantic import Field

from promoengine import plan
from promoengine.fields import AmountFromZero, Flag, Name, Part
from promoengine.kinds.base import ConditionKind, checked_bounds, figure_minor
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


class FactTest(Part):
    """A declared fact and what it must be."""

    name: Name
    at_least: AmountFromZero | None = None
    more_than: AmountFromZero | None = None
    at_most: AmountFromZero | None = None
    is_: Annotated[Flag | None, Field(alias="is")] = None


@register("condition", "fact")
class Fact(ConditionKind[FactTest]):
    """A fact that the shop states with the cart lies in bounds, or is the flag that is wanted.

    Example: `when: {fact: {name: orders_today, at_most: 49}}`: the first 50 orders.
    Near miss: a cart that does not state the fact does not meet it; a fact is declared under `facts`.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        test = self.root
        if test.is_ is not None:
            if (test.at_least, test.more_than, test.at_most) != (None, None, None):
                lowering.report("flag_without_bounds", "a flag is, or is not; it has no bounds", "is")
            return plan.FactWithin(lowering.fact(test.name, ("flag",), "name"), plan.Bounds(), test.is_)
        name = lowering.fact(test.name, ("number", "money"), "name")
        bounds = [
            None if figure is None else figure_minor(lowering, figure, lowering.frame.facts.get(name) == "money", field)
            for field, figure in (
                ("at_least", test.at_least),
                ("more_than", test.more_than),
                ("at_most", test.at_most),
            )
        ]
        return plan.FactWithin(name, checked_bounds(plan.Bounds(*bounds), lowering))
