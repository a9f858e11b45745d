"""What every kind owes: a page, a case file, an entry in the schema, a lowering; and third parties' kinds are kinds."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, CampaignError
from promoengine.document import CampaignDocument
from promoengine.kinds.builtin import MODULES
from promoengine.kinds.registry import KEYED, TAGGED, Family, kinds
from promoengine.testing.cases import load_cases

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
FAMILIES: tuple[Family, ...] = (*TAGGED, *KEYED)
EVERY = [(family, name) for family in FAMILIES for name in kinds(family)]
SCHEMA: dict[str, Any] = CampaignDocument.model_json_schema()
LEAST_CASES = 3
HOLDS_IT: dict[Family, tuple[str, ...]] = {
    "trigger": ("trigger",),
    "benefit": ("benefit",),
    "selector": ("items", "all", "any", "not"),
    "condition": ("when", "all", "any", "not"),
    "rewarded": ("rewarded",),
    "limit": ("limits",),
}
"""The fields under which a family's kinds stand in a campaign."""

each_kind = pytest.mark.parametrize(("family", "name"), EVERY, ids=lambda part: part)


def test_every_family_has_kinds() -> None:
    assert all(kinds(family) for family in FAMILIES)


@each_kind
def test_a_kind_has_a_page_with_an_example_and_a_near_miss(family: Family, name: str) -> None:
    page = inspect.getdoc(kinds(family)[name]) or ""
    assert ["Example:", "Near miss:"] == re.findall(r"^Example:|^Near miss:", page, re.MULTILINE)
    assert not page.startswith("Example:")


@each_kind
def test_a_kind_has_a_file_of_its_own(family: Family, name: str) -> None:
    file = Path(inspect.getfile(kinds(family)[name]))
    assert name == file.stem
    others = [other for other in EVERY if other != (family, name)]
    assert file not in {Path(inspect.getfile(kinds(other)[each])) for other, each in others}


def test_the_built_in_kinds_are_the_files_in_their_folders() -> None:
    for folder, names in MODULES.items():
        files = {path.stem for path in (ROOT / "src/promoengine/kinds" / folder).glob("*.py")}
        assert set(names) == files - {"__init__", "measured"}


@each_kind
def test_a_kind_has_worked_cases(family: Family, name: str) -> None:
    cases = load_cases(CASES / family / f"{name}.yaml")
    priced = [case for case in cases if "error" not in case.expect]
    assert len(priced) >= LEAST_CASES
    assert not [text for text, count in Counter(case.name for case in cases).items() if count > 1]
    used = [case for case in priced if name in words_of(family, case.campaign)]
    assert used
    for case in used:
        assert Campaign.from_dict(case.campaign).plans


def words_of(family: Family, data: object, held: bool = False) -> Iterator[str]:
    """The kinds of a family that a campaign names: its tags, or the keys of its mappings."""
    if isinstance(data, dict):
        if held:
            yield from [str(data.get("kind"))] if family in TAGGED else map(str, data)
        for key, value in data.items():
            yield from words_of(family, value, key in HOLDS_IT[family])
    elif isinstance(data, list):
        for value in data:
            yield from words_of(family, value, held)


def test_no_case_file_is_of_a_kind_that_does_not_exist() -> None:
    for family in FAMILIES:
        assert set(kinds(family)) == {path.stem for path in (CASES / family).glob("*.yaml")}


@each_kind
def test_a_kind_has_an_entry_in_the_schema_which_is_its_page(family: Family, name: str) -> None:
    assert [inspect.getdoc(kinds(family)[name])] == [each["description"] for each in entries_of(family, name)]


def entries_of(family: Family, name: str) -> list[dict[str, Any]]:
    definitions = SCHEMA["$defs"]
    if family in TAGGED:
        return [
            each
            for each in definitions.values()
            if name == each.get("properties", {}).get("kind", {}).get("const")
            and each["description"] == inspect.getdoc(kinds(family)[name])
        ]
    [mapping] = [each for each in definitions.values() if set(kinds(family)) <= set(each.get("properties", ()))]
    references = [each["$ref"] for each in mapping["properties"][name]["anyOf"] if "$ref" in each]
    return [definitions[reference.rsplit("/", 1)[-1]] for reference in references]


