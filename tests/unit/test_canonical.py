"""Canonical JSON is what Python's own JSON says of the same values, with sorted keys and amounts as text."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, make_dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoengine.canonical import canonical_writer
from promoengine.money import format_amount


@dataclass
class Piece:
    price_minor: int
    name: str | None = None


@dataclass
class Whole:
    zeal: Literal["high", "low"]
    count: int
    spent_minor: int | None
    is_new: bool
    at: datetime | None
    effort: int
    measured: int
    money: bool
    pieces: list[Piece] = field(default_factory=list)
    first: Piece | None = None
    named: dict[str, Piece] = field(default_factory=dict)
    shares_minor: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


WITHOUT = frozenset({"effort"})
BESIDES = {Whole: (("measured",), lambda whole: whole.money)}
WRITE = canonical_writer(Whole, without=WITHOUT, besides=BESIDES)

NUMBERS = st.integers(-(10**15), 10**15)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]))
PIECES = st.builds(Piece, NUMBERS, st.none() | TEXTS)
WHOLES = st.builds(
    Whole,
    st.sampled_from(["high", "low"]),
    NUMBERS,
    st.none() | NUMBERS,
    st.booleans(),
    st.none() | MOMENTS,
    NUMBERS,
    NUMBERS,
    st.booleans(),
    st.lists(PIECES, max_size=3),
    st.none() | PIECES,
    st.dictionaries(TEXTS, PIECES, max_size=3),
    st.dictionaries(TEXTS, NUMBERS, max_size=3),
    st.dictionaries(TEXTS, NUMBERS, max_size=3),
    st.lists(TEXTS, max_size=3),
)


def plain(whole: Whole, exponent: int) -> dict[str, Any]:
    """The same, said once more by hand."""

    def amount(minor: int | None) -> str | None:
        return None if minor is None else format_amount(minor, exponent)

    def piece(each: Piece) -> dict[str, Any]:
        return {"price": amount(each.price_minor), "name": each.name}

    at = None if whole.at is None else whole.at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return {
        "zeal": whole.zeal,
        "count": whole.count,
        "spent": amount(whole.spent_minor),
        "is_new": whole.is_new,
        "at": at,
        "measured": amount(whole.measured) if whole.money else whole.measured,
        "money": whole.money,
        "pieces": [piece(each) for each in whole.pieces],
        "first": None if whole.first is None else piece(whole.first),
        "named": {name: piece(each) for name, each in whole.named.items()},
        "shares": {name: amount(each) for name, each in whole.shares_minor.items()},
        "counts": whole.counts,
        "words": whole.words,
    }


@given(WHOLES, st.integers(0, 4))
def test_a_value_is_written_as_json_would_be_with_sorted_keys_and_no_blanks(whole: Whole, exponent: int) -> None:
    expected = json.dumps(plain(whole, exponent), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert expected == WRITE(whole, exponent)


def test_what_is_not_known_how_to_write_is_refused_before_anything_is_written() -> None:
    @dataclass
    class Odd:
        share: float

    with pytest.raises(TypeError, match="float"):
        canonical_writer(Odd, without=frozenset(), besides={})


def test_threads_that_write_at_once_write_the_same() -> None:
    whole = Whole("low", 1, 250, False, None, 0, 5, True, [Piece(each) for each in range(500)])
    expected = WRITE(whole, 2)
    found: list[str] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        write = canonical_writer(Whole, without=WITHOUT, besides=BESIDES)
        found.extend([write(whole, 2), WRITE(whole, 2)])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert [expected] * 8 == found


def test_two_classes_of_one_name_are_not_taken_for_each_other() -> None:
    same = make_dataclass("Amount", [("whole", int)])
    other = make_dataclass("Amount", [("whole_minor", int)])
    both = make_dataclass("Both", [("one", same), ("two", other)])
    with pytest.raises(TypeError, match="two are called Amount"):
        canonical_writer(both, without=frozenset(), besides={})
