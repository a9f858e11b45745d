"""The condition `region`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import ConditionKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "region")
class Region(ConditionKind[Names]):
    """The cart goes to one of the listed regions.

    Example: `when: {region: ["NO", SE]}` (YAML would read a bare NO as false, so it is refused unquoted).
    Near miss: for excluded regions, put it under `not`.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        return plan.ContextHolds("region", frozenset(self.root), plan.Asked.CONTEXT)
