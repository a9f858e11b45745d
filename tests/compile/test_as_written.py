"""A campaign keeps what was written and not the models, which are made again; promotions are compiled one by one."""

from __future__ import annotations

import copy
import gc
import json
import pickle
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from promoengine import Campaign, CampaignError
from promoengine.compile import compile_document
from promoengine.document import CampaignDocument
from promoengine.testing.cases import load_cases

CASES = Path(__file__).parents[1] / "cases"
HEAD: dict[str, Any] = {
    "campaign": "written",
    "currency": "EUR",
    "other_currencies": ["USD"],
    "timezone": "Europe/Berlin",
}
TENTH = {"kind": "percent_off", "percent": 10}


def written(*promotions: dict[str, Any]) -> dict[str, Any]:
    return {
        **HEAD,
        "promotions": [{"id": f"p{place}", "stage": "item", **each} for place, each in enumerate(promotions)],
    }


SOME = written(
    {"benefit": TENTH, "items": {"sku": "A"}, "labels": {"b": "2", "a": "1"}, "schedule": {"from": "2026-11-01"}},
    {"benefit": TENTH, "items": {"category": ["tea", "ware"]}, "codes": "SAVE", "priority": 3},
    {"benefit": {"kind": "price", "price": {"EUR": "1.50", "USD": 2}}, "funding": {"platform": 60}},
)


def from_file(data: dict[str, Any], tmp_path: Path) -> Campaign:
    file = tmp_path / "campaign.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    campaign = Campaign.load(file)
    file.write_text("gone", encoding="utf-8")
    return campaign


WAYS: dict[str, Callable[[dict[str, Any], Path], Campaign]] = {
    "dict": lambda data, _: Campaign.from_dict(data),
    "json": lambda data, _: Campaign.from_json(json.dumps(data)),
    "bytes": lambda data, _: Campaign.from_json(json.dumps(data).encode()),
    "yaml": lambda data, _: Campaign.from_yaml(json.dumps(data)),
    "file": from_file,
    "models": lambda data, _: Campaign(CampaignDocument.model_validate(data)),
    "pickled": lambda data, _: pickle.loads(pickle.dumps(Campaign.from_dict(data))),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_document_that_is_made_again_is_what_was_written(way: str, tmp_path: Path) -> None:
    document = WAYS[way](SOME, tmp_path).document
    expected = CampaignDocument.model_validate(SOME)
    assert document.model_dump() == expected.model_dump()
    if way != "pickled":  # which leaves out what says nothing new
        assert document == expected


def test_a_document_is_the_same_while_somebody_holds_it_and_is_not_kept_after_that() -> None:
    campaign = Campaign.from_dict(SOME)
    document = campaign.document
    assert campaign.document is document
    del document
    gc.collect()
    assert not [each for each in gc.get_objects() if type(each) is CampaignDocument and each.campaign == "written"]


def test_what_becomes_of_the_data_after_loading_changes_nothing() -> None:
    data = copy.deepcopy(SOME)
    campaign = Campaign.from_dict(data)
    plans, document = repr(campaign.plans), campaign.document.model_dump()
    data["promotions"][0]["benefit"]["percent"] = 99
    data["promotions"][2]["benefit"]["price"]["EUR"] = "7"
    data["promotions"].clear()
    assert (plans, document) == (repr(campaign.plans), campaign.document.model_dump())


def test_what_becomes_of_a_document_changes_neither_the_plans_nor_the_next_document() -> None:
    campaign = Campaign.from_dict(SOME)
    plans, dumped = repr(campaign.plans), campaign.document.model_dump()
    campaign.document.promotions[0].labels["a"] = "changed"
    campaign.document.promotions[1].labels["new"] = "changed"
    assert (plans, dumped) == (repr(campaign.plans), campaign.document.model_dump())


def test_data_of_types_that_cannot_be_pickled_are_kept_too() -> None:
    class Fixed(tzinfo):
        def utcoffset(self, moment: datetime | None) -> timedelta:
            return timedelta(hours=2)

    start = datetime(2026, 11, 1, tzinfo=Fixed())
    campaign = Campaign.from_dict(written({"benefit": TENTH, "schedule": {"from": start}}))
    (promotion,) = campaign.document.promotions
    assert promotion.schedule is not None
    assert promotion.schedule[0].from_ == start


def test_a_mapping_that_cannot_be_pickled_is_as_good_as_another() -> None:
    data = written({"benefit": TENTH})
    campaign = Campaign.from_dict(MappingProxyType(data))
    expected = Campaign.from_dict(data).document
    data["promotions"].clear()
    assert expected == campaign.document


def test_promotions_compiled_one_by_one_come_to_what_the_whole_document_comes_to() -> None:
    compared = 0
    for case in load_cases(CASES):
        try:
            campaign = Campaign.from_dict(case.campaign)
        except CampaignError:
            continue
        plans, diagnostics = compile_document(campaign.document)
        assert (plans, ()) == (campaign.plans, diagnostics)
        compared += 1
    assert compared > 100


def test_equal_parts_of_a_plan_are_one_object() -> None:
    alike: dict[str, Any] = {
        "items": {"category": ["tea", "ware"]},
        "trigger": {"kind": "spend", "at_least": 20},
        "schedule": {"from": "2026-11-01"},
        "when": {"region": "BE"},
        "limits": {"uses": 5},
        "funding": {"platform": 60},
        "labels": {"team": "tea"},
    }
    amount = {"kind": "amount_off", "amount": 3, "per": "once"}
    campaign = Campaign.from_dict(
        written({**alike, "benefit": amount}, {**alike, "benefit": TENTH}, {**alike, "benefit": TENTH})
    )
    plan = campaign.plans["EUR"]
    first, *others = plan.promotions
    for part in ("items", "trigger", "schedule", "conditions", "limits", "funding", "labels"):
        assert [each for each in others if getattr(each, part) is not getattr(first, part)] == [], part
    assert plan.effects[1].action is plan.effects[2].action
    assert [each.promotion for each in plan.effects] == [0, 1, 2]


def test_what_is_wrong_with_terms_that_several_promotions_share_is_said_of_each() -> None:
    wrong = {"benefit": {"kind": "amount_off", "amount": "1.234", "per": "once"}}
    late = {"benefit": TENTH, "threshold_base": {"after": "shipping"}}
    with pytest.raises(CampaignError) as refused:
        Campaign.from_dict(
            written({"benefit": TENTH}, wrong, late, {"benefit": TENTH}, wrong, late, {"benefit": {"kind": "x"}})
        )
    assert [(each.code, each.place.path[1]) for each in refused.value.diagnostics] == [
        ("too_many_digits", 1),
        ("stage_not_earlier", 2),
        ("too_many_digits", 4),
        ("stage_not_earlier", 5),
        ("unknown_kind", 6),
    ]


def test_terms_are_told_apart_by_the_types_of_their_values() -> None:
    sound = {"benefit": {"kind": "amount_off", "amount": 1, "per": "once"}}
    with pytest.raises(CampaignError) as refused:
        Campaign.from_dict(written(sound, {"benefit": {"kind": "amount_off", "amount": 1.0, "per": "once"}}))
    assert [(each.code, each.place.path[1]) for each in refused.value.diagnostics] == [("float_amount", 1)]
