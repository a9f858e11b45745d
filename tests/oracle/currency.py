"""§1: a promotion without a figure in the cart's currency does not apply."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from promoengine.document import CampaignDocument, PromotionDocument

from .choosing import selectors_within
from .eligibility import stated
from .money import Money, NoFigure

FIGURES = ("amount", "price", "max_discount", "paid", "worth", "value", "max_value", "per_spend")
Figure = Decimal | dict[str, Decimal]


def has_figures(document: CampaignDocument, promotion: PromotionDocument, money: Money) -> bool:
    """Whether every amount that the promotion states is stated in the cart's currency."""
    try:
        for figure in figures(document, promotion):
            money.minor(figure)
    except NoFigure:
        return False
    return True


def figures(document: CampaignDocument, promotion: PromotionDocument) -> Iterator[Figure]:
    """Every amount of money in a promotion."""
    yield from of_selector(promotion.items)
    yield from of_conditions(document, promotion.when)
    yield from of_trigger(document, promotion)
    benefits = [*(promotion.benefit or ()), *(each for tier in promotion.tiers or () for each in tier.benefit)]
    for benefit in benefits:
        yield from of_benefit(benefit)
    for key, kind in promotion.limits.stated() if promotion.limits is not None else ():
        if key == "budget":
            yield kind.root


def of_selector(selector: Any) -> Iterator[Figure]:
    for key, value in selectors_within(selector):
        if key == "price":
            yield from (each for each in (value.at_least, value.at_most) if each is not None)


def of_conditions(document: CampaignDocument, conditions: Any) -> Iterator[Figure]:
    for key, value in stated(conditions) if conditions is not None else ():
        if key in ("all", "any", "not"):
            for each in [value] if key == "not" else value:
                yield from of_conditions(document, each)
        is_money = (key == "cart" and value.measure == "spend") or (
            key == "fact" and document.facts.get(value.name) == "money"
        )
        if is_money:
            yield from (each for each in (value.at_least, value.more_than, value.at_most) if each is not None)
        if key == "cart":
            yield from of_selector(value.items)


def of_trigger(document: CampaignDocument, promotion: PromotionDocument) -> Iterator[Figure]:
    trigger: Any = promotion.trigger
    if trigger is None:
        return
    for part in getattr(trigger, "parts", None) or ():
        yield from of_selector(part.items)
    if getattr(trigger, "spend", None) is not None:
        yield trigger.spend
    if trigger.kind == "spend" or (trigger.kind == "fact" and document.facts.get(trigger.fact) == "money"):
        yield from (each for each in (trigger.at_least, trigger.every) if each is not None)
        yield from (tier.at for tier in promotion.tiers or ())


def of_benefit(benefit: Any) -> Iterator[Figure]:
    for name in FIGURES:
        if getattr(benefit, name, None) is not None:
            yield getattr(benefit, name)
    rounding = getattr(benefit, "rounding", None)
    if rounding is not None and rounding.step is not None:
        yield rounding.step
    yield from of_selector(getattr(benefit, "items", None))
    for gift in [*getattr(benefit, "gifts", ()), getattr(benefit, "replacement", None)]:
        if gift is not None and gift.value is not None:
            yield gift.value
