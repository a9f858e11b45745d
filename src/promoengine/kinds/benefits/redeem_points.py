"""The benefit `redeem_points`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Percent, Tally
from promoengine.kinds.base import AllocationChoice, BenefitKind, LoweredBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register
from promoengine.money import parse_percent


@register("benefit", "redeem_points")
class RedeemPoints(BenefitKind):
    """Points that the shopper asks to use become money.

    `points_per_unit` points are worth one major unit of the currency; they are used in whole `step`s, and pay at most
    `max_share` percent of the base. Money is rounded down.

    Example: `benefit: {kind: redeem_points, points_per_unit: 100, step: 1000, max_share: 50}`.
    Near miss: nothing is redeemed that was not asked for, and never more than the balance.
    """

    kind: Literal["redeem_points"]
    points_per_unit: Tally
    step: Tally = 1
    max_share: Percent | None = None
    discount_base: plan.UnitBase | None = None
    allocation: AllocationChoice | None = None

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        lowering.needs_goods("redeem_points")
        allocation = lowering.allocation
        if self.allocation is not None:
            allocation = self.allocation.lower(lowering.at("allocation"))
        worth = (10**lowering.frame.exponent, self.points_per_unit)
        share = None if self.max_share is None else parse_percent(self.max_share)
        action = plan.Redeem(worth, self.step, share, self.discount_base or lowering.discount_base, allocation)
        return LoweredBenefit(plan.Reward(), action, plan.Class.FREE)
