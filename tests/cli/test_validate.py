"""`promoengine validate`: every finding, a line each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
BAD = """campaign: bad
currency: CNY
timezone: Asia/Shanghai
promotions:
  - id: a
    stage: itme
    benefit: {kind: percent_of, percent: 10}
  - id: b
    stage: item
    benifit: {kind: percent_off, percent: 10}
"""


def test_a_sound_campaign_says_so_with_its_size(shop: Any, run: Run) -> None:
    ran = run("validate", shop.campaign)
    assert (0, f"{shop.campaign}: OK: 4 promotions, 3 stages\n", "") == (ran.code, ran.out, ran.err)


def test_one_of_a_kind_is_written_in_the_singular(shop: Any, run: Run) -> None:
    text = "campaign: c\ncurrency: CNY\ntimezone: UTC\nstages: [item]\n"
    assert run("validate", shop.write("one.yaml", text)).out.endswith(": OK: 0 promotions, 1 stage\n")


def test_every_finding_is_a_line_with_file_line_column_severity_code_and_hint(shop: Any, run: Run) -> None:
    file = shop.write("bad.yaml", BAD)
    ran = run("validate", file)
    assert (1, "") == (ran.code, ran.err)
    lines = ran.out.splitlines()
    assert [f"{file}:6:12: error[unknown_stage]: ", f"{file}:7:14: error[unknown_kind]: "] == [
        line[: line.index("]: ") + 3] for line in lines[:2]
    ]
    assert f"{file}:10:5: error[unknown_field]: " in ran.out
    assert "no stage is called 'itme' (did you mean 'item'? known: item, order, shipping)" in lines[0]


def test_all_campaigns_are_checked_whatever_is_wrong_with_the_first(shop: Any, run: Run) -> None:
    ran = run("validate", shop.write("bad.yaml", BAD), shop.campaign)
    assert 1 == ran.code
    assert ran.out.splitlines()[-1].endswith("OK: 4 promotions, 3 stages")


def test_json_is_one_line_for_each_campaign(shop: Any, run: Run) -> None:
    bad = shop.write("bad.yaml", BAD)
    ran = run("validate", bad, shop.campaign, "--json")
    first, second = [json.loads(line) for line in ran.out.splitlines()]
    assert (1, bad, False) == (ran.code, first["file"], first["ok"])
    expected = {
        "severity": "error",
        "code": "unknown_stage",
        "message": "no stage is called 'itme'",
        "hint": "did you mean 'item'? known: item, order, shipping",
        "file": bad,
        "line": 6,
        "column": 12,
        "path": ["promotions", 0, "stage"],
    }
    assert expected == first["diagnostics"][0]
    assert (True, [], 4, 3) == tuple(second[name] for name in ("ok", "diagnostics", "promotions", "stages"))


@pytest.mark.parametrize("name", ["nowhere.yaml", ".", "campaign.txt"])
def test_a_file_that_cannot_be_read_is_a_finding(run: Run, name: str) -> None:
    ran = run("validate", name)
    assert 1 == ran.code
    assert ran.out.startswith(f"{name}: error[")


def test_text_that_a_terminal_would_obey_is_written_out(shop: Any, run: Run, tmp_path: Any) -> None:
    file = tmp_path / "\x1b[2J.yaml"
    file.write_text("campaign: c\ncurrency: CNY\ntimezone: UTC\n", encoding="utf-8")
    ran = run("validate", str(file))
    assert "\x1b" not in ran.out
    assert "\\x1b[2J.yaml: OK" in ran.out
