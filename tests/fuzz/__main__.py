"""Fuzz the loader and the border of carts: `python -m tests.fuzz [--seconds N] [FILE...]`.

With files, each is given to its target again, and what comes of it is shown. Without, inputs are made until the time is
over, or until one breaks what `targets` promises; that one is kept in `.fuzz/found/`. Where `atheris` is installed, it
chooses the inputs by the lines that they reach; elsewhere they are made at random.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import random
import sys
import time
from collections import Counter
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

KEPT = Path(".fuzz")
LONGEST_BYTES = 1 << 16
MEGABYTES = 2_000


def main() -> int:
    """Read the arguments and run; the exit status, 1 where something broke."""
    reader = argparse.ArgumentParser(prog="fuzz", description="Fuzz the loader and the border of carts.")
    reader.add_argument("--seconds", type=int, default=600, help="how long (600)")
    reader.add_argument("--seed", type=int, default=None, help="of the random choices; one of its own, unless said")
    reader.add_argument("files", nargs="*", type=Path, help="inputs to run again")
    asked = reader.parse_args()
    if asked.files:
        return again(asked.files)
    seed = random.randrange(1 << 31) if asked.seed is None else asked.seed
    atheris = installed("atheris")
    how = "atheris" if atheris else "at random, as atheris is not installed"
    print(f"fuzzing for {asked.seconds} s with the seed {seed}: {how}", file=sys.stderr)
    if atheris is None:
        return at_random(asked.seconds, seed)
    return by_coverage(atheris, asked.seconds, seed)


def installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def modules(atheris: Any = None) -> tuple[ModuleType, ...]:
    """The parts of this package; with atheris, promoengine reports the lines that are reached."""
    with atheris.instrument_imports(include=["promoengine"]) if atheris else nullcontext():
        return tuple(importlib.import_module(f"tests.fuzz.{name}") for name in ("inputs", "mutations", "targets"))


def again(files: list[Path]) -> int:
    """Give inputs that were found to their targets."""
    _, _, targets = modules()
    for file in files:
        print(f"{file}: {targets.check(file.read_bytes())}")
    return 0


def at_random(seconds: int, seed: int) -> int:
    """Make inputs of those that there are, and of those made so."""
    inputs, mutations, targets = modules()
    seeds = [*inputs.seeds()]
    pool, choice = mutations.Pool(seeds), random.Random(seed)
    counted: Counter[str] = Counter()
    bound_memory()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        data = mutations.mutated(choice.choice(seeds), choice, pool)[:LONGEST_BYTES]
        at_hand = kept(data, "at-hand")  # what hangs, or takes the process along, is here
        faulthandler.dump_traceback_later(10 * targets.SECONDS, exit=True)
        try:
            counted[targets.check(data)] += 1
        except Exception:
            print(f"kept as {kept(data, sha256(data).hexdigest()[:12])}", file=sys.stderr)
            raise
        at_hand.unlink()
    print(f"{sum(counted.values()):,} inputs: {dict(counted)}")
    return 0


def bound_memory() -> None:
    """Let whoever asks for too much memory fail, where the system can."""
    resource = installed("resource")
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))


def kept(data: bytes, name: str) -> Path:
    """An input as a file among those that were found."""
    folder = KEPT / "found"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(data)
    return file


def by_coverage(atheris: Any, seconds: int, seed: int) -> int:
    """Let atheris choose the inputs. It ends the process, with a status of its own where something broke."""
    inputs, mutations, targets = modules(atheris)
    seeds = [*inputs.seeds()]
    pool = mutations.Pool(seeds)
    corpus, found = KEPT / "corpus", KEPT / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for data in seeds:
        (corpus / sha256(data).hexdigest()[:12]).write_bytes(data)

    def mutate(data: bytes, longest: int, number: int) -> bytes:
        made: bytes = mutations.mutated(bytes(data), random.Random(number), pool)
        return made[:longest]

    options = [
        *(f"-max_total_time={seconds}", f"-seed={seed}", f"-max_len={LONGEST_BYTES}", f"-rss_limit_mb={MEGABYTES}"),
        *(f"-timeout={int(10 * targets.SECONDS)}", f"-artifact_prefix={found}/", "-print_final_stats=1"),
    ]
    atheris.Setup(["fuzz", *options, str(corpus)], targets.check, custom_mutator=mutate)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
