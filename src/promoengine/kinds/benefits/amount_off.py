"""The benefit `amount_off`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Amount, Flag
from promoengine.kinds.base import AllocationChoice, LoweredBenefit, RewardingBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("benefit", "amount_off")
class AmountOff(RewardingBenefit):
    """An amount off: on each `unit`, each `line`, each `set`, or `once` over all rewarded units.

    What the goods cannot take is reported as unused, never paid out. `must_fit: true` gives nothing where the amount
    does not fit. `allocation` says how one amount is shared over lines.

    Example: `benefit: {kind: amount_off, amount: 50, per: once}`: 300 minus 50.
    Near miss: `per` is always said: 25 off once is not 25 off each.
    """

    kind: Literal["amount_off"]
    amount: Amount
    per: Literal["unit", "line", "set", "once"]
    must_fit: Flag = False
    allocation: AllocationChoice | None = None

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        if self.per == "set" and not isinstance(lowering.trigger, plan.SetTrigger):
            lowering.report("needs_set", "per: set needs a set trigger", "per")
        if self.per == "set" and (self.items is not None or not lowering.covers_goods):
            place = "per" if self.items is None else "items"
            lowering.report("per_set_own_items", "an amount per set is taken off the units of the set", place)
        allocation = lowering.allocation
        if self.allocation is not None:
            allocation = self.allocation.lower(lowering.at("allocation"))
        action = plan.Amount(lowering.minor(self.amount, "amount"), self.per, allocation, self.must_fit)
        classes = {"once": plan.Class.SPREAD, "set": plan.Class.SET}
        return LoweredBenefit(self.lower_reward(lowering), action, classes.get(self.per, plan.Class.UNIT_WISE))
