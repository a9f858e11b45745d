"""What a test of a line can come to at some moment and some price: so launches are edges where they matter."""

from __future__ import annotations

import pytest

from promoengine.engine.basket import Line
from promoengine.engine.binding import possibly
from promoengine.plan import AllOf, AnyOf, Holds, LaunchedWithin, Not, OnSale, PriceWithin, Test

PAN, POT = Holds("sku", frozenset({"pan"})), Holds("sku", frozenset({"pot"}))
NEW = LaunchedWithin(3)
BOTH, PASSES, FAILS = (True, True), (True, False), (False, True)


def line(*, launched: bool = True, on_sale: bool = False, goods: bool = True) -> Line:
    found = Line("1", 1, 1000)
    found.sku, found.on_sale, found.goods = "pan", on_sale, goods
    found.launched_us = 0 if launched else None
    return found


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (PAN, PASSES),
        (POT, FAILS),
        (NEW, BOTH),
        (PriceWithin(None, 500), BOTH),
        (Not(PAN), FAILS),
        (Not(POT), PASSES),
        (Not(NEW), BOTH),
        (Not(AllOf((PAN, POT))), PASSES),
        (AllOf((PAN, NEW)), BOTH),
        (AllOf((POT, NEW)), FAILS),
        (AllOf((PAN, PAN)), PASSES),
        (AnyOf((PAN, NEW)), PASSES),
        (AnyOf((POT, NEW)), BOTH),
        (AnyOf((POT, POT)), FAILS),
        (OnSale(True), FAILS),
        (OnSale(False), PASSES),
    ],
)
def test_a_test_can_pass_and_can_fail(test: Test, expected: tuple[bool, bool]) -> None:
    assert expected == possibly(test)(line())


def test_what_was_not_launched_never_is() -> None:
    assert possibly(NEW)(line(launched=False)) == FAILS
    assert possibly(Not(NEW))(line(launched=False)) == PASSES


def test_shipping_is_neither_on_sale_nor_at_its_own_price() -> None:
    assert possibly(OnSale(True))(line(on_sale=True)) == PASSES
    assert possibly(OnSale(False))(line(on_sale=True)) == FAILS
    for wanted in (True, False):
        assert possibly(OnSale(wanted))(line(on_sale=wanted, goods=False)) == FAILS
