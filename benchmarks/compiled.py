"""A compiled engine beside the pure one, against the floor: `python -m benchmarks.compiled FOLDER`, a minute.

FOLDER holds the package with its engine compiled (scripts/compiled.py makes it, and runs the tests on it first). Each
way and size is timed in a new process on either, in turn; `--keep` keeps the figures for docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.performance import COMPILED, about, write_page

ROOT = Path(__file__).parent.parent
SIZES = ("1", "5", "20", "100")
WAYS = ("total", "read", "text")


def against_floor(source: Path, way: str, lines: str, seconds: str) -> float:
    """How many times the floor's time a package takes."""
    command = [sys.executable, "-m", "benchmarks.against_floor", "--json", "--ways", way, "--lines", lines]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    told = subprocess.run([*command, "--seconds", seconds], cwd=ROOT, env=environment, capture_output=True, check=True)
    ratio: float = json.loads(told.stdout)["ratio"]
    return ratio


def measure(folder: Path, seconds: str) -> list[dict[str, Any]]:
    """Each way and size, pure and compiled."""
    found = []
    for way in WAYS:
        for lines in SIZES:
            pure, compiled = (against_floor(source, way, lines, seconds) for source in (ROOT / "src", folder))
            found.append({"way": way, "lines": int(lines), "pure": pure, "compiled": compiled})
            print(f"{way:6} {lines:>4} lines: pure {pure:6.2f}, compiled {compiled:6.2f} times the floor", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="write the figures down, and the page")
    parser.add_argument("--seconds", default="2", help="for each figure (default: 2)")
    arguments = parser.parse_args()
    load = [os.getloadavg()[0]]
    figures = measure(arguments.folder, arguments.seconds)
    load.append(os.getloadavg()[0])
    if arguments.keep:
        COMPILED.write_text(json.dumps({**about(load), "figures": figures}, indent=1) + "\n", encoding="utf-8")
        write_page()


if __name__ == "__main__":
    main()
