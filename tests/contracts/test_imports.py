"""What may import what, where a mere reading of the source or a fresh interpreter can tell.

The order of the rooms is in `.importlinter`; here is what its contracts cannot say.
"""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
LONGEST_FILE_LINES = 600

OF_AN_EXTRA = {"typer", "click", "rich", "hypothesis", "pytest", "pandas", "pyarrow"}
OPEN_TO_THE_ENGINE = {"money", "allocation", "plan", "quote", "errors", "instants", "records", "engine"}


def test_importing_the_library_loads_no_package_of_an_extra():
    code = "import sys, promoengine; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert "promoengine" in loaded
    assert set() == loaded & OF_AN_EXTRA


def test_the_engine_imports_the_standard_library_and_the_rooms_open_to_it():
    files = sorted((SOURCE / "promoengine" / "engine").rglob("*.py"))
    assert files
    assert [] == [f"{path.name}: {name}" for path in files for name in imported(path) if not open_to_the_engine(name)]


def test_no_file_is_too_long_to_read():
    assert {} == {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE_LINES
    }


def open_to_the_engine(name: str) -> bool:
    top, *rest = name.split(".")
    if top == "promoengine":
        return bool(rest) and rest[0] in OPEN_TO_THE_ENGINE
    return top in sys.stdlib_module_names


def imported(path: Path) -> Iterator[str]:
    """The full dotted names that a file imports, anywhere in it."""
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    package = module.removesuffix(".__init__") if path.stem == "__init__" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def python_files() -> Iterator[Path]:
    """Every Python file of the repository; hidden folders, such as an environment's, are not of it."""
    for path in sorted(ROOT.rglob("*.py")):
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts):
            yield path
