"""Presets are sound, say where they come from, and a campaign that extends one is the same campaign written out."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, CampaignError
from promoengine.document import CampaignDocument
from promoengine.errors import Diagnostic
from promoengine.presets import extended, preset_names, preset_text
from promoengine.reading import read_yaml

HEAD: dict[str, Any] = {"campaign": "c", "currency": "EUR", "other_currencies": ["JPY", "KWD"], "timezone": "UTC"}
CHOICES = {"stages", "groups", "rounding", "allocation"}
"""What a preset may say. What a campaign is about, its money, its tax and its promotions are its own."""


def text_of(name: str) -> str:
    text = preset_text(name)
    assert not isinstance(text, Diagnostic)
    return text


def data_of(name: str) -> dict[str, Any]:
    data: Any = read_yaml(text_of(name)).data
    return data


def stage_names(name: str) -> list[str]:
    return [each if isinstance(each, str) else each["name"] for each in data_of(name)["stages"]]


def in_every_stage(name: str) -> list[dict[str, Any]]:
    """A promotion in each stage, which joins all groups."""
    groups = [each["name"] for each in data_of(name).get("groups", ())]
    joined = {"groups": groups} if groups else {}
    benefit = {"kind": "percent_off", "percent": 10}
    trigger = {"kind": "spend", "at_least": 1}
    return [{"id": each, "stage": each, "trigger": trigger, "benefit": benefit, **joined} for each in stage_names(name)]


# -- the files ------------------------------------------------------------------------------------


def test_the_presets_keep_their_names() -> None:
    assert (
        "adobe-commerce",
        "commercetools",
        "d365",
        "jd-2019",
        "salesforce-b2c",
        "shopify",
        "tmall-2020",
        "voucherify-initial",
        "voucherify-running",
        "vtex",
    ) == preset_names()


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_a_file_of_the_package(name: str) -> None:
    assert files("promoengine.presets").joinpath(f"{name}.yaml").is_file()


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_says_only_what_platforms_choose(name: str) -> None:
    assert data_of(name).keys() <= CHOICES


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_sound_in_every_stage_and_currency(name: str) -> None:
    campaign = Campaign.from_dict({**HEAD, "extends": name, "promotions": in_every_stage(name)})
    assert stage_names(name) == [each.name for each in campaign.document.stages]
    assert {"EUR", "JPY", "KWD"} == set(campaign.plans)


@pytest.mark.parametrize("name", preset_names())
def test_the_head_of_a_preset_says_what_it_is_and_names_a_source_with_a_date(name: str) -> None:
    summary, *paragraphs = text_of(name).partition("\nstages:")[0].split("\n#\n")
    assert re.fullmatch(r"# \w.*\.", summary)
    (source,) = [each for each in paragraphs if each.startswith("# Source: ")]
    assert re.search(r"\b20\d\d(-\d\d-\d\d)?\b", source)


def test_importing_the_library_reads_no_preset() -> None:
    before = (
        "import sys\nread = []\n"
        "sys.addaudithook(lambda event, arguments: event == 'open' and read.append(str(arguments[0])))\n"
        "import promoengine.presets\n"
    )
    for more, expected in (("", []), ("promoengine.presets.preset_text('vtex')\n", ["vtex.yaml"])):
        code = f"{before}{more}print(*[name for name in read if name.endswith('.yaml')])"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert expected == [Path(name).name for name in ran.stdout.split()]


# -- laying over ----------------------------------------------------------------------------------


def test_a_document_that_extends_none_is_as_it_is() -> None:
    assert HEAD == extended(HEAD)


def test_what_a_document_does_not_say_is_as_its_preset_has_it() -> None:
    assert {**HEAD, **data_of("tmall-2020")} == extended({**HEAD, "extends": "tmall-2020"})


@pytest.mark.parametrize("name", preset_names())
def test_a_campaign_that_extends_a_preset_hashes_as_the_same_campaign_written_out(name: str) -> None:
    promotions = in_every_stage(name)
    short = Campaign.from_dict({**HEAD, "extends": name, "promotions": promotions})
    written_out = Campaign.from_dict({**HEAD, **data_of(name), "promotions": promotions})
    assert written_out.content_hash == short.content_hash
    assert written_out.document == short.document


def test_a_campaign_that_extends_another_preset_hashes_otherwise() -> None:
    hashes = {Campaign.from_dict({**HEAD, "extends": name}).content_hash for name in preset_names()}
    assert len(preset_names()) == len(hashes)


def test_mappings_are_laid_over_each_other_key_by_key() -> None:
    campaign = Campaign.from_dict({**HEAD, "extends": "tmall-2020", "allocation": {"weight": "list"}})
    assert ("list", "last") == (campaign.document.allocation.weight, campaign.document.allocation.odd_units)


def test_mappings_within_mappings_too() -> None:
    stepped = {**HEAD, "extends": "commercetools", "rounding": {"step": {"EUR": "0.05", "JPY": 1, "KWD": "0.005"}}}
    rounding = Campaign.from_dict(stepped).document.rounding
    assert "half_even" == rounding.mode
    assert isinstance(rounding.step, dict)
    assert {"EUR", "JPY", "KWD"} == set(rounding.step)


def test_a_list_replaces_that_of_the_preset() -> None:
    campaign = Campaign.from_dict({**HEAD, "extends": "vtex", "stages": ["price"], "groups": []})
    assert ["price"] == [each.name for each in campaign.document.stages]
    assert () == campaign.document.groups


def test_a_preset_may_be_said_to_be_none() -> None:
    assert Campaign.from_dict(HEAD).content_hash == Campaign.from_dict({**HEAD, "extends": None}).content_hash


# -- what becomes of it ---------------------------------------------------------------------------


def test_the_document_of_a_campaign_names_no_preset_any_more() -> None:
    assert Campaign.from_dict({**HEAD, "extends": "vtex"}).document.extends is None


def test_a_default_that_was_said_against_the_preset_travels_with_the_campaign() -> None:
    campaign = Campaign.from_dict({**HEAD, "extends": "commercetools", "rounding": {"mode": "half_up"}})
    copy = pickle.loads(pickle.dumps(campaign))
    assert ("half_up", campaign.content_hash) == (copy.document.rounding.mode, copy.content_hash)


def test_models_that_extend_a_preset_are_laid_over_it_too() -> None:
    promotions = in_every_stage("commercetools")
    data = {**HEAD, "extends": "commercetools", "rounding": {"mode": "half_up"}, "promotions": promotions}
    campaign = Campaign(CampaignDocument.model_validate(data))
    assert Campaign.from_dict(data).content_hash == campaign.content_hash


def test_models_that_extend_what_is_no_preset_are_refused() -> None:
    with pytest.raises(CampaignError) as refused:
        Campaign(CampaignDocument.model_validate({**HEAD, "extends": "vtexx"}))
    assert ["unknown_preset"] == [each.code for each in refused.value.diagnostics]


def test_no_file_beside_the_presets_is_reached_by_a_name() -> None:
    for name in ("", "../pricing", "__init__", "vtex.yaml", "/etc/passwd"):
        assert isinstance(preset_text(name), Diagnostic)
