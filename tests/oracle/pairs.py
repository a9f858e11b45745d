"""One pair: a generated campaign and cart, priced by the engine and by the reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promoengine import Campaign, CampaignError, Cart, CartError, CartRefused, Engine

from .compare import differences, of_quote
from .generate import Generator
from .limits import Refused
from .reference import price

REFUSED = {"refused": True}
CARTS = 3
"""How many carts are drawn for each campaign."""


@dataclass
class Pair:
    """A campaign, a cart and a moment, as plain data."""

    document: dict[str, Any]
    cart: dict[str, Any]
    at: datetime


def in_order(document: dict[str, Any]) -> dict[str, Any]:
    """The same campaign with the plain in-order pass, which is what the reference prices."""
    return {**document, "search": {"max_nodes": 0}}


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


def pairs(seed: int, level: int) -> Iterator[tuple[Pair, list[str]]]:
    """The pairs of one seed, with their differences; none where the drawn campaign is refused."""
    generator = Generator(seed, level)
    document = in_order(generator.campaign())
    at = datetime.fromisoformat(generator.moment())
    campaign = accepted(document)
    if campaign is None:
        return
    generator.ids = [each.id for each in campaign.document.promotions]
    for _ in range(CARTS):
        cart = generator.cart()
        yield Pair(document, cart, at), found(campaign, cart, at)
