"""The benefit `deposit`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Amount
from promoengine.kinds.base import BenefitKind, LoweredBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("benefit", "deposit")
class Deposit(BenefitKind):
    """A deposit paid before the sale counts for more: `paid` counts as `worth` on each unit, so the difference comes
    off (定金膨胀).

    Example: `benefit: {kind: deposit, paid: 100, worth: 150}` with `when: {fact: {name: deposit_paid, is: true}}`.
    Near miss: the deposit itself is money paid, not a discount: 1000 with 100 counting as 150 costs 950 in all.
    """

    kind: Literal["deposit"]
    paid: Amount
    worth: Amount

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        lowering.needs_goods("deposit")
        paid, worth = lowering.minor(self.paid, "paid"), lowering.minor(self.worth, "worth")
        if worth <= paid:
            lowering.report("deposit_worth_less", "a deposit counts for more than was paid", "worth")
        action = plan.Amount(max(worth - paid, 1), "unit", lowering.allocation)
        return LoweredBenefit(plan.Reward(), action, plan.Class.FREE)
