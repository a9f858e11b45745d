"""The engine and the slow reference, written from docs/semantics.md alone, agree on every field of the quote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from promoengine import Campaign, CampaignError, Cart, CartError, CartRefused, Engine

from .compare import differences, of_quote
from .generate import Generator
from .limits import Refused
from .reference import price

REFUSED = {"refused": True}
SEEDS = range(40)
CARTS = 3


def with_plain_rungs(document: dict[str, Any]) -> dict[str, Any]:
    """The same, without items of their own in the benefits of rungs: which refusal a ladder of such rungs reports,
    when another promotion has claimed what only one of them measures, the page does not settle yet.
    """
    for promotion in document["promotions"]:
        for tier in promotion.get("tiers", ()):
            benefits = tier["benefit"] if isinstance(tier["benefit"], list) else [tier["benefit"]]
            for benefit in benefits:
                benefit.pop("items", None)
    return document


def accepted(document: dict[str, Any]) -> Campaign | None:
    """The campaign, less promotions that say what makes no sense; None where it is refused as a whole."""
    try:
        return Campaign.from_dict(document)
    except CampaignError as error:
        paths = [each.place.path for each in error.diagnostics]
    wrong = {path[1] for path in paths if path[:1] == ("promotions",)}
    kept = [each for index, each in enumerate(document["promotions"]) if index not in wrong]
    try:
        return Campaign.from_dict({**document, "promotions": kept})
    except CampaignError:
        return None


def found(campaign: Campaign, written: dict[str, Any], at: datetime) -> list[str]:
    """The differences between engine and reference; none for a cart that does not fit the campaign."""
    try:
        cart = Cart.model_validate(written)
        actual = of_quote(Engine(campaign).price(cart, at=at))
    except CartError:
        return []
    except CartRefused:
        actual = REFUSED
    try:
        expected = price(campaign.document, cart, at)
    except Refused:
        expected = REFUSED
    return list(differences(expected, actual))


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_and_the_reference_agree(level: int, seed: int) -> None:
    generator = Generator(seed, level)
    document = {**with_plain_rungs(generator.campaign()), "search": {"max_nodes": 0}}  # the plain in-order pass
    at = datetime.fromisoformat(generator.moment())
    campaign = accepted(document)
    if campaign is None:
        return
    generator.ids = [each.id for each in campaign.document.promotions]
    for _ in range(CARTS):
        cart = generator.cart()
        assert [] == found(campaign, cart, at), (document, cart, at)
