"""What the extra `fast` accepts, pydantic accepts, and makes the same basket of; what it refuses is read with care."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks import carts
from promoengine import Campaign, Cart, CartError, Engine
from promoengine.cart import Customer, EnteredCode, LimitsLeft, Line, Shipment, ShippingOption
from promoengine.engine.basket import Basket
from promoengine.engine.basket import Line as BasketLine
from promoengine.intake import _taken_in_fast, read_cart, take_in
from promoengine.testing import carts_for
from promoengine.twins import twin_of_text

pytest.importorskip("msgspec")

CAMPAIGN = Campaign.from_yaml("""
    campaign: all-fields
    currency: CNY
    timezone: Asia/Shanghai
    facts: {sold: number, spent: money, gold: flag}
    shared_limits: [{name: pot, uses: 5}]
    promotions:
    - {id: ten, stage: item, items: {category: tea}, benefit: {kind: percent_off, percent: 10}, codes: TEN}
    - {id: mug, stage: order, benefit: {kind: gift, gifts: [{sku: MUG}, {sku: CUP}], choose: 1}}
    - id: five
      stage: order
      benefit: {kind: amount_off, amount: 5, per: once}
      limits: {uses: 9, shared: pot, budget: 1000}
""")
ENGINE = Engine(CAMPAIGN)
PLANS = CAMPAIGN.plans

LINE = {
    "id": "1", "sku": "POT", "quantity": 2, "unit_price": "12.50", "list_price": "15", "cost": 3, "min_price": "4.5",
    "seller": "panda", "categories": ["tea", "茶"], "brand": "Koi", "tags": ["new: hot"], "attributes": {"size": "2 l"},
    "tax_rate": "8.25", "launched_at": "2026-11-10T20:00:00+08:00", "gift_of": None,
}  # fmt: skip
OPTIONS = [{"method": "post", "amount": "8.00", "tax_rate": 6}, {"method": "air", "amount": 20}]
LEFT = {"stock": 3, "per_customer": 1, "uses": 0, "uses_per_customer": 7, "budget": "99.90"}
FULL: dict[str, Any] = {
    "id": "cart", "currency": "CNY", "lines": [LINE, {**LINE, "id": "2"}],
    "shipments": [{"id": "box", "options": OPTIONS, "selected": "post", "seller": "panda"}],
    "customer": {"id": "koi", "segments": ["gold"], "orders": 0},
    "codes": ["ten", {"code": "TEN", "pool": "autumn", "uses_left": 4}],
    "channel": "app", "region": "浙江", "payment_method": "card", "points_balance": 10, "points_to_redeem": 5,
    "facts": {"sold": 3, "spent": "12.50", "gold": True}, "limits_left": {"five": LEFT, "pot": {}},
    "gift_stock": {"MUG": 1}, "gift_choices": {"mug": ["MUG"]},
}  # fmt: skip


def plain(value: Any) -> Any:
    """All that a basket holds, to be compared."""
    if isinstance(value, BasketLine):
        return {name: plain(getattr(value, name)) for name in dir(value) if not name.startswith("_")}
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return [(key, plain(each)) for key, each in value.items()]
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(plain, value)]
    return type(value).__name__, value


def with_care(text: str | bytes) -> Basket:
    """The basket by way of pydantic."""
    return take_in(read_cart(text), PLANS)[1]


def agree(text: str | bytes) -> bool:
    """Whether the extra accepts a text; then pydantic makes the same of it."""
    fast = _taken_in_fast(text, PLANS)
    if fast is None:
        return False
    assert fast[0] is PLANS["CNY"]
    assert plain(with_care(text)) == plain(fast[1])
    return True


# What is accepted


@pytest.mark.parametrize("text", [json.dumps(FULL), json.dumps(FULL, ensure_ascii=False)], ids=["ascii", "utf-8"])
def test_a_cart_with_every_field_is_accepted(text: str) -> None:
    assert agree(text)
    assert agree(text.encode())
    stated = {Cart: FULL, Line: LINE, Shipment: FULL["shipments"][0], ShippingOption: OPTIONS[0], LimitsLeft: LEFT}
    stated |= {Customer: FULL["customer"], EnteredCode: FULL["codes"][1]}
    assert {} == {model.__name__: model.model_fields.keys() ^ stated[model].keys() for model in stated if
                  model.model_fields.keys() ^ stated[model].keys()}  # fmt: skip


@pytest.mark.parametrize("lines", [0, 1, 20, 200])
def test_carts_as_most_are_are_accepted(lines: int) -> None:
    assert agree(json.dumps(carts.cart(lines), indent=1))


@settings(max_examples=300)
@given(carts_for(ENGINE))
def test_whatever_is_accepted_of_any_cart_is_what_pydantic_makes_of_it(cart: dict[str, Any]) -> None:
    agree(json.dumps(cart))


# What is left to pydantic

ODD: list[Any] = [
    *(None, True, False, "", " ", "a ", " a", "a\u3000", "\xa0a", "\u2009a", "\u1680a", "a\x85", "a\x1c", "a\x7f"),
    *("a\ufffe", "\ud800", "a\tb", "a\nb", 'a"', '" ', "a\\", "a: b", "a b", "é", "x" * 200, "x" * 201, "汉" * 201),
    *(0, 1, -1, 10**6, 10**6 + 1, 10**11, 10**11 + 1, 10**12, 10**12 + 1, 2**63, 2**64, 10**40, 10**41),
    *(0.5, 1.0, 12.5, float("nan"), float("inf"), 1e300, "12", "12.5", "12.505", "12.50000", "-1", "-0", "012", "1e3"),
    *("+1", ".5", "1.", "1_000", "٣", "NaN", "99999999999", "100000000000", "99999999.99", "100000000000.0001"),
    *("CNY", "cny", "USD", "2026-11-10T20:00:00", "2026-11-10", "2026-11-10T12:00:00Z", "tea", "mug", "post"),
    *([], {}, ["a"], ["a", "a"], [""], [["a"]], [None], {"a": "b"}, {"": 1}, {" a": 1}, {"a": None}, {"code": "a"}),
    *(["MUG"], ["CUP", "MUG"], [{}], [LINE], [LINE, LINE], OPTIONS, [*OPTIONS, *OPTIONS], OPTIONS[:1], "\x80"),
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for step, each in inner for found in places(each, (*path, step)))]


def changed(cart: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The cart with another value at one place."""
    if not path:
        return value
    step, *rest = path
    copy = cart.copy()
    copy[step] = changed(cart[step], tuple(rest), value)
    return copy


