"""Runs of the hot path, compared as bands: `python -m benchmarks.compare --before a.json c.json --after b.json d.json`.

A band is what lies between the quartiles of a benchmark's rounds; of several runs, all that lies between the lowest and
the highest. Where the bands of before and after overlap, nothing can be said, and nothing is. One run for each says
little: machines drift by the minute, and more than a tenth, so run before, after, before, after. `machine` is what
happened to the floor, which nobody changes: the median of the floor's benchmarks is taken out of every change.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

YARDSTICK = "test_floor["
NOISE = 0.05
"""Less than this is said of nothing, however narrow the bands are."""


@dataclass(frozen=True, slots=True)
class Band:
    """The quartiles of one benchmark, in seconds."""

    low: float
    middle: float
    high: float

    def scaled(self, factor: float) -> Band:
        """As on a machine that is slower by this factor."""
        return Band(self.low * factor, self.middle * factor, self.high * factor)

    def __str__(self) -> str:
        return f"{self.middle * 1e6:.1f} [{self.low * 1e6:.1f} - {self.high * 1e6:.1f}]"


def bands(runs: Iterable[dict[str, Any]]) -> dict[str, Band]:
    """The bands of files of pytest-benchmark, by name: of what each of them has measured."""
    found: dict[str, list[Band]] = {}
    for run in runs:
        for each in run["benchmarks"]:
            stats = each["stats"]
            found.setdefault(each["name"], []).append(Band(stats["q1"], stats["median"], stats["q3"]))
    return {name: _around(each) for name, each in found.items()}


def _around(found: list[Band]) -> Band:
    low, high = min(each.low for each in found), max(each.high for each in found)
    return Band(low, median(each.middle for each in found), high)


def machine(before: dict[str, Band], after: dict[str, Band]) -> float:
    """How much slower the machine was after: 1.1 is ten per cent. 1 where the floor was not measured in both."""
    found = [
        after[name].middle / band.middle
        for name, band in before.items()
        if name.startswith(YARDSTICK) and name in after
    ]
    return median(found) if found else 1.0


def verdict(before: Band, after: Band) -> str:
    """Slower, faster, or nothing that can be told."""
    change = after.middle / before.middle - 1
    if after.low > before.high and change > NOISE:
        return "slower"
    if after.high < before.low and change < -NOISE:
        return "faster"
    return "the same, as far as can be told"


def compared(before: dict[str, Band], after: dict[str, Band]) -> list[str]:
    """A line for each benchmark: both bands in microseconds, the change without the machine's, the verdict."""
    slower = machine(before, after)
    rows = [f"machine: {slower - 1:+.1%}", f"{'benchmark':46} {'before us':>26} {'after us':>26} {'change':>8}"]
    for name, band in before.items():
        if name not in after:
            rows.append(f"{name:46} {band!s:>26} {'gone':>26}")
            continue
        expected = band.scaled(slower)
        change = after[name].middle / expected.middle - 1
        judged = verdict(expected, after[name])
        rows.append(f"{name:46} {band!s:>26} {after[name]!s:>26} {change:>+8.1%}  {judged}")
    rows += [f"{name:46} {'new':>26} {band!s:>26}" for name, band in after.items() if name not in before]
    return rows


def read(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The files, one after the other."""
    return (json.loads(path.read_text()) for path in paths)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for side in ("--before", "--after"):
        parser.add_argument(side, type=Path, nargs="+", required=True, help="files of --benchmark-json")
    parser.add_argument("--fail-if-slower", action="store_true", help="exit with 1 where anything is slower")
    arguments = parser.parse_args()
    before, after = (bands(read(paths)) for paths in (arguments.before, arguments.after))
    rows = compared(before, after)
    print("\n".join(rows))
    if arguments.fail_if_slower and any(row.endswith("  slower") for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
