"""The same bytes from every Python: `python -m tests.determinism [--generated N] [--python PATH ...]`.

What the test does, with more situations, and with every other Python from 3.11 on that this machine has: on the path,
where pyenv keeps them, or named. Each gets a fresh environment in a temporary folder, with the packages that pip finds
for it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .runs import ENVIRONMENTS, ORDERS, answers, differing
from .situations import ROOT, lines

OLDEST = (3, 11)
NEWEST = (3, 20)
ASK = "import sys; print(*sys.version_info[:3]); print(sys.version)"
SHOWN = 3


def main() -> int:
    """Run everything; the exit status, 1 where some answer differs."""
    reader = argparse.ArgumentParser(prog="determinism", description="The same bytes from every Python.")
    reader.add_argument("--generated", type=int, default=1_000, help="how many generated situations (1000)")
    reader.add_argument("--python", action="append", default=[], help="another Python; may be repeated")
    asked = reader.parse_args()
    situations = lines(asked.generated)
    (first, environment), *others = ENVIRONMENTS.items()
    expected = answers(situations, environment)
    refused = sum(each.startswith("refused") for each in expected)
    print(f"{len(situations):,} situations, {refused:,} of them refused; Python {version(sys.executable)[0]}, {first}")
    differ = 0
    for name, environment in others:
        found = answers(situations, environment)
        differ += told(name, differing(situations, expected, found, shuffled=False))
    for order in ORDERS:
        found = answers(situations, others[0][1], shuffled=order)
        differ += told(f"another order, {order}", differing(situations, expected, found, shuffled=True))
    for python, name in other_pythons(asked.python):
        differ += told(f"Python {name}", differing_under(python, situations, expected))
    return 1 if differ else 0


def told(name: str, differences: Sequence[str]) -> int:
    """Say what came of one run; how many answers differ."""
    print(f"{name}: {f'{len(differences):,} differ' if differences else 'the same bytes'}", flush=True)
    for each in differences[:SHOWN]:
        print(each)
    return len(differences)


def differing_under(python: str, situations: Sequence[str], expected: Sequence[str]) -> list[str]:
    """What differs under another Python, in a fresh environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", folder], check=True)
        inside = Path(folder, "Scripts" if os.name == "nt" else "bin", "python")
        install = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install", str(ROOT)]
        subprocess.run([inside, *install], check=True)
        without = {"PYTHONPATH": "", "PYTHONHASHSEED": "random"}
        return differing(situations, expected, answers(situations, without, python=inside), shuffled=False)


def other_pythons(named: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The other Pythons of this machine and their versions, each version once."""
    names = [f"python3.{minor}" for minor in range(OLDEST[1], NEWEST[1])]
    kept = sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.*/bin/python"))
    seen = {version(sys.executable)}
    for python in [*named, *filter(None, map(shutil.which, names)), *map(str, kept)]:
        found = version(python)
        if found[0] and tuple(map(int, found[0].split(".")[:2])) >= OLDEST and found not in seen:
            seen.add(found)
            yield python, found[0]
    if len(seen) == 1:
        print("no other Python from 3.11 on was found: name one with --python", file=sys.stderr)


def version(python: str) -> tuple[str, str]:
    """The version of a Python, short and whole; empty where it does not run."""
    ran = subprocess.run([python, "-c", ASK], capture_output=True, text=True)
    short, _, whole = ran.stdout.partition("\n")
    return short.replace(" ", "."), whole.strip()


if __name__ == "__main__":
    sys.exit(main())
