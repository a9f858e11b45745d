"""Whatever is wrong with a campaign is said in one run: a code, the line and the column, a sentence, and what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, CampaignError
from promoengine.reading import read_yaml

TABLE: Any = read_yaml((Path(__file__).parent / "campaigns.yaml").read_bytes()).data
HEAD = "campaign: case\ncurrency: CNY\ntimezone: Asia/Shanghai\n"
MARK = re.compile(r"«(\w+)»")

Finding = tuple[str, int, int]
"""Code, line and column."""


def marked(text: str) -> tuple[str, list[Finding]]:
    """The text without its marks, and what they say."""
    if not re.search("^(«\\w+»)*(- {)?campaign:", text, re.MULTILINE):
        text = HEAD + text
    findings = []
    plain = ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        rest = MARK.split(line)
        plain_line = rest[0]
        for code, following in zip(rest[1::2], rest[2::2], strict=True):
            findings.append((code, number, len(plain_line) + 1))
            plain_line += following
        plain += plain_line
    return plain, findings


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_a_campaign_is_refused_where_it_is_wrong(row: dict[str, Any], tmp_path: Path) -> None:
    text, expected = marked(row["text"])
    file = tmp_path / "campaign.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CampaignError) as refused:
        Campaign.load(file)
    found = refused.value.diagnostics
    assert expected == [(each.code, each.place.line, each.place.column) for each in found]
    assert {str(file)} == {each.place.file for each in found}
    for each in found:
        assert each.message
        assert "pydantic" not in str(each)
        assert each.hint
        assert row.get("hints", {}).get(each.code, "") in each.hint


def codes_tested() -> set[str]:
    return {code for row in TABLE for code in MARK.findall(row["text"])}