@pytest.mark.parametrize("place", places(FULL), ids=str)
def test_any_value_at_any_place_is_refused_or_is_what_pydantic_makes_of_it(place: tuple[Any, ...]) -> None:
    for odd in ODD:
        cart = changed(FULL, place, odd)
        agree(json.dumps(cart))
        agree(json.dumps(cart, ensure_ascii=False))


@pytest.mark.parametrize("place", places(FULL)[1:], ids=str)
def test_any_value_may_be_left_out_and_any_key_may_be_another(place: tuple[Any, ...]) -> None:
    *around, last = place
    inside = FULL
    for step in around:
        inside = inside[step]
    if isinstance(inside, dict):
        rest = {key: each for key, each in inside.items() if key != last}
        for odd in ("", " a", "a\u2003", "a\x7f", "other", "id", "kind"):
            agree(json.dumps(changed(FULL, tuple(around), {**rest, odd: inside[last]})))
        agree(json.dumps(changed(FULL, tuple(around), rest)))
    else:
        agree(json.dumps(changed(FULL, tuple(around), [each for at, each in enumerate(inside) if at != last])))


SMALL = '{"currency": "CNY", "lines": [{"id": "a", "sku": "A", "quantity": 1, "unit_price": "1.00"}]}'


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace('"sku": "A"', '"sku": "A", "sku": "B"'),
        SMALL.replace('"sku": "A"', '"sku": "A", "\\u0073ku": "B"'),
        # the colon that is lost with a key is not made up for by one that is written as an escape
        SMALL.replace('"sku": "A"', '"sku": "A", "sku": "B\\u003a"'),
        SMALL.replace('"sku": "A"', '"sku": "A", "sku": "B\\u003A"'),
        SMALL.replace('"currency": "CNY"', '"currency": "CNY", "currency": "CNY"'),
        SMALL.replace('"quantity": 1', '"quantity": 1.0'),
        SMALL.replace('"quantity": 1', '"quantity": 1e0'),
        SMALL.replace('"quantity": 1', '"quantity": 01'),
        SMALL.replace('"quantity": 1', f'"quantity": {"9" * 41}'),
        SMALL.replace('"a"', '"a\\u0085"'),
        SMALL.replace('"a"', '"\\u00a0a"'),
        SMALL.replace('"a"', '"a\\u007f"'),
        SMALL.replace('"a"', '"a\\ufffe"'),
        SMALL.replace('"a"', '"\\ud800"'),
        SMALL.replace('"a"', '"a\x7f"'),
        SMALL.replace('"a"', '"a\tb"'),
        SMALL.replace('"1.00"', '"-1.00"'),
        SMALL.replace('"1.00"', "-1"),
        SMALL.replace('"1.00"', '"free", "gift_of": "mug"'),
        SMALL + "]",
        SMALL[:-1],
        SMALL.replace("}]", "},]"),
        SMALL.replace("CNY", "USD"),
        "[" * 100_000,
        "",
        "null",
        b"\xff",
        SMALL.encode().replace(b'"a"', b'"\xc3("'),
        SMALL.encode().replace(b'"a"', b'"\xed\xa0\x80"'),
        SMALL.encode("utf-16"),
    ],
    ids=repr,
)
def test_what_is_wrong_is_left_to_those_who_say_what(text: str | bytes) -> None:
    assert _taken_in_fast(text, PLANS) is None
    with pytest.raises(CartError):
        take_in(text, PLANS)


