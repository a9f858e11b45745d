"""Pricing: gather -> choose -> run(choice) -> finish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from promoengine.campaign import Campaign
from promoengine.cart import Cart
from promoengine.engine.basket import Basket
from promoengine.engine.bound import BoundPlan, bind
from promoengine.engine.clock import Clock, clock_at
from promoengine.engine.finish import Finished, finish
from promoengine.engine.floors import price_of
from promoengine.engine.gather import Gathered, gather
from promoengine.engine.run import IN_ORDER, Choice, run
from promoengine.engine.state import State
from promoengine.errors import CartError, CartRefused, Diagnostic, Place
from promoengine.instants import FIRST_YEAR, LAST_YEAR, microseconds
from promoengine.intake import read_cart, shipping_line, take_in
from promoengine.quote import Quote

Outcomes = Literal["found", "all"]


class Engine:
    """Prices carts under one campaign. Immutable, and safe to share between threads: pricing is a pure function."""

    __slots__ = ("_bound", "_campaign")

    def __init__(self, campaign: Campaign) -> None:
        """Bind the campaign's plans. The campaign was checked when it was made."""
        self._campaign = campaign
        self._bound = {currency: bind(plan) for currency, plan in campaign.plans.items()}

    def __reduce__(self) -> tuple[Any, ...]:
        """An engine travels as its campaign."""
        return Engine, (self._campaign,)

    @property
    def campaign(self) -> Campaign:
        """The campaign that this engine prices under."""
        return self._campaign

    def price(
        self, cart: Cart | Mapping[str, Any] | str | bytes, *, at: datetime, outcomes: Outcomes = "found"
    ) -> Quote:
        """What the cart costs at a moment.

        `cart` is a `Cart`, plain data, or JSON text or bytes. `at` is an aware datetime: the engine reads no clock.
        `outcomes`: "found" reports every promotion that the index finds for the cart; "all" adds those that want a
        code that was not entered, and what barred ones would have saved.

        Raises `CartError` for a cart that cannot be priced as given, and `CartRefused` where a rule of the campaign
        forbids the order. Never returns half a quote.
        """
        if not isinstance(at, datetime) or at.tzinfo is None or at.utcoffset() is None:
            raise CartError([_zoneless()])
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise CartError([_out_of_range()])
        plan, basket = take_in(read_cart(cart), self._campaign.plans)
        bound = self._bound[plan.currency]
        clock = clock_at(microseconds(at), bound.zone)
        gathered = gather(bound, basket, clock, coded_too=outcomes == "all")
        choice = choose()
        state = run(bound, basket, clock, gathered.candidates, choice)
        options = price_options(bound, basket, clock, state)
        if outcomes == "all":
            add_would_save(bound, basket, clock, gathered, state)
        quote = finish(Finished(bound, basket, clock, gathered, state, options))
        quote.verify()
        return quote


def choose() -> Choice:
    """The choice of the combination. Until the exact search exists it is the in-order pass, and the quote says so."""
    return IN_ORDER


def _zoneless() -> Diagnostic:
    return Diagnostic(
        "time_without_zone",
        "at needs a time zone",
        Place(("at",)),
        "datetime.now(UTC), or a datetime with tzinfo",
    )


def _out_of_range() -> Diagnostic:
    return Diagnostic("time_out_of_range", f"at lies from the year {FIRST_YEAR} to {LAST_YEAR}", Place(("at",)))


def price_options(bound: BoundPlan, basket: Basket, clock: Clock, state: State) -> dict[tuple[str, int], int]:
    """What each option that is not selected would cost: priced in its place, with the same members."""
    found: dict[tuple[str, int], int] = {}
    for position, parcel in enumerate(basket.parcels):
        for option in range(len(parcel.options)):
            if option != parcel.selected:
                found[parcel.id, option] = _price_option(bound, basket, clock, state, position, option)
    return found


def _price_option(bound: BoundPlan, basket: Basket, clock: Clock, state: State, position: int, option: int) -> int:
    parcel = basket.parcels[position]
    line = shipping_line(parcel, option, basket.shipping[position].rank)
    shipping = [*basket.shipping]
    shipping[position] = line
    methods = frozenset(each.shipping_method for each in shipping if each.shipping_method)
    other = replace(basket, shipping=shipping, context={**basket.context, "shipping_method": methods})
    gathered = gather(bound, other, clock, coded_too=False)
    members = {index: each for index, each in gathered.candidates.items() if index in state.applied}
    try:
        return price_of(run(bound, other, clock, members).runs[line.rank])
    except CartRefused:
        return line.list_minor


def add_would_save(bound: BoundPlan, basket: Basket, clock: Clock, gathered: Gathered, state: State) -> None:
    """For each barred promotion, its own amount in one pass without those that bar it."""
    indexes = {promotion.id: promotion.index for promotion in bound.plan.promotions}
    for index, outcome in state.outcomes.items():
        if outcome.reason != "barred":
            continue
        without = Choice(frozenset(indexes[name] for name in outcome.barred_by))
        try:
            applied = run(bound, basket, clock, gathered.candidates, without).applied.get(index)
        except CartRefused:
            continue
        outcome.would_save_minor = 0 if applied is None else applied.amount_minor
