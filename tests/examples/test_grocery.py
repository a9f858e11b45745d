"""The kept baskets of the grocer: they price without an error, and the coupons come out as the page says."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from promoengine import Campaign, Cart, Engine, Quote

GROCERY = Path(__file__).parents[2] / "examples" / "grocery"
BASKETS = GROCERY / "baskets.jsonl"
CAMPAIGN = GROCERY / "campaign.json"


@cache
def script(name: str) -> ModuleType:
    """A module of the example, which imports its neighbours as a script does."""
    sys.path.insert(0, str(GROCERY))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(GROCERY))


@cache
def rows() -> dict[str, dict[str, Any]]:
    read = map(json.loads, BASKETS.read_text(encoding="utf-8").splitlines())
    return {row["cart"]["id"]: row for row in read}


@cache
def engine() -> Engine:
    return Engine(Campaign.load(CAMPAIGN))


def quoted(basket: str) -> Quote:
    row = rows()[basket]
    return engine().price(row["cart"], at=datetime.fromisoformat(row["at"]))


# -- what the baskets cost ----------------------------------------------------------------------


def test_every_kept_basket_has_a_quote_that_adds_up():
    quotes = [quoted(basket) for basket in rows()]
    for quote in quotes:
        quote.verify()
    assert 302 == len(quotes)


WORKED = {
    # One article at 5.39; the coupon takes off 1.00: 4.39.
    "35219173060": "4.39",
    # 2.29 without a coupon. Two tins at 2.99 that the coupon names share 1.00 equally, 2.49 each: 2.29 + 4.98 = 7.27.
    "33770742704": "7.27",
    # 2.69 + 0.59 + 2 x 2.39 + 1.01 + 3.81 = 12.88. Three at 3.69 are 11.07, less 2.00 is 9.07: 21.95.
    "31625403631": "21.95",
    # Two coupons for different articles: 6.99 + 2.99 + 0.79 + 1.20 = 11.97; 1.89 - 1.00 = 0.89; 8.99 - 1.00 = 7.99.
    "41324508235": "20.85",
    # The coupon names goods that are not in the basket: 2.19 as on the shelf.
    "33132670017": "2.19",
    # A coupon of the shop has no face value, so no promotion: 5.99 + 0.59.
    "33094806276": "6.58",
    # Gasoline is one unit at the row's amount, 25.00; three units of something at 0.00.
    "33348099196": "25.00",
    # 40.59 on the shelf. Off come 0.55 from 1.59, and 0.55 from three of one article whose row of 5.00 does not divide:
    # two at 1.67, one at 1.66. Two more codes do nothing: one names no goods of the basket, one has no face value.
    "40955726243": "39.49",
    # Nineteen rows, 134.80 on the shelf. Off come 4.00 and 1.00; a third coupon is barred: see below.
    "40642805807": "129.80",
}


@pytest.mark.parametrize("basket", WORKED)
def test_a_basket_costs_what_was_worked_out_by_hand(basket: str):
    assert WORKED[basket] == quoted(basket).total


def test_an_amount_is_shared_over_the_units_to_the_cent():
    # 2.00 over three units at 3.69: 66.67 cents each, floored to 66; the two odd cents go to two of the units.
    (line,) = [line for line in quoted("31625403631").lines.values() if line.discount_minor]
    assert [(1, 303), (2, 302)] == [(each.quantity, each.unit_payable_minor) for each in line.segments]


def test_an_amount_is_shared_over_the_two_lines_of_a_row_that_does_not_divide():
    # 0.55 over 1.67, 1.67 and 1.66: by lines 36.74 and 18.26 cents, so 37 and 18; 37 over two units is 19 and 18.
    lines = quoted("40955726243").lines
    assert (37, 18) == (lines["1065331.a"].discount_minor, lines["1065331.b"].discount_minor)
    assert [149, 148] == [each.unit_payable_minor for each in lines["1065331.a"].segments]


def test_a_second_coupon_for_goods_of_the_first_is_barred_by_it():
    # 4.00 over 5.29 and 5.49 is 196.29 and 203.71 cents: 1.96 and 2.04. The other coupon lists the first of the two.
    quote = quoted("40642805807")
    assert (333, 345) == (quote.lines["6039584"].payable_minor, quote.lines["9858801"].payable_minor)
    barred = quote.outcomes["coupon-51111120076-14"]
    assert ("barred", ["coupon-51111120001-18"]) == (barred.reason, barred.barred_by)


# -- what the coupons come to -------------------------------------------------------------------


def report(folder: Path) -> dict[str, Any]:
    price = script("price")
    return price.reported(price.priced_by(1, folder), folder)


def test_the_coupons_of_the_kept_baskets_are_reproduced_as_far_as_the_page_says():
    figures = report(GROCERY)
    assert 0 == figures["errors"]
    assert {"applied": 240, "no face value": 78, "items": 22, "barred": 1} == figures["codes entered"]
    tied = figures["tied redemptions"]
    assert (233, 226, 186) == (
        tied["all"],
        tied["reproduced to the cent"],
        tied["of these, all of it on the recorded row"],
    )
    assert {
        "a second coupon, not on record, on a row of several units": 3,
        "the same coupon several times on the row": 2,
        "our face value is wrong: the UPC states the recorded amount": 1,
        "recorded below the face value": 1,
    } == figures["why not reproduced"]


def test_the_command_reports_the_same_for_any_number_of_workers(tmp_path: Path):
    shutil.copy(CAMPAIGN, tmp_path)
    some = BASKETS.read_bytes().splitlines(keepends=True)[::6]
    (tmp_path / "baskets.jsonl").write_bytes(b"".join(some))
    written = tmp_path / "report.json"
    command = [sys.executable, str(GROCERY / "price.py"), "--input", str(tmp_path), "--report", str(written)]
    ran = subprocess.run([*command, "--workers", "2"], capture_output=True, text=True)
    assert (0, "") == (ran.returncode, ran.stderr)
    actual = json.loads(written.read_text(encoding="utf-8"))
    assert 2 == actual.pop("speed")["workers"]
    assert report(tmp_path) == actual


@pytest.mark.parametrize("pieces", [1, 2, 7, 1000])
def test_byte_ranges_that_meet_share_no_basket_and_lose_none(pieces: int):
    price = script("price")
    found = [row for piece in price.ranges(BASKETS.stat().st_size, pieces) for row in price.rows_within(BASKETS, piece)]
    assert BASKETS.read_bytes().splitlines(keepends=True) == found


# -- what the conversion writes -----------------------------------------------------------------


def test_the_kept_files_are_written_as_the_conversion_writes():
    documents = script("documents")
    campaign = CAMPAIGN.read_text(encoding="utf-8")
    assert campaign == documents.campaign_text(json.loads(campaign))
    texts = BASKETS.read_text(encoding="utf-8").splitlines()
    assert texts == [documents.compact(json.loads(text)) for text in texts]


def test_the_kept_campaign_holds_the_coupons_that_are_entered_and_no_others():
    entered = {code for row in rows().values() for code in row["cart"]["codes"]}
    promotions = Campaign.load(CAMPAIGN).document.promotions
    assert 158 == len(promotions)
    codes = [code for promotion in json.loads(CAMPAIGN.read_text())["promotions"] for code in promotion["codes"]]
    assert set(codes) <= entered
    assert len(promotions) == len(set(codes))


def test_what_the_conversion_writes_is_a_cart_and_a_campaign():
    # Five dollars for three: two at 1.67 and one at 1.66. The coupon takes off 0.50, once: 4.50.
    documents = script("documents")
    at = datetime.fromisoformat("2017-03-08T12:00:00-05:00")
    sold = {"basket_id": 7, "product_id": 61481, "at": at, "units": 3, "shelf": 500}
    row = SimpleNamespace(**sold, retail_disc=0, coupon_disc=50, coupon_match_disc=0)
    facts = {"categories": ["GROCERY"], "brand": "National"}
    record = {"code": documents.code(51111074150, 2), "entered": True, "tie": "tied"}
    customer = documents.customer_of(1, {1: [documents.segment(2)]})
    written = documents.basket([row], customer, list(documents.lines_of(row, facts)), [record])
    promotion = documents.promotion(51111074150, 2, 50, ["61481"], date(2017, 3, 8), date(2017, 4, 9))
    campaign = Campaign.from_json(documents.campaign_text(documents.coupon_campaign([promotion])))
    cart = Cart.model_validate_json(documents.compact(written["cart"]))
    assert [("61481.a", 2), ("61481.b", 1)] == [(line.id, line.quantity) for line in cart.lines]
    assert {"61481": {"coupon_disc": "0.50"}} == written["recorded"]["discounts"]
    assert "4.50" == Engine(campaign).price(cart, at=datetime.fromisoformat(written["at"])).total
