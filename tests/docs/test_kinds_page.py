"""The page of the kinds is what their docstrings say, and the examples in the docstrings are campaigns."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign
from promoengine.document import CampaignDocument, PromotionDocument
from promoengine.kinds.registry import KEYED, TAGGED, kinds
from promoengine.reading import read_yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "kinds.md").read_text(encoding="utf-8")
KINDS = [
    (family, name, kind)
    for family in (*TAGGED, *KEYED)
    for name, kind in kinds(family).items()
    if kind.__module__.startswith("promoengine.")
]
each_kind = pytest.mark.parametrize(("family", "name", "kind"), KINDS, ids=[f"{each[0]}-{each[1]}" for each in KINDS])

FACTS = {"participants": "number", "units_sold": "number", "orders_today": "number", "deposit_paid": "flag"}
"""The facts that the examples of the docstrings read."""
AMOUNT = {"kind": "amount_off", "amount": 5, "per": "once"}
RUNGS = [{"at": at, "benefit": {"kind": "price", "price": 10 - at}} for at in (2, 3, 5)]
NAMED = {"id": "kettle-flash", "stage": "item", "benefit": {"kind": "price", "price": 59}}
"""The promotion that the example of `rewarded_by` names."""


def test_the_page_is_what_the_docstrings_give() -> None:
    page = runpy.run_path(str(ROOT / "scripts" / "generate_kinds_page.py"))["page"]
    assert page() == PAGE, "run scripts/generate_kinds_page.py"


@each_kind
def test_a_kind_has_its_section(family: str, name: str, kind: type) -> None:
    headings = re.findall(r"^### (.*)$", PAGE, re.MULTILINE)
    words = {"rewarded": "rewarded-unit choice"}.get(family, family)
    assert [f"The {words} `{name}`"] == [each for each in headings if each == f"The {words} `{name}`"]


@each_kind
def test_a_kind_says_what_it_means_with_an_example_and_a_near_miss(family: str, name: str, kind: type) -> None:
    assert [1, 1] == [(kind.__doc__ or "").count(part) for part in ("Example:", "Near miss:")]


@each_kind
def test_the_example_of_a_kind_is_a_campaign_that_uses_it(family: str, name: str, kind: type) -> None:
    campaign, promotion = example_of(kind)
    promotion = {"id": "example", "stage": stage_of(promotion), **promotion}
    needs_rungs = family == "trigger" and name == "fact" and not {"at_least", "every"} & promotion["trigger"].keys()
    completion: dict[str, Any] = {"tiers": RUNGS} if needs_rungs else {"benefit": AMOUNT}
    whole = {
        "campaign": "example",
        "currency": "CNY",
        "timezone": "Asia/Shanghai",
        "stages": ["opening", "item", "shipping"],
        "facts": FACTS,
        **campaign,
        "promotions": [{**NAMED, "stage": "opening"}, {**completion, **promotion}],
    }
    Campaign.from_dict(whole)
    assert uses(promotion, family, name)


def example_of(kind: type) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the code in a docstring's example states: of the campaign, and of a promotion."""
    text = " ".join((kind.__doc__ or "").split("Example:")[1].split("Near miss:")[0].split())
    campaign: dict[str, Any] = {}
    promotion: dict[str, Any] = {}
    for code in re.findall(r"`([^`]+)`", text):
        data = read_yaml(code).data
        for key, value in data.items() if isinstance(data, dict) else ():
            if isinstance(value, (dict, list)):
                place(key, value, campaign, promotion)
    return campaign, promotion


def place(key: str, value: object, campaign: dict[str, Any], promotion: dict[str, Any]) -> None:
    """Put a field where it belongs: in the promotion, in its benefit, in its set, or in the campaign."""
    if key == "rewarded":
        benefit = promotion.setdefault("benefit", {"kind": "percent_off", "percent": 50})
        benefit[key] = value
    elif key == "parts":
        promotion["trigger"] = {"kind": "set", key: value}
    elif key in PromotionDocument.model_fields:
        promotion.setdefault(key, value)
    else:
        assert key in CampaignDocument.model_fields
        campaign[key] = value


def stage_of(promotion: dict[str, Any]) -> str:
    return "shipping" if "shipping_method" in promotion.get("benefit", {}).get("items", {}) else "item"


def uses(data: object, family: str, name: str) -> bool:
    """Whether the kind stands somewhere in the promotion."""
    if isinstance(data, dict):
        here = data.get("kind") == name if family in TAGGED else name in data
        return here or any(uses(value, family, name) for value in data.values())
    return isinstance(data, (list, tuple)) and any(uses(each, family, name) for each in data)
