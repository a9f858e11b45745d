"""The desk: where one cart after another is read, priced, and handed on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer

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
class Request:
    """A cart as plain data, not yet checked, and its moment: its own, or that of the command."""

    text: CartText
    document: Document
    data: Any
    at: datetime
    own_moment: bool

    @contextmanager
    def placing(self) -> Iterator[None]:
        """What is wrong with the cart gets its place in the file."""
        try:
            yield
        except DiagnosticsError as error:
            wrapped = self.data is not self.document.data
            raise _placed_in(error, self.text, self.document, wrapped) from None


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
        request = self.request(text)
        with request.placing():
            cart = read_cart(request.data)
            quote = self.engine.price(cart, at=request.at, outcomes=self.outcomes)
            quote.verify()
        return Priced(text, cart, quote, self.by_clock and not request.own_moment)

    def request(self, text: CartText) -> Request:
        """What a text asks for: a cart, or one with its moment beside it, `{"at": ..., "cart": {...}}`.

        Raises `DiagnosticsError`, every diagnostic with its place in the file.
        """
        try:
            document = text.read()
        except DiagnosticsError as error:
            raise _again(error, [text.placed(each) for each in error.diagnostics]) from None
        data: Any = document.data
        if not (isinstance(data, dict) and "cart" in data):
            return Request(text, document, data, self.at, False)
        own = data.get("at")
        at = self.at if own is None else read_moment(own, self.zone)
        if isinstance(at, Diagnostic):
            raise _placed_in(DiagnosticsError([at.at(Place(("at",)))]), text, document, True)
        return Request(text, document, data["cart"], at, own is not None)


def open_desk(campaign: str, at: str | None, outcomes: Outcomes) -> Desk:
    """A desk for the campaign of a file, at the moment that a text states; without one, now.

    Raises `CampaignError`, and `typer.BadParameter` where the text is no moment.
    """
    loaded = Campaign.load(campaign)
    moment = datetime.now(UTC).replace(microsecond=0) if at is None else read_moment(at, zone_of(loaded))
    if isinstance(moment, Diagnostic):
        raise typer.BadParameter(f"{moment.message}: {moment.hint}.", param_hint="--at")
    engine = Engine(loaded)
    gc.freeze()  # the campaign stays to the end, so no collection need look at it
    return Desk(engine, moment, at is None, outcomes)


def zone_of(campaign: Campaign) -> ZoneInfo:
    """The campaign's time zone."""
    return ZoneInfo(next(iter(campaign.plans.values())).timezone)


def _again(error: DiagnosticsError, diagnostics: list[Diagnostic]) -> DiagnosticsError:
    """The same error, about the same things in other places."""
    return type(error)(diagnostics)


def _placed_in(error: DiagnosticsError, text: CartText, document: Document, wrapped: bool) -> DiagnosticsError:
    """The same error, its diagnostics with their places in the file."""
    return _again(error, [text.placed(_placed(each, document, wrapped)) for each in error.diagnostics])


def _placed(diagnostic: Diagnostic, document: Document, wrapped: bool) -> Diagnostic:
    """The diagnostic of a cart, placed in the document that holds it."""
    path: Path = diagnostic.place.path
    if wrapped and path != ("at",):
        path = ("cart", *path)
    found = document.key_place if diagnostic.code == "unknown_field" else document.place
    return diagnostic.at(found(path))
