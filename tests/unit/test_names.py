"""What a name is, character by character: pydantic's core checks it, by patterns of its own."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from promoengine.fields import CodeText, Name

NAME = TypeAdapter[str](Name)
CODE = TypeAdapter[str](CodeText)
BLANKS = [chr(point) for point in range(sys.maxunicode + 1) if chr(point).isspace()]
CONTROLS = [chr(point) for point in range(32)]
OTHERS = [*map(chr, range(33, 0x250)), "\u180e", "\u200b", "\u2060", "\ufeff", "\uffff", "汉", "😀", "\U0010ffff"]


def refusal(adapter: TypeAdapter[str], value: Any) -> str:
    try:
        assert value == adapter.validate_python(value)
    except ValidationError as error:
        (found,) = error.errors(include_url=False, include_input=False)
        return found["type"]
    return ""


@pytest.mark.parametrize("character", [*BLANKS, *CONTROLS], ids=lambda character: f"{ord(character):04x}")
def test_no_name_begins_or_ends_with_a_blank_or_a_control_character(character: str) -> None:
    for name in (character, f"{character}a", f"a{character}"):
        assert "not_a_name" == refusal(NAME, name)


def test_inside_a_name_a_blank_may_stand_and_a_control_character_may_not() -> None:
    assert {"": 20, "not_a_name": 9} == {
        code: [refusal(NAME, f"a{each}b") for each in BLANKS].count(code) for code in ("", "not_a_name")
    }
    assert {"not_a_name"} == {refusal(NAME, f"a{each}b") for each in CONTROLS}


def test_any_other_character_may_stand_in_a_name_anywhere() -> None:
    others = [each for each in OTHERS if not each.isspace()]
    assert [] == [each for each in others if refusal(NAME, each) or refusal(NAME, f"{each}a{each}")]


@pytest.mark.parametrize("name", ["\ud800", "a\udfffb"], ids=ascii)
def test_half_a_surrogate_pair_is_in_no_name_and_no_code(name: str) -> None:
    assert "not_a_name" == refusal(NAME, name) == refusal(CODE, name)


def test_a_name_has_one_to_two_hundred_characters_however_many_bytes_they_take() -> None:
    assert ["not_a_name", "", "not_a_name"] == [refusal(NAME, each) for each in ("", "汉" * 200, "汉" * 201)]
    assert ["not_a_name", "", "not_a_name"] == [refusal(CODE, each) for each in (" ", f" {'汉' * 200} ", "汉" * 201)]


@pytest.mark.parametrize("value", [1, 1.5, True, None, b"a", ["a"], {"a": 1}], ids=repr)
def test_what_is_no_text_is_no_name_and_no_code(value: Any) -> None:
    assert "not_text" == refusal(NAME, value) == refusal(CODE, value)


def test_names_are_read_from_json_as_from_plain_data() -> None:
    assert "a b" == NAME.validate_json('"a b"')
    for text, code in {"1": "not_text", "null": "not_text", '" a"': "not_a_name", '""': "not_a_name"}.items():
        with pytest.raises(ValidationError) as refused:
            NAME.validate_json(text)
        assert [code] == [each["type"] for each in refused.value.errors()]


def test_text_of_a_kind_of_its_own_is_text() -> None:
    class Sku(StrEnum):
        POT = "pot"

    class Word(str):
        pass

    assert ["pot", "pan"] == [NAME.validate_python(Sku.POT), NAME.validate_python(Word("pan"))]


@pytest.mark.parametrize("character", CONTROLS, ids=lambda character: f"{ord(character):04x}")
def test_a_code_may_have_blanks_around_it_and_no_control_character(character: str) -> None:
    assert "" == refusal(CODE, " a b\u3000")
    for code in (f"{character}a", f"a{character}", f"a{character}b"):
        assert "not_a_name" == refusal(CODE, code)
