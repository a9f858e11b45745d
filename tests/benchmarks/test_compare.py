"""Two runs of the hot path, compared: the machine is taken out, and what bands leave open is left open."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import compare
from benchmarks.compare import Band

ROOT = Path(__file__).resolve().parents[2]


def run_of(**medians: float) -> dict[str, Any]:
    """A file of pytest-benchmark whose quartiles lie 2 % around the medians."""
    stats = {name: {"q1": 0.98 * each, "median": each, "q3": 1.02 * each} for name, each in medians.items()}
    return {"benchmarks": [{"name": name, "stats": each} for name, each in stats.items()]}


@pytest.mark.parametrize(
    ("after", "expected"),
    [(Band(9, 10, 11), "the same"), (Band(14, 15, 16), "slower"), (Band(4, 5, 6), "faster")],
)
def test_a_verdict_asks_for_bands_that_do_not_overlap(after: Band, expected: str) -> None:
    assert compare.verdict(Band(9, 10, 11), after).startswith(expected)


def test_a_small_change_is_not_judged_however_narrow_the_bands_are() -> None:
    assert compare.verdict(Band(10, 10, 10), Band(10.4, 10.4, 10.4)).startswith("the same")


def test_what_the_floor_has_slowed_by_is_the_machines() -> None:
    before = compare.bands([run_of(**{"test_floor[1]": 1.0, "test_price[1]": 10.0, "test_price[5]": 10.0})])
    after = compare.bands([run_of(**{"test_floor[1]": 1.5, "test_price[1]": 15.0, "test_price[5]": 20.0})])
    rows = compare.compared(before, after)
    assert "machine: +50.0%" == rows[0]
    assert [("the same, as far as can be told", "slower")] == [tuple(row.split("  ")[-1] for row in rows[-2:])]


def test_several_runs_make_one_band_around_all_of_them() -> None:
    (band,) = compare.bands([run_of(a=1.0), run_of(a=2.0)]).values()
    assert Band(0.98, 1.5, 2.04) == band


def test_what_is_gone_or_new_is_said() -> None:
    rows = compare.compared(compare.bands([run_of(old=1.0)]), compare.bands([run_of(new=1.0)]))
    assert ["gone", "new"] == [word for row in rows for word in ("gone", "new") if f" {word} " in f"{row} "]


def test_the_hot_path_runs_and_its_files_can_be_compared(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    quickly = ["-p", "no:cacheprovider", "--benchmark-max-time=0.001", "--benchmark-min-rounds=1"]
    command = [sys.executable, "-m", "pytest", "-q", "benchmarks/test_hot_path.py", "-k", "floor", *quickly]
    # Where these tests run side by side, pytest-benchmark would not time anything.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    done = subprocess.run([*command, f"--benchmark-json={file}"], cwd=ROOT, env=alone, capture_output=True, text=True)
    assert 0 == done.returncode, done.stdout
    found = compare.bands([json.loads(file.read_text())])
    assert [f"test_floor[{lines}]" for lines in (1, 5, 20, 100)] == [*found]
    assert all(0 < band.low <= band.middle <= band.high for band in found.values())


def test_every_benchmark_of_the_hot_path_runs() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "benchmarks/test_hot_path.py"]
    done = subprocess.run([*command, "--benchmark-disable"], cwd=ROOT, capture_output=True, text=True)
    assert 0 == done.returncode, done.stdout
