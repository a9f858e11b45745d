"""The page of presets lists those that there are, with the stages that they have."""

from __future__ import annotations

import re
from pathlib import Path

from promoengine import Campaign
from promoengine.presets import preset_names

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "presets.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<name>[\w-]+)` \| (?P<stages>[^|]+) \|", re.MULTILINE)


def stages_of(name: str) -> list[str]:
    campaign = Campaign.from_dict({"extends": name, "campaign": "c", "currency": "EUR", "timezone": "UTC"})
    return [stage.name for stage in campaign.document.stages]


def test_the_page_lists_every_preset_with_its_stages() -> None:
    listed = {row["name"]: re.findall(r"`([\w-]+)`", row["stages"]) for row in ROW.finditer(PAGE)}
    assert {name: stages_of(name) for name in preset_names()} == listed
