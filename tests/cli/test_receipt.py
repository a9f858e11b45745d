"""The printed receipt: it is read back from the text, and added up."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from promoengine.cli import main
from promoengine.reading import read_file

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WORKED = sorted(EXAMPLES.glob("*/expected/*.yaml"))
AMOUNT = re.compile(r"(?:^| )(-?\d+(?:\.\d+)?)$")
SEGMENT = re.compile(r"  (\d+) at$")
FIGURES = ("each", "list", "discount", "payable", "tax")
Row = dict[str, Any]


def rows_of(receipt: str) -> list[Row]:
    """The rows of the upper table, the sum at the end: the item's text, and the figures that are stated."""
    lines = receipt.splitlines()
    head = next(index for index, line in enumerate(lines) if line.startswith("qty "))
    ends = {match.group(): match.end() for match in re.finditer(r"\w+", lines[head])}
    end = lines.index("", head)
    return [row_of(line, ends) for line in lines[head + 1 : end] if not line.startswith("─")]


def row_of(line: str, ends: dict[str, int]) -> Row:
    found: Row = {"qty": line[: ends["qty"]].strip(), "text": line[ends["qty"] :].strip(" ")}
    found["item"] = re.split(r"  +-?\d", line[ends["qty"] + 3 :])[0].rstrip()
    for name in FIGURES:
        end = ends.get(name, len(line) + 1)
        match = AMOUNT.search(line[:end]) if len(line) >= end else None
        if match:
            found[name] = Decimal(match[1])
    return found


def block_of(receipt: str, title: str) -> dict[str, str]:
    """The lines of a titled block: the first word, and the rest."""
    _, _, after = receipt.partition(f"\n{title}\n")
    lines = after.partition("\n\n")[0].splitlines()
    pairs = [re.split(r"  +", line.strip(), maxsplit=1) for line in lines]
    return {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs if pair[0]}


def amounts_of(receipt: str, title: str) -> dict[str, Decimal]:
    return {name: Decimal(rest.split()[0]) for name, rest in block_of(receipt, title).items()}


def total(rows: list[Row], name: str) -> Decimal:
    return sum((row.get(name, Decimal(0)) for row in rows), Decimal(0))


