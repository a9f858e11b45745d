"""Instructions for one price of three fixed carts, counted by valgrind: `python -m benchmarks.instructions`, a minute.

A count says the same on an idle and on a busy machine, so small steps show that no clock would. It is no time: it knows
nothing of caches and branches. What is counted is `Engine.price` and the making of every field of its quote (they are
read, and what reading takes by itself is taken off), warmed up, the collector of cycles off. The marks between which is
counted are calls of a C function that nothing else calls.

`instructions.json` holds the counts, and the build of Python on which they were taken, since another build counts
otherwise. Where a count has grown by more than 10 %, this fails; whoever means it to grow writes the new counts down:
`python -m benchmarks.instructions --update`. On another build the counts are compared with those of the source as it
was when the file was last changed, counted here and now; that takes twice as long, and needs the history.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parent.parent
RECORD = Path(__file__).with_suffix(".json")
MARK = "getpriority"
READING = "-reading"
PRICES = 3
"""So many prices are counted, one after the other, for each cart."""
MOST_GROWTH = 0.10
INSTALL = "valgrind is not installed: sudo apt install valgrind, or the like"
Counts = dict[str, int]


def carts_to_count() -> dict[str, tuple[Callable[[], Any], int]]:
    """What is counted, by name, and by how many calls it is warmed up."""
    from benchmarks import campaigns, carts, constrained, floor
    from promoengine import Campaign, Cart, Engine

    eleven = Engine(Campaign.from_dict(campaigns.floor_campaign()))
    rivals, cart = constrained.spreads(Random("instructions"), 10)
    conflicting = Engine(Campaign.from_dict(rivals))
    five, hundred = carts.cart(5), carts.cart(100)
    return {
        **price_and_reading("five-lines", eleven, Cart.model_validate(five), 20),
        **price_and_reading("hundred-lines", eleven, Cart.model_validate(hundred), 10),
        **price_and_reading("ten-conflicting", conflicting, Cart.model_validate(cart), 10),
        "floor-five-lines": (partial(floor.price, carts.for_floor(five)), 20),
        "floor-hundred-lines": (partial(floor.price, carts.for_floor(hundred)), 20),
    }


def price_and_reading(name: str, engine: Any, cart: Any, warm: int) -> dict[str, tuple[Callable[[], Any], int]]:
    """A price of which every field is read, and what reading takes by itself, where all fields are there."""
    from benchmarks.against_floor import all_there, price_and_read, read_all

    copy = all_there(price_and_read(engine, cart))
    return {
        name: (partial(price_and_read, engine, cart), warm),
        f"{name}{READING}": (partial(read_all, copy), warm),
    }


def be_counted() -> None:
    """The process that runs under valgrind: names on standard output, in the order in which they are marked."""
    for name, (work, warm) in carts_to_count().items():
        print(name, flush=True)
        for _ in range(warm):
            work()
        gc.collect()
        gc.disable()
        os.getpriority(os.PRIO_PROCESS, 0)
        for _ in range(PRICES):
            work()
        os.getpriority(os.PRIO_PROCESS, 0)
        gc.enable()


def count(source: Path = ROOT / "src") -> Counts:
    """Instructions for one price of each cart, by the engine of this source."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--dump-before={MARK}", f"--callgrind-out-file={folder}/part"]
        command += [sys.executable, "-m", "benchmarks.instructions", "--be-counted"]
        # Nothing of the caller's environment may change what is counted, as its hash seed would.
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(source), "PYTHONHASHSEED": "0"}
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
        names = done.stdout.split()
        parts = [_total(Path(folder) / f"part.{number + 1}") for number in range(2 * len(names))]
    # Each mark closes a part: the warm-up of a cart, then its prices.
    found = {name: parts[2 * place + 1] // PRICES for place, name in enumerate(names)}
    return {name: each - found.get(name + READING, 0) for name, each in found.items() if not name.endswith(READING)}


def _total(part: Path) -> int:
    (line,) = (line for line in part.read_text().splitlines() if line.startswith("totals:"))
    return int(line.split()[1])


def build() -> str:
    """What a count depends on besides the source: the build of Python, the processor's family, the C library."""
    return " ".join([*sys.version.split(), "on", platform.machine(), *platform.libc_ver()])


def recorded() -> Counts | None:
    """The counts on record, where they were taken on this build."""
    found = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    counts: Counts | None = found["counts"] if found.get("build") == build() else None
    return counts


def record(counts: Counts) -> None:
    """Write the counts down."""
    RECORD.write_text(json.dumps({"build": build(), "counts": counts}, indent=2) + "\n")


def to_compare_with() -> tuple[str, Counts | None]:
    """Where the counts to compare with are from, and the counts; or why there are none to be had."""
    known = recorded()
    if known is not None:
        return "on record", known
    other = "the counts on record are of another build of Python, and the history to count anew is not here"
    commit = _git("log", "-1", "--format=%H", "--", str(RECORD.relative_to(ROOT)))
    if not commit or _git("rev-parse", "--is-shallow-repository") != "false":
        return other, None
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit, "src"], capture_output=True, cwd=ROOT, check=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        return f"at {commit[:12]}, counted on this build", count(Path(folder) / "src")


def _git(*arguments: str) -> str:
    """What git answers; nothing where it cannot."""
    try:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, cwd=ROOT).stdout.strip()
    except OSError:
        return ""


def grown(before: Counts, now: Counts) -> list[str]:
    """The carts whose count has grown too much."""
    return [name for name in before if name in now and now[name] > before[name] * (1 + MOST_GROWTH)]


def table(before: Counts, now: Counts) -> str:
    """Both, and the change, a line each."""
    rows = [f"{'instructions for one price':28} {'before':>14} {'now':>14} {'change':>8}"]
    for name, each in now.items():
        old = before.get(name)
        change = "new" if old is None else f"{each / old - 1:+.1%}"
        rows.append(f"{name:28} {'' if old is None else f'{old:,}':>14} {each:>14,} {change:>8}")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write the counts down, as they are to be from now on")
    parser.add_argument("--be-counted", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.be_counted:
        be_counted()
        return
    if shutil.which("valgrind") is None:
        print(f"Skipped, nothing was counted: {INSTALL}")
        return
    now = count()
    if arguments.update:
        print(table(recorded() or {}, now))
        record(now)
        from benchmarks import performance  # which reads the record

        performance.write_page()
        return
    source, before = to_compare_with()
    if before is None:
        print(table({}, now))
        print(f"Skipped, nothing was compared: {source}.")
        return
    print(table(before, now))
    print(f"before: {source}")
    too_many = grown(before, now)
    if too_many:
        sys.exit(
            f"Grown by more than {MOST_GROWTH:.0%}: {', '.join(too_many)}. If that is meant, say why in the commit, and"
            " write it down: python3 dev.py instructions --update"
        )


if __name__ == "__main__":
    main()
