"""One promotion, as written."""

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, WithJsonSchema

from promoengine.document.schedule import Period
from promoengine.fields import (
    ONE_OR_MORE,
    PERCENT_SCHEMA,
    Amount,
    AtMost,
    Flag,
    Name,
    Names,
    Part,
    Percent,
    SchemaHints,
    Shorthand,
    distinct,
    made,
    refuse,
    whole,
)
from promoengine.kinds.base import Benefit, Conditions, LimitsField, Selector, Trigger
from promoengine.plan import RefusedFor, UnitBase

MOST_TIERS = 100
MOST_CODES = 100
LOWEST_PRIORITY = 1_000_000


class AfterStageBase(Part):
    """What units cost when an earlier stage ended."""

    after: Name


ThresholdBase = UnitBase | AfterStageBase
"""What a threshold is measured on: list, entry (as the stage began), running, or `{after: STAGE}`."""


class Tier(Part):
    """A rung: from `at` on, this benefit."""

    at: Amount
    benefit: Annotated[tuple[Benefit, ...], Field(min_length=1), ONE_OR_MORE]


class CodesRule(Part):
    """The codes that a coupon asks for: listed ones, or pools whose codes the shop keeps elsewhere.

    `per_cart` is how many of its codes may each apply it once in one cart.
    """

    listed: Names | None = None
    pools: Names | None = None
    per_cart: Annotated[int, BeforeValidator(whole(1, MOST_CODES)), SchemaHints(minimum=1, maximum=MOST_CODES)] = 1


def _codes(value: object) -> object:
    return {"listed": value} if isinstance(value, (str, list, tuple)) else value


def _codes_or_rule(rule: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [*TypeAdapter(Names).json_schema()["anyOf"], rule]}


class FundingRule(Part):
    """Who bears the discount: percentages by bearer, and who takes the rest."""

    shares: Annotated[dict[Name, Percent], made(dict)]
    rest: Name = "seller"


def _funding(value: object) -> object:
    """`{platform: 60, seller: 40, rest: seller}` as shares and a rest."""
    if not isinstance(value, dict) or "shares" in value:
        return value
    shares = {bearer: share for bearer, share in value.items() if bearer != "rest"}
    return {"shares": shares, **({"rest": value["rest"]} if "rest" in value else {})}


def _at_most_whole(funding: FundingRule) -> FundingRule:
    total = sum(Fraction(share) for share in funding.shares.values())
    if funding.rest in funding.shares and total != 100:
        message = "{rest} takes the rest, so with its own share the sum is 100 percent, not {total}"
        raise refuse("funding_rest", message, rest=funding.rest, total=str(total))
    if total > 100:
        raise refuse("funding_over_100", "the shares add up to {total} percent", total=str(total))
    return funding


_FUNDING_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "rest": {"type": "string"},
        "shares": {"type": "object", "additionalProperties": PERCENT_SCHEMA},
    },
    "additionalProperties": PERCENT_SCHEMA,
    "description": "percentages by bearer; `rest` names who takes what they leave",
}


class PromotionDocument(Part):
    """One promotion: who and when, which units, what fires it, what it gives, how it combines, how much of it."""

    id: Name
    title: Name | None = None
    description: str | None = None
    stage: Name
    priority: Annotated[int, Field(strict=True, ge=-LOWEST_PRIORITY, le=LOWEST_PRIORITY)] = 0
    apply: Literal["always", "if_better"] | None = None
    when: Conditions | None = None
    codes: Annotated[CodesRule, Shorthand(_codes, _codes_or_rule)] | None = None
    schedule: Annotated[tuple[Period, ...], Field(min_length=1), ONE_OR_MORE] | None = None
    items: Selector | None = None
    trigger: Trigger | None = None
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1), AtMost(MOST_TIERS)] | None = None
    graduated: Flag = False
    benefit: Annotated[tuple[Benefit, ...], Field(min_length=1), ONE_OR_MORE] | None = None
    threshold_base: ThresholdBase | None = None
    discount_base: UnitBase | None = None
    groups: Names | None = None
    exclusive: Literal["stage", "cart"] | None = None
    stop: Literal["stage", "cart"] | None = None
    limits: LimitsField | None = None
    refuse_for: Annotated[tuple[RefusedFor, ...], AfterValidator(distinct), Field(min_length=1), ONE_OR_MORE] | None = (
        None
    )
    funding: Annotated[
        FundingRule,
        BeforeValidator(_funding),
        AfterValidator(_at_most_whole),
        WithJsonSchema(_FUNDING_SCHEMA),
        made(FundingRule),
    ]
    labels: Annotated[dict[Name, Name], made(dict)]
