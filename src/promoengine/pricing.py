"""Pricing: gather -> choose -> run(choice) -> finish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from promoengine.campaign import Campaign
from promoengine.cart import Cart
from promoengine.engine.aside import tell_aside
from promoengine.engine.basket import Basket
from promoengine.engine.bound import BoundPlan, bind
from promoengine.engine.choice import Choice
from promoengine.engine.clock import Clock, clock_at
from promoengine.engine.finish import FIGURES, TOLD, Finished, figures_of, finish, outcomes_of
from promoengine.engine.gather import Gathered, gather
from promoengine.engine.run import run
from promoengine.engine.state import State
from promoengine.errors import CartError, CartRefused, ChoiceError, Diagnostic, Place
from promoengine.instants import FIRST_YEAR, LAST_YEAR, microseconds
from promoengine.intake import shipping_line, take_in
from promoengine.quote import Departure, KeptUnits, Quote, Selection
from promoengine.search.losers import Losers
from promoengine.search.members import Member
from promoengine.search.solver import solve, solve_with
from promoengine.search.standing import payable_of
from promoengine.suggestions import did_you_mean

Outcomes = Literal["found", "all"]


class Engine:
    """Prices carts under one campaign. Immutable, and safe to share between threads: pricing is a pure function."""

    __slots__ = ("_bound", "_campaign", "_indexes")

    def __init__(self, campaign: Campaign) -> None:
        """Bind the campaign's plans. The campaign was checked when it was made."""
        self._campaign = campaign
        self._bound = {currency: bind(plan) for currency, plan in campaign.plans.items()}
        self._indexes: dict[str, dict[str, int]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """An engine travels as its campaign."""
        return Engine, (self._campaign,)

    @property
    def campaign(self) -> Campaign:
        """The campaign that this engine prices under."""
        return self._campaign

    def price(
        self,
        cart: Cart | Mapping[str, Any] | str | bytes,
        *,
        at: datetime,
        outcomes: Outcomes = "found",
        choose: Iterable[str] | None = None,
    ) -> Quote:
        """What the cart costs at a moment, under the best legal combination.

        `cart` is a `Cart`, plain data, or JSON text or bytes. `at` is an aware datetime: the engine reads no clock.
        `outcomes`: "found" reports every promotion that the index finds for the cart, and what those that lost where
        promotions compete would have saved; "all" adds those that want a code that was not entered, and what all
        barred ones would have saved.
        `choose`: the ids of promotions that the shopper wants. Then of the promotions that act only where they help
        exactly these act, and the quote says what the best combination would have saved besides.

        Raises `CartError` for a cart that cannot be priced as given, `ChoiceError` where what was chosen cannot be had
        together, and `CartRefused` where a rule of the campaign forbids the order. Never returns half a quote.
        """
        if not isinstance(at, datetime) or at.tzinfo is None or at.utcoffset() is None:
            raise CartError([_zoneless()])
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise CartError([_out_of_range()])
        plan, basket = take_in(cart, self._campaign.plans)
        bound = self._bound[plan.currency]
        clock = clock_at(microseconds(at), bound.zone)
        gathered = gather(bound, basket, clock, coded_too=False, all_too=choose is not None)
        chosen = best_choice(bound, basket, clock, gathered)
        if choose is not None:
            chosen = own_choice(bound, basket, clock, gathered, chosen, self._asked(bound, choose))
        finished = Finished(bound, basket, clock, gathered, chosen.state)

        def figures() -> dict[str, Any]:
            selection = replace(chosen.selection, departures=departures_of(bound, basket, chosen.choice))
            return figures_of(finished, price_options(bound, basket, clock, chosen), selection)

        def told() -> dict[str, Any]:
            every = outcomes == "all"
            whole = told_of(finished, chosen.choice, coded_too=every)
            add_would_save(whole, chosen, every=every)
            return outcomes_of(whole)

        return finish(finished, ((FIGURES, figures), (TOLD, told)))

    def _asked(self, bound: BoundPlan, ids: Iterable[str]) -> frozenset[int]:
        """The promotions that are asked for, by index; where these stand is found when a shopper first chooses."""
        currency = bound.plan.currency
        if currency not in self._indexes:
            self._indexes[currency] = {rule.id: rule.index for rule in bound.plan.promotions}
        indexes, wanted = self._indexes[currency], [*ids]
        unknown = [_not_known(each, list(indexes)) for each in wanted if each not in indexes]
        if unknown:
            raise ChoiceError(unknown)
        return frozenset([indexes[each] for each in wanted])


@dataclass(slots=True)
class Chosen:
    """A choice, the pass that it makes, what the quote says about how it was made, and among whom."""

    choice: Choice
    state: State
    selection: Selection
    competing: frozenset[int]
    members: tuple[Member, ...]


def best_choice(bound: BoundPlan, basket: Basket, clock: Clock, gathered: Gathered) -> Chosen:
    """The best legal choice, by the search."""
    solution, state = solve(bound, basket, clock, gathered.candidates, bound.plan.max_nodes)
    selection = Selection(solution.status, solution.gap_minor, solution.nodes)
    return Chosen(solution.choice, state, selection, solution.competing, solution.members)


def own_choice(
    bound: BoundPlan, basket: Basket, clock: Clock, gathered: Gathered, best: Chosen, asked: frozenset[int]
) -> Chosen:
    """The shopper's own choice of promotions (indexes), as it stands. Raises `ChoiceError` where it cannot be had."""
    solution = solve_with(bound, basket, clock, gathered.candidates, asked, bound.plan.max_nodes)
    state = run(bound, basket, clock, gathered.candidates, solution.choice)
    if not solution.found:
        raise ChoiceError(_cannot_be_had(bound, gathered, state, asked))
    saves = payable_of(state) - payable_of(best.state)
    nodes = best.selection.nodes + solution.nodes
    selection = Selection("chosen", best.selection.gap_minor, nodes, saves)
    return Chosen(solution.choice, state, selection, solution.competing, solution.members)


def departures_of(bound: BoundPlan, basket: Basket, choice: Choice) -> list[Departure]:
    """The choice as the quote records it."""
    found = []
    for turn in sorted({*choice.left_out, *choice.kept}):
        promotion, benefit, key, use = turn
        units = sorted(choice.kept.get(turn, {}).items())
        kept = [KeptUnits(basket.lines[rank].id, origin, count) for (rank, origin), count in units]
        left_out = turn in choice.left_out
        found.append(Departure(bound.plan.promotions[promotion].id, benefit, key, use, left_out, kept))
    return found


def _not_known(name: str, known: list[str]) -> Diagnostic:
    message = f"no promotion is called {name!r}"
    return Diagnostic("unknown_promotion", message, Place(("choose",)), did_you_mean(name, known))


def _cannot_be_had(bound: BoundPlan, gathered: Gathered, state: State, asked: frozenset[int]) -> list[Diagnostic]:
    """Why those of the choice that do not act do not."""
    found = []
    for index in sorted(asked - state.applied.keys()):
        outcome = state.outcomes.get(index) or gathered.refused.get(index)
        reason = "items" if outcome is None else outcome.reason
        by = f" by {', '.join(outcome.barred_by)}" if outcome is not None and outcome.barred_by else ""
        name = bound.plan.promotions[index].id
        found.append(
            Diagnostic(
                "choice_not_legal",
                f"promotion {name!r} cannot be had with this choice: {reason}{by}",
                Place(("choose",)),
            )
        )
    return found


def _zoneless() -> Diagnostic:
    return Diagnostic(
        "time_without_zone",
        "at needs a time zone",
        Place(("at",)),
        "datetime.now(UTC), or a datetime with tzinfo",
    )


def _out_of_range() -> Diagnostic:
    return Diagnostic("time_out_of_range", f"at lies from the year {FIRST_YEAR} to {LAST_YEAR}", Place(("at",)))


def price_options(bound: BoundPlan, basket: Basket, clock: Clock, chosen: Chosen) -> dict[tuple[str, int], int]:
    """What each option that is not selected would cost: priced in its place, with the same members."""
    found: dict[tuple[str, int], int] = {}
    for position, parcel in enumerate(basket.parcels):
        for option in range(len(parcel.options)):
            if option != parcel.selected:
                found[parcel.id, option] = _price_option(bound, basket, clock, chosen, position, option)
    return found


def _price_option(bound: BoundPlan, basket: Basket, clock: Clock, chosen: Chosen, position: int, option: int) -> int:
    parcel = basket.parcels[position]
    line = shipping_line(parcel, option, basket.shipping[position].rank)
    shipping = [*basket.shipping]
    shipping[position] = line
    methods = frozenset(each.shipping_method for each in shipping if each.shipping_method)
    other = replace(basket, shipping=shipping, context={**basket.context, "shipping_method": methods})
    gathered = gather(bound, other, clock, coded_too=False, all_too=False)
    members = {index: each for index, each in gathered.candidates.items() if index in chosen.state.applied}
    try:
        return run(bound, other, clock, members, chosen.choice).payable[line.rank]
    except CartRefused:
        return line.list_minor


def told_of(finished: Finished, choice: Choice, *, coded_too: bool) -> Finished:
    """The same with those promotions, too, that were left aside because they never act: their outcomes are owed. So is
    why others do not act, where the search had not to say. `coded_too`: also those that want a code that was not
    entered.
    """
    bound, basket, clock, state = finished.bound, finished.basket, finished.clock, finished.state
    whole: Gathered | None = None
    if state.explains:
        found = gather(bound, basket, clock, coded_too=True, all_too=False) if coded_too else finished.gathered
        whole = tell_aside(state, basket, clock, found)
    if whole is None:
        whole = gather(bound, basket, clock, coded_too=coded_too)
        state = run(bound, basket, clock, whole.candidates, choice)
    return Finished(bound, basket, clock, whole, state)


def add_would_save(told: Finished, chosen: Chosen, *, every: bool) -> None:
    """For each promotion that lost where promotions compete, and for `every` one that is barred: its own amount in one
    pass without those that bar it, and with itself.
    """
    lost = [index for index, each in told.state.outcomes.items() if each.reason in ("barred", "not_chosen")]
    lost = [index for index in lost if every or index in chosen.competing]
    if not lost:
        return
    bound, candidates = told.bound, told.gathered.candidates
    indexes = {bound.plan.promotions[index].id: index for index in told.state.applied}
    losers = Losers(bound, told.basket, told.clock, candidates, chosen.choice, chosen.members)
    for index in lost:
        outcome = told.state.outcomes[index]
        outcome.would_save_minor = losers.would_save(index, frozenset([indexes[name] for name in outcome.barred_by]))
