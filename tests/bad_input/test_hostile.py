"""Whatever comes, refusing it costs little: no more time than in proportion to its size, and a thousand diagnostics.

Most of these once took minutes, or gave a diagnostic for each of a million mistakes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from promoengine import Campaign, CampaignError, CartError, Engine
from promoengine.errors import MOST_DIAGNOSTICS, DiagnosticsError

AT = datetime(2026, 11, 11, 4, tzinfo=UTC)
HEAD = "campaign: case\ncurrency: CNY\ntimezone: Asia/Shanghai\n"
ENGINE = Engine(Campaign.from_yaml(HEAD))
SECONDS = 15.0
"""Far more than any of them takes, and far less than any of them took."""


def cart(**fields: str) -> str:
    """The text of a cart without lines, with these fields."""
    more = "".join(f', "{name}": {text}' for name, text in fields.items())
    return f'{{"currency": "CNY", "lines": []{more}}}'


def names(number: int, value: str) -> str:
    return "{" + ", ".join(f'"n{each}": {value}' for each in range(number)) + "}"


def lines(number: int) -> str:
    return f'{{"currency": "CNY", "lines": [{", ".join(["{}"] * number)}]}}'


CARTS = {
    "twenty megabytes of values": (lambda: "0," * 10_000_000, "too_many_values"),
    "a list of values that does not end": (lambda: "[" + "0," * 900_000, "syntax"),
    "lists that do not end": (lambda: "[" * 2_000_000, "too_many_values"),
    "lists in a list, the last of them too deep": (lambda: "[" + "[]," * 400_000 + "[" * 60, "nested_too_deeply"),
    "quotes": (lambda: '"' * 2_000_000, "syntax"),
    "the same key over and over": (lambda: "{" + '"a": 0, ' * 400_000 + '"a": 0}', "duplicate_key"),
    "escapes that are not allowed": (lambda: "[" + '"\\u0000", ' * 400_000 + '""]', "character_not_allowed"),
    "fields that no cart has": (lambda: names(200_000, "0"), "unknown_field"),
    "lines without anything": (lambda: '{"currency": "CNY", "lines": [' + "{}, " * 400_000 + "{}]}", "too_many"),
    "ten thousand lines without anything": (
        lambda: '{"currency": "CNY", "lines": [' + "{}, " * 9_999 + "{}]}",
        "missing_field",
    ),
    "more facts than a cart has": (lambda: cart(facts=names(200_000, "null")), "too_many"),
    "facts that are none": (lambda: cart(facts=names(1_000, "null")), "not_a_fact"),
    "limits of promotions that there are not": (lambda: cart(limits_left=names(100_000, "{}")), "unknown_promotion"),
    "gifts whose stock is negative": (lambda: cart(gift_stock=names(100_000, "-1")), "count_out_of_range"),
    "segments that are no text": (lambda: cart(customer='{"segments": [' + "0, " * 400_000 + "0]}"), "too_many"),
}


def promotions(number: int, text: str) -> str:
    return HEAD + "promotions:\n" + "".join(f"- {{id: p{each}, {text}}}\n" for each in range(number))


TEN_OFF = "benefit: {kind: percent_off, percent: 10}"
CAMPAIGNS = {
    "keys that no campaign has": (lambda: "".join(f"k{each}: 0\n" for each in range(100_000)), "unknown_field"),
    "promotions without anything": (lambda: HEAD + "promotions:\n" + "- {}\n" * 50_000, "missing_field"),
    "promotions in a stage that there is not": (lambda: promotions(10_000, f"stage: itme, {TEN_OFF}"), "unknown_stage"),
    "promotions of one id": (
        lambda: promotions(10_000, f"stage: item, {TEN_OFF}").replace("p1", "p").replace("p2", "p"),
        "duplicate_id",
    ),
    "groups that there are not": (
        lambda: promotions(1, f"stage: item, {TEN_OFF}, groups: [{', '.join(f'g{each}' for each in range(50_000))}]"),
        "unknown_group",
    ),
    "one currency over and over": (
        lambda: f"{HEAD}other_currencies: [{', '.join(['EUR'] * 50_000)}]\n",
        "duplicate_id",
    ),
    "directives of tags": (
        lambda: "".join(f"%TAG !a{each}! x\n" for each in range(200_000)) + "--- a",
        "tag_not_allowed",
    ),
}


def refused_in_time(call: Any) -> DiagnosticsError:
    started = time.process_time()
    with pytest.raises(DiagnosticsError) as refused:
        call()
    assert time.process_time() - started < SECONDS
    assert len(refused.value.diagnostics) <= MOST_DIAGNOSTICS + 1
    return refused.value


@pytest.mark.parametrize(("make", "code"), CARTS.values(), ids=CARTS)
def test_a_hostile_cart_is_refused_in_time(make: Callable[[], str], code: str) -> None:
    text = make()
    error = refused_in_time(lambda: ENGINE.price(text, at=AT))
    assert isinstance(error, CartError)
    assert code in {each.code for each in error.diagnostics}


@pytest.mark.parametrize(("make", "code"), CAMPAIGNS.values(), ids=CAMPAIGNS)
def test_a_hostile_campaign_is_refused_in_time(make: Callable[[], str], code: str) -> None:
    text = make()
    error = refused_in_time(lambda: Campaign.from_yaml(text))
    assert isinstance(error, CampaignError)
    assert code in {each.code for each in error.diagnostics}


def test_a_promotion_of_very_many_codes_is_read_in_time() -> None:
    codes = ", ".join(f"C{each}" for each in range(100_000))
    started = time.process_time()
    Campaign.from_yaml(promotions(1, f"stage: item, {TEN_OFF}, codes: {{listed: [{codes}]}}"))
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("number", [MOST_DIAGNOSTICS, MOST_DIAGNOSTICS + 1])
def test_a_thousand_problems_are_told_and_of_more_that_there_are_more(number: int) -> None:
    with pytest.raises(CartError) as refused:
        ENGINE.price(cart(limits_left=names(number, "{}")), at=AT)
    found = [each.code for each in refused.value.diagnostics]
    more = ["too_many_problems"] if number > MOST_DIAGNOSTICS else []
    assert ["unknown_promotion"] * MOST_DIAGNOSTICS + more == found


def test_problems_that_every_currency_finds_are_counted_once() -> None:
    text = promotions(600, f"stage: item, {TEN_OFF}, groups: [g]").replace("CNY", "CNY\nother_currencies: [EUR, JPY]")
    with pytest.raises(CampaignError) as refused:
        Campaign.from_yaml(text)
    assert ["unknown_group"] * 600 == [each.code for each in refused.value.diagnostics]
