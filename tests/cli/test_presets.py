"""`promoengine presets`: which there are, and what each says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from promoengine.cli.schemas import schema_of
from promoengine.presets import preset_names, preset_text

Run = Callable[..., Any]


def test_all_presets_are_listed_with_what_they_are(run: Run) -> None:
    ran = run("presets")
    rows = [line.split(maxsplit=1) for line in ran.out.splitlines()]
    assert (0, "") == (ran.code, ran.err)
    assert preset_names() == tuple(name for name, _ in rows)
    assert all(summary.endswith(".") and "#" not in summary for _, summary in rows)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_shown_as_its_file_has_it(run: Run, name: str) -> None:
    ran = run("presets", name)
    assert (0, preset_text(name), "") == (ran.code, ran.out, ran.err)


def test_what_is_shown_may_be_written_out_in_a_campaign(run: Run, shop: Any) -> None:
    head = "campaign: c\ncurrency: CNY\ntimezone: Asia/Shanghai\n"
    files = [
        shop.write("short.yaml", f"{head}extends: tmall-2020\n"),
        shop.write("long.yaml", head + run("presets", "tmall-2020").out),
    ]
    ran = run("validate", "--json", *files)
    hashes = {json.loads(line)["content_hash"] for line in ran.out.splitlines()}
    assert (0, 1) == (ran.code, len(hashes))


def test_a_name_that_there_is_not_is_wrong_use_and_the_nearest_is_named(run: Run) -> None:
    ran = run("presets", "tmal-2020")
    assert (2, "") == (ran.code, ran.out)
    assert "did you mean 'tmall-2020'?" in " ".join(ran.err.split())


def test_the_schema_knows_the_presets_by_name() -> None:
    campaign = {"campaign": "c", "currency": "EUR", "timezone": "UTC"}
    schema = Draft202012Validator(schema_of("campaign"))
    assert all(schema.is_valid({**campaign, "extends": name}) for name in (*preset_names(), None))
    assert not schema.is_valid({**campaign, "extends": "tmal-2020"})
