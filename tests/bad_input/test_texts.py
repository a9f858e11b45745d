"""Texts and data that are hostile, or no document at all, are refused quickly and without a traceback."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, CampaignError

HEAD: dict[str, Any] = {"campaign": "case", "currency": "CNY", "timezone": "Asia/Shanghai"}


def offer(**fields: Any) -> dict[str, Any]:
    """A campaign of one promotion, with these fields."""
    whole = {"id": "a", "stage": "item", "benefit": {"kind": "percent_off", "percent": 10}, **fields}
    return {**HEAD, "promotions": [whole]}


def benefit(**fields: Any) -> dict[str, Any]:
    return offer(benefit=fields)


def nested(depth: int) -> dict[str, Any]:
    """A selector `not: {not: ...}`, so deep."""
    selector: dict[str, Any] = {"sku": "A"}
    for _ in range(depth):
        selector = {"not": selector}
    return selector


def endless() -> dict[str, Any]:
    """A selector that holds itself."""
    selector: dict[str, Any] = {}
    selector["not"] = selector
    return selector


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + depth)}: &{chr(98 + depth)} [{', '.join(['*' + chr(97 + depth)] * 10)}]\n" for depth in range(12)
)

YAML = {
    "nothing": ("", ["empty_document"]),
    "blanks": (" \n\n", ["empty_document"]),
    "a comment": ("# nothing\n", ["empty_document"]),
    "text": ("campaign", ["wrong_shape"]),
    "deep nesting": ("a: " + "[" * 10_000, ["nested_too_deeply"]),
    "deep nesting that is closed": ("a: " + "[" * 60 + "]" * 60, ["nested_too_deeply"]),
    "an alias bomb": (BOMB, ["alias_not_allowed"]),
    "half of a surrogate pair": ('campaign: "\\ud800"', ["syntax"]),
    "an escaped control character": ('campaign: "\\x07"', ["character_not_allowed"]),
    "a control character": ("campaign: a\x00b", ["character_not_allowed"]),
    "bytes that are no text": (b"campaign: \xff", ["not_utf8"]),
    "a number that never ends": (f"campaign: {'9' * 100}", ["number_too_long"]),
    "an object of Python": ("campaign: !!python/object/apply:os.system [ls]", ["tag_not_allowed"]),
    "tabs": ("campaign:\n\t- a", ["syntax"]),
}
JSON = {
    "nothing": ("", ["empty_document"]),
    "null": ("null", ["empty_document"]),
    "an open bracket": ('{"campaign": "a"', ["syntax"]),
    "not a number": ('{"campaign": NaN}', ["number_not_finite"]),
    "an exponent": ('{"campaign": 1e400}', ["exponent_number"]),
    "deep nesting": ("[" * 100_000, ["nested_too_deeply"]),
    "a key that stands twice": ('{"campaign": "a", "campaign": "b"}', ["duplicate_key"]),
}
DATA = {
    "a float amount": (benefit(kind="amount_off", amount=5.5, per="unit"), ["float_amount"]),
    "a float amount for a currency": (benefit(kind="amount_off", amount={"CNY": 5.0}, per="unit"), ["float_amount"]),
    "a float percentage": (benefit(kind="percent_off", percent=10.0), ["float_amount"]),
    "a float threshold": (offer(trigger={"kind": "spend", "at_least": 99.9}), ["float_amount"]),
    "a Decimal that is not finite": (benefit(kind="amount_off", amount=Decimal("NaN"), per="unit"), ["not_finite"]),
    "an infinite percentage": (benefit(kind="percent_off", percent=Decimal("Infinity")), ["not_a_percentage"]),
    "a selector that holds itself": (offer(items=endless()), ["wrong_shape"]),
    "five thousand selectors within one another": (offer(items=nested(5_000)), ["wrong_shape"]),
    "a window with offsets": (
        offer(schedule={"from": datetime(2026, 11, 11, tzinfo=UTC), "until": datetime(2026, 11, 10, tzinfo=UTC)}),
        ["empty_window"],
    ),
    "keys that are no text": ({**HEAD, 1: 2}, ["not_text"]),
    "data that is no mapping": ([], ["wrong_shape"]),
    "nothing": (None, ["wrong_shape"]),
}


def codes(error: CampaignError) -> list[str]:
    """The codes, each as often as it stands in a row once."""
    found = [each.code for each in error.diagnostics]
    return [code for place, code in enumerate(found) if place == 0 or code != found[place - 1]]


@pytest.mark.parametrize(("text", "expected"), YAML.values(), ids=YAML)
def test_yaml_that_is_no_campaign_is_refused(text: str | bytes, expected: list[str]) -> None:
    with pytest.raises(CampaignError) as refused:
        Campaign.from_yaml(text)
    assert expected == codes(refused.value)


@pytest.mark.parametrize(("text", "expected"), JSON.values(), ids=JSON)
def test_json_that_is_no_campaign_is_refused(text: str, expected: list[str]) -> None:
    with pytest.raises(CampaignError) as refused:
        Campaign.from_json(text)
    assert expected == codes(refused.value)


@pytest.mark.parametrize(("data", "expected"), DATA.values(), ids=DATA)
def test_plain_data_that_is_no_campaign_is_refused(data: Any, expected: list[str]) -> None:
    with pytest.raises(CampaignError) as refused:
        Campaign.from_dict(data)
    assert expected == codes(refused.value)
    assert all(each.place.line is None for each in refused.value.diagnostics)


def test_a_json_campaign_points_at_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "campaign.json"
    file.write_text('{"campaign": "case",\n "currency": "CNY",\n "timezone": 8}')
    with pytest.raises(CampaignError) as refused:
        Campaign.load(file)
    assert [f"{file}:3:14: timezone: error[not_text]"] == [
        str(each).rsplit(": ", 1)[0] for each in refused.value.diagnostics
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [("none.yaml", "file_not_found"), ("folder.yaml", "file_unreadable"), ("a.txt", "unknown_file_type")],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "a.txt").write_text("campaign: case")
    with pytest.raises(CampaignError) as refused:
        Campaign.load(tmp_path / name)
    assert [code] == codes(refused.value)
    assert str(tmp_path / name) == refused.value.diagnostics[0].place.file


def test_a_text_of_a_thousand_mistakes_is_read_no_further() -> None:
    with pytest.raises(CampaignError) as refused:
        Campaign.from_yaml("\n".join(f"k{number}: yes" for number in range(5_000)))
    assert 1_001 == len(refused.value.diagnostics)
    assert "too_many_problems" == refused.value.diagnostics[-1].code


def test_a_text_larger_than_any_campaign_is_not_read() -> None:
    with pytest.raises(CampaignError) as refused:
        Campaign.from_yaml("#" * (256 * 2**20 + 1))
    assert ["text_too_large"] == codes(refused.value)


def test_a_text_of_more_values_than_any_campaign_is_read_no_further() -> None:
    with pytest.raises(CampaignError) as refused:
        Campaign.from_json("[" + "0," * 10_000_000 + "0]")
    assert ["too_many_values"] == codes(refused.value)