@each_kind
def test_a_kind_is_frozen_and_refuses_what_it_does_not_know(family: Family, name: str) -> None:
    config: Any = kinds(family)[name].model_config  # type: ignore[attr-defined]
    assert config["frozen"] is True
    if family in TAGGED:
        assert "forbid" == config["extra"]


@each_kind
def test_a_kind_says_how_it_is_lowered(family: Family, name: str) -> None:
    assert "lower" in vars(kinds(family)[name])


# -- kinds of third parties ---------------------------------------------------------------------------

SHOP_KINDS = '''
"""What a shop adds."""

from typing import Literal

from promoengine import plan
from promoengine.fields import Count, Names
from promoengine.kinds.base import LoweredBenefit, RewardingBenefit, SelectorKind
from promoengine.kinds.registry import register


@register("selector", "colour")
class Colour(SelectorKind[Names]):
    """Units of the listed colours."""

    def lower(self, lowering):
        return plan.Holds("attribute:colour", frozenset(self.root))


@register("benefit", "cents_off")
class CentsOff(RewardingBenefit):
    """So many minor units off each unit."""

    kind: Literal["cents_off"]
    cents: Count

    def lower(self, lowering):
        action = plan.Amount(self.cents, "unit", lowering.allocation)
        return LoweredBenefit(self.lower_reward(lowering), action, plan.Class.UNIT_WISE)
'''
CLASH = '''
from promoengine.fields import Names
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.registry import register


@register("selector", "sku")
class Sku(SelectorKind[Names]):
    """Another meaning of sku."""
'''
PRICE = """
from datetime import UTC, datetime
from promoengine import Campaign, CampaignError, Engine
from promoengine.document import CampaignDocument

text = '''
campaign: case
currency: EUR
timezone: Europe/Berlin
promotions:
- {id: red, stage: item, items: {colour: red, not: {colour: [blue]}}, benefit: {kind: cents_off, cents: 7}}
'''
cart = {"currency": "EUR", "lines": [
    {"id": "a", "sku": "A", "quantity": 2, "unit_price": "1.00", "attributes": {"colour": "red"}},
    {"id": "b", "sku": "B", "quantity": 1, "unit_price": "1.00"},
]}
print(Engine(Campaign.from_yaml(text)).price(cart, at=datetime(2026, 1, 1, tzinfo=UTC)).total)
print("cents_off" in str(CampaignDocument.model_json_schema()))
try:
    Campaign.from_yaml(text.replace("colour: red", "color: red"))
except CampaignError as error:
    print(error.diagnostics[0].code, error.diagnostics[0].hint.split("?")[0])
"""


def installed(folder: Path, source: str) -> dict[str, str]:
    """A distribution `shop-kinds` in a folder, and the environment in which Python finds it."""
    (folder / "shop_kinds.py").write_text(source)
    metadata = folder / "shop_kinds-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-kinds\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[promoengine.kinds]\nshop = shop_kinds\n")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "src")])}


def run(source: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True)


def test_a_kind_of_a_third_party_is_found_priced_described_and_suggested(tmp_path: Path) -> None:
    ran = run(PRICE, installed(tmp_path, SHOP_KINDS))
    assert "" == ran.stderr
    assert ["2.86", "True", "unknown_field did you mean 'colour'"] == ran.stdout.splitlines()


def test_without_it_the_same_campaign_is_refused() -> None:
    benefit = {"kind": "cents_off", "cents": 7}
    with pytest.raises(CampaignError) as refused:
        Campaign.from_dict(
            {
                "campaign": "case",
                "currency": "EUR",
                "timezone": "Europe/Berlin",
                "promotions": [{"id": "red", "stage": "item", "items": {"colour": "red"}, "benefit": benefit}],
            }
        )
    assert ["unknown_field", "unknown_kind"] == [each.code for each in refused.value.diagnostics]


def test_a_kind_that_clashes_with_a_built_in_one_is_an_error_and_not_a_replacement(tmp_path: Path) -> None:
    ran = run(PRICE, installed(tmp_path, CLASH))
    assert 1 == ran.returncode
    assert "KindClash: selector 'sku' is registered already, by promoengine.kinds.selectors.sku" in ran.stderr
    assert "" == ran.stdout
