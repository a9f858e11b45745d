"""The benefit `points`."""

from fractions import Fraction
from typing import Literal

from promoengine import plan
from promoengine.fields import Amount, CartAmount, Tally
from promoengine.kinds.base import BenefitKind, LoweredBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


@register("benefit", "points")
class Points(BenefitKind):
    """Points earned after the order: a number of them, or so many for each `per_spend` of the items.

    `point_value` states what one point is worth, which breaks ties between equal totals.

    Example: `benefit: {kind: points, points: 1, per_spend: 10.00, point_value: 0.01}`.
    Near miss: points earned lower no price; `redeem_points` does.
    """

    kind: Literal["points"]
    points: Tally
    per_spend: Amount | None = None
    point_value: CartAmount | None = None

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        per_spend = None if self.per_spend is None else lowering.minor(self.per_spend, "per_spend")
        value = Fraction(self.point_value or 0) * 10**lowering.frame.exponent
        action = plan.Grant(
            "points",
            "points",
            self.points,
            (value.numerator, value.denominator),
            lowering.discount_base,
            lowering.frame.rounding_mode,
            per_spend,
            allocation=lowering.allocation,
        )
        return LoweredBenefit(plan.Reward(), action, plan.Class.FREE)
