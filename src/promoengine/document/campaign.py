"""The campaign document: the currency, the stages, and the promotions."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from promoengine.document.promotion import PromotionDocument, ThresholdBase
from promoengine.fields import (
    Amount,
    Count,
    Currency,
    Flag,
    Name,
    Part,
    Percent,
    Shorthand,
    Tally,
    TallyFromZero,
    made,
    refuse,
)
from promoengine.kinds.base import AllocationChoice, Selector
from promoengine.money import RoundingMode
from promoengine.plan import UnitBase

DEFAULT_STAGES = ("item", "order", "shipping")


class StageRule(Part):
    """One stage: what it covers, what its thresholds and percentages are measured on, and whether its members
    may act on the same units (`stacking: all`).

    A stage named shipping covers shipping and one named payment covers both, unless it says.
    """

    name: Name
    covers: Literal["goods", "shipping", "both"] | None = None
    threshold_base: ThresholdBase = "entry"
    discount_base: UnitBase = "running"
    stacking: Literal["one", "all"] = "one"
    allocation: AllocationChoice | None = None


def _stages(value: object) -> object:
    """A plain name stands for a stage with the defaults."""
    if not isinstance(value, (list, tuple)):
        return value
    return [{"name": stage} if isinstance(stage, str) else stage for stage in value]


def _names_or_rules(stages: dict[str, Any]) -> dict[str, Any]:
    return {**stages, "items": {"anyOf": [{"type": "string", "minLength": 1}, stages["items"]]}}


class GroupRule(Part):
    """At most `at_most` promotions of the group in each scope, over all stages."""

    name: Name
    scope: Literal["unit", "line", "seller", "cart"] = "cart"
    at_most: Count = 1


class FloorRule(Part):
    """How far prices may fall: an `amount` (per unit, line or cart of goods), a `rate` of list in percent, or the
    amount in the line's own `field`. Exactly one of the three.
    """

    per: Literal["unit", "line", "cart"] = "unit"
    items: Selector | None = None
    amount: Amount | None = None
    rate: Percent | None = None
    field: Literal["cost", "min_price"] | None = None

    @model_validator(mode="after")
    def _one_figure(self) -> "FloorRule":
        if (self.amount is not None) + (self.rate is not None) + (self.field is not None) != 1:
            raise refuse("one_floor", "a floor states exactly one of amount, rate and field")
        if self.per == "cart" and self.items is not None:
            raise refuse("floor_of_all_goods", "a floor of the cart is for all its goods; leave items out")
        if self.amount is None and self.per != "unit":
            raise refuse("floor_per_unit", "a rate or a field is a floor per unit")
        return self


class SharedLimitRule(Part):
    """A limit that the promotions naming it use up together."""

    name: Name
    uses: Tally | None = None
    stock: Tally | None = None
    budget: Amount | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> "SharedLimitRule":
        if self.uses is None and self.stock is None and self.budget is None:
            raise refuse("empty_limit", "a shared limit states uses, stock or budget")
        return self


class TaxRule(Part):
    """Whether prices include tax, and where and how tax is rounded. The rates come with the cart's lines."""

    prices_include_tax: Flag
    at: Literal["unit", "line", "total"] = "line"
    mode: RoundingMode = "half_up"


class RoundingRule(Part):
    """The campaign's rounding: of the discount's magnitude, and the step of resulting prices."""

    mode: RoundingMode = "half_up"
    step: Amount | None = None


class SearchRule(Part):
    """How much the search for the best combination may do for one cart."""

    max_nodes: TallyFromZero = 500


class CampaignDocument(Part):
    """A whole campaign, as written. `extends` names the preset that it starts from; the document of a `Campaign` has
    been laid over that already, and names none.
    """

    extends: str | None = None
    campaign: Name
    description: str | None = None
    currency: Currency
    other_currencies: tuple[Currency, ...] = ()
    timezone: Name
    stages: Annotated[
        tuple[StageRule, ...],
        Field(min_length=1),
        Shorthand(_stages, _names_or_rules),
        made(lambda: tuple([StageRule(name=name) for name in DEFAULT_STAGES])),
    ]
    groups: tuple[GroupRule, ...] = ()
    facts: Annotated[dict[Name, Literal["number", "money", "flag"]], made(dict)]
    shared_limits: tuple[SharedLimitRule, ...] = ()
    floors: tuple[FloorRule, ...] = ()
    rounding: Annotated[RoundingRule, made(RoundingRule)]
    allocation: Annotated[AllocationChoice, made(AllocationChoice)]
    tax: TaxRule | None = None
    search: Annotated[SearchRule, made(SearchRule)]
    promotions: tuple[PromotionDocument, ...] = ()
