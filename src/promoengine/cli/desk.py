"""The desk: where one cart after another is read, priced, and handed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from promoengine.campaign import Campaign
from promoengine.cart import Cart
from promoengine.cli.carts import CartText
from promoengine.cli.moments import read_moment
from promoengine.errors import Diagnostic, DiagnosticsError, Path, Place
from promoengine.intake import read_cart
from promoengine.pricing import Engine, Outcomes
from promoengine.quote import Quote
from promoengine.reading import Document


@dataclass(frozen=True, slots=True)
class Priced:
    """A cart and its quote; `by_clock` where the moment is that of the computer's clock."""

    text: CartText
    cart: Cart
    quote: Quote
    by_clock: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """Prices carts under one campaign, at `at` unless a cart states its own moment."""

    engine: Engine
    at: datetime
    by_clock: bool
    outcomes: Outcomes

    @property
    def campaign(self) -> Campaign:
        return self.engine.campaign

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.campaign)

    def price(self, text: CartText) -> Priced:
        """The quote of a cart. Raises `DiagnosticsError`, every diagnostic with its place in the file."""
        try:
            document = text.read()
        except DiagnosticsError as error:
            raise _again(error, [text.placed(each) for each in error.diagnostics]) from None
        wrapped = isinstance(document.data, dict) and "cart" in document.data
        try:
            return self._price(text, document.data, wrapped)
        except DiagnosticsError as error:
            placed = [text.placed(_placed(each, document, wrapped)) for each in error.diagnostics]
            raise _again(error, placed) from None

    def _price(self, text: CartText, data: Any, wrapped: bool) -> Priced:
        """`data` is a cart, or with its moment beside it: `{"at": ..., "cart": {...}}`."""
        own = data.get("at") if wrapped else None
        at = self.at if own is None else read_moment(own, self.zone)
        if isinstance(at, Diagnostic):
            raise DiagnosticsError([at.at(Place(("at",)))])
        cart = read_cart(data["cart"] if wrapped else data)
        quote = self.engine.price(cart, at=at, outcomes=self.outcomes)
        quote.verify()
        return Priced(text, cart, quote, self.by_clock and own is None)


def zone_of(campaign: Campaign) -> ZoneInfo:
    """The campaign's time zone."""
    return ZoneInfo(campaign.document.timezone)


def _again(error: DiagnosticsError, diagnostics: list[Diagnostic]) -> DiagnosticsError:
    """The same error, about the same things in other places."""
    return type(error)(diagnostics)


def _placed(diagnostic: Diagnostic, document: Document, wrapped: bool) -> Diagnostic:
    """The diagnostic of a cart, placed in the document that holds it."""
    path: Path = diagnostic.place.path
    if wrapped and path != ("at",):
        path = ("cart", *path)
    found = document.key_place if diagnostic.code == "unknown_field" else document.place
    return diagnostic.at(found(path))
