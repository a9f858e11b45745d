"""The benefit `gift`."""

from typing import Annotated, Literal

from pydantic import Field

from promoengine import plan
from promoengine.fields import Amount, AtMost, Count, Name, Part
from promoengine.kinds.base import BenefitKind, LoweredBenefit
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register


class GiftLine(Part):
    """One gift: a sku, how many of it, and what one piece is stated to be worth."""

    sku: Name
    quantity: Count = 1
    value: Amount | None = None

    def lower(self, lowering: Lowering) -> plan.GiftItem:
        value = 0 if self.value is None else lowering.minor(self.value, "value")
        return plan.GiftItem(self.sku, self.quantity, value)


@register("benefit", "gift")
class Gift(BenefitKind):
    """Output lines at price 0: `choose` n of the gifts listed (all of them where it is not said).

    The cart says which gifts the shopper chose and how many are left; not chosen, the first ones listed that are in
    stock are given. Out of stock: `drop` gives what there is, `replace` gives the replacement, `block` refuses the
    cart. A gift's `value` breaks ties between equal totals.

    Example: `benefit: {kind: gift, gifts: [{sku: MUG, value: 19}, {sku: BAG, value: 15}], choose: 1}`.
    Near miss: a gift is no cart line; lines marked `gift_of` are removed before pricing, so it is never given twice.
    """

    kind: Literal["gift"]
    gifts: Annotated[tuple[GiftLine, ...], Field(min_length=1), AtMost(100)]
    choose: Count | None = None
    out_of_stock: Literal["drop", "replace", "block"] = "drop"
    replacement: GiftLine | None = None

    def lower(self, lowering: Lowering) -> LoweredBenefit:
        items = tuple(gift.lower(lowering.at("gifts", index)) for index, gift in enumerate(self.gifts))
        if len({item.sku for item in items}) != len(items):
            lowering.report("duplicate", "a gift is listed twice", "gifts")
        if self.choose is not None and self.choose > len(items):
            lowering.report("choose_too_many", f"{len(items)} gifts are listed", "choose")
        if (self.replacement is not None) != (self.out_of_stock == "replace"):
            lowering.report("replacement", "replace and a replacement go together", "out_of_stock")
        replacement = None if self.replacement is None else self.replacement.lower(lowering.at("replacement"))
        action = plan.Gift(items, self.choose or len(items), self.out_of_stock, replacement)
        return LoweredBenefit(plan.Reward(), action, plan.Class.FREE)
