"""Names are judged by pydantic's core as the pattern of the page has them, and defaults are nobody else's."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from promoengine.document import PromotionDocument
from promoengine.fields import Name

PATTERN = re.compile(r"[^\s\x00-\x1f\ud800-\udfff](?:[^\x00-\x1f\ud800-\udfff]{0,198}[^\s\x00-\x1f\ud800-\udfff])?\Z")


class Named(BaseModel):
    name: Name


def found(value: Any) -> str:
    """The name as it is read, or the code of its refusal."""
    try:
        return Named(name=value).name
    except ValidationError as error:
        (only,) = error.errors()
        return only["type"]


def expected(value: str) -> str:
    return value if PATTERN.match(value) else "not_a_name"


def test_every_character_is_a_name_at_its_ends_and_within_as_the_pattern_says() -> None:
    differing = [
        hex(code)
        for code in [*range(0x3100), *range(0xD7F0, 0xE010), *range(0xFFF0, 0x10010), sys.maxunicode]
        for text in (chr(code), f"a{chr(code)}", f"{chr(code)}a", f"a{chr(code)}a")
        if found(text) != expected(text)
    ]
    assert differing == []


@pytest.mark.parametrize("length", [0, 1, 2, 199, 200, 201, 5000])
def test_a_name_has_at_most_two_hundred_characters(length: int) -> None:
    for text in ("n" * length, "品" * length):
        assert found(text) == (text if 1 <= length <= 200 else "not_a_name")


@pytest.mark.parametrize("value", [None, 5, True, 1.5, b"name", ["name"], {"name": 1}])
def test_a_name_is_text(value: object) -> None:
    assert found(value) == "not_text"


def test_a_default_that_holds_something_belongs_to_one_promotion() -> None:
    first, second = (PromotionDocument.model_validate({"id": each, "stage": "item"}) for each in "ab")
    first.labels["team"] = "tea"
    first.funding.shares["platform"] = 1  # type: ignore[assignment]
    assert (second.labels, second.funding.shares) == ({}, {})
    assert PromotionDocument.model_validate({"id": "c", "stage": "item"}).funding.shares == {}
