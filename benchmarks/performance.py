"""Measure everything and write docs/performance.md: `python3 dev.py performance`, some ten minutes.

What is measured is kept in `results/performance.json`, and the page is made of it, of `results/peers.json`, which
benchmarks/peers writes, of `results/compiled.json`, which benchmarks/compiled.py writes, and of `instructions.json`.
`--render` makes the page without measuring anything; `--only` measures some parts and keeps the others as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import against_floor, grid, instructions, start
from benchmarks.performance_page import page

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).with_name("results")
MEASURED = RESULTS / "performance.json"
PEERS = RESULTS / "peers.json"
COMPILED = RESULTS / "compiled.json"
PAGE = ROOT / "docs" / "performance.md"
Found = dict[str, Any]


def machine() -> Found:
    """What the figures depend on, and nothing that tells this machine from another of its kind."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "virtual": "hypervisor" in _cpuinfo("flags").split(),
        "system": _system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}, {platform.python_compiler()}",
        "optimized_build": "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""),
        "pydantic": version("pydantic"),
    }


def _cpuinfo(name: str) -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _system() -> str:
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = platform.release()
    return f"{platform.system()} {name} ({platform.machine()})"


def commit() -> str:
    """The last commit that changed the source; with a `+` where the source differs from it."""
    found = _git("log", "-1", "--format=%h", "--", "src")
    return found + ("+" if _git("status", "--porcelain", "src") else "")


def _git(*arguments: str) -> str:
    try:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, cwd=ROOT).stdout.strip()
    except OSError:
        return ""


def about(loads: list[float]) -> Found:
    """Where, when and of what something was measured; the loads of the machine before and after."""
    return {"machine": machine(), "day": f"{datetime.now(UTC):%Y-%m-%d}", "commit": commit(), "load": loads}


def measure_floor(quick: bool) -> Any:
    found = against_floor.compare(seconds=0.2 if quick else 3.0)
    return [told("against the floor", asdict(each)) for each in found]


def measure_grid(quick: bool) -> Any:
    cells = grid.run([*grid.cells()], 0.2 if quick else 3.0, 10.0 if quick else 120.0)
    return [told("grid", cell) for cell in cells]


def measure_start(quick: bool) -> Any:
    return told("start and size", start.measure(120.0, (10_000,) if quick else start.PROMOTIONS))


PARTS: dict[str, Callable[[bool], Any]] = {"floor": measure_floor, "grid": measure_grid, "start": measure_start}


def told(part: str, figures: Found) -> Found:
    """Say what was measured, since it takes minutes."""
    print(f"{part}: {json.dumps(figures)}", file=sys.stderr, flush=True)
    return figures


def read(path: Path) -> Found | None:
    """A file of results; None where it was not made."""
    found: Found | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found


def rendered() -> str:
    """The page of what was measured last."""
    return page(read(MEASURED) or {}, read(PEERS), read(COMPILED), read(instructions.RECORD))


def write_page() -> None:
    """Make the page anew."""
    PAGE.write_text(rendered(), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--render", action="store_true", help="measure nothing")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure these")
    parser.add_argument("--quick", action="store_true", help="to see that it runs; writes nothing")
    arguments = parser.parse_args()
    found = read(MEASURED) or {}
    for part in () if arguments.render else arguments.only or PARTS:
        loads = [os.getloadavg()[0]]
        figures = PARTS[part](arguments.quick)
        loads.append(os.getloadavg()[0])
        found[part] = {**about(loads), "figures": figures}
    if arguments.quick:
        print(page(found, read(PEERS), read(COMPILED), read(instructions.RECORD)))
        return
    RESULTS.mkdir(exist_ok=True)
    MEASURED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    write_page()


if __name__ == "__main__":
    main()
