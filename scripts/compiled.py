"""The engine compiled by mypyc: build it beside the source, run the tests on it, and time it against the floor.

The pure wheel is the default. This shows that the plan, the engine, the search and the arithmetic stay in the part of
Python that mypyc knows, that a compiled engine gives the same quotes (the whole suite runs on it), and what it gains:
figures of both, taken in turn, are kept for docs/performance.md.

    python scripts/compiled.py [--only-build] [--folder FOLDER] [pytest arguments]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILED = ("plan", "engine", "search", "money.py", "allocation.py")
"""What is compiled, within the package."""
SETUP = """
from mypyc.build import mypycify
from setuptools import setup

setup(name="promoengine", ext_modules=mypycify([{files}], opt_level="2", multi_file=True), packages=[])
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only-build", action="store_true", help="neither test nor time")
    parser.add_argument("--folder", type=Path, help="where to build; without it, a folder that is removed")
    arguments, to_pytest = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        package = build(folder)
        if arguments.only_build:
            return 0
        return test(folder, package, to_pytest) or time(folder, whole=not to_pytest)


def build(folder: Path) -> Path:
    """A copy of the package in a folder, with what can be compiled compiled."""
    package = folder / "promoengine"
    shutil.copytree(ROOT / "src" / "promoengine", package, dirs_exist_ok=True)
    files = [
        each for name in COMPILED for each in ([package / name] if name.endswith(".py") else _modules(package / name))
    ]
    listed = ", ".join([repr(each.relative_to(folder).as_posix()) for each in files])
    (folder / "setup.py").write_text(SETUP.format(files=listed))
    subprocess.run([sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=folder, check=True)
    return package


def _modules(room: Path) -> list[Path]:
    """The modules of a room."""
    return sorted(each for each in room.glob("*.py") if each.name != "__init__.py")


def test(folder: Path, package: Path, to_pytest: list[str]) -> int:
    """Run the suite on the compiled package; tests that read the source itself find it in the repository."""
    shown = "import promoengine.engine.state as each; print(each.__file__)"
    path = subprocess.run([sys.executable, "-c", shown], cwd=ROOT, env=_with(folder), capture_output=True, text=True)
    if not path.stdout.strip().endswith((".so", ".pyd")):
        print(f"{package} is not compiled: {path.stdout}{path.stderr}", file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "pytest", "-n", "auto", "-q", *to_pytest]
    return subprocess.run(command, cwd=ROOT, env=_with(folder)).returncode


def time(folder: Path, *, whole: bool) -> int:
    """The compiled engine and the pure one against the floor. What is kept is of one that passed the `whole` suite."""
    command = [sys.executable, "-m", "benchmarks.compiled", str(folder), *(["--keep"] if whole else [])]
    return subprocess.run(command, cwd=ROOT).returncode


def _with(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder)}


if __name__ == "__main__":
    sys.exit(main())
