"""The page of the conformance cases is what the cases say, and holds every vector once."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
MOST_NOT_REPRODUCED = 20
STATUS = r"passes|\*\*(?:waiting|missing|not reproduced)\*\*.*"
ROW = re.compile(rf"^\| [^|]+ \| `([\w-]+)` \|.*\| ({STATUS}) \|$", re.MULTILINE)


def test_the_page_is_what_the_cases_give() -> None:
    page = runpy.run_path(str(ROOT / "scripts" / "generate_conformance_page.py"))["page"]
    assert page() == PAGE, "run scripts/generate_conformance_page.py"


def test_every_vector_is_on_the_page_once() -> None:
    files = sorted((ROOT / "tests" / "conformance" / "vectors").glob("*.json"))
    ids = [each["id"] for file in files for each in json.loads(file.read_text(encoding="utf-8"))["vectors"]]
    assert 204 == len(ids)
    assert sorted(ids) == sorted(id_ for id_, _ in ROW.findall(PAGE))


def test_at_most_twenty_are_not_reproduced_and_each_says_why() -> None:
    reasons = [result for _, result in ROW.findall(PAGE) if result.startswith("**not reproduced**")]
    assert len(reasons) <= MOST_NOT_REPRODUCED
    assert all(re.fullmatch(r"\*\*not reproduced\*\*: .{20,}", reason) for reason in reasons)


def test_the_sum_of_the_page_is_that_of_its_rows() -> None:
    results = [result.strip("*").partition(":")[0].partition("**")[0] for _, result in ROW.findall(PAGE)]
    counts = [sum(each == status for each in results) for status in ("passes", "waiting", "missing", "not reproduced")]
    (row,) = re.findall(r"^\| \*\*all\*\* \| (.*) \|$", PAGE, re.MULTILINE)
    assert [len(results), *counts] == [int(cell or 0) for cell in row.split(" | ")]
