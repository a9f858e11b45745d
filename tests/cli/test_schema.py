"""The JSON Schemas: what is written by hand fits them, the shorter ways included, and what is wrong does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from promoengine import Campaign, Cart, Engine
from promoengine.cli.schemas import schema_of
from promoengine.kinds.registry import KEYED, TAGGED, kinds
from promoengine.reading import read_file

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CAMPAIGNS = sorted(EXAMPLES.glob("*/campaign.*"))
HEAD: dict[str, Any] = {"campaign": "c", "currency": "EUR", "timezone": "Europe/Berlin", "stages": ["item", "shop"]}
BENEFIT = {"kind": "percent_off", "percent": 10}


def findings(document: Any, data: Any) -> list[str]:
    errors = Draft202012Validator(schema_of(document)).iter_errors(data)
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]


def campaign_with(**fields: Any) -> dict[str, Any]:
    return {**HEAD, "promotions": [{"id": "p", "stage": "item", "benefit": BENEFIT, **fields}]}


# -- the command ----------------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["campaign", "cart", "quote"])
def test_the_schema_is_printed_and_is_one(run: Callable[..., Any], document: str) -> None:
    ran = run("schema", document)
    schema = json.loads(ran.out)
    assert (0, "") == (ran.code, ran.err)
    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]
    assert f"promoengine {document}" == schema["title"]
    Draft202012Validator.check_schema(schema)


def test_a_campaigns_schema_is_printed_where_nothing_is_said(run: Callable[..., Any]) -> None:
    assert run("schema", "campaign").out == run("schema").out


def test_another_document_is_wrong_use(run: Callable[..., Any]) -> None:
    assert 2 == run("schema", "order").code


# -- what fits ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CAMPAIGNS, ids=lambda path: path.parent.name)
def test_the_examples_campaigns_fit(path: Path) -> None:
    assert [] == findings("campaign", read_file(path).data)


def test_the_examples_carts_fit_and_so_do_their_quotes() -> None:
    carts = sorted(EXAMPLES.glob("*/carts/*.json"))
    assert carts
    for path in carts:
        engine = Engine(Campaign.load(path.parents[1] / "campaign.yaml"))
        worked: Any = read_file(path.parents[1] / "expected" / f"{path.stem}.yaml").data
        cart = read_file(path).data
        assert (path.stem, []) == (path.stem, findings("cart", cart))
        at = datetime.fromisoformat(worked["at"])
        quote = engine.price(path.read_bytes(), at=at, outcomes="all")
        assert (path.stem, []) == (path.stem, findings("quote", json.loads(quote.to_json())))


SHORTER: list[dict[str, Any]] = [
    {"items": {"sku": "A"}},
    {"items": {"sku": ["A", "B"], "attribute": {"colour": "red"}}},
    {"items": {"any": [{"tag": "x"}, {"not": {"brand": "B"}}]}},
    {"codes": "X"},
    {"codes": ["X", "Y"]},
    {"codes": {"pools": "vouchers", "per_cart": 2}},
    {"schedule": {"from": "2026-11-11", "through": "2026-11-11"}},
    {"schedule": [{"weekly": {"days": ["tue"], "from": "20:00", "until": "22:00"}}]},
    {"benefit": [BENEFIT, {"kind": "points", "points": 5}]},
    {"benefit": {"kind": "percent_off", "percent": "12.5", "max_units": 2}},
    {"benefit": {"kind": "price", "price": {"EUR": "9.90"}, "max_units": {"per_line": 1}}},
    {"funding": {"platform": 60, "seller": 40}},
    {"funding": {"shares": {"platform": "60"}, "rest": "brand"}},
    {"groups": "weekend", "limits": {"stock": 5, "beyond": "refuse"}},
    {"trigger": {"kind": "spend"}, "benefit": None, "tiers": [{"at": 10, "benefit": BENEFIT}]},
    {"threshold_base": {"after": "item"}, "stage": "shop", "trigger": {"kind": "spend", "every": 10}},
    {"when": {"segment": "plus", "not": {"region": ["X", "Y"]}}},
]


@pytest.mark.parametrize("fields", SHORTER, ids=lambda fields: json.dumps(fields)[:60])
def test_the_shorter_ways_to_write_a_promotion_fit(fields: dict[str, Any]) -> None:
    data = campaign_with(**fields)
    assert [] == findings("campaign", data)


@pytest.mark.parametrize("stages", [["item"], [{"name": "item"}], ["item", {"name": "shop", "threshold_base": "list"}]])
def test_stages_may_be_names(stages: list[Any]) -> None:
    assert [] == findings("campaign", {**HEAD, "stages": stages})


@pytest.mark.parametrize(
    "fields",
    [
        {"codes": "X"},
        {"codes": ["X", {"code": "Y", "pool": "p"}]},
        {"customer": {"segments": "plus"}},
        {"lines": [{"id": "1", "sku": "A", "quantity": 1, "unit_price": "1.50", "tags": "new", "categories": ["a"]}]},
    ],
    ids=json.dumps,
)
def test_the_shorter_ways_to_write_a_cart_fit(fields: dict[str, Any]) -> None:
    data = {"currency": "EUR", "lines": [], **fields}
    Cart.model_validate(data)
    assert [] == findings("cart", data)


# -- what does not --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"benifit": BENEFIT},
        {"items": {"skew": "A"}},
        {"items": {"sku": 4711}},
        {"items": {"sku": []}},
        {"codes": []},
        {"codes": {"per_cart": 101, "listed": "X"}},
        {"trigger": {"kind": "spent"}},
        {"benefit": {"kind": "percent_off", "percent": 120}},
        {"benefit": {"kind": "percent_off", "percent": 10, "max_units": 0}},
        {"benefit": {"kind": "price", "price": -1}},
        {"benefit": []},
        {"funding": {"platform": 160}},
        {"schedule": []},
    ],
    ids=lambda fields: json.dumps(fields)[:60],
)
def test_what_validation_refuses_the_schema_refuses(fields: dict[str, Any]) -> None:
    data = campaign_with(**fields)
    with pytest.raises(Exception, match=r"error\["):
        Campaign.from_dict(data)
    assert findings("campaign", data)


def test_the_schema_names_every_kind() -> None:
    text = json.dumps(schema_of("campaign"))
    for family in (*TAGGED, *KEYED):
        for name in kinds(family):
            assert f'"{name}"' in text, (family, name)


def test_a_kinds_page_is_what_an_editor_shows() -> None:
    definitions = schema_of("campaign")["$defs"]
    assert "Near miss" in definitions["PercentOff"]["description"]


def test_nothing_in_a_schema_gets_in_an_editors_way() -> None:
    text = json.dumps(schema_of("campaign"))
    assert '"default": null' not in text
    assert '"title": "Per Cart"' not in text
