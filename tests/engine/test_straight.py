"""Straight turns, reach and settled carts are short cuts: the long way comes to the same quote, field by field.

Situations are those of the tests by comparison, small ones in which promotions meet all the time, and the floor's
carts, in which most turns are straight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from random import Random

import pytest

from benchmarks import carts
from promoengine import Campaign, Cart, CartError, CartRefused, Engine, plan, pricing
from promoengine.engine import gather as gathering
from promoengine.engine.straight_sets import rewarded_before
from promoengine.search import solver
from tests.engine import dense
from tests.oracle.pairs import accepted, found, in_order, pairs

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
Detour = Callable[[pytest.MonkeyPatch], None]


def without_straight_turns(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("promoengine.engine.bound.straight_of", lambda *found, **named: None)


def without_reach(patch: pytest.MonkeyPatch) -> None:
    everything = gathering.gather

    def gather(*found: object, coded_too: bool, all_too: bool = True) -> gathering.Gathered:
        return everything(*found, coded_too=coded_too, all_too=True)  # type: ignore[arg-type]

    patch.setattr(pricing, "gather", gather)


def always_searching(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(solver, "nobody_competes", lambda *found: False)


DETOURS = [without_straight_turns, without_reach, always_searching]


def situations(seed: int) -> Iterator[tuple[Campaign, object, datetime]]:
    for level in (0, 2):
        for pair, _ in pairs(seed, level):
            campaign = accepted({**pair.document, "search": {"max_nodes": 2_000}})
            if campaign is not None:
                yield campaign, pair.cart, pair.at


def dense_situations(seed: int) -> Iterator[tuple[Campaign, dense.Json, datetime]]:
    random = Random(f"dense {seed}")
    for _ in range(10):
        campaign = accepted({**dense.campaign(random), "search": {"max_nodes": 5_000}})
        if campaign is not None:
            for _ in range(3):
                yield campaign, dense.cart(random), NOON


def priced(campaign: Campaign, cart: object, at: datetime) -> object:
    try:
        quote = Engine(campaign).price(Cart.model_validate(cart), at=at, outcomes="all")
    except (CartError, CartRefused) as error:
        return [each.code for each in error.diagnostics]
    quote.verify()
    return quote.to_dict()


def assert_same_by(
    detour: Detour, found: Iterable[tuple[Campaign, object, datetime]], patch: pytest.MonkeyPatch
) -> None:
    """Each situation comes to the same quote by a detour as without it."""
    before = [(situation, priced(*situation)) for situation in found]
    detour(patch)
    for situation, expected in before:
        assert expected == priced(*situation)


@pytest.mark.parametrize("detour", DETOURS)
@pytest.mark.parametrize("seed", range(30))
def test_a_generated_cart_costs_the_same_the_long_way(
    detour: Detour, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same_by(detour, situations(seed), monkeypatch)


@pytest.mark.parametrize("detour", DETOURS)
@pytest.mark.parametrize("seed", range(30))
def test_where_promotions_meet_all_the_time_the_long_way_costs_the_same(
    detour: Detour, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same_by(detour, dense_situations(seed), monkeypatch)


@pytest.mark.parametrize("seed", range(30))
def test_where_promotions_meet_all_the_time_the_reference_agrees(seed: int) -> None:
    for campaign, cart, at in dense_situations(seed):
        written = campaign.document.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        assert not found(Campaign.from_dict(in_order(written)), cart, at)


@pytest.mark.parametrize("detour", DETOURS)
def test_a_cart_of_the_floor_costs_the_same_the_long_way(detour: Detour, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = Campaign.load("benchmarks/floor.yaml")
    floors = [(campaign, cart, NOON) for lines in (1, 4, 20) for cart in carts.carts(lines, 10)]
    assert_same_by(detour, floors, monkeypatch)


@pytest.mark.parametrize(
    "pick", [None, *[plan.Pick(kind, number) for kind in ("cheapest", "dearest", "nth") for number in (1, 2, 3, 5)]]
)
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_places_that_sets_reward_are_those_of_sets_formed_one_by_one(size: int, pick: plan.Pick | None) -> None:
    sets, units = 3, 3 * size + 2
    rewarded = [place < sets * size and _is_rewarded(place % size, size, pick) for place in range(units)]
    expected = [0, *accumulate(rewarded)]
    assert expected == [rewarded_before(place, size, sets, pick) for place in range(units + 1)]


def _is_rewarded(place: int, size: int, pick: plan.Pick | None) -> bool:
    if pick is None:
        return True
    if pick.kind == "nth":
        return place == pick.number - 1
    return place >= size - pick.number if pick.kind == "cheapest" else place < pick.number
