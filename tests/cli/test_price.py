"""`promoengine price`: what it reads, what it writes, and how it ends."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, Contradiction, Engine, Quote
from promoengine.cli import carts
from promoengine.cli.commands import price as command
from promoengine.reading import Size

AT = "2026-11-10T20:30:00+08:00"
EMPTY = '{"currency": "CNY", "lines": []}'
Run = Callable[..., Any]


def quote_of(shop: Any, cart: str, at: str = AT) -> str:
    engine = Engine(Campaign.load(shop.campaign))
    return engine.price(Path(cart).read_bytes(), at=datetime.fromisoformat(at)).to_json()


# -- quotes ---------------------------------------------------------------------------------------


def test_json_is_the_canonical_quote_one_line_for_each_cart(shop: Any, run: Run) -> None:
    ran = run("price", shop.campaign, shop.cart, shop.cart, "--json", "--at", AT)
    assert (0, f"{quote_of(shop, shop.cart)}\n" * 2, "") == (ran.code, ran.out, ran.err)


def test_output_goes_to_the_file_that_is_named(shop: Any, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    shown = run("price", shop.campaign, shop.cart, "--at", AT)
    ran = run("price", shop.campaign, shop.cart, "--at", AT, "--output", str(file))
    assert (0, "") == (ran.code, ran.out)
    assert shown.out == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("read", ["campaign", "cart"])
def test_a_file_that_is_read_is_not_written_over(shop: Any, run: Run, read: str) -> None:
    file = getattr(shop, read)
    before = Path(file).read_text(encoding="utf-8")
    ran = run("price", shop.campaign, shop.cart, "--output", file)
    assert 2 == ran.code
    assert "is read too" in ran.err
    assert before == Path(file).read_text(encoding="utf-8")


def test_an_output_that_cannot_be_opened_is_said(shop: Any, run: Run, tmp_path: Path) -> None:
    ran = run("price", shop.campaign, shop.cart, "--output", str(tmp_path / "nowhere" / "out.txt"))
    assert (3, "") == (ran.code, ran.out)
    assert "No such file" in ran.err


# -- the moment -----------------------------------------------------------------------------------


def test_a_moment_without_an_offset_is_refused_and_shown_by_the_campaigns_clock(shop: Any, run: Run) -> None:
    ran = run("price", shop.campaign, shop.cart, "--at", "2026-11-10T20:30")
    assert (2, "") == (ran.code, ran.out)
    assert "states no offset" in ran.err
    assert "Asia/Shanghai, it is 2026-11-10T20:30:00+08:00" in ran.err


def test_a_moment_that_the_campaigns_clock_shows_twice_is_shown_with_both_offsets(shop: Any, run: Run) -> None:
    text = Path(shop.campaign).read_text(encoding="utf-8").replace("Asia/Shanghai", "Europe/Berlin")
    ran = run("price", shop.write("berlin.yaml", text), shop.cart, "--at", "2026-10-25T02:30")
    assert "2026-10-25T02:30:00+01:00 or 2026-10-25T02:30:00+02:00" in ran.err


@pytest.mark.parametrize("at", ["soon", "2026-13-01T00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_what_is_no_moment_or_out_of_range_is_refused(shop: Any, run: Run, at: str) -> None:
    ran = run("price", shop.campaign, shop.cart, "--at", at)
    assert (2, "") == (ran.code, ran.out)
    assert "--at" in ran.err


def test_all_carts_of_a_run_are_priced_at_the_same_now(shop: Any, run: Run) -> None:
    lines = run("price", shop.campaign, shop.cart, shop.cart, "--json").out.splitlines()
    assert lines[0] == lines[1]


def test_the_receipts_moment_can_be_given_back(shop: Any, run: Run) -> None:
    shown = run("price", shop.campaign, shop.cart).out
    moment = shown.splitlines()[1].split()[2]
    assert shown.replace(", the time now", "") == run("price", shop.campaign, shop.cart, "--at", moment).out


# -- one cart in a file ---------------------------------------------------------------------------


def test_a_cart_may_be_yaml(shop: Any, run: Run) -> None:
    cart = shop.write("cart.yaml", "currency: CNY\nlines:\n  - {id: a, sku: A, quantity: 2, unit_price: 5.50}\n")
    assert "11.00  CNY" in run("price", shop.campaign, cart).out


def test_a_cart_may_stand_beside_its_own_moment_which_goes_first(shop: Any, run: Run) -> None:
    cart = shop.write("own.json", f'{{"at": "2026-01-02T03:04:05Z", "cart": {EMPTY}, "order": 7}}')
    ran = run("price", shop.campaign, cart, "--json", "--at", AT)
    assert "2026-01-02T03:04:05Z" == json.loads(ran.out)["at"]


def test_a_wrapped_cart_without_a_moment_takes_that_of_the_command(shop: Any, run: Run) -> None:
    cart = shop.write("own.json", f'{{"cart": {EMPTY}}}')
    assert "2026-11-10T12:30:00Z" == json.loads(run("price", shop.campaign, cart, "--json", "--at", AT).out)["at"]


def test_what_is_wrong_with_a_cart_is_said_with_file_line_and_column(shop: Any, run: Run) -> None:
    cart = shop.write(
        "bad.json", '{"currency": "CNY",\n "lines": [{"id": "1", "sku": "A", "quantity": 0, "unitprice": 1}]}'
    )
    ran = run("price", shop.campaign, cart)
    assert (1, "") == (ran.code, ran.out)
    found = [line.partition(": error[")[::2] for line in ran.err.splitlines()]
    places = [f"{cart}:2:{column}" for column in (12, 48, 51)]  # the line of the cart, the quantity, the wrong key
    codes = ["missing_field", "count_out_of_range", "unknown_field"]
    assert sorted(zip(places, codes, strict=True)) == sorted((place, rest.partition("]")[0]) for place, rest in found)


def test_a_place_inside_a_wrapped_cart_is_that_of_the_file(shop: Any, run: Run) -> None:
    cart = shop.write("own.json", '{"order": 7,\n "cart":\n  {"currency": "USD", "lines": []}}')
    assert run("price", shop.campaign, cart).err.startswith(f"{cart}:3:16: error[wrong_currency]:")


def test_a_cart_that_is_refused_keeps_no_other_from_being_priced(shop: Any, run: Run) -> None:
    bad = shop.write("bad.json", '{"currency": "USD", "lines": []}')
    ran = run("price", shop.campaign, bad, "nowhere.json", shop.cart, bad, shop.cart, "--at", AT)
    assert 1 == ran.code
    assert 2 == ran.out.count("selection: proven")
    assert 2 == ran.err.count("wrong_currency")
    assert "nowhere.json: error[file_not_found]: there is no such file (" in ran.err


def test_in_json_a_cart_that_is_refused_has_a_line_of_its_own(shop: Any, run: Run) -> None:
    bad = shop.write("bad.json", '{"currency": "USD", "lines": []}')
    ran = run("price", shop.campaign, bad, shop.cart, "--json", "--at", AT)
    first, second = ran.out.splitlines()
    error = json.loads(first)
    assert (bad, None, "wrong_currency") == (error["file"], error["line"], error["error"][0]["code"])
    assert quote_of(shop, shop.cart) == second


@pytest.mark.parametrize("name", ["cart.txt", ".", "nowhere.json", "nowhere.jsonl"])
def test_what_cannot_be_read_is_a_message(shop: Any, run: Run, name: str) -> None:
    ran = run("price", shop.campaign, name)
    assert 1 == ran.code
    assert ran.err.startswith(f"{name}: error[")


# -- the campaign ---------------------------------------------------------------------------------


def test_a_campaign_with_mistakes_prices_nothing_and_says_all_of_them(shop: Any, run: Run, tmp_path: Path) -> None:
    text = Path(shop.campaign).read_text(encoding="utf-8").replace("percent_off", "percent_of")
    output = tmp_path / "out.txt"
    ran = run("price", shop.write("bad.yaml", text), shop.cart, "--output", str(output))
    assert (1, "", 2) == (ran.code, ran.out, ran.err.count("error[unknown_kind]"))
    assert not output.exists()


# -- many carts -----------------------------------------------------------------------------------


def in_lines(shop: Any, *lines: str) -> str:
    return str(shop.write("carts.jsonl", "".join(f"{line}\n" for line in lines)))


def test_each_line_is_a_cart_and_gives_a_line(shop: Any, run: Run) -> None:
    cart = " ".join(Path(shop.cart).read_text(encoding="utf-8").split())
    ran = run("price", shop.campaign, in_lines(shop, cart, EMPTY, cart), "--at", AT)
    totals = [json.loads(line)["total"] for line in ran.out.splitlines()]
    assert (0, ["63.73", "0.00", "63.73"]) == (ran.code, totals)


def test_each_line_may_have_its_own_moment(shop: Any, run: Run) -> None:
    moments = ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"]
    file = in_lines(shop, *(f'{{"at": "{moment}", "cart": {EMPTY}}}' for moment in moments), EMPTY)
    ran = run("price", shop.campaign, file, "--at", AT)
    assert [*moments, "2026-11-10T12:30:00Z"] == [json.loads(line)["at"] for line in ran.out.splitlines()]


def test_a_line_that_cannot_be_priced_says_why_in_its_place_and_the_command_fails(shop: Any, run: Run) -> None:
    lines = [
        f'{{"at": "2026-11-10T20:30", "cart": {EMPTY}}}',
        "",
        '{"currency": "USD", "lines": []}',
        '{"currency": ',
        "[]",
        EMPTY,
    ]
    file = in_lines(shop, *lines)
    ran = run("price", shop.campaign, file)
    *errors, last = [json.loads(line) for line in ran.out.splitlines()]
    assert 1 == ran.code
    assert "0.00" == last["total"]
    assert [1, 3, 4, 5] == [error["line"] for error in errors]
    codes = [[each["code"] for each in error["error"]] for error in errors]
    assert [["time_without_zone"], ["wrong_currency"], ["syntax"], ["wrong_shape"]] == codes
    places = [(each["file"], each["line"], each["column"]) for error in errors for each in error["error"]]
    assert [(file, 1, 8), (file, 3, 14), (file, 4, 14), (file, 5, 1)] == places
    assert "1 carts priced, 4 refused" in ran.err


def test_a_file_that_is_not_there_has_a_line_of_its_own_too(shop: Any, run: Run) -> None:
    ran = run("price", shop.campaign, "nowhere.jsonl", in_lines(shop, EMPTY))
    first, second = [json.loads(line) for line in ran.out.splitlines()]
    assert ("nowhere.jsonl", None, "file_not_found") == (first["file"], first["line"], first["error"][0]["code"])
    assert "0.00" == second["total"]


def test_lines_may_be_read_from_a_file_of_any_name(shop: Any, run: Run) -> None:
    file = shop.write("carts.txt", f"{EMPTY}\n{EMPTY}")
    assert 2 == len(run("price", shop.campaign, file, "--lines").out.splitlines())


def test_carts_per_second_are_said_at_the_end(shop: Any, run: Run) -> None:
    ran = run("price", shop.campaign, in_lines(shop, EMPTY, EMPTY))
    assert ran.err.startswith("2 carts priced, 0 refused, in ")
    assert ran.err.endswith(" carts per second\n")


def test_a_file_without_carts_gives_no_lines(shop: Any, run: Run) -> None:
    ran = run("price", shop.campaign, in_lines(shop, "", "  "))
    assert (0, "") == (ran.code, ran.out)


def test_a_line_that_is_too_long_is_refused_without_being_held(
    shop: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carts, "CART_SIZE", Size(text_bytes=100, values=100))
    file = in_lines(shop, EMPTY, f'"{"x" * 1000}"', EMPTY)
    ran = run("price", shop.campaign, file)
    codes = [json.loads(line).get("error", [{}])[0].get("code") for line in ran.out.splitlines()]
    assert [None, "text_too_large", None] == codes


def test_a_defect_that_one_cart_meets_is_reported_and_the_others_are_priced(
    shop: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    price = command.Desk.price

    def failing(desk: command.Desk, text: carts.CartText) -> Any:
        if text.line == 2:
            raise ZeroDivisionError("of no one's making")
        return price(desk, text)

    monkeypatch.setattr(command.Desk, "price", failing)
    ran = run("price", shop.campaign, in_lines(shop, EMPTY, EMPTY, EMPTY))
    codes = [json.loads(line).get("error", [{}])[0].get("code") for line in ran.out.splitlines()]
    assert (5, [None, "defect", None]) == (ran.code, codes)
    assert "carts.jsonl:2:1: error[defect]" in ran.err


def test_a_quote_that_contradicts_itself_is_no_quote(shop: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def verify(quote: Quote) -> None:
        raise Contradiction("the quote does not add up")

    monkeypatch.setattr(Quote, "verify", verify)
    ran = run("price", shop.campaign, shop.cart)
    assert (5, "") == (ran.code, ran.out)
    assert "error[contradiction]" in ran.err


# -- standard input -------------------------------------------------------------------------------


class Input:
    """Stands in for standard input."""

    def __init__(self, text: str) -> None:
        self.buffer = io.BytesIO(text.encode())


def test_a_dash_reads_one_cart_from_standard_input(shop: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Input(Path(shop.cart).read_text(encoding="utf-8")))
    assert run("price", shop.campaign, "-", "--at", AT).out == run("price", shop.campaign, shop.cart, "--at", AT).out


def test_with_lines_a_dash_reads_one_cart_a_line(shop: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Input(f"{EMPTY}\n[]\n"))
    first, second = run("price", shop.campaign, "-", "--lines").out.splitlines()
    assert "0.00" == json.loads(first)["total"]
    assert ("<stdin>", 2) == (json.loads(second)["file"], json.loads(second)["line"])


def test_what_is_wrong_on_standard_input_is_placed_there(shop: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Input('{"currency": "USD",\n "lines": []}'))
    assert run("price", shop.campaign, "-").err.startswith("<stdin>:1:14: error[wrong_currency]")


def test_standard_input_is_read_once(shop: Any, run: Run) -> None:
    assert 2 == run("price", shop.campaign, "-", "-").code
