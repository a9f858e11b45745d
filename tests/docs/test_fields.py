"""The tables of the pages list exactly the fields that there are, with the defaults that they have.

A table belongs to the model that the nearest heading above it names in code, as in "Codes (`CodesRule`)".
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from promoengine import Campaign, Engine, cart, document, fields, instants, money, quote
from promoengine.document import campaign, promotion
from promoengine.kinds import base
from promoengine.kinds.triggers import measured
from promoengine.reading import _limits as reading

DOCS = Path(__file__).resolve().parents[2] / "docs"
CAMPAIGN_MODELS: list[type[BaseModel]] = [
    *[getattr(document, name) for name in document.__all__],
    promotion.AfterStageBase,
    campaign.RoundingRule,
    base.RoundingChoice,
    base.AllocationChoice,
    base.MostUnits,
    base.TriggerKind,
    measured.MeasuredTrigger,
    measured.UnitsTrigger,
    base.BenefitKind,
    base.RewardingBenefit,
    base.RewardedMapping,
    base.LimitsMapping,
]
CART_MODELS: list[type[BaseModel]] = [getattr(cart, name) for name in cart.__all__]
QUOTE_PARTS = [each for each in vars(quote).values() if isinstance(each, type) and dataclasses.is_dataclass(each)]
TABLE = re.compile(r"^\| field \|.*\n\|[-|]+\|\n(?P<rows>(?:\|.*\n)+)", re.MULTILINE)
HEADING = re.compile(r"^#+ .*\(`(?P<model>\w+)`\)$", re.MULTILINE)


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows_of(text: str, model: str) -> list[list[str]]:
    """The cells of the rows of the table below a model's heading."""
    headings = [*HEADING.finditer(text)]
    for match in TABLE.finditer(text):
        above = [heading["model"] for heading in headings if heading.start() < match.start()]
        if above and above[-1] == model:
            return [[cell.strip() for cell in row.strip("|").split("|")] for row in match["rows"].splitlines()]
    raise AssertionError(f"no table for {model}")


def written_fields(model: type[BaseModel]) -> dict[str, str]:
    """A model's own fields as they are written, with their defaults; kinds that are keys have a page of their own."""
    inherited = {name for each in model.__mro__[1:] for name in getattr(each, "model_fields", ())}
    return {
        f"`{info.alias or name}`": default_text(info)
        for name, info in model.model_fields.items()
        if name not in inherited and not name.startswith("key_")
    }


def default_text(info: Any) -> str:
    """A default as the pages write it."""
    value = info.get_default(call_default_factory=True)
    if info.is_required():
        return "required"
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, document.FundingRule):
        return f"`rest: {value.rest}`"
    if isinstance(value, BaseModel):
        return "its own defaults"
    if isinstance(value, tuple):
        return ", ".join([f"`{getattr(each, 'name', each)}`" for each in value])
    return f"`{value}`"


@pytest.mark.parametrize("model", CAMPAIGN_MODELS, ids=lambda model: model.__name__)
def test_the_language_page_lists_every_field_and_its_default(model: type[BaseModel]) -> None:
    listed = {name: default for name, _, default in rows_of(page("language.md"), model.__name__)}
    assert written_fields(model) == listed


@pytest.mark.parametrize("model", CART_MODELS, ids=lambda model: model.__name__)
def test_the_cart_page_lists_every_field_and_its_default(model: type[BaseModel]) -> None:
    listed = {name: default for name, _, default in rows_of(page("cart.md"), model.__name__)}
    assert written_fields(model) == listed


@pytest.mark.parametrize("part", QUOTE_PARTS, ids=lambda part: part.__name__)
def test_the_quote_page_lists_every_field(part: type) -> None:
    rows = rows_of(page("quote.md"), part.__name__)
    assert [f"`{field.name}`" for field in dataclasses.fields(part)] == [row[0] for row in rows]


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("Outcome", "reason"),
        ("CodeOutcome", "status"),
        ("Claim", "of"),
        ("Gift", "note"),
        ("Grant", "what"),
        ("Shortfall", "measure"),
        ("Selection", "status"),
    ],
)
def test_the_quote_page_says_what_every_word_of_the_quote_means(part: str, field: str) -> None:
    words = get_args(get_type_hints(getattr(quote, part))[field])
    assert [] == [word for word in words if word and f"`{word}`" not in page("quote.md")]


@pytest.mark.parametrize("owner", QUOTE_PARTS, ids=lambda owner: owner.__name__)
def test_the_quote_page_names_what_can_be_asked_of_a_quote(owner: type) -> None:
    asked = [name for name, value in vars(owner).items() if not name.startswith("_") and _is_asked(value)]
    assert [] == [name for name in asked if f"`{name}" not in page("quote.md")]


def _is_asked(value: object) -> bool:
    return isinstance(value, property) or callable(value)


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("language.md", fields.LARGEST_COUNT),
        ("language.md", money.LARGEST_AMOUNT_MINOR),
        ("language.md", promotion.MOST_TIERS),
        ("language.md", promotion.LOWEST_PRIORITY),
        ("language.md", reading.DEPTH_LIMIT),
        ("cart.md", cart.MOST_LINES),
        ("cart.md", cart.MOST_UNITS),
        ("cart.md", fields.LARGEST_COUNT),
    ],
)
def test_a_page_states_the_bounds_that_hold(name: str, bound: int) -> None:
    assert re.search(rf"(?<![\d,]){bound:,}(?![\d,])", page(name))


def test_the_language_page_states_the_years_in_which_moments_lie() -> None:
    assert f"from the year {instants.FIRST_YEAR} to {instants.LAST_YEAR}" in page("language.md")


@pytest.mark.parametrize("owner", [Campaign, Engine], ids=lambda owner: owner.__name__)
def test_the_python_page_names_what_can_be_asked_of_it(owner: type) -> None:
    asked = [name for name in vars(owner) if not name.startswith("_")]
    assert [] == [name for name in asked if f"{name}`" not in page("python.md") and f"{name}(" not in page("python.md")]
