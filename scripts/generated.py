"""What the scripts that write a file have in common: each says what should stand in it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path


def write_or_check(target: Path, text_of: Callable[[], str]) -> int:
    """Write the target, or with `--check` on the command line only compare it; the exit status."""
    parser = argparse.ArgumentParser(description=f"Write {target.name}.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; 1 where it differs from what would be written"
    )
    arguments, text = parser.parse_args(), text_of()
    if not arguments.check:
        target.write_text(text, encoding="utf-8")
        return 0
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return 0
    print(f"{target} is out of date; run scripts/{Path(sys.argv[0]).name}", file=sys.stderr)
    return 1
