"""The condition `channel`."""

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import ConditionKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("condition", "channel")
class Channel(ConditionKind[Names]):
    """The cart was made in one of the listed channels.

    Example: `when: {channel: [app]}`.
    Near miss: a cart that states no channel is in none.
    """

    def lower(self, lowering: Lowering) -> plan.Condition:
        return plan.ContextHolds("channel", frozenset(self.root), plan.Asked.CONTEXT)
