"""The condition `all`."""

from typing import Annotated

from pydantic import Field

from promoengine import plan
from promoengine.kinds.base import ConditionKind, Conditions, latest
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "all")
class All(ConditionKind[Annotated[tuple[Conditions, ...], Field(min_length=1)]]):
    """Every listed condition holds.

    Example: `when: {all: [{segment: [plus]}, {segment: [student]}]}`: in both segments.
    Near miss: keys side by side already mean "and".
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        lowered = tuple(each.lower(lowering.at(index)) for index, each in enumerate(self.root))
        return plan.AllMet(lowered, latest(lowered))
