"""The condition `not`."""

from promoengine import plan
from promoengine.kinds.base import ConditionKind, Conditions
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "not")
class Not(ConditionKind[Conditions]):
    """The condition does not hold.

    Example: `when: {not: {region: [XZ, XJ]}}`: free shipping with excluded regions.
    Near miss: a cart that does not state its region is not in XZ, so this holds.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        condition = self.root.lower(lowering)
        return plan.NotMet(condition, condition.asked)
