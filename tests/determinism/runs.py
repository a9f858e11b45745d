"""The same situations, again: in another process, another environment, another order, another Python."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

PROGRAM = Path(__file__).with_name("program.py")
ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "hash seed 0": {"PYTHONHASHSEED": "0"},
    "hash seed 1, Tokyo, C": {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONUTF8": "0"},
    "a random hash seed, New York, German": {
        "PYTHONHASHSEED": "random",
        "TZ": "America/New_York",
        "LC_ALL": "de_DE.UTF-8",
    },
    "Turkish, Lord Howe, no assertions": {"TZ": "Australia/Lord_Howe", "LC_ALL": "tr_TR.UTF-8", "PYTHONOPTIMIZE": "2"},
}
"""Each is another process too. Where a machine lacks a locale, it is that of C."""
ORDERS = (1, 2)
"""Seeds of the orders into which everything is shuffled."""


def answers(
    lines: Sequence[str],
    environment: Mapping[str, str],
    *,
    shuffled: int | None = None,
    python: str | Path = sys.executable,
) -> list[str]:
    """What the program says of each line."""
    options = [] if shuffled is None else ["--shuffled", str(shuffled)]
    ran = subprocess.run(
        [python, PROGRAM, *options],
        input="\n".join(lines).encode(),
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, **environment},
    )
    return ran.stdout.decode().splitlines()


def differing(lines: Sequence[str], expected: Sequence[str], found: Sequence[str], *, shuffled: bool) -> list[str]:
    """The lines whose answers differ. Where the order is another, a refusal may say its reasons in another one."""
    parts = 2 if shuffled else 3
    return [
        f"{line}\n  {one}\n  {other}"
        for line, one, other in zip_longest(lines, expected, found)
        if one is None or other is None or words(one, parts) != words(other, parts)
    ]


def words(answer: str, parts: int) -> list[str]:
    return answer.split()[:parts]