WORDS = ["null", "true", "\\u003a", "\\u0020", "\\n", '"a":1,', "\ufeff", "\x7f", "\xa0"]
PIECES = st.sampled_from([*'"\\:,{}[]0123456789.-+eE \t\n\r', *WORDS]) | st.text(max_size=2)
EDITS = st.tuples(st.integers(0, 3000), st.integers(0, 3), PIECES)


@settings(max_examples=2000)
@given(st.sampled_from([SMALL, json.dumps(FULL), json.dumps(FULL, ensure_ascii=False)]), st.lists(EDITS, max_size=3))
@example(SMALL, [])
def test_however_a_text_is_changed_it_is_refused_or_is_what_pydantic_makes_of_it(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    for at, cut, put in edits:
        at %= len(text)
        text = text[:at] + put + text[at + cut :]
    agree(text)
    agree(text.encode(errors="surrogatepass"))


@settings(max_examples=1000)
@given(st.sampled_from([SMALL, json.dumps(FULL, ensure_ascii=False)]), st.integers(0, 3000), st.binary(max_size=3))
def test_however_its_bytes_are_changed_likewise(text: str, at: int, put: bytes) -> None:
    raw = text.encode()
    at %= len(raw)
    agree(raw[:at] + put + raw[at + 1 :])


# Without it


def test_a_text_longer_than_most_is_left_to_pydantic() -> None:
    assert twin_of_text(SMALL) is not None
    assert twin_of_text(SMALL + " " * 1_000_000) is None


def test_without_msgspec_carts_are_read_as_well() -> None:
    code = f"""
import sys
sys.modules["msgspec"] = None
from promoengine import twins, intake, Campaign
assert twins.twin_of_text({SMALL!r}) is None
plans = Campaign.from_dict({{"campaign": "c", "currency": "CNY", "timezone": "UTC", "promotions": []}}).plans
print(intake.take_in({SMALL!r}, plans)[1].goods_minor)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "100" == ran.stdout.strip()
