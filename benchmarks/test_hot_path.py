"""The hot path for pytest-benchmark: `python3 dev.py benchmark --benchmark-json=before.json`, a minute.

CPU time; every field of a quote is read, but for `test_total`. `benchmarks/compare.py` compares such files; the floor
is among the benchmarks, so that it can tell what the machine itself did meanwhile.
"""

from __future__ import annotations

import json
from functools import partial
from itertools import cycle
from random import Random
from time import process_time
from typing import Any

import pytest

from benchmarks import campaigns, carts, constrained, floor
from benchmarks.against_floor import AT, price_and_read
from promoengine import Campaign, Cart, Engine

pytestmark = pytest.mark.benchmark(timer=process_time, min_rounds=20, max_time=0.5, warmup=True)
ELEVEN = Engine(Campaign.from_dict(campaigns.floor_campaign()))
CARTS = 10


@pytest.mark.parametrize("lines", [1, 5, 20, 100])
def test_floor(benchmark: Any, lines: int) -> None:
    benchmark(each_of([partial(floor.price, carts.for_floor(cart)) for cart in carts.carts(lines, CARTS)]))


@pytest.mark.parametrize("lines", [1, 5, 20, 100])
def test_total(benchmark: Any, lines: int) -> None:
    benchmark(each_of([partial(ELEVEN.price, prepared(cart), at=AT) for cart in carts.carts(lines, CARTS)]))


@pytest.mark.parametrize("lines", [1, 5, 20, 100])
def test_price(benchmark: Any, lines: int) -> None:
    benchmark(each_of([partial(price_and_read, ELEVEN, prepared(cart)) for cart in carts.carts(lines, CARTS)]))


def test_price_with_every_outcome(benchmark: Any) -> None:
    found = [partial(price_and_read, ELEVEN, prepared(cart), outcomes="all") for cart in carts.carts(20, CARTS)]
    benchmark(each_of(found))


def test_price_from_text_to_text(benchmark: Any) -> None:
    texts = cycle([json.dumps(cart) for cart in carts.carts(20, CARTS)])
    benchmark(lambda: ELEVEN.price(next(texts), at=AT).to_json())


def test_price_among_a_thousand_promotions(benchmark: Any) -> None:
    engine = Engine(Campaign.from_dict(campaigns.padded(1_000)))
    benchmark(each_of([partial(price_and_read, engine, prepared(cart)) for cart in carts.carts(20, CARTS)]))


def test_price_under_fifty_that_match(benchmark: Any) -> None:
    campaign, cart = campaigns.fifty_that_match()
    benchmark(partial(price_and_read, Engine(Campaign.from_dict(campaign)), prepared(cart)))


@pytest.mark.parametrize("promotions", [5, 10, 15])
@pytest.mark.parametrize("family", [constrained.spreads, constrained.coupons], ids=lambda family: family.__name__)
def test_price_of_conflicts(benchmark: Any, family: constrained.Family, promotions: int) -> None:
    campaign, cart = family(Random(f"hot path {promotions}"), promotions)
    benchmark(partial(price_and_read, Engine(Campaign.from_dict(campaign)), prepared(cart)))


def prepared(cart: carts.Json) -> Cart:
    return Cart.model_validate(cart)


def each_of(work: list[Any]) -> Any:
    """One call after the other, round and round: a benchmark of one cart in a mix of carts."""
    turns = cycle(work)
    return lambda: next(turns)()
