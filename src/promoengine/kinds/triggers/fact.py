"""The trigger `fact`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Name
from promoengine.kinds.base import Figure
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register
from promoengine.kinds.triggers.measured import MeasuredTrigger


@register("trigger", "fact")
class Fact(MeasuredTrigger):
    """A declared fact that the shop states with the cart: participants of a group, units sold so far.

    Example: `trigger: {kind: fact, fact: participants}` with tiers at 2, 3 and 5 is a group price.
    Near miss: a cart that does not state the fact reaches nothing. A fact belongs to the cart, so `per` is `cart`.
    """

    kind: Literal["fact"]
    fact: Name

    def lower(self, lowering: Lowering, rungs: tuple[Figure, ...], graduated: bool) -> plan.Trigger:
        if self.per != "cart":
            lowering.report("fact_per_cart", "a fact belongs to the cart", "trigger", "per")
        name = lowering.fact(self.fact, ("number", "money"), "trigger", "fact")
        money = lowering.frame.facts.get(name) == "money"
        measure = plan.Measure("fact", plan.EVERY, lowering.threshold_base, False, name)
        return self.threshold(lowering, measure, money, rungs, graduated)