@pytest.fixture(params=WORKED, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def receipt(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> str:
    """The receipt of every cart of the examples, at its moment."""
    expected: Path = request.param
    example = expected.parents[1]
    worked: Any = read_file(expected).data
    cart = example / "carts" / f"{expected.stem}.json"
    assert 0 == main(["price", str(example / "campaign.yaml"), str(cart), "--at", worked["at"]])
    return capsys.readouterr().out


def test_each_column_adds_up_to_the_figure_below_it(receipt: str) -> None:
    *rows, below = rows_of(receipt)
    assert below["text"].startswith("in all")
    summed = [name for name in FIGURES if name in below]
    assert ["list", "discount", "payable"] == summed[:3]
    assert {name: below[name] for name in summed} == {name: total(rows, name) for name in summed}


def test_list_and_discount_make_what_is_payable_for_every_item(receipt: str) -> None:
    *rows, _ = rows_of(receipt)
    groups: list[list[Row]] = []
    for row in rows:
        if row["qty"]:
            groups.append([])
        groups[-1].append(row)
    assert groups
    for group in groups:
        assert total(group, "payable") == total(group, "list") + total(group, "discount"), group


def test_quantity_times_the_unit_price_is_the_list_price(receipt: str) -> None:
    for row in rows_of(receipt)[:-1]:
        if row["qty"] and "list" in row:
            assert row["list"] == int(row["qty"]) * row["each"]


def test_units_at_different_prices_make_what_their_line_costs(receipt: str) -> None:
    line: Row = {}
    segments: list[tuple[int, Decimal]] = []
    for row in [*rows_of(receipt), {"qty": "1"}]:
        if row["qty"] and segments:
            assert int(line["qty"]) == sum(count for count, _ in segments)
            assert line["payable"] == sum(count * each for count, each in segments)
            segments = []
        if row["qty"]:
            line = row
        elif match := SEGMENT.search(row["item"]):
            segments.append((int(match[1]), row["each"]))


def test_promotions_add_up_to_the_discounts_of_the_items(receipt: str) -> None:
    applied = amounts_of(receipt, "applied")
    below = applied.pop("in all", Decimal(0))
    assert below == sum(applied.values()) == rows_of(receipt)[-1]["discount"]


def test_the_totals_add_up_to_what_is_to_be_paid(receipt: str) -> None:
    totals, below = amounts_of(receipt, "totals"), rows_of(receipt)[-1]
    assert below["list"] == totals["list"]
    assert below["discount"] == totals["discount"]
    assert totals["list"] + totals["discount"] == totals["goods"] + totals["shipping"] == below["payable"]
    assert totals["to pay"] == below["payable"]


def test_the_tax_of_all_rates_is_the_tax_of_all_items(receipt: str) -> None:
    taxes = [amount for name, amount in amounts_of(receipt, "totals").items() if "tax at" in name]
    assert sum(taxes) == rows_of(receipt)[-1].get("tax", 0)


# -- what else it says ----------------------------------------------------------------------------


@pytest.fixture
def printed(shop: Any, run: Callable[..., Any]) -> str:
    ran = run("price", shop.campaign, shop.cart, "--at", "2026-11-10T12:30:00Z")
    assert (0, "") == (ran.code, ran.err)
    return str(ran.out)


def test_it_names_the_cart_the_campaign_and_the_moment_by_the_campaigns_clock(printed: str) -> None:
    assert "C-1, campaign corner-shop, in CNY" == printed.splitlines()[0]
    assert "priced at 2026-11-10T20:30:00+08:00 (Asia/Shanghai)" == printed.splitlines()[1]


def test_lines_stand_in_the_carts_own_order_and_shipping_after_them(printed: str) -> None:
    items = [row["item"] for row in rows_of(printed) if row["qty"]]
    assert ["z  TEA", "a  CUP", "shipping s  post"] == items


def test_an_option_that_was_not_selected_is_named_with_its_price_and_is_in_no_column(printed: str) -> None:
    option = next(row for row in rows_of(printed) if "courier" in row["text"])
    assert "or courier for 20.00" == option["text"]
    assert not set(FIGURES) & set(option)


def test_a_refused_promotion_says_why_with_its_numbers(printed: str) -> None:
    assert "\nnot applied\n  three-hundred: spend 68.73 of 300.00, 231.27 short\n" in printed


def test_a_code_says_what_became_of_it(printed: str) -> None:
    assert {"SAVE5": "applied, coupon"} == block_of(printed, "codes")


def test_it_ends_with_how_long_it_holds_and_how_it_was_chosen(printed: str) -> None:
    assert printed.endswith("\nvalid until: no schedule changes it\nselection: proven\n")


def test_without_a_moment_it_says_that_it_is_priced_now(shop: Any, run: Callable[..., Any]) -> None:
    assert "(Asia/Shanghai, the time now)" in run("price", shop.campaign, shop.cart).out


def test_all_outcomes_include_promotions_whose_code_was_not_entered(shop: Any, run: Callable[..., Any]) -> None:
    cart = shop.write("plain.json", Path(shop.cart).read_text("utf-8").replace("save5", "nope"))
    line = "coupon: its code was not entered"
    assert line not in run("price", shop.campaign, cart).out
    assert line in run("price", shop.campaign, cart, "--outcomes", "all").out


def test_a_cart_without_an_id_is_named_by_its_file(shop: Any, run: Callable[..., Any]) -> None:
    cart = shop.write("plain.json", '{"currency": "CNY", "lines": []}')
    assert run("price", shop.campaign, cart).out.startswith(f"{cart}, campaign")


def test_names_that_look_like_markup_are_printed_as_they_are(shop: Any, run: Callable[..., Any]) -> None:
    cart = '{"currency": "CNY", "lines": [{"id": "[red]x[/]", "sku": ":tea:", "quantity": 1, "unit_price": 9}]}'
    cart = shop.write("odd.json", cart)
    assert "[red]x[/]  :tea:" in run("price", shop.campaign, cart).out


def test_receipts_stand_in_the_order_of_the_carts_an_empty_line_between_them(
    shop: Any, run: Callable[..., Any]
) -> None:
    once = run("price", shop.campaign, shop.cart, "--at", "2026-11-10T12:30:00Z").out
    twice = run("price", shop.campaign, shop.cart, shop.cart, "--at", "2026-11-10T12:30:00Z").out
    assert f"{once}\n{once}" == twice
