"""Hints for words that are not known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from promoengine.suggestions import did_you_mean

FIELDS = ("quantity", "percent", "amount")


def test_a_near_word_is_asked_for_and_all_known_ones_are_listed() -> None:
    assert did_you_mean("quantiy", FIELDS) == "did you mean 'quantity'? known: amount, percent, quantity"


def test_where_nothing_is_near_the_known_words_are_only_listed() -> None:
    assert did_you_mean("zzz", FIELDS) == "known: amount, percent, quantity"


def test_letter_case_does_not_count_as_a_difference() -> None:
    assert did_you_mean("SKU", ["sku", "seller"]) == "did you mean 'sku'? known: seller, sku"
    assert did_you_mean("double-11", ["Double-11"]) == "did you mean 'Double-11'? known: Double-11"


def test_the_hint_does_not_depend_on_the_order_in_which_words_are_known() -> None:
    assert did_you_mean("b", ["ab", "ba", "ab"]) == did_you_mean("b", {"ba", "ab"})


def test_past_twelve_known_words_the_rest_is_counted() -> None:
    known = [f"stage-{number:02}" for number in range(15)]
    hint = did_you_mean("zzz", known)
    assert hint == f"known: {', '.join(known[:12])} and 3 more"


def test_exactly_twelve_known_words_are_all_listed() -> None:
    known = [f"stage-{number:02}" for number in range(12)]
    assert did_you_mean("zzz", known) == f"known: {', '.join(known)}"


def test_where_nothing_is_known_there_is_no_hint() -> None:
    assert did_you_mean("anything", []) == ""


@given(st.text(), st.lists(st.text()))
def test_any_words_give_a_hint_and_a_known_word_is_its_own_nearest(word: str, known: list[str]) -> None:
    hint = did_you_mean(word, known)
    assert bool(hint) == bool(known)
    if word.casefold() in {each.casefold() for each in known} and word:
        assert hint.startswith("did you mean ")


def test_among_very_many_known_words_the_nearest_is_still_found() -> None:
    known = [f"promotion-{number}" for number in range(10_000)]
    assert did_you_mean("promotino-4711", known).startswith("did you mean 'promotion-4711'? ")
