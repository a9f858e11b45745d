"""Set everything up in .venv, then run one task there. Needs Python 3.11 or newer, and nothing else.

python3 dev.py example      price the carts of examples/double-11
python3 dev.py test         run the tests; further arguments go to pytest
python3 dev.py check        lint, formatting, import contracts, types, dependencies
python3 dev.py determinism  price the same again, under every Python that this machine has
python3 dev.py fuzz         give odd inputs to the loader and to the engine; ten minutes, or --seconds N
python3 dev.py deep         100,000 generated carts against the reference, brute force, and the laws; see its --help
python3 dev.py mutation     change the arithmetic and the engine in small ways, and see whether a test fails
python3 dev.py benchmark    time the hot path; further arguments go to pytest, as --benchmark-json=FILE
python3 dev.py instructions count the instructions of three prices, and fail where one has grown; needs valgrind
python3 dev.py performance  measure everything, and write docs/performance.md; ten minutes
python3 dev.py compiled     compile the engine by mypyc, run the tests on that, and time it; needs a C compiler

The first run needs a network. The environment variable DEV_VENV names another folder than .venv.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  whoever runs this may have an older one
    sys.exit(f"promoengine needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("DEV_VENV", ROOT / ".venv")).absolute()
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"

INSTALLS = {
    "example": ["--editable", ".[cli]"],
    "test": ["--editable", ".[cli,testing]", "--group", "test"],
    "determinism": ["--editable", ".[testing]"],
    "fuzz": ["--editable", ".[testing]", "--group", "fuzz"],
    "check": ["--editable", ".[cli,testing,fast]", "--group", "test", "--group", "lint", "--group", "typing"],
    "deep": ["--editable", ".[testing]"],
    "mutation": ["--editable", ".[cli,testing]", "--group", "test", "--group", "mutation"],
    "benchmark": ["--editable", ".", "--group", "bench"],
    "instructions": ["--editable", "."],
    "performance": ["--editable", ".", "--group", "bench"],
    "compiled": ["--editable", ".[cli,testing]", "--group", "test", "--group", "typing", "setuptools"],
}


def commands(task: str, arguments: list[str]) -> list[list[str | Path]]:
    """What `task` runs, one after the other."""
    if task == "example":
        carts = sorted(ROOT.glob("examples/double-11/carts/*.json"))
        shown = [path.relative_to(ROOT).as_posix() for path in carts]
        at = ["--at", "2026-11-10T20:30:00+08:00"]  # while the flash sale of the example runs
        return [[BIN / "promoengine", "price", "examples/double-11/campaign.yaml", *shown, *at, *arguments]]
    if task == "test":
        return [[PYTHON, "-m", "pytest", "-n", "auto", *arguments]]
    if task in ("determinism", "fuzz"):
        return [[PYTHON, "-m", f"tests.{task}", *arguments]]
    if task == "deep":
        return [[PYTHON, "-m", "tests.oracle.deep", *arguments]]
    if task == "benchmark":
        return [[PYTHON, "-m", "pytest", "benchmarks/test_hot_path.py", *arguments]]
    if task in ("instructions", "performance"):
        return [[PYTHON, "-m", f"benchmarks.{task}", *arguments]]
    if task in ("mutation", "compiled"):
        return [[PYTHON, f"scripts/{task}.py", *arguments]]
    return [
        [BIN / "ruff", "check"],
        [BIN / "ruff", "format", "--check"],
        [BIN / "lint-imports"],
        [BIN / "mypy", "--strict", "src"],
        [BIN / "deptry", "src"],
    ]


def prepare(task: str) -> None:
    """Make the environment hold what `task` needs; do nothing where it already does."""
    needs = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f"ready-for-{task}"
    if stamp.exists() and stamp.read_text() == needs:
        return
    if not usable():
        say(f"Making a virtual environment in {VENV}")
        if run([sys.executable, "-m", "venv", "--clear", VENV]):
            sys.exit("This Python cannot make one. On Debian or Ubuntu: sudo apt install python3-venv")
    say(f"Installing what `{task}` needs")
    pip = [PYTHON, "-m", "pip", "--quiet", "--quiet", "--disable-pip-version-check", "install"]
    if run([*pip, "pip>=25.1"]) or run([*pip, *INSTALLS[task]]):  # older ones do not know --group
        sys.exit("The installation failed: see above. The first run needs a network that reaches PyPI.")
    stamp.write_text(needs)


def usable() -> bool:
    """Whether the environment is there, whole, and of this very Python."""
    ask = [PYTHON, "-c", "import pip, sys; print(sys.version)"]
    try:
        return subprocess.run(ask, capture_output=True, text=True).stdout.strip() == sys.version.strip()
    except OSError:
        return False


def run(command: list[str | Path]) -> int:
    """Run `command` from the root of the repository; its exit code."""
    return subprocess.run(command, cwd=ROOT).returncode


def say(text: str) -> None:
    """Tell the reader, without getting into the output of the task."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Read the task, prepare it, run it."""
    task, *arguments = sys.argv[1:] or [""]
    if task not in INSTALLS:
        sys.exit(__doc__)
    prepare(task)
    codes = []
    for name, *rest in commands(task, arguments):
        say(" ".join(["$", Path(name).name, *rest]))
        codes.append(run([name, *rest]))
    sys.exit(next((code for code in codes if code), 0))


if __name__ == "__main__":
    main()
