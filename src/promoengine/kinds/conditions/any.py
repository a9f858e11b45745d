"""The condition `any`."""

from typing import Annotated

from pydantic import Field

from promoengine import plan
from promoengine.kinds.base import ConditionKind, Conditions, latest
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "any")
class Any(ConditionKind[Annotated[tuple[Conditions, ...], Field(min_length=1)]]):
    """At least one of the listed conditions holds.

    Example: `when: {any: [{segment: [plus]}, {orders: {at_most: 0}}]}`.
    Near miss: a mixed list is tested with the latest class in it, and its refusal names that class.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        lowered = tuple(each.lower(lowering.at(index)) for index, each in enumerate(self.root))
        return plan.AnyMet(lowered, latest(lowered))
