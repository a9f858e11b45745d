"""The benefit `percent_off`."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Amount, Percent
from promoengine.kinds.base import LoweredBenefit, RewardingBenefit, RoundingChoice
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register
from promoengine.money import parse_percent


@register("benefit", "percent_off")
class PercentOff(RewardingBenefit):
    """A percentage off the rewarded units, of their discount base.

    `per: unit` rounds on each unit and claims only what it changes; `per: once` sums the figures, rounds once, cuts
    to `max_discount` and shares the result by the figures. Said nothing, it is `unit` in the stage named item and
    `once` elsewhere and wherever `max_discount` is set. Nothing of a percentage spills over to other units.

    Example: `benefit: {kind: percent_off, percent: 10, max_discount: 30}`: 10 % up to 30.
    Near miss: 20 % off is `percent: 20`, not 80 (八折).
    """

    kind: Literal["percent_off"]
    percent: Percent
    per: Literal["unit", "once"] | None = None
    max_discount: Amount | None = None
    discount_base: plan.UnitBase | None = None
    rounding: RoundingChoice | None = None

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        spread = self._spread(lowering)
        rounding = (self.rounding or RoundingChoice()).lower(lowering.at("rounding"), "total" if spread else "unit")
        if rounding.at == "total" and not spread:
            lowering.report("total_needs_once", "rounding at total needs per: once", "rounding", "at")
        if rounding.at == "unit" and spread:
            lowering.report("unit_needs_per_unit", "rounding at unit needs per: unit", "rounding", "at")
        cap = None if self.max_discount is None else lowering.minor(self.max_discount, "max_discount")
        base = self.discount_base or lowering.discount_base
        action = plan.Percent(parse_percent(self.percent), base, spread, rounding, cap, lowering.allocation)
        effect_class = plan.Class.SPREAD if spread else plan.Class.UNIT_WISE
        return LoweredBenefit(self.lower_reward(lowering), action, effect_class)

    def _spread(self, lowering: Lowering) -> bool:
        if self.max_discount is not None and self.per == "unit":
            lowering.report("cap_needs_once", "max_discount caps one figure, so it needs per: once", "per")
        if self.per is None:
            return self.max_discount is not None or lowering.stage_name != "item"
        return self.per == "once"
