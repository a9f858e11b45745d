"""The hand-written floor and the engine price the same eleven promotions, to the cent."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks import carts, floor
from promoengine import Campaign, Engine, Quote

ENGINE = Engine(Campaign.load(Path(floor.__file__).with_suffix(".yaml")))
AT = datetime(2026, 11, 11, 12, tzinfo=UTC)
NAMES = {promotion.id for promotion in ENGINE.campaign.document.promotions}
REGULAR = [carts.cart(lines, seed) for lines in (0, 1, 2, 5, 7, 20, 100) for seed in range(12)]
ODD = [carts.odd_cart(seed) for seed in range(400)]


def as_the_floor_says_it(quote: Quote) -> dict[str, Any]:
    """A quote, cut down to what the floor tells."""
    lines = {}
    for line in quote.lines.values():
        taken: dict[str, int] = {}
        for each in line.adjustments:
            taken[each.promotion] = taken.get(each.promotion, 0) + each.amount_minor
        lines[line.id] = (line.payable_minor, [*taken.items()])
    return {
        "lines": lines,
        "gift": quote.gifts[0].sku if quote.gifts else None,
        "goods": quote.goods_total_minor,
        "shipping": quote.shipping_total_minor,
        "total": quote.total_minor,
    }


@pytest.mark.parametrize("generated", [pytest.param(REGULAR, id="regular"), pytest.param(ODD, id="odd")])
def test_the_floor_and_the_engine_agree_on_every_line_adjustment_and_total(generated: list[Any]) -> None:
    for cart in generated:
        quote = ENGINE.price(cart, at=AT)
        assert as_the_floor_says_it(quote) == floor.price(carts.for_floor(cart)), cart
        assert quote.selection.status == "proven"


@pytest.mark.parametrize("generated", [pytest.param(REGULAR, id="regular"), pytest.param(ODD, id="odd")])
def test_every_promotion_of_the_floor_applies_somewhere(generated: list[Any]) -> None:
    assert len(NAMES) == 11
    applied: set[str] = set()
    for cart in generated:
        quote = ENGINE.price(cart, at=AT)
        applied |= quote.promotions.keys() | {gift.promotion for gift in quote.gifts}
    assert NAMES == applied


def test_all_promotions_apply_in_some_cart_of_twenty_lines() -> None:
    quotes = [ENGINE.price(cart, at=AT) for cart in carts.carts(20, 20)]
    assert any(NAMES == quote.promotions.keys() for quote in quotes)


def test_the_floor_says_from_text_to_text_what_it_says_in_fen() -> None:
    for cart in REGULAR:
        priced = floor.price(carts.for_floor(cart))
        told = json.loads(floor.price_text(json.dumps(cart)))
        assert told["total"] == floor.yuan(priced["total"])
        assert told["gift"] == priced["gift"]
        for name, (payable, adjustments) in priced["lines"].items():
            assert told["lines"][name]["payable"] == floor.yuan(payable)
            assert told["lines"][name]["adjustments"] == [[by, floor.yuan(amount)] for by, amount in adjustments]


def test_the_carts_are_the_same_each_time() -> None:
    assert carts.cart(20, 3) == carts.cart(20, 3)
    assert carts.cart(20, 3) != carts.cart(20, 4)
