"""docs/performance.md is made of what was measured, and says what was not, and what was missed."""

import re
from typing import Any

import pytest

from benchmarks import performance
from benchmarks.performance_page import page

MEASURED: dict[str, Any] = performance.read(performance.MEASURED) or {}


def test_the_page_is_what_the_results_give() -> None:
    assert performance.rendered() == performance.PAGE.read_text(encoding="utf-8"), (
        "run python3 dev.py performance --render"
    )


def test_everything_that_is_on_the_page_was_measured() -> None:
    assert {*performance.PARTS} == {*MEASURED}
    assert all({"machine", "day", "commit", "load", "figures"} <= part.keys() for part in MEASURED.values())


def test_what_was_not_measured_is_said_to_be_not_measured() -> None:
    empty = page({}, None, None, None)
    targets = re.findall(r"^\| .* \| not measured \|$", empty, re.MULTILINE)
    rows = re.findall(r"^\| [^|]* \| ≤ [^|]* \| [^|]* \| [^|]* \|$", empty, re.MULTILINE)
    assert len(targets) == len(rows) > 20
    assert f"none is missed; not measured: {len(rows)}." in empty
    assert 4 == empty.count("\nNot measured.")  # the machine, the instructions, the peers, and the compiled engine


@pytest.mark.parametrize(("ratio", "said"), [(1.99, "reached"), (2.0, "reached"), (2.01, "**missed**")])
def test_a_target_that_is_missed_is_said_to_be_missed(ratio: float, said: str) -> None:
    figures = [{"way": "read", "lines": 20, "floor_us": 40.0, "engine_us": 40.0 * ratio, "ratio": ratio}]
    about = {"machine": performance.machine(), "day": "2026-01-01", "commit": "abc", "load": [1.0]}
    found = page({"floor": {**about, "figures": figures}}, None, None, None)
    (row,) = re.findall(r"^\| 20 lines, 11 promotions: a `Cart` in, a .*$", found, re.MULTILINE)
    assert row.endswith(f"| {said} |")


def test_a_cell_that_was_skipped_says_so_on_the_page() -> None:
    about = {"machine": performance.machine(), "day": "2026-01-01", "commit": "abc", "load": [1.0]}
    figures = [{"name": "promotions-100000", "skipped": "took more than 120 s"}]
    assert "| 100,000 | took more than 120 s |" in page({"grid": {**about, "figures": figures}}, None, None, None)


def test_a_compiled_engine_has_a_column_and_a_target_of_its_own() -> None:
    figures = [
        {"way": way, "lines": 20, "pure": 9.0, "compiled": ratio} for way, ratio in (("total", 1.1), ("read", 4.0))
    ]
    found = page({}, None, {"day": "2026-01-01", "commit": "abc", "load": [1.0], "figures": figures}, None)
    rows = re.findall(r"^\| compiled by mypyc, .*$", found, re.MULTILINE)
    assert ["reached", "**missed**"] == [row.split(" | ")[-1].removesuffix(" |") for row in rows]
    assert "| 20 | 9.00 | 1.10 |" in found


def test_the_machine_is_described_and_not_named() -> None:
    import platform

    told = performance.machine()
    assert told["processor"]
    assert told["python"]
    assert platform.node() not in str(told)
