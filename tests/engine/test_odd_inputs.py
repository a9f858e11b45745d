"""Numbers, texts and contexts that nobody means: each is read exactly, or refused with a diagnostic."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from decimal import localcontext
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, CampaignError, CartError, Engine

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "examples"
POINT = {"kind": "points", "points": 1}


def campaign(*promotions: dict[str, Any], **head: Any) -> Campaign:
    document = {"campaign": "test", "currency": "CNY", "timezone": "Asia/Shanghai", **head}
    return Campaign.from_dict({**document, "promotions": list(promotions)})


def cart(sku: str = "pan", **line: Any) -> dict[str, Any]:
    return {"currency": "CNY", "lines": [{"id": "1", "sku": sku, "quantity": 1, "unit_price": "1000.00", **line}]}


def codes(refusal: pytest.ExceptionInfo[Any]) -> list[str]:
    return [each.code for each in refusal.value.diagnostics]


def test_the_callers_decimal_context_changes_no_tax() -> None:
    engine = Engine(campaign(tax={"prices_include_tax": False}))
    with localcontext(prec=2):
        quote = engine.price(cart(tax_rate="8.25"), at=NOON)
    assert quote.tax_total_minor == 8250


def test_the_callers_decimal_context_lets_no_shares_pass() -> None:
    over = {"platform": "33.33", "brand": "66.68"}
    with localcontext(prec=2), pytest.raises(CampaignError) as refusal:
        campaign({"id": "p", "stage": "item", "benefit": POINT, "funding": over})
    assert codes(refusal) == ["funding_over_100"]


@pytest.mark.parametrize("rate", ["1_9", " 19", "1e1", "１９", "+19", "nan", 8.25, True, "1000.000001", "-1"])
def test_a_tax_rate_is_written_as_amounts_are(rate: object) -> None:
    with pytest.raises(CartError) as refusal:
        Engine(campaign()).price(cart(tax_rate=rate), at=NOON)
    assert codes(refusal) == ["not_a_tax_rate"]


@pytest.mark.parametrize(
    "promotion",
    [
        {"id": "p", "stage": "item", "benefit": POINT, "items": {"key_sku": ["pan"]}},
        {"id": "p", "stage": "item", "benefit": POINT, "schedule": {"from_": "2026-11-10T20:00"}},
    ],
)
def test_a_field_has_the_one_name_that_the_docs_give_it(promotion: dict[str, Any]) -> None:
    with pytest.raises(CampaignError) as refusal:
        campaign(promotion)
    assert "unknown_field" in codes(refusal)


def test_a_count_of_thousands_of_digits_is_refused_in_a_campaign() -> None:
    with pytest.raises(CampaignError) as refusal:
        campaign({"id": "p", "stage": "item", "when": {"orders": {"at_most": 10**5000}}, "benefit": POINT})
    assert codes(refusal) == ["count_out_of_range"]


def test_a_fact_of_thousands_of_digits_is_refused() -> None:
    every = {"kind": "fact", "fact": "sold", "every": 1}
    counted = {"id": "p", "stage": "item", "trigger": every, "benefit": POINT}
    engine = Engine(campaign(counted, facts={"sold": "number"}))
    with pytest.raises(CartError) as refusal:
        engine.price({**cart(), "facts": {"sold": 10**5000}}, at=NOON)
    assert codes(refusal) == ["count_out_of_range"]


def test_half_a_surrogate_pair_is_no_name() -> None:
    with pytest.raises(CampaignError) as refusal:
        campaign({"id": "p\ud800", "stage": "item", "benefit": POINT})
    assert codes(refusal) == ["not_a_name"]
    with pytest.raises(CartError) as refused:
        Engine(campaign()).price(cart("\udfff"), at=NOON)
    assert codes(refused) == ["not_a_name"]


def test_half_a_surrogate_pair_in_a_description_is_refused_or_hashed() -> None:
    assert len(campaign(description="\ud800").content_hash) == 64


@pytest.mark.parametrize("name", ["double-11", "boutique"])
def test_a_campaign_travels_to_another_process(name: str) -> None:
    engine = Engine(Campaign.load(EXAMPLES / name / "campaign.yaml"))
    travelled = pickle.loads(pickle.dumps(engine))
    found = sorted((EXAMPLES / name / "carts").glob("*.json"))[0]
    data = json.loads(found.read_text(encoding="utf-8"), parse_float=str)
    given = data.get("cart", data)
    assert travelled.campaign.content_hash == engine.campaign.content_hash
    assert travelled.price(given, at=NOON).to_json() == engine.price(given, at=NOON).to_json()
