"""The grid, the floor's rival and the figures of start and size: that they measure what they say."""

import json
from dataclasses import dataclass, fields
from random import Random
from typing import Any

import pytest

from benchmarks import against_floor, campaigns, carts, constrained, grid, performance_page, search, start
from benchmarks.against_floor import AT
from promoengine import Campaign, Engine, intake


def test_every_cell_is_shown_on_the_page() -> None:
    shown = {*performance_page.CELLS}
    shown |= {f"conflicts-{family}-{n}" for family in performance_page.FAMILIES for n in performance_page.SEARCHES}
    assert shown == {*grid.cells()}


def test_a_cell_is_measured_in_a_process_of_its_own() -> None:
    found = grid.measure_apart("lines-1", seconds=0.01, most_seconds=60)
    assert found["calls"] >= grid.LEAST_ROUNDS
    assert 0 < found["median_us"] <= found["p99_us"]
    assert found["floors"] > 0
    assert ["proven"] == [*found["statuses"]]


def test_a_cell_that_takes_too_long_is_skipped_and_says_so() -> None:
    found = grid.measure_apart("lines-1", seconds=0.01, most_seconds=0.01)
    assert "took more than" in found["skipped"]


@pytest.mark.parametrize(("seconds", "expected"), [(10, 10), (0, 1)])
def test_so_many_carts_are_priced_as_the_time_allows_and_one_at_least(
    monkeypatch: pytest.MonkeyPatch, seconds: float, expected: int
) -> None:
    monkeypatch.setattr(grid, "microseconds", lambda price: 1_000_000)
    assert expected == grid.few_enough(lambda: None, seconds)


def test_a_cell_that_fails_says_why() -> None:
    assert "KeyError" in grid.measure_apart("no-such-cell", seconds=0.01, most_seconds=60)["skipped"]


@pytest.mark.parametrize("number", [11, 36, 100, 1_000])
def test_what_is_put_beside_the_eleven_changes_no_price(number: int) -> None:
    campaign = campaigns.padded(number)
    assert number == len(campaign["promotions"])
    compare_with_eleven(campaign)


@pytest.mark.parametrize("build", [campaigns.out_of_reach, campaigns.for_others])
def test_rules_for_the_whole_shop_that_are_not_met_change_no_price(build: Any) -> None:
    compare_with_eleven(build(20))


def compare_with_eleven(campaign: carts.Json) -> None:
    engine, eleven = (Engine(Campaign.from_dict(each)) for each in (campaign, campaigns.floor_campaign()))
    for cart in carts.carts(20, 3):
        more, alone = engine.price(cart, at=AT), eleven.price(cart, at=AT)
        assert alone.total_minor == more.total_minor
        assert alone.promotions.keys() == more.promotions.keys()


def test_of_the_promotions_beside_the_eleven_25_are_found_and_the_others_are_not() -> None:
    quote = Engine(Campaign.from_dict(campaigns.padded(200))).price(carts.cart(20, 1), at=AT)
    assert campaigns.FOUND == sum(name.startswith("found-") for name in quote.outcomes)
    assert not any(name.startswith("other-") for name in quote.outcomes)


def test_all_fifty_that_match_apply() -> None:
    campaign, cart = campaigns.fifty_that_match()
    quote = Engine(Campaign.from_dict(campaign)).price(cart, at=AT)
    assert 50 == len(campaign["promotions"]) == len(quote.promotions)


def test_of_the_single_use_codes_those_that_are_entered_apply() -> None:
    campaign = campaigns.single_use_codes(600)
    codes = [code for each in campaign["promotions"] if each["stage"] == "letters" for code in each["codes"]]
    assert 600 == len(codes) == len({*codes})
    entered = [campaigns.single_use_code(pool, 7) for pool in range(3)]
    quote = Engine(Campaign.from_dict(campaign)).price({**carts.cart(20, 1), "codes": entered}, at=AT)
    assert ["applied"] * 3 == [code.status for code in quote.codes.values()]


def test_the_search_is_timed_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search.pricing, "solve", search.pricing.solve)  # put back afterwards
    search.clock_the_search()
    taken = search.take(constrained.spreads, 5, seed=0, max_nodes=None)
    assert 0 < taken.search_ms <= taken.price_ms * 2
    assert search.row("spreads", 5, [taken]).startswith("| spreads | 5 |")


def test_the_conflicts_are_the_same_each_time() -> None:
    assert constrained.spreads(Random("a"), 5) == constrained.spreads(Random("a"), 5)


@pytest.mark.parametrize("way", against_floor.WAYS)
def test_every_way_against_the_floor_gives_a_ratio(way: str) -> None:
    (found,) = against_floor.compare([5], [way], seconds=0.01)
    assert 0 < min(found.floor_us, found.engine_us, found.ratio)


def test_what_is_timed_with_the_extra_fast_uses_it_and_what_is_timed_without_does_not() -> None:
    pytest.importorskip("msgspec")
    text = json.dumps(carts.cart(5))
    for used in (True, False):
        with against_floor.extra_fast(used=used):
            assert used is (intake.twin_of_text(text) is not None)
    assert intake.twin_of_text(text) is not None


def test_reading_a_quote_reads_every_field_all_the_way_down() -> None:
    read: list[str] = []

    @dataclass
    class Watched:
        part: object

        def __getattribute__(self, name: str) -> object:
            read.append(name)
            return object.__getattribute__(self, name)

    against_floor.read_all({"a": [Watched((Watched("inner"),))]})
    assert 2 == read.count("part")


def test_a_copy_of_a_quote_has_all_fields_and_the_same_text() -> None:
    engine = Engine(Campaign.from_dict(campaigns.floor_campaign()))
    copy = against_floor.all_there(engine.price(carts.cart(20), at=AT))
    assert all(
        object.__getattribute__(copy, each.name) is not None or each.name == "valid_until" for each in fields(copy)
    )
    assert engine.price(carts.cart(20), at=AT).to_json() == copy.to_json()


def test_compiling_is_measured_in_a_process_of_its_own() -> None:
    found = start.compiled_apart(100, most_seconds=60)
    assert 100 == found["promotions"]
    assert 0 < min(found["load_seconds"], found["first_price_us"], found["second_price_us"])
    assert "took more than" in start.compiled_apart(100, most_seconds=0.01)["skipped"]
