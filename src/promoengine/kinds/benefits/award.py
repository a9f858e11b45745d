"""The benefit `award`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Amount, Count, Name, Percent
from promoengine.kinds.base import BenefitKind, LoweredBenefit, RoundingChoice
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register
from promoengine.money import parse_percent


@register("benefit", "award")
class Award(BenefitKind):
    """Something given after the order: a coupon, an entry into a draw, or cash-back.

    `value` states what one is worth; cash-back may be a `percent` of the items' spend instead, up to `max_value`.

    Example: `benefit: {kind: award, award: cash_back, name: wallet, percent: 5, max_value: 20}`.
    Near miss: an award lowers no price of this order, and the shop's own systems hand it out.
    """

    kind: Literal["award"]
    award: Literal["coupon", "entry", "cash_back"]
    name: Name
    quantity: Count = 1
    value: Amount | None = None
    percent: Percent | None = None
    max_value: Amount | None = None
    rounding: RoundingChoice | None = None

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        self._check(lowering)
        rounding = (self.rounding or RoundingChoice()).lower(lowering.at("rounding"), "total")
        value = 0 if self.value is None else lowering.minor(self.value, "value")
        action = plan.Grant(
            self.award,
            self.name,
            self.quantity,
            (value, 1),
            lowering.discount_base,
            rounding.mode,
            rate=None if self.percent is None else parse_percent(self.percent),
            most_minor=None if self.max_value is None else lowering.minor(self.max_value, "max_value"),
            allocation=lowering.allocation,
        )
        return LoweredBenefit(plan.Reward(), action, plan.Class.FREE)

    def _check(self, lowering: Lowering) -> None:
        if self.percent is not None and (self.award != "cash_back" or self.value is not None or self.quantity != 1):
            lowering.report("percent_is_cash_back", "a percent is cash-back, without value or quantity", "percent")
        if self.award == "cash_back" and self.percent is None and self.value is None:
            lowering.report("cash_back_needs_figure", "cash-back states a value or a percent", "award")
        if self.max_value is not None and self.percent is None:
            lowering.report("max_without_percent", "max_value bounds a percent", "max_value")
